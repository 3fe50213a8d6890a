import { readdirSync, readFileSync } from "node:fs";
import type { Dirent } from "node:fs";
import path from "node:path";
import { contentDigest } from "./content-digest.ts";
import { disk } from "./disk.ts";
import { isFolder } from "./file-kind.ts";
import { isSameStamp, isYoung } from "./stamp.ts";
import type { Stamp } from "./stamp.ts";

/** The digests of files by their paths. */
export type Contents = ReadonlyMap<string, string>;

/** To read more than that to find out whether it is the same takes longer than to show it again. */
const MAX_READ_BYTES = 32n * 1024n * 1024n;

interface DigestedFile {
  readonly stamp: Stamp;
  readonly digest: string;
}

/** What files and folders hold, all that is below them included. What has not changed since is not read again. */
export class FolderContents {
  readonly #places: () => readonly string[];
  readonly #isIgnored: (file: string) => boolean;
  #known = new Map<string, DigestedFile>();

  /** @param isIgnored asked with absolute paths, of folders as well: nothing below an ignored one is looked at */
  constructor(places: () => readonly string[], isIgnored: (file: string) => boolean) {
    this.#places = places;
    this.#isIgnored = isIgnored;
  }

  /** As it is now. Files that come and go meanwhile are there or not. */
  read(): Contents {
    const known = new Map<string, DigestedFile>();
    for (const place of this.#places()) {
      if (isFolder(place)) this.#visit(place, known);
      else this.#note(place, known);
    }
    this.#known = known;
    return new Map([...known].map(([file, { digest }]) => [file, digest]));
  }

  /** What one file holds now; `undefined` where it is none. */
  digestOf(file: string): string | undefined {
    if (this.#isIgnored(file) || isFolder(file)) return undefined;
    return this.#look(file)?.digest;
  }

  #visit(folder: string, known: Map<string, DigestedFile>): void {
    if (this.#isIgnored(folder)) return;
    for (const entry of entriesOf(folder)) {
      const place = path.join(folder, entry.name);
      if (entry.isDirectory()) this.#visit(place, known);
      // Links to folders are not followed: they may lead around in a circle.
      else if (entry.isFile() || !isFolder(place)) this.#note(place, known);
    }
  }

  #note(file: string, known: Map<string, DigestedFile>): void {
    if (known.has(file) || this.#isIgnored(file)) return;
    const found = this.#look(file);
    if (found !== undefined) known.set(file, found);
  }

  #look(file: string): DigestedFile | undefined {
    const stamp = disk.stamp(file);
    if (stamp === undefined) return undefined;
    const before = this.#known.get(file);
    if (before !== undefined && isSameStamp(before.stamp, stamp) && !isYoung(stamp, Date.now()))
      return before;
    const digest = stamp.size > MAX_READ_BYTES ? `${stamp.mtimeNs}:${stamp.size}` : digestOfFile(file);
    return digest === undefined ? undefined : { stamp, digest };
  }
}

/** The files that differ, also those that only one of the two has. */
export function changedFiles(before: Contents, now: Contents): readonly string[] {
  const gone = [...before.keys()].filter((file) => !now.has(file));
  return [...[...now.keys()].filter((file) => now.get(file) !== before.get(file)), ...gone].toSorted();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function digestOfFile(file: string): string | undefined {
  try {
    return contentDigest(readFileSync(file));
  } catch {
    return undefined;
  }
}
