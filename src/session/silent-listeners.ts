import type { Clock } from "../reload/clock.ts";
import { News } from "../report/news.ts";
import { isClosed } from "../routes/index.ts";
import type { NodeExchange } from "../routes/index.ts";

const SILENCE_MS = 10_000;

/**
 * Functions that answer on Node's response, and do not: neither returning nor throwing ends their request, so nothing would
 * ever be said of it. Each route's file is told once.
 */
export class SilentListeners {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #warn: (message: string) => void;
  readonly #news = new News();

  constructor(init: {
    readonly clock: Clock;
    readonly silenceMs: number | undefined;
    readonly warn: (message: string) => void;
  }) {
    this.#clock = init.clock;
    this.#silenceMs = init.silenceMs ?? SILENCE_MS;
    this.#warn = init.warn;
  }

  /** A listener has been given a request. Returns what to call when it has answered, left it to others or failed. */
  begin({ incoming, outgoing }: NodeExchange, file: string): () => void {
    const { method = "GET", url = "/" } = incoming;
    let cancel: (() => void) | undefined;
    const wait = (then: () => void): void => {
      cancel = this.#clock.after(this.#silenceMs / 2, then);
    };
    const look = (): void => {
      // A stream is under way, or a long poll: both begin with headers.
      if (outgoing.headersSent || isClosed(outgoing)) return;
      // Whoever waits for the rest of the body cannot answer yet.
      if (!incoming.complete) wait(look);
      else if (this.#news.isNews(file)) this.#tell(file, `${method} ${url.replace(/\?.*$/s, "")}`);
    };
    // In two steps, because a pause at a breakpoint ends a wait at once: that must not be both.
    wait(() => wait(look));
    return () => cancel?.();
  }

  #tell(file: string, request: string): void {
    this.#warn(
      `[orbit] ${file} has not answered ${request} for ${this.#silenceMs / 1000} s, and has not called next(). ` +
        "Who takes (request, response) ends with response.end(), also by json() or send(): a value that is returned is no answer.",
    );
  }
}
