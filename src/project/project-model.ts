import path from "node:path";
import type { BundlerSettings } from "./bundler-settings.ts";
import { cacheKeys } from "./cache-keys.ts";
import { FileResolver } from "./file-resolver.ts";
import { readGraphCache, writeGraphCache } from "./graph-cache.ts";
import type { CacheKeys } from "./graph-cache.ts";
import { logLook } from "./graph-log.ts";
import { GraphQuestions } from "./graph-questions.ts";
import { FileRecords } from "./file-records.ts";
import { createModuleScanner, isScript } from "./module-scanner.ts";
import type { ModuleScanner } from "./module-scanner.ts";
import { slashed } from "../disk/file-names.ts";
import { createNames } from "./paths.ts";
import type { Names } from "./paths.ts";
import { ProjectFiles } from "./project-files.ts";
import type { ProjectGraphOptions } from "./graph-options.ts";
import { isSure, ProjectLinks } from "./project-links.ts";
import { RouteEntries } from "./route-entries.ts";
import { digestSettings } from "./settings-digest.ts";
import type { SettingsDigest } from "./settings-digest.ts";
import { createTurns } from "./yielder.ts";

/** All that is known of a project. One look at all of it makes it, changes keep it right. */
export interface ProjectModel {
  readonly names: Names;
  readonly files: ProjectFiles;
  readonly records: FileRecords;
  readonly resolver: FileResolver;
  readonly scanner: ModuleScanner;
  readonly links: ProjectLinks;
  readonly routes: RouteEntries;
  readonly questions: GraphQuestions;
  settings: SettingsDigest;
}

/** What a look at a project is told. */
export interface LookInput {
  readonly options: ProjectGraphOptions;
  /** What plugins said a specifier leads to. */
  readonly resolvedByPlugins: (importer: string, specifier: string) => string | undefined;
  /** Files that modules read, by module. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

/** What a look at a project gives. */
export interface LoadedProject {
  readonly model: ProjectModel;
  /** What an earlier process stored was still true: there is nothing new to store. */
  readonly isWarm: boolean;
}

/** Read a whole project, with what an earlier process knew of it. Others have their turns in between. */
export async function lookAtProject({
  options,
  resolvedByPlugins,
  reads,
}: LookInput): Promise<LoadedProject> {
  const { root, bundler, tracking } = options;
  const turns = createTurns(options.pause);
  const names = createNames(root);
  const files = new ProjectFiles(names.root, outputsOf(names.root, bundler));
  const scanner = createModuleScanner(bundler, tracking.enableASTAnalysis);
  await scanner.ready();
  await files.list(turns);
  const listed = files.all();
  const settings = settingsOf(names, listed, bundler);
  const keys = keysOf(options, { names, files, settings });
  const stored = readGraphCache(names, keys, (target) => isSure(target, files));
  const records = new FileRecords(scanner, stored.modules);
  const resolver = new FileResolver(names.root, bundler.resolve, tracking);
  const routes = new RouteEntries(names, options);
  const links = new ProjectLinks({ names, files, records, resolver, routes, resolvedByPlugins, reads });

  await turns.each([...listed.filter(isScript), ...routes.current.keys()], (file) => {
    if (records.get(file) === undefined) records.read(file);
  });
  await turns.each(records.entries.keys(), (file) => {
    const known = stored.modules.get(file);
    const isSameText = known !== undefined && known.record.hash === records.get(file)?.hash;
    links.link(file, isSameText ? known.targets : []);
  });
  records.forgetStored();
  const readAnew = Array.from(records.entries).flatMap(([file, record]) =>
    stored.modules.get(file)?.record === record ? [] : names.of(file),
  );
  logLook(readAnew, records.entries.size - readAnew.length, stored.areTargetsTrue);
  const isWarm =
    stored.areTargetsTrue && readAnew.length === 0 && stored.modules.size === records.entries.size;
  const { maxDepth } = tracking;
  const questions = new GraphQuestions({ names, files, records, links, routes, maxDepth });
  const model = { names, files, records, resolver, scanner, links, routes, questions, settings };
  return { model, isWarm };
}

/** Look at the settings beside the code again; some of them may have come just now. */
export function settingsOf(
  names: Names,
  files: readonly string[],
  { tsconfig }: BundlerSettings,
): SettingsDigest {
  return digestSettings(names.root, tsconfig, files);
}

/** Files that were written so shortly before they are stored may yet be written again with the same stamp. */
const SETTLED_MS = 2_000;

/** Store what is known for the next process. */
export function storeModel(model: ProjectModel, options: ProjectGraphOptions): void {
  const { names, links, records } = model;
  const latest = Date.now() - SETTLED_MS;
  const modules = Array.from(records.entries, ([file, record]) => {
    const mtimeMs = record.mtimeMs < latest ? record.mtimeMs : -1;
    return [file, { record: { ...record, mtimeMs }, targets: links.targetsOf(file) }] as const;
  });
  writeGraphCache(names, keysOf(options, model), modules);
}

function keysOf(
  { bundler, tracking }: ProjectGraphOptions,
  { names, files, settings }: Pick<ProjectModel, "names" | "files" | "settings">,
): CacheKeys {
  return cacheKeys({
    root: names.root,
    files,
    settings,
    reading: [bundler.transform, bundler.isProduction, tracking.enableASTAnalysis],
    resolving: [bundler.resolve, tracking.trackNodeModules],
  });
}

/** The folders that builds write to. */
function outputsOf(root: string, { outputs }: BundlerSettings): readonly string[] {
  return outputs.map((folder) => slashed(path.resolve(root, folder)));
}
