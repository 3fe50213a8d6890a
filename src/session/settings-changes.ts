import { realpathSync } from "node:fs";
import { needsRestart } from "../report/explain-settings.ts";
import type { JudgedSettings } from "../report/explain-settings.ts";
import type { KnownFiles } from "../disk/known-files.ts";
import type { ModuleRecord, Runtime } from "../runtime/index.ts";
import type { ClosurePaths } from "./closure-paths.ts";
import { isReadName, withoutMark } from "../disk/disk.ts";
import { displayName } from "../disk/file-names.ts";
import type { ConfigsPort, ServerPort, TakenConfigs } from "./ports.ts";
import type { SeenChange } from "./reporter.ts";
import { isInstallationRecord, isSettingOfFolder } from "../settings/settings-files.ts";

interface SettingsChangesPorts {
  readonly root: string;
  readonly paths: ClosurePaths;
  readonly known: KnownFiles;
  readonly configs: ConfigsPort;
  runtime(): Runtime;
  readonly server: ServerPort;
  note(change: SeenChange): void;
  noteBrokenConfig(broken: NonNullable<TakenConfigs["broken"]>): void;
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
    const { known, configs } = this.#ports;
    const runtime = this.#ports.runtime();
    const { env } = this.#ports.server;
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
    const savedConfigs = configs.configsAmong(changed);
    // A manifest that code imports is both.
    const settings = changed.filter((file) => this.#isSetting(file) && !savedConfigs.includes(file));
    const places = others.filter((file) => ![...settings, ...savedConfigs, ...envFiles].includes(file));
    const renamed = places.flatMap((place) => this.#ports.paths.refindSettings(place));
    const judged = this.#judge([...new Set([...settings, ...renamed])]);
    if (judged.some(({ effect }) => effect !== "nothing")) await this.#resolveAnew([...settings, ...renamed]);
    const taken = await configs.take(savedConfigs);
    judged.push(...taken.judged);
    if (taken.broken !== undefined) this.#ports.noteBrokenConfig(taken.broken);
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
    const { configs } = this.#ports;
    const judged = settings.flatMap((file): JudgedSettings[] => {
      const judgement = configs.texts.judge(file);
      if (judgement === undefined) return [];
      const restart = judgement.effect === "packages" ? configs.notePackages() : "vite";
      return [{ file: this.relative(file), ...judgement, restart }];
    });
    // What an installation notes in `node_modules` is in the project's own lock file, too.
    const isTwice = judged.filter(({ effect }) => needsRestart(effect)).length > 1;
    return judged.filter(({ file }) => !isTwice || !isInstallationRecord(file));
  }

  /** Folders, links and inputs of transforms: their importers are resolved and transformed anew. */
  async #absorbPlaces(places: readonly string[]): Promise<void> {
    if (places.length === 0) return;
    const { paths } = this.#ports;
    const runtime = this.#ports.runtime();
    await this.#forgetResolutions(places);
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
    await this.#forgetResolutions(settings);
    const runtime = this.#ports.runtime();
    runtime.markResolutionsOutdated(runtime.records);
  }

  async #forgetResolutions([first]: readonly string[]): Promise<void> {
    if (first !== undefined) await this.#ports.server.forgetResolutions(first);
  }

  #isSetting(file: string): boolean {
    return this.#ports.paths.isSettingsFile(file) || isSettingOfFolder(file);
  }

  #moduleFiles(): ReadonlySet<string> {
    const files = new Set<string>();
    for (const { file } of this.#ports.runtime().records) if (file !== undefined) files.add(file);
    return files;
  }

  readonly relative = (file: string): string => {
    // What was read is known by where it really lies, whatever links lead to the project.
    const root = isReadName(file) ? this.#realRoot : this.#ports.root;
    return displayName(root, withoutMark(file));
  };
}
