import { realpathSync } from "node:fs";
import path from "node:path";
import { normalizePath } from "vite";
import type { ViteDevServer } from "vite";
import type { Report } from "../plan/report.ts";
import type { KnownFiles } from "../reload/known-files.ts";
import type { ModuleRecord, Runtime } from "../runtime/index.ts";
import type { ClosurePaths } from "./closure-paths.ts";
import type { EnvFiles } from "./env-files.ts";
import { isReadName, withoutMark } from "./disk.ts";
import { ENVIRONMENT } from "./environment.ts";
import type { SeenChange } from "./reporter.ts";
import { dependenciesOf, isLockfile } from "./project-settings.ts";

interface SettingsChangesPorts {
  readonly root: string;
  env(): EnvFiles;
  readonly paths: ClosurePaths;
  readonly known: KnownFiles;
  readonly runtime: Runtime;
  server(): ViteDevServer;
  note(change: SeenChange): void;
  emit(report: Report): void;
}

/** Takes note of what changed on disk, by what it means: text, resolution, compiler settings, packages, environment. */
export class SettingsChanges {
  readonly #ports: SettingsChangesPorts;
  readonly #realRoot: string;
  readonly #dependencies = new Map<string, string>();

  constructor(ports: SettingsChangesPorts) {
    this.#ports = ports;
    this.#realRoot = realpathSync(ports.root);
    const manifest = path.join(ports.root, "package.json");
    this.#dependencies.set(manifest, dependenciesOf(manifest));
  }

  async absorb(seen: readonly string[]): Promise<void> {
    const { known, runtime } = this.#ports;
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
    const settings = others.filter((file) => this.#isSetting(file) && !envFiles.includes(file));
    const places = others.filter((file) => !settings.includes(file) && !envFiles.includes(file));
    this.#ports.note({
      files: texts.map(this.#relative),
      settings: [...settings, ...envFiles].map(this.#relative),
      places: [...reads, ...places].map(this.#relative),
    });
    if (envFiles.length > 0) this.noteEnvironment(env.load());
    await this.#absorbSettings([...settings, ...this.#settingsOfNewNames(places)]);
    await this.#absorbPlaces(places);
  }

  /** Settings files that appear in changed folders, or the folders that lost one. */
  #settingsOfNewNames(places: readonly string[]): string[] {
    return places.filter((place) => this.#ports.paths.refindSettings(place));
  }

  /** Folders, links and inputs of transforms: their importers are resolved and transformed anew. */
  async #absorbPlaces(places: readonly string[]): Promise<void> {
    if (places.length === 0) return;
    const { paths, runtime } = this.#ports;
    await this.forgetResolutions(places);
    const concerned = new Set<ModuleRecord>();
    for (const place of places) {
      for (const module of paths.importersConcernedBy(place, runtime.records)) concerned.add(module);
    }
    runtime.markResolutionsOutdated(concerned);
  }

  /** Modules that were built from one of these keys run again. */
  noteEnvironment(keys: readonly string[]): void {
    if (keys.length > 0) this.#ports.runtime.noteKeysChanged(keys);
  }

  async #absorbSettings(settings: readonly string[]): Promise<void> {
    if (settings.length === 0) return;
    this.#ports.paths.forgetSettings();
    for (const file of settings) this.#tellAboutPackages(file);
    await this.forgetResolutions(settings);
    this.#ports.runtime.markResolutionsOutdated(this.#ports.runtime.records);
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

  /** Packages are loaded natively and stay as they are: only a new process sees an installation. */
  #tellAboutPackages(file: string): void {
    const isManifest = path.basename(file) === "package.json";
    if (!isManifest && !isLockfile(file)) return;
    const now = isManifest ? dependenciesOf(file) : "";
    const before = this.#dependencies.get(file);
    this.#dependencies.set(file, now);
    if (isManifest && (before === undefined || before === now)) return;
    const message = `${this.#relative(file)} changed: restart the server to use packages that were installed or updated.`;
    this.#ports.emit({ event: "notice", level: "info", message });
  }

  #isSetting(file: string): boolean {
    return this.#ports.paths.isSettingsFile(file) || /(config|package)\.json$/.test(file);
  }

  #moduleFiles(): ReadonlySet<string> {
    const files = new Set<string>();
    for (const { file } of this.#ports.runtime.records) if (file !== undefined) files.add(file);
    return files;
  }

  readonly #relative = (file: string): string => {
    // What was read is known by where it really lies, whatever links lead to the project.
    const root = isReadName(file) ? this.#realRoot : this.#ports.root;
    return normalizePath(path.relative(root, withoutMark(file))) || ".";
  };
}
