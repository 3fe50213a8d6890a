import type { Clock } from "./clock.ts";

/** How long a burst that does not end is gathered at most, as a multiple of the quiet time. */
const LONGEST_BURST = 20;

/** Gathers bursts: `flush` gets everything that was added, once it has been quiet for a while. */
export class Debounce<T> {
  readonly #quietMs: number;
  readonly #clock: Clock;
  readonly #flush: (items: ReadonlySet<T>) => void;
  #gathered = new Set<T>();
  #cancel: (() => void) | undefined;
  #extensions = 0;

  constructor(quietMs: number, clock: Clock, flush: (items: ReadonlySet<T>) => void) {
    this.#quietMs = quietMs;
    this.#clock = clock;
    this.#flush = flush;
  }

  /** Whether a flush is to come. */
  get isWaiting(): boolean {
    return this.#cancel !== undefined;
  }

  add(item: T): void {
    this.#gathered.add(item);
    this.touch();
  }

  /** Flush when it has been quiet for a while, be it without an item. */
  touch(): void {
    if (this.#cancel !== undefined && ++this.#extensions > LONGEST_BURST) return;
    this.#cancel?.();
    this.#cancel = this.#clock.after(this.#quietMs, () => this.#end());
  }

  /** Forget what was gathered. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#gathered.clear();
  }

  #end(): void {
    const items = this.#gathered;
    this.#gathered = new Set();
    this.#cancel = undefined;
    this.#extensions = 0;
    this.#flush(items);
  }
}
