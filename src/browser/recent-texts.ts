/** Remembers texts by name, those that were noted last: so many, and so many characters in all. */
export class RecentTexts<T> {
  readonly #max: { readonly count: number; readonly size: number };
  readonly #sizeOf: (text: T) => number;
  readonly #texts = new Map<string, T>();
  #size = 0;

  constructor(max: { readonly count: number; readonly size: number }, sizeOf: (text: T) => number) {
    this.#max = max;
    this.#sizeOf = sizeOf;
  }

  get(name: string): T | undefined {
    return this.#texts.get(name);
  }

  set(name: string, text: T): void {
    this.#drop(name);
    this.#texts.set(name, text);
    this.#size += this.#sizeOf(text);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= this.#max.count && this.#size <= this.#max.size) return;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    const text = this.#texts.get(name);
    if (text === undefined) return;
    this.#texts.delete(name);
    this.#size -= this.#sizeOf(text);
  }
}
