import { dirname } from "node:path";
import { debuglog } from "node:util";
import { isSameObject, isSameStamp, isYoung } from "./stamp.ts";
import type { Stamp } from "./stamp.ts";

/** How the loop looks at the disk. All of it is synchronous: a look must not be overtaken by a write. */
export interface Disk {
  /** `undefined` where nothing is. Follows symbolic links. */
  stamp(path: string): Stamp | undefined;
  /** A digest of a file's content, or of a folder's names; `undefined` where nothing can be read. */
  digest(path: string): string | undefined;
  /** The text of a file; `undefined` where none can be read. */
  read(path: string): string | undefined;
  /** The digest of a file with this text. */
  digestOf(text: string): string;
  now(): number;
}

const log = debuglog("orbit:barrier");

interface KnownFile {
  stamp: Stamp | undefined;
  /** Taken while the stamp is too young to be trusted, and always of folders: their stamps change with every save. */
  digest: string | undefined;
  isSettled: boolean;
  /** Counts looks: of two files it tells which was looked at later. */
  at: number;
}

/** What one look has seen: a folder is asked once, however many names are missing in it. */
type Look = Map<string, Stamp | undefined>;

/**
 * What everything was read from, by path: files, folders (by the names in them) and links. Stamps are taken before
 * a read, so that a write in between shows as a change and never goes unnoticed.
 */
export class FileStamps {
  readonly #disk: Disk;
  readonly #files = new Map<string, KnownFile>();
  /** What this process is writing. */
  readonly #held = new Map<string, { count: number; readonly wasKnown: boolean }>();
  #looks = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Called right before a file is read. */
  noteRead(path: string): void {
    this.#files.set(path, this.#look(path, false));
  }

  /** Read a text: {@link noteRead}, and what is read is what it is compared with while its stamp is young. */
  readText(path: string): string | undefined {
    const { stamp, isSettled } = this.#stampNow(path);
    const text = this.#disk.read(path);
    const digest = isSettled || text === undefined ? undefined : this.#disk.digestOf(text);
    this.#files.set(path, { stamp, digest, isSettled, at: ++this.#looks });
    return text;
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

  /** Record the current state of a path, with a digest of its content, as the new baseline. */
  refresh(path: string): void {
    this.#files.set(path, this.#look(path, true));
  }

  /**
   * This process is about to change what is there. Until the returned function is called nothing of it shows as changed,
   * and what is there by then is known. Changes made before it was called are still reported.
   */
  suspend(paths: readonly string[]): () => void {
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
        if (held.wasKnown && this.#files.has(path)) this.refresh(path);
      }
    };
  }

  /** Which of these differ from what they were when they were read. Unknown paths count as changed. */
  findChanged(paths: Iterable<string>): string[] {
    return this.#find(paths, (path, known, look) => this.#howChanged(path, known, look));
  }

  /**
   * The same, right after {@link findChanged}: a file whose stamp is the same is left to the next look, however young
   * it is. To read it once more would say nothing about what was asked before.
   */
  findTouched(paths: Iterable<string>): string[] {
    return this.#find(paths, (path, known, look) => {
      if (this.#isStillMissing(path, known, look)) return undefined;
      const stamp = this.#stampIn(look, path);
      return isSameStamp(stamp, known.stamp) ? undefined : this.#howChanged(path, known, look);
    });
  }

  #find(
    paths: Iterable<string>,
    verdictOf: (path: string, known: KnownFile, look: Look) => string | undefined,
  ): string[] {
    const changed: string[] = [];
    const look: Look = new Map();
    for (const path of paths) {
      if (this.#held.has(path)) continue;
      const known = this.#files.get(path);
      const verdict = known === undefined ? "nobody has read it" : verdictOf(path, known, look);
      if (verdict === undefined) continue;
      log("%s: %s", path, verdict);
      changed.push(path);
    }
    return changed;
  }

  /** A file's change is taken care of although nobody read it again: it is gone, or nobody needs it. */
  acknowledge(path: string): void {
    const known = this.#files.get(path);
    this.#files.set(path, this.#look(path, known?.digest !== undefined));
  }

  #look(path: string, withDigest: boolean): KnownFile {
    const { stamp, isSettled } = this.#stampNow(path);
    const digest = withDigest || !isSettled ? this.#disk.digest(path) : undefined;
    return { stamp, digest, isSettled, at: ++this.#looks };
  }

  #stampNow(path: string): { readonly stamp: Stamp | undefined; readonly isSettled: boolean } {
    const stamp = this.#disk.stamp(path);
    return { stamp, isSettled: stamp === undefined || !isYoung(stamp, this.#disk.now()) };
  }

  #stampIn(look: Look, path: string): Stamp | undefined {
    if (look.has(path)) return look.get(path);
    const stamp = this.#disk.stamp(path);
    look.set(path, stamp);
    return stamp;
  }

  /** In what a file differs from what was read, in words; `undefined` if it does not. */
  #howChanged(path: string, known: KnownFile, look: Look): string | undefined {
    if (this.#isStillMissing(path, known, look)) return undefined;
    const stamp = this.#stampIn(look, path);
    if (known.isSettled && isSameStamp(stamp, known.stamp)) {
      if (stamp === undefined) known.at = ++this.#looks;
      return undefined;
    }
    if (!isSameObject(stamp, known.stamp)) return "another file, or none, is there";
    if (known.digest === undefined) return "it was written";
    const isSettled = stamp === undefined || !isYoung(stamp, this.#disk.now());
    if (this.#disk.digest(path) !== known.digest) return "it says something else";
    // The content is what was read, and from now on the stamp alone can tell.
    known.stamp = stamp;
    known.isSettled = isSettled;
    known.at = ++this.#looks;
    return undefined;
  }

  /** A name that was missing when its folder was what it still is, is missing still: nobody has to ask. */
  #isStillMissing(file: string, known: KnownFile, look: Look): boolean {
    if (known.stamp !== undefined) return false;
    const above = dirname(file);
    const folder = above === file ? undefined : this.#files.get(above);
    if (folder === undefined || folder.at > known.at) return false;
    if (folder.stamp === undefined) return this.#isStillMissing(above, folder, look);
    return folder.isSettled && isSameStamp(this.#stampIn(look, above), folder.stamp);
  }
}
