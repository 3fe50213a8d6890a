import { realpathSync } from "node:fs";
import path from "node:path";
import { normalizePath } from "vite";
import type { ViteDevServer } from "vite";
import { needsRestart } from "../../plan/explain-settings.ts";
import type { JudgedSettings } from "../../plan/explain-settings.ts";
import type { KnownFiles } from "../../reload/known-files.ts";
import type { ModuleRecord, Runtime } from "../../runtime/index.ts";
import type { ClosurePaths } from "../closure-paths.ts";
import type { EnvFiles } from "./env-files.ts";
import { isReadName, withoutMark } from "../disk.ts";
import { ENVIRONMENT } from "../environment.ts";
import type { SeenChange } from "../reporter.ts";
import type { ServerRestarts } from "../restarts/server-restarts.ts";

interface SettingsChangesPorts {
  readonly root: string;
  env(): EnvFiles;
  readonly paths: ClosurePaths;
  readonly known: KnownFiles;
  readonly restarts: ServerRestarts;
  runtime(): Runtime;
  server(): ViteDevServer;
  note(change: SeenChange): void;
}

/** Takes note of what changed on disk, by what it means: text, resolution, compiler settings, packages, environment. */
export class SettingsChanges {
  readonly #ports: SettingsChangesPorts;
  readonly #realRoot: string;

  constructor(ports: SettingsChangesPorts) {
    this.#ports = ports;
    this.#realRoot = realpathSync(ports.root);
  }

  async absorb(seen: readonly string[]): Promise<void> {
    const begun = performance.now();
    const { known, restarts } = this.#ports;
    const runtime = this.#ports.runtime();
    const env = this.#ports.env();
    const modules = this.#moduleFiles();
    const reads = seen.filter(isReadName);
    const changed = seen.filter((name) => !isReadName(name));
    // Whoever has read them runs again; whoever reads them just now is told as well.
    for (const read of reads) known.renew(read);
    if (reads.length > 0) runtime.noteFilesChanged(reads);
    const texts = changed.filter((file) => modules.has(file));
    const others = changed.filter((file) => !modules.has(file));
    runtime.markOutdated(texts);
    // Whoever reads a module's text takes its stamp: until then the change goes on to show, and is not lost with a read
    // that was under way. Everything else is looked at here, before it is read again.
    for (const other of others) known.accept(other);
    const envFiles = others.filter((file) => env.files.includes(file));
    const configs = restarts.configsAmong(changed);
    // A manifest that code imports is both.
    const settings = changed.filter((file) => this.#isSetting(file) && !configs.includes(file));
    const places = others.filter((file) => ![...settings, ...configs, ...envFiles].includes(file));
    const renamed = places.flatMap((place) => this.#ports.paths.refindSettings(place));
    const judged = this.#judge([...new Set([...settings, ...renamed])]);
    if (judged.some(({ effect }) => effect !== "nothing")) await this.#resolveAnew([...settings, ...renamed]);
    judged.push(...(await restarts.take(configs)));
    this.#ports.note({
      files: texts.map(this.relative),
      settings: envFiles.map(this.relative),
      judged,
      places: [...reads, ...places].map(this.relative),
      tookMs: performance.now() - begun,
    });
    if (envFiles.length > 0) this.noteEnvironment(env.load());
    await this.#absorbPlaces(places);
  }

  #judge(settings: readonly string[]): JudgedSettings[] {
    const { restarts } = this.#ports;
    const judged = settings.flatMap((file): JudgedSettings[] => {
      const judgement = restarts.texts.judge(file);
      if (judgement === undefined) return [];
      const restart = judgement.effect === "packages" ? restarts.notePackages() : "vite";
      return [{ file: this.relative(file), ...judgement, restart }];
    });
    // What an installation notes in `node_modules` is in the project's own lock file, too.
    const isTwice = judged.filter(({ effect }) => needsRestart(effect)).length > 1;
    return judged.filter(({ file }) => !isTwice || !file.includes("node_modules/"));
  }

  /** Folders, links and inputs of transforms: their importers are resolved and transformed anew. */
  async #absorbPlaces(places: readonly string[]): Promise<void> {
    if (places.length === 0) return;
    const { paths } = this.#ports;
    const runtime = this.#ports.runtime();
    await this.forgetResolutions(places);
    const concerned = new Set<ModuleRecord>();
    for (const place of places) {
      for (const module of paths.importersConcernedBy(place, runtime.records)) concerned.add(module);
    }
    runtime.markResolutionsOutdated(concerned);
  }

  /** Modules that were built from one of these keys run again; `saved` are files that nobody has told of. */
  noteEnvironment(keys: readonly string[], saved: readonly string[] = []): void {
    const settings = saved.map(this.relative);
    this.#ports.note({ files: [], settings, judged: [], places: [], tookMs: 0 });
    if (keys.length > 0) this.#ports.runtime().noteKeysChanged(keys);
  }

  async #resolveAnew(settings: readonly string[]): Promise<void> {
    this.#ports.paths.forgetSettings();
    await this.forgetResolutions(settings);
    const runtime = this.#ports.runtime();
    runtime.markResolutionsOutdated(runtime.records);
  }

  /** Vite remembers manifests and resolutions, and forgets them only when its watcher says so. */
  async forgetResolutions(changed: readonly string[]): Promise<void> {
    const server = this.#ports.server();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- internal to Vite: without it `#imports` stay stale
    const { packageCache } = server.config as unknown as { readonly packageCache?: Map<string, unknown> };
    packageCache?.clear();
    const [first] = changed;
    if (first !== undefined) {
      await server.environments[ENVIRONMENT]?.pluginContainer.watchChange(first, { event: "create" });
    }
  }

  #isSetting(file: string): boolean {
    return this.#ports.paths.isSettingsFile(file) || /(config|package)\.json$/.test(file);
  }

  #moduleFiles(): ReadonlySet<string> {
    const files = new Set<string>();
    for (const { file } of this.#ports.runtime().records) if (file !== undefined) files.add(file);
    return files;
  }

  readonly relative = (file: string): string => {
    // What was read is known by where it really lies, whatever links lead to the project.
    const root = isReadName(file) ? this.#realRoot : this.#ports.root;
    return normalizePath(path.relative(root, withoutMark(file))) || ".";
  };
}
