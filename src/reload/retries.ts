import { pauseBefore } from "./backoff.ts";
import type { Clock } from "./clock.ts";

/** How long a failure is left alone, once its own tries have ended, however many meet it. */
const PAUSE_AFTER_ALL_MS = 1000;
/** How long whoever meets a failure waits for the try. */
const MAX_WAIT_MS = 1000;

/** One of the tries of a {@link Retries}. */
export interface Retry {
  readonly entry: string;
  /** Counts from 1. */
  readonly count: number;
  readonly isLast: boolean;
}

/**
 * Tries again what failed in a way that may pass: by itself with growing pauses, and after that, without end, when
 * somebody meets it. A service that is up again after minutes needs no save.
 */
export class Retries {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #attempt: (retry: Retry) => Promise<boolean>;
  readonly #scheduled = new Map<string, () => void>();
  readonly #running = new Set<string>();
  /** When each entry that may still pass has failed last. */
  readonly #failedAt = new Map<string, number>();
  /** Tries that somebody waits for. */
  readonly #met = new Map<string, Promise<void>>();
  /** Those who wait for nothing being left to try. */
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  /** @param init `attempt` tells whether it failed, and may be tried once more. It does not reject. */
  constructor(init: {
    readonly clock: Clock;
    readonly max: number;
    readonly attempt: (retry: Retry) => Promise<boolean>;
  }) {
    this.#clock = init.clock;
    this.#max = init.max;
    this.#attempt = init.attempt;
  }

  /** What an entry has asked for failed, and somebody has met that just now: the next who comes has it tried again. */
  note(entry: string): void {
    if (!this.#failedAt.has(entry)) this.#failedAt.set(entry, this.#clock.now);
  }

  /** An entry failed just now. */
  begin(entry: string): void {
    this.#unschedule(entry);
    this.#failedAt.set(entry, this.#clock.now);
    this.#schedule(entry, 1);
  }

  /**
   * Somebody meets the failure. Resolves with whether it has been tried once more meanwhile, after a second at most;
   * nothing where it is too early for that.
   */
  meet(entry: string): Promise<boolean> | undefined {
    if (this.#isDue(entry)) this.#met.set(entry, this.#tryForOthers(entry));
    const trying = this.#met.get(entry);
    if (trying === undefined) return undefined;
    return this.#isDoneInTime(trying);
  }

  cancel(entry: string): void {
    this.#unschedule(entry);
    this.#failedAt.delete(entry);
    this.#announceEnd();
  }

  /** Resolves when nothing is left to be tried again. */
  async settled(): Promise<void> {
    if (!this.#isDone) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#isClosed = true;
    for (const entry of this.#scheduled.keys()) this.cancel(entry);
  }

  #schedule(entry: string, count: number): void {
    if (this.#isClosed || count > this.#max) return;
    const run = async (): Promise<void> => {
      this.#scheduled.delete(entry);
      const mayPass = await this.#try({ entry, count, isLast: count === this.#max });
      if (mayPass) this.#schedule(entry, count + 1);
      this.#announceEnd();
    };
    this.#scheduled.set(
      entry,
      this.#clock.after(pauseBefore(count), () => void run()),
    );
  }

  async #isDoneInTime(trying: Promise<void>): Promise<boolean> {
    let giveUp: (() => void) | undefined;
    const late = new Promise<false>((resolve) => {
      giveUp = this.#clock.after(MAX_WAIT_MS, () => resolve(false));
    });
    const isDone = await Promise.race([trying.then(() => true), late]);
    giveUp?.();
    return isDone;
  }

  async #tryForOthers(entry: string): Promise<void> {
    await this.#try({ entry, count: this.#max, isLast: false });
    this.#met.delete(entry);
    this.#announceEnd();
  }

  async #try(retry: Retry): Promise<boolean> {
    const { entry } = retry;
    this.#running.add(entry);
    const mayPass = await this.#attempt(retry);
    this.#running.delete(entry);
    if (mayPass) this.#failedAt.set(entry, this.#clock.now);
    else this.#failedAt.delete(entry);
    return mayPass;
  }

  #isDue(entry: string): boolean {
    const failedAt = this.#failedAt.get(entry);
    if (failedAt === undefined || this.#isClosed) return false;
    if (this.#scheduled.has(entry) || this.#running.has(entry)) return false;
    return this.#clock.now - failedAt >= PAUSE_AFTER_ALL_MS;
  }

  #unschedule(entry: string): void {
    this.#scheduled.get(entry)?.();
    this.#scheduled.delete(entry);
  }

  get #isDone(): boolean {
    return this.#running.size === 0 && this.#scheduled.size === 0;
  }

  #announceEnd(): void {
    if (!this.#isDone) return;
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
