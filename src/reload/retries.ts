import { pauseBefore } from "./backoff.ts";
import type { Clock } from "./clock.ts";

/** One of the tries of a {@link Retries}. */
export interface Retry {
  readonly entry: string;
  /** Counts from 1. */
  readonly count: number;
  readonly isLast: boolean;
}

/** Tries again, by itself and with growing pauses, what failed in a way that may pass. */
export class Retries {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #attempt: (retry: Retry) => Promise<boolean>;
  readonly #scheduled = new Map<string, () => void>();
  #running = 0;
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

  /** An entry failed just now. */
  begin(entry: string): void {
    this.#unschedule(entry);
    this.#schedule(entry, 1);
  }

  cancel(entry: string): void {
    this.#unschedule(entry);
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
      this.#running++;
      const mayPass = await this.#attempt({ entry, count, isLast: count === this.#max });
      this.#running--;
      if (mayPass) this.#schedule(entry, count + 1);
      this.#announceEnd();
    };
    this.#scheduled.set(
      entry,
      this.#clock.after(pauseBefore(count), () => void run()),
    );
  }

  #unschedule(entry: string): void {
    this.#scheduled.get(entry)?.();
    this.#scheduled.delete(entry);
  }

  get #isDone(): boolean {
    return this.#running === 0 && this.#scheduled.size === 0;
  }

  #announceEnd(): void {
    if (!this.#isDone) return;
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
