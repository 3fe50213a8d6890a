import type { Clock } from "../reload/clock.ts";

export interface WriteScheduleInit {
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Writes what has changed. Must not reject. */
  readonly write: () => Promise<void>;
}

/** Of the quarter of a second that may be lost at most; the rest is for a slow disk, twice. */
const WRITE_AFTER_MS = 50;

/** When to write: soon after a change, one write at a time, and never so often that it is felt. */
export class WriteSchedule {
  readonly #init: WriteScheduleInit;
  /** When the first change came that nobody has looked at yet. */
  #touchedAt: number | undefined;
  #restsUntil = 0;
  #isWriting = false;
  #isClosed = false;
  #cancel: (() => void) | undefined;

  constructor(init: WriteScheduleInit) {
    this.#init = init;
  }

  /** Something may have changed. Called at each use of state: nearly always it returns at once. */
  touched(): void {
    if (this.#touchedAt !== undefined || this.#isClosed) return;
    this.#touchedAt = this.#init.now();
    if (!this.#isWriting) this.#plan(this.#touchedAt);
  }

  /** What has changed up to now is known: it needs no write of its own. */
  looked(): void {
    this.#touchedAt = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Begin no other write for a while. */
  rest(ms: number): void {
    this.#restsUntil = this.#init.now() + ms;
  }

  /** Plan nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.looked();
  }

  #plan(touchedAt: number): void {
    const { clock, now } = this.#init;
    const wait = Math.max(touchedAt + WRITE_AFTER_MS, this.#restsUntil) - now();
    this.#cancel = clock.after(Math.max(0, wait), () => void this.#run()); // what fails is said by `write`
  }

  async #run(): Promise<void> {
    this.#isWriting = true;
    await this.#init.write();
    this.#isWriting = false;
    if (this.#touchedAt !== undefined) this.#plan(this.#touchedAt);
  }
}
