import { pauseBefore } from "./backoff.ts";
import type { Clock } from "./debounce.ts";

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
    this.cancel(entry);
    this.#schedule(entry, 1);
  }

  cancel(entry: string): void {
    this.#scheduled.get(entry)?.();
    this.#scheduled.delete(entry);
  }

  close(): void {
    this.#isClosed = true;
    for (const entry of this.#scheduled.keys()) this.cancel(entry);
  }

  #schedule(entry: string, count: number): void {
    if (this.#isClosed || count > this.#max) return;
    const run = async (): Promise<void> => {
      this.#scheduled.delete(entry);
      if (await this.#attempt({ entry, count, isLast: count === this.#max }))
        this.#schedule(entry, count + 1);
    };
    this.#scheduled.set(
      entry,
      this.#clock.after(pauseBefore(count), () => void run()),
    );
  }
}
