import { disk } from "../disk/disk.ts";
import { isSameStamp } from "../disk/stamp.ts";
import type { Stamp } from "../disk/stamp.ts";

const REMEMBERED_WRITES = 1_000;

/** The files that server code writes itself: they are data, and no saves. */
export class OwnWrites {
  /** How many writes of a file are under way. */
  readonly #underWay = new Map<string, number>();
  readonly #stamps = new Map<string, Stamp | undefined>();

  /** Server code begins to write files. Returns what to call when it is done. */
  begin(files: readonly string[]): () => void {
    for (const file of files) this.#underWay.set(file, (this.#underWay.get(file) ?? 0) + 1);
    return () => {
      for (const file of files) this.#end(file);
    };
  }

  /** Whether server code is writing a file, or the file is as the last write has left it. */
  has(file: string): boolean {
    if (this.#underWay.has(file)) return true;
    return this.#stamps.has(file) && isSameStamp(this.#stamps.get(file), disk.stamp(file));
  }

  #end(file: string): void {
    const others = (this.#underWay.get(file) ?? 1) - 1;
    if (others > 0) this.#underWay.set(file, others);
    else this.#underWay.delete(file);
    this.#stamps.delete(file);
    this.#stamps.set(file, disk.stamp(file));
    const [oldest] = this.#stamps.keys();
    if (this.#stamps.size > REMEMBERED_WRITES && oldest !== undefined) this.#stamps.delete(oldest);
  }
}
