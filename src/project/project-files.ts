import { readdirSync } from "node:fs";
import type { Dirent } from "node:fs";
import type { Yielder } from "./yielder.ts";
import { isOfPackage } from "../protocol/package-files.ts";

interface Folder {
  readonly files: Set<string>;
  readonly folders: Set<string>;
}

/** Marks folders that a tool can fill again, cargo's `target` among them (https://bford.info/cachedir). */
const CACHE_MARK = "CACHEDIR.TAG";

/** A pattern that leaves the root may begin in a folder that holds the whole disk. */
const OUTSIDE_LIMIT = 20_000;

/**
 * The names of all files of a project, without those of packages, hidden ones and what builds put out. Folders outside
 * of the root that a pattern asks for are listed when it does.
 */
export class ProjectFiles {
  readonly #root: string;
  readonly #outputs: ReadonlySet<string>;
  readonly #folders = new Map<string, Folder>();
  readonly #cut = new Set<string>();

  constructor(root: string, outputs: Iterable<string>) {
    this.#root = root;
    this.#outputs = new Set(outputs);
  }

  /** Folders outside of the root that are too large to be listed: what lies in them is known in part. */
  get cut(): ReadonlySet<string> {
    return this.#cut;
  }

  /** List everything below the root. */
  async list(turns: Yielder): Promise<void> {
    const waiting = [this.#root];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const { folders } = this.#listOne(folder);
      for (const name of folders) waiting.push(`${folder}/${name}`);
      await turns.next();
    }
  }

  /** Whether a path could be one of the project's files, by its name. */
  covers(file: string): boolean {
    if (!this.#isInside(file) || this.leavesOut(file)) return false;
    for (const output of this.#outputs) if (file.startsWith(`${output}/`)) return false;
    return true;
  }

  /** Whether a path is one of those that nobody looks at: in packages, hidden. */
  leavesOut(file: string): boolean {
    return this.#isInside(file)
      ? file.slice(this.#root.length).split("/").some(isLeftOut)
      : isOfPackage(file);
  }

  /** Whether a file is one of the project's. */
  has(file: string): boolean {
    const end = file.lastIndexOf("/");
    const folder = this.#folders.get(file.slice(0, end));
    return folder?.files.has(file.slice(end + 1)) === true && this.#isInside(file);
  }

  /** Take note of a file that has come, if it is one of the project's or lies in a folder that was listed. */
  add(file: string): void {
    if (this.leavesOut(file) || !(this.covers(file) || this.#isListed(file))) return;
    const end = file.lastIndexOf("/");
    this.#folderFor(file.slice(0, end)).files.add(file.slice(end + 1));
  }

  delete(file: string): void {
    const end = file.lastIndexOf("/");
    this.#folders.get(file.slice(0, end))?.files.delete(file.slice(end + 1));
  }

  all(): readonly string[] {
    return this.#below(this.#root);
  }

  /** All files below a folder; one outside of the root is listed now if it has not been. */
  below(folder: string): readonly string[] {
    if (!this.#folders.has(folder) && !this.#isInside(`${folder}/`)) this.#listAll(folder);
    return this.#below(folder);
  }

  /** All files that the disk has below a folder, known or not. */
  *onDisk(folder: string): Iterable<string> {
    const { files, folders } = this.#look(folder);
    for (const name of files) yield `${folder}/${name}`;
    for (const name of folders) yield* this.onDisk(`${folder}/${name}`);
  }

  #isInside(path: string): boolean {
    return path.startsWith(`${this.#root}/`);
  }

  /** Whether a file lies in a folder outside of the root that was listed, or below one. */
  #isListed(file: string): boolean {
    for (let end = file.lastIndexOf("/"); end > 0; end = file.lastIndexOf("/", end - 1)) {
      if (this.#folders.has(file.slice(0, end))) return true;
    }
    return false;
  }

  #below(folder: string, found: string[] = []): string[] {
    const listed = this.#folders.get(folder);
    if (listed === undefined) return found;
    for (const name of listed.files) found.push(`${folder}/${name}`);
    for (const name of listed.folders) this.#below(`${folder}/${name}`, found);
    return found;
  }

  #listAll(start: string): void {
    const waiting = [start];
    let count = 0;
    for (const folder of waiting) {
      const { files, folders } = this.#listOne(folder);
      count += files.size;
      if (count > OUTSIDE_LIMIT) {
        this.#cut.add(start);
        return;
      }
      for (const name of folders) waiting.push(`${folder}/${name}`);
    }
  }

  #listOne(path: string): Folder {
    const folder = this.#look(path);
    this.#folders.set(path, folder);
    return folder;
  }

  #look(path: string): Folder {
    const folder: Folder = { files: new Set(), folders: new Set() };
    const entries = entriesOf(path);
    if (entries.some(({ name }) => name === CACHE_MARK)) return folder;
    for (const entry of entries) {
      if (isLeftOut(entry.name)) continue;
      if (entry.isDirectory()) {
        if (!this.#outputs.has(`${path}/${entry.name}`)) folder.folders.add(entry.name);
      } else if (entry.isFile()) {
        folder.files.add(entry.name);
      }
      // A link is another name of something that is listed where it is, or is reached by an import.
    }
    return folder;
  }

  #folderFor(path: string): Folder {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder = { files: new Set(), folders: new Set() };
    this.#folders.set(path, folder);
    const end = path.lastIndexOf("/");
    if (end > 0) this.#folderFor(path.slice(0, end)).folders.add(path.slice(end + 1));
    return folder;
  }
}

function isLeftOut(name: string): boolean {
  return name === "node_modules" || name.startsWith(".");
}

/** What is in a folder; nothing where there is none. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone since it was seen, or not ours to read.
    return [];
  }
}
