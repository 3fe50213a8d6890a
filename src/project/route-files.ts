import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { FileStamps } from "../disk/file-stamps.ts";
import { createRouteTable } from "../routes/index.ts";
import type { RouteTable } from "../routes/index.ts";
import { disk } from "../disk/disk.ts";
import { slashed } from "../disk/file-names.ts";
import { isFolder } from "../disk/file-kind.ts";

/** The route table as a live view of the api folder: a new, renamed or deleted file is seen by the next request. */
export class RouteFiles {
  readonly #root: string;
  readonly #candidates: readonly string[];
  readonly #prefix: string;
  /** Its own: a change that the loop has taken note of has yet to be seen here, and the other way round. */
  readonly #known: FileStamps = new FileStamps(disk);
  #folders: readonly string[] = [];
  /** Files and folders whose path has no link in it: while the folders are the same, they stay where they are. */
  readonly #direct = new Set<string>();
  #apiDir: string | undefined;
  #table: RouteTable;

  constructor(init: { readonly root: string; readonly apiDirs: readonly string[]; readonly prefix: string }) {
    this.#root = init.root;
    this.#candidates = init.apiDirs.map((dir) => path.resolve(init.root, dir));
    this.#prefix = init.prefix;
    this.#table = this.#scan();
  }

  /** The absolute folder that holds the routes; `undefined` while there is none. */
  get apiDir(): string | undefined {
    return this.#apiDir;
  }

  /** The routes as the disk has them now. */
  table(): RouteTable {
    const changed = this.#known.findChanged(this.#folders);
    if (changed.length === 0) return this.#table;
    for (const folder of changed) this.#known.acknowledge(folder);
    this.#table = this.#scan();
    return this.#table;
  }

  /** The file behind a route, with symbolic links followed: it is what the module is known by. */
  fileOf({ file }: { readonly file: string }): string {
    const absolute = path.join(this.#root, file);
    // Deleted a moment ago: loading it says so.
    return this.#direct.has(absolute) ? absolute : (realOf(absolute) ?? absolute);
  }

  #scan(): RouteTable {
    const folders: string[] = [];
    const files: string[] = [];
    this.#direct.clear();
    this.#apiDir = undefined;
    for (const candidate of this.#candidates) {
      if (this.#list(candidate, "", folders, files)) {
        this.#apiDir = candidate;
        break;
      }
    }
    this.#folders = folders;
    const directory = this.#apiDir === undefined ? "" : slashed(path.relative(this.#root, this.#apiDir));
    return createRouteTable(files, { prefix: this.#prefix, directory });
  }

  /** Collect the files below a folder. The folder is looked at before it is listed. */
  #list(folder: string, relative: string, folders: string[], files: string[]): boolean {
    this.#known.noteFolder(folder);
    folders.push(folder);
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      // Not there (yet): it is watched like any other folder.
      return false;
    }
    const isDirect = this.#direct.has(folder) || realOf(folder) === folder;
    for (const entry of entries) {
      const name = relative === "" ? entry.name : `${relative}/${entry.name}`;
      const target = path.join(folder, entry.name);
      if (isDirect && !entry.isSymbolicLink()) this.#direct.add(target);
      if (entry.isDirectory() || (entry.isSymbolicLink() && isFolder(target))) {
        if (!/^[._]|^node_modules$/.test(entry.name)) this.#list(target, name, folders, files);
      } else files.push(name);
    }
    return true;
  }
}

/** Where a path leads with its links followed; `undefined` when nothing is there. */
function realOf(target: string): string | undefined {
  try {
    return realpathSync(target);
  } catch {
    return undefined;
  }
}
