import type { Clock } from "./clock.ts";

/** What one program writes comes within this time. It is all that the first save after a quiet time waits, in milliseconds. */
const TOGETHER_MS = 12;
/** How long a burst that does not end is gathered at most, as a multiple of the quiet time. */
const LONGEST_BURST = 20;

/**
 * Gathers bursts: `flush` gets everything that was added, once it has been quiet for a while. After a quiet time the first
 * items do not wait for that: they are flushed as soon as those are there that come with them, and what follows is a burst.
 */
export class Debounce<T> {
  readonly #quietMs: number;
  readonly #clock: Clock;
  readonly #flush: (items: ReadonlySet<T>) => void;
  #gathered = new Set<T>();
  /** The first items after a quiet time are about to be flushed. */
  #isEarly = false;
  #cancel: (() => void) | undefined;
  #extensions = 0;
  /** When something was added or flushed last. */
  #lastAt = -Infinity;

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
    const { now } = this.#clock;
    const isFirst = this.#gathered.size === 0 && now - this.#lastAt > this.#quietMs;
    this.#gathered.add(item);
    this.#lastAt = now;
    if (isFirst) this.#flushAfter(Math.min(TOGETHER_MS, this.#quietMs));
    else this.touch();
  }

  /** Flush when it has been quiet for a while, be it without an item. */
  touch(): void {
    if (this.#isEarly) return;
    if (this.#cancel !== undefined && ++this.#extensions > LONGEST_BURST) return;
    this.#flushAfter(this.#quietMs);
  }

  /** Forget what was gathered. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#gathered.clear();
  }

  #flushAfter(ms: number): void {
    this.#cancel?.();
    this.#isEarly = ms < this.#quietMs;
    this.#cancel = this.#clock.after(ms, () => this.#end());
  }

  #end(): void {
    this.#isEarly = false;
    this.#lastAt = this.#clock.now;
    const items = this.#gathered;
    this.#gathered = new Set();
    this.#cancel = undefined;
    this.#extensions = 0;
    this.#flush(items);
  }
}
