import type { Disk } from "../../../src/disk/file-stamps.ts";
import type { Stamp } from "../../../src/disk/stamp.ts";

const NS_PER_MS = 1_000_000n;

interface FakeFile {
  readonly content: string;
  readonly stamp: Stamp;
}

/** Files as texts, with stamps of the test's own time. */
export class FakeDisk implements Disk {
  /** Epoch milliseconds. */
  time = 1_000_005;
  /** How much of the time a stamp shows. */
  granularityMs = 1;
  readonly looks: { stamps: number; digests: number } = { stamps: 0, digests: 0 };
  readonly #files = new Map<string, FakeFile>();
  #inodes = 0n;

  write(path: string, content: string, { isReplaced = false } = {}): void {
    const before = this.#files.get(path);
    const shown = BigInt(Math.floor(this.time / this.granularityMs) * this.granularityMs) * NS_PER_MS;
    const inode = before === undefined || isReplaced ? ++this.#inodes : before.stamp.inode;
    const stamp = { mtimeNs: shown, ctimeNs: shown, size: BigInt(content.length), inode, device: 1n };
    this.#files.set(path, { content, stamp });
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  read(path: string): string | undefined {
    return this.#files.get(path)?.content;
  }

  stamp(path: string): Stamp | undefined {
    this.looks.stamps++;
    return this.#files.get(path)?.stamp;
  }

  digest(path: string): string | undefined {
    this.looks.digests++;
    return this.read(path);
  }

  digestOf(text: string): string {
    return text;
  }

  now(): number {
    return this.time;
  }
}
