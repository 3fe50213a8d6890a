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
  /** What this process is writing. */
  readonly #held = new Map<string, { count: number; readonly wasKnown: boolean }>();

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

  /** The state of a path as it is now is what everybody goes by from now on, and by its content. */
  renew(path: string): void {
    this.#files.set(path, this.#look(path, true));
  }

  /**
   * This process is about to change what is there. Until the returned function is called nothing of it shows as changed,
   * and what is there by then is known. A change from before, or one that nobody has taken note of yet, still shows.
   */
  hold(paths: readonly string[]): () => void {
    for (const path of paths) {
      const held = this.#held.get(path);
      if (held !== undefined) held.count++;
      else this.#held.set(path, { count: 1, wasKnown: this.findChanged([path]).length === 0 });
    }
    return () => {
      for (const path of paths) {
        const held = this.#held.get(path);
        if (held === undefined || --held.count > 0) continue;
        this.#held.delete(path);
        if (held.wasKnown && this.#files.has(path)) this.renew(path);
      }
    };
  }

  /** Which of these differ from what they were when they were read. Unknown paths count as changed. */
  findChanged(paths: Iterable<string>): string[] {
    const changed: string[] = [];
    for (const path of paths) {
      if (this.#held.has(path)) continue;
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
