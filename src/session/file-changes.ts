import { realpathSync } from "node:fs";
import { isReadName, withoutMark } from "../disk/disk.ts";
import { isFolder } from "../disk/file-kind.ts";
import { displayName } from "../disk/file-names.ts";
import type { FileStamps } from "../disk/file-stamps.ts";
import { needsRestart } from "../report/explain-settings.ts";
import type { ClassifiedSettings } from "../report/explain-settings.ts";
import type { ModuleRecord, Runtime } from "../runtime/index.ts";
import { isInstallationRecord, isSettingOfFolder } from "../settings/settings-files.ts";
import type { ClosurePaths } from "./closure-paths.ts";
import type { SeenEvent } from "./events.ts";
import type { ConfigsPort, ServerPort, TakenConfigs } from "./ports.ts";
import type { PublicNames } from "./public-names.ts";
import type { SessionLog } from "./session-log.ts";

interface FileChangesInit {
  readonly root: string;
  readonly known: FileStamps;
  readonly paths: ClosurePaths;
  readonly configs: ConfigsPort;
  readonly server: ServerPort;
  readonly runtime: Runtime;
  readonly names: PublicNames;
  readonly log: SessionLog;
}

/** Applies what changed on disk, by what it means: text, resolution, compiler settings, packages, environment. */
export class FileChanges {
  readonly #init: FileChangesInit;
  readonly #realRoot: string;

  constructor(init: FileChangesInit) {
    this.#init = init;
    this.#realRoot = realpathSync(init.root);
  }

  /** Let the next update read what changed. */
  async apply(seen: readonly string[]): Promise<void> {
    const begun = performance.now();
    const { known, configs, runtime, paths } = this.#init;
    const { env } = this.#init.server;
    const reads = seen.filter(isReadName);
    const changed = seen.filter((name) => !isReadName(name));
    // Modules that have read them run again; an evaluation that reads them just now is told as well.
    for (const read of reads) known.refresh(read);
    if (reads.length > 0) runtime.noteFilesChanged(reads);
    const texts = changed.filter((file) => runtime.knowsFile(file));
    const others = changed.filter((file) => !runtime.knowsFile(file));
    runtime.markOutdated(texts);
    // The next read of a module's text takes the file's stamp. Until then the change still shows, so that a read that was
    // under way does not lose it. All other paths get their stamp here, before they are read again.
    for (const other of others) known.acknowledge(other);
    const envFiles = others.filter((file) => env.files.includes(file));
    const savedConfigs = configs.configsAmong(changed);
    // A manifest that code imports is a setting and a text.
    const settings = changed.filter((file) => this.#isSetting(file) && !savedConfigs.includes(file));
    const places = others.filter((file) => ![...settings, ...savedConfigs, ...envFiles].includes(file));
    const renamed = places.flatMap((place) => paths.refindSettings(place));
    const classified = this.#classify([...new Set([...settings, ...renamed])]);
    if (classified.some(({ effect }) => effect !== "nothing"))
      await this.#resolveAnew([...settings, ...renamed]);
    const { taken, accepted } = await this.#takeConfigs(savedConfigs);
    const keys = envFiles.length === 0 ? [] : env.load();
    if (keys.length > 0) this.#noteRefusal(await configs.takeKeys(envFiles, keys));
    this.#note({
      files: texts,
      environment: envFiles,
      keys,
      settings: [...classified, ...taken],
      configs: accepted,
      places: [...reads, ...places.filter((place) => !isFolder(place))],
      folders: places.filter(isFolder),
      begun,
    });
    this.#noteKeys(keys);
    await this.#applyPlaces(places);
  }

  /** Let modules run again that were built from one of these keys. `saved` are the files whose change nobody has noted. */
  noteEnvironment(keys: readonly string[], saved: readonly string[]): void {
    this.#note({
      files: [],
      environment: saved,
      keys,
      settings: [],
      configs: [],
      places: [],
      folders: [],
      begun: performance.now(),
    });
    this.#noteKeys(keys);
  }

  #noteKeys(keys: readonly string[]): void {
    if (keys.length > 0) this.#init.runtime.noteKeysChanged(keys);
  }

  async #takeConfigs(saved: readonly string[]): Promise<TakenSaves> {
    const { classified, broken } = await this.#init.configs.take(saved);
    this.#noteRefusal({ broken });
    return { taken: classified, accepted: broken === undefined ? saved : [] };
  }

  #noteRefusal({ broken }: Pick<TakenConfigs, "broken">): void {
    if (broken === undefined) return;
    const { names, log } = this.#init;
    const message = names.withoutRoot(broken.message);
    log.append({ type: "config-refused", at: Date.now(), fault: { ...broken, message } });
  }

  #classify(settings: readonly string[]): ClassifiedSettings[] {
    const { configs } = this.#init;
    const classified = settings.flatMap((file): ClassifiedSettings[] => {
      const impact = configs.texts.classify(file);
      if (impact === undefined) return [];
      const restart = impact.effect === "packages" ? configs.notePackages() : "vite";
      return [{ file: this.#nameOf(file), ...impact, restart }];
    });
    // The record of an installation in `node_modules` repeats the project's own lock file.
    const isTwice = classified.filter(({ effect }) => needsRestart(effect)).length > 1;
    return classified.filter(({ file }) => !isTwice || !isInstallationRecord(file));
  }

  /** Resolve and transform the importers of folders, links and inputs of transforms anew. */
  async #applyPlaces(places: readonly string[]): Promise<void> {
    const [first] = places;
    if (first === undefined) return;
    const { paths, runtime, server } = this.#init;
    await server.forgetResolutions(first);
    const concerned = new Set<ModuleRecord>();
    for (const place of places) {
      for (const module of paths.importersConcernedBy(place, runtime.records)) concerned.add(module);
    }
    runtime.markResolutionsOutdated(concerned);
  }

  async #resolveAnew([first]: readonly string[]): Promise<void> {
    const { paths, runtime, server } = this.#init;
    paths.forgetSettings();
    if (first !== undefined) await server.forgetResolutions(first);
    runtime.markResolutionsOutdated(runtime.records);
  }

  #note({ files, environment, keys, settings, configs, places, folders, begun }: FoundChanges): void {
    const time = performance.now();
    this.#init.log.append({
      type: "seen",
      time,
      tookMs: time - begun,
      files: files.map((file) => this.#nameOf(file)),
      environment: environment.map((file) => this.#nameOf(file)),
      keys,
      settings,
      configs: configs.map((config) => this.#nameOf(config)),
      places: places.map((place) => this.#nameOf(place)),
      folders: folders.map((place) => this.#nameOf(place)),
    });
  }

  #isSetting(file: string): boolean {
    return this.#init.paths.isSettingsFile(file) || isSettingOfFolder(file);
  }

  #nameOf(file: string): string {
    // Files that code has read are known by their real path, whatever links lead to the project.
    const root = isReadName(file) ? this.#realRoot : this.#init.root;
    return displayName(root, withoutMark(file));
  }
}

/** The outcome of saved configs. */
interface TakenSaves {
  readonly taken: readonly ClassifiedSettings[];
  readonly accepted: readonly string[];
}

/** What changed, with absolute names. */
interface FoundChanges extends Pick<SeenEvent, "files" | "environment" | "settings" | "places"> {
  readonly keys: readonly string[];
  readonly configs: readonly string[];
  readonly folders: readonly string[];
  /** When the changes were found. */
  readonly begun: number;
}
