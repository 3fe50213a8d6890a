import { randomUUID } from "node:crypto";
import { existsSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { OrbitError } from "../protocol/orbit-error.ts";
import type { GraphWarning } from "../graph/index.ts";
import type { ProjectGraph } from "../project/index.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { projectFolder } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";
import { displayName } from "../disk/file-names.ts";
import { isFolder } from "../disk/file-kind.ts";

/** A project whose imports are known. */
export interface OpenedProject {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly graph: ProjectGraph;
}

/**
 * Read the imports of a project, ask, and let go.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder, `NO_ROUTES` for one with no project, `INVALID_CONFIG` and `INVALID_OPTION` for its config.
 */
export async function withProject<Answer>(
  dir: string,
  ask: (project: OpenedProject) => Answer | Promise<Answer>,
): Promise<Answer> {
  const root = projectFolder(dir);
  // Loaded late: without Vite they do not load, and that has to become a sentence.
  const { loadProjectOptions } = await import("../vite/project-options.ts");
  const { bundlerSettings } = await import("../vite/bundler-settings.ts");
  const { pluginResolution } = await import("../vite/plugin-resolution.ts");
  const { openProjectGraph } = await import("../project/index.ts");
  const { config, options } = await loadProjectOptions(root);
  const { apiDirs, apiPrefix: prefix, dependencyTracking: tracking } = options;
  requireProject(root, apiDirs, config.configFile);
  const { resolveId, close } = pluginResolution(config);
  const bundler = bundlerSettings(config);
  const graph = openProjectGraph({ root, apiDirs, prefix, tracking, bundler, resolveId });
  try {
    await graph.build();
    await graph.settled();
    return await ask({ root, options, graph });
  } finally {
    graph.close();
    await close();
  }
}

/**
 * Within a folder of a project every answer would be that nothing is there.
 *
 * @throws {OrbitError} `NO_ROUTES` for one with no project
 */
export function requireProject(
  root: string,
  apiDirs: readonly string[],
  configFile: string | undefined,
): void {
  const marks = [...apiDirs, "index.html", "package.json"];
  if (configFile !== undefined || marks.some((mark) => existsSync(path.join(root, mark)))) return;
  const dirs = apiDirs.join(" or ");
  throw new OrbitError(
    "NO_ROUTES",
    `There is no project in ${root}: no ${dirs}, no package.json. Name the project's folder with --dir.`,
  );
}

/**
 * The absolute path of a file as it was typed: seen from the working directory, or from the project.
 *
 * @throws {OrbitError} `NOT_FOUND` for what is no file of the project, now or before it was deleted.
 */
export function fileOfProject(typed: string, project: OpenedProject): string {
  const { root, graph } = project;
  const places = [path.resolve(typed), path.resolve(root, typed)].map(withoutLinks);
  const found = places.filter((place) => statSync(place, { throwIfNoEntry: false }) !== undefined);
  const deleted = places.find((place) => isMissed(place, graph));
  const file = found.find((place) => isPartOf(place, project)) ?? found[0] ?? deleted;
  if (file === undefined) throw new OrbitError("NOT_FOUND", `There is no file ${typed}.`);
  if (!isPartOf(file, project))
    throw new OrbitError("NOT_FOUND", `${typed} is not part of the project in ${root}.`);
  if (isFolder(file)) throw new OrbitError("NOT_FOUND", `Expected a file, got the folder ${typed}.`);
  return file;
}

/** How people and answers name a file: relative to the root, with forward slashes. */
export function nameInProject(file: string, { root }: OpenedProject): string {
  return displayName(root, file);
}

/** Modules are known by where they are, whatever links lead there. */
function withoutLinks(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const folder = path.dirname(file);
  return folder === file ? file : path.join(withoutLinks(folder), path.basename(file));
}

/**
 * Whether somebody imports a file that is not there: it was deleted just now. Globs and imports that cannot be bounded
 * name every file of a folder, so what they say counts for nothing.
 */
function isMissed(file: string, graph: ProjectGraph): boolean {
  const unknown = path.join(path.dirname(file), randomUUID() + path.extname(file));
  return graph.affected([file]).modules.length > graph.affected([unknown]).modules.length;
}

/** Whether a file is the project's: inside of it, or a linked package's that it uses. */
export function isPartOf(file: string, { root, graph }: OpenedProject): boolean {
  return file.startsWith(root.endsWith(path.sep) ? root : root + path.sep) || graph.hasFile(file);
}

/** What the graph does not know: an answer made from it may miss routes. */
export interface GraphGaps {
  /** Whether something that a route reaches leads somewhere that is not known. */
  readonly truncated: boolean;
  /** Imports that lead nowhere, in files that a route reaches. */
  readonly unresolved: readonly GraphWarning[];
}

/** @param changed files that were asked about: that a deleted one is missing is known */
export function gapsOf({ graph }: OpenedProject, changed: readonly string[]): GraphGaps {
  const unresolved = graph.unresolved(changed);
  const isUsed = (file: string): boolean => graph.affected([file]).routes.length > 0;
  return { truncated: unresolved.length > 0 || graph.broken.some(isUsed), unresolved };
}

/** Say what the graph may have missed, or holds too much of. */
export function warnAboutGraph(
  { graph }: OpenedProject,
  terminal: Terminal,
  besides: readonly string[] = [],
): void {
  for (const limit of graph.limits) terminal.warn(limit);
  for (const { message } of graph.unresolved(besides)) terminal.warn(message);
  for (const file of graph.broken) terminal.warn(`${file} does not parse: what it imports is not known.`);
}
