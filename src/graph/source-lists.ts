/**
 * Who leads to whom, for walks through nearly all of it: lists whose links lie side by side in one piece of memory. A list
 * per node as an object of its own costs several times as much to walk through, for the processor waits for each of them.
 */
export class SourceLists {
  /** The first entry of a node's list, 0 for none. */
  #heads = new Int32Array(64);
  /** Two numbers per entry: its source, and the entry that follows. */
  #entries = new Int32Array(128);
  #used = 1;
  /** The first of the entries that were removed. */
  #free = 0;

  /** The first entry of a node's list; 0 is none. */
  first(id: number): number {
    return this.#heads[id] ?? 0;
  }

  next(entry: number): number {
    return this.#entries[entry * 2 + 1] ?? 0;
  }

  sourceAt(entry: number): number {
    return this.#entries[entry * 2] ?? 0;
  }

  of(id: number): number[] {
    const sources: number[] = [];
    for (let entry = this.first(id); entry !== 0; entry = this.next(entry))
      sources.push(this.sourceAt(entry));
    return sources;
  }

  /** Only for a source that is not in the list. */
  add(id: number, source: number): void {
    if (id >= this.#heads.length) this.#heads = grown(this.#heads, id + 1);
    const entry = this.#free === 0 ? this.#used++ : this.#free;
    if (entry === this.#free) this.#free = this.next(entry);
    if (entry * 2 + 1 >= this.#entries.length) this.#entries = grown(this.#entries, entry * 2 + 2);
    this.#entries[entry * 2] = source;
    this.#entries[entry * 2 + 1] = this.first(id);
    this.#heads[id] = entry;
  }

  delete(id: number, source: number): void {
    let before = 0;
    for (let entry = this.first(id); entry !== 0; entry = this.next(entry)) {
      if (this.sourceAt(entry) === source) {
        if (before === 0) this.#heads[id] = this.next(entry);
        else this.#entries[before * 2 + 1] = this.next(entry);
        this.#entries[entry * 2 + 1] = this.#free;
        this.#free = entry;
        return;
      }
      before = entry;
    }
  }
}

function grown(numbers: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const room = new Int32Array(Math.max(numbers.length * 2, least));
  room.set(numbers);
  return room;
}
