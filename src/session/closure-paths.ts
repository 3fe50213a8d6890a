import path from "node:path";
import type { FileStamps } from "../disk/file-stamps.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import type { ConfigsPort, ServerPort } from "./ports.ts";
import { linkPath, linksOnPath } from "../disk/disk.ts";
import { findSettings, foldersAbove } from "../disk/project-settings.ts";
import type { SettingsFiles } from "../disk/project-settings.ts";
import { isFolder } from "../disk/file-kind.ts";

interface ClosurePathsInit {
  readonly root: string;
  readonly known: FileStamps;
  readonly server: ServerPort;
  readonly configs: ConfigsPort;
}

/** The files and folders that modules are built from, and which modules a change of each concerns. */
export class ClosurePaths {
  readonly #init: ClosurePathsInit;
  /** The folders and links that decided where the imports and globs of a file lead, by that file. */
  readonly #placesByFile = new Map<string, Set<string>>();
  readonly #settingsByFolder = new Map<string, SettingsFiles>();
  readonly #foldersAbove = new Map<string, readonly string[]>();
  /** Counts changes of which settings apply where. */
  #settingsVersion = 0;
  #base: readonly string[] = [];
  readonly #modules = new WeakMap<ModuleRecord, { facts: readonly unknown[]; paths: readonly string[] }>();
  readonly #closures = new WeakMap<
    ReadonlySet<ModuleRecord>,
    { parts: readonly (readonly string[])[]; paths: readonly string[] }
  >();

  constructor(init: ClosurePathsInit) {
    this.#init = init;
  }

  /** Call this right before a file is read: a write after it shows as a change of the file or of its settings. */
  noteRead(file: string): void {
    this.#init.known.noteRead(file);
    for (const folder of this.#above(file)) this.noteFolder(folder);
  }

  /** Read a file's text, so that every later write of it shows. */
  readText(file: string): string | undefined {
    for (const folder of this.#above(file)) this.noteFolder(folder);
    return this.#init.known.readText(file);
  }

  /** Compare the settings of a folder with the disk from now on. */
  noteFolder(folder: string): void {
    this.#init.known.noteFolder(folder);
    for (const settings of this.settingsOf(folder)) {
      this.#init.known.noteFolder(settings);
      this.#init.configs.texts.note(settings);
    }
  }

  /** Forget what decided about the imports of a file: they are about to be resolved anew. */
  forgetPlaces(file: string): void {
    this.#placesByFile.delete(file);
  }

  /** Call this right before an import is resolved: the names in its folder decide where it leads. */
  noteResolution(specifier: string, importer: string): void {
    const target = path.resolve(path.dirname(importer), specifier);
    this.#addPlace(importer, path.dirname(target));
    if (isFolder(target)) this.#addPlace(importer, target);
    for (const link of linksOnPath(target)) this.#addPlace(importer, linkPath(link));
  }

  /** Note the folders that the globs in a file's text look into. */
  noteGlobs(file: string, folders: readonly string[]): void {
    for (const folder of folders) this.#addPlace(file, folder);
  }

  /** Files, folders, links and settings of a closure. As long as they stay the same, they are the same array. */
  of(modules: ReadonlySet<ModuleRecord>): readonly string[] {
    const parts = [this.#ofAll(), ...Array.from(modules, (module) => this.#ofModule(module))];
    const before = this.#closures.get(modules);
    if (before !== undefined && isSameList(before.parts, parts)) return before.paths;
    const paths = [...new Set(parts.flat())];
    this.#closures.set(modules, { parts, paths });
    return paths;
  }

  /** What every closure is built from. */
  #ofAll(): readonly string[] {
    const { root, server, configs } = this.#init;
    const paths = [...server.env.files, ...configs.configs, root, ...this.settingsOf(root)];
    if (!isSameList(this.#base, paths)) this.#base = paths;
    return this.#base;
  }

  #ofModule(module: ModuleRecord): readonly string[] {
    const { file, source, filesRead } = module;
    const places = file === undefined ? undefined : this.#placesByFile.get(file);
    const facts = [source, filesRead, filesRead.size, places, places?.size, this.#settingsVersion];
    const before = this.#modules.get(module);
    if (before !== undefined && isSameList(before.facts, facts)) return before.paths;
    const inputs = source !== undefined && "inputs" in source ? source.inputs : [];
    const folders = file === undefined ? [] : this.#above(file);
    const paths = [
      ...filesRead.keys(),
      ...inputs,
      ...(file === undefined ? [] : [file]),
      ...(places ?? []),
      ...folders,
      ...folders.flatMap((folder) => this.settingsOf(folder)),
    ];
    this.#modules.set(module, { facts, paths });
    return paths;
  }

  /** The settings files that apply to what is in a folder, found in the folder itself. */
  settingsOf(folder: string): SettingsFiles {
    let settings = this.#settingsByFolder.get(folder);
    if (settings === undefined) {
      settings = findSettings(folder, { root: this.#init.root, tsconfig: this.#init.server.tsconfig });
      this.#settingsByFolder.set(folder, settings);
    }
    return settings;
  }

  isSettingsFile(file: string): boolean {
    for (const settings of this.#settingsByFolder.values()) if (settings.includes(file)) return true;
    return false;
  }

  /** Look for settings files again, because one of them has changed. */
  forgetSettings(): void {
    this.#settingsVersion++;
    const folders = [...this.#settingsByFolder.keys()];
    this.#settingsByFolder.clear();
    this.#foldersAbove.clear();
    // At once: a change may come before the next request asks, and settings that others extend have any name.
    for (const folder of folders) this.settingsOf(folder);
  }

  /** Look for the settings of a folder again, because it holds other names. Returns the files that came or went. */
  refindSettings(folder: string): string[] {
    const before = this.#settingsByFolder.get(folder);
    if (before === undefined) return [];
    this.#settingsVersion++;
    this.#settingsByFolder.delete(folder);
    const now = this.settingsOf(folder);
    return [...new Set([...before, ...now])].filter((file) => !before.includes(file) || !now.includes(file));
  }

  /** The modules whose imports, globs or inputs a changed path can concern. */
  importersConcernedBy(changed: string, modules: Iterable<ModuleRecord>): ModuleRecord[] {
    return [...modules].filter(({ file, source }) => {
      if (source === undefined || !("imports" in source)) return true;
      if (source.inputs.includes(changed)) return true;
      if (file !== undefined && this.#placesByFile.get(file)?.has(changed) === true) return true;
      return source.imports.some(
        (target) =>
          target.kind === "unresolved" || (target.kind === "project" && isFoundThrough(target.file, changed)),
      );
    });
  }

  #addPlace(importer: string, place: string): void {
    const places = this.#placesByFile.get(importer);
    if (places === undefined) this.#placesByFile.set(importer, new Set([place]));
    else places.add(place);
    this.#init.known.noteFolder(place);
  }

  #above(file: string): readonly string[] {
    const own = path.dirname(file);
    let folders = this.#foldersAbove.get(own);
    if (folders === undefined) {
      folders = foldersAbove(file, this.#init.root);
      this.#foldersAbove.set(own, folders);
    }
    return folders;
  }
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** Whether a new name in a folder could be found in place of a file, for imports that name no path. */
function isFoundThrough(file: string | undefined, folder: string): boolean {
  if (file === undefined) return false;
  const own = path.dirname(file);
  return own === folder || (path.basename(file).startsWith("index.") && path.dirname(own) === folder);
}
