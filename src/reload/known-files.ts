import { isSameObject, isSameStamp, isYoung } from "./stamp.ts";
import type { Stamp } from "./stamp.ts";

/** How the loop looks at the disk. All of it is synchronous: a look must not be overtaken by a write. */
export interface Disk {
  /** `undefined` where nothing is. Follows symbolic links. */
  stamp(path: string): Stamp | undefined;
  /** A digest of a file's content, or of a folder's names; `undefined` where nothing can be read. */
  digest(path: string): string | undefined;
  now(): number;
}

interface KnownFile {
  stamp: Stamp | undefined;
  /** Taken while the stamp is too young to be trusted, and always of folders: their stamps change with every save. */
  digest: string | undefined;
  isSettled: boolean;
}

/**
 * What everything was read from, by path: files, folders (by the names in them) and links. Stamps are taken before
 * a read, so that a write in between shows as a change and never goes unnoticed.
 */
export class KnownFiles {
  readonly #disk: Disk;
  readonly #files = new Map<string, KnownFile>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Called right before a file is read. */
  noteRead(path: string): void {
    this.#files.set(path, this.#look(path, false));
  }

  /** Begin to watch a folder (or a link) by what it contains, unless that is known already. */
  noteFolder(path: string): void {
    if (!this.#files.has(path)) this.#files.set(path, this.#look(path, true));
  }

  isKnown(path: string): boolean {
    return this.#files.has(path);
  }

  forget(path: string): void {
    this.#files.delete(path);
  }

  /** Which of these differ from what they were when they were read. Unknown paths count as changed. */
  findChanged(paths: Iterable<string>): string[] {
    const changed: string[] = [];
    for (const path of paths) {
      const known = this.#files.get(path);
      if (known === undefined || !this.#isUnchanged(path, known)) changed.push(path);
    }
    return changed;
  }

  /** A file's change is taken care of although nobody read it again: it is gone, or nobody needs it. */
  accept(path: string): void {
    const known = this.#files.get(path);
    this.#files.set(path, this.#look(path, known?.digest !== undefined));
  }

  #look(path: string, withDigest: boolean): KnownFile {
    const stamp = this.#disk.stamp(path);
    const isSettled = stamp === undefined || !isYoung(stamp, this.#disk.now());
    const digest = withDigest || !isSettled ? this.#disk.digest(path) : undefined;
    return { stamp, digest, isSettled };
  }

  #isUnchanged(path: string, known: KnownFile): boolean {
    const stamp = this.#disk.stamp(path);
    if (known.isSettled && isSameStamp(stamp, known.stamp)) return true;
    if (known.digest === undefined || !isSameObject(stamp, known.stamp)) return false;
    const isSettled = stamp === undefined || !isYoung(stamp, this.#disk.now());
    if (this.#disk.digest(path) !== known.digest) return false;
    // The content is what was read, and from now on the stamp alone can tell.
    known.stamp = stamp;
    known.isSettled = isSettled;
    return true;
  }
}
