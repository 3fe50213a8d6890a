import type { PageWork } from "./page-work.ts";
import { PAGE_EVENTS } from "../protocol/page-events.ts";
import type { PageEventName, PageEvents } from "../protocol/page-events.ts";

type PageListener = (detail: never) => unknown;

/** Who listens in a page to what the server tells. */
export class PageListeners {
  readonly #work: PageWork;
  readonly #onThrown: (event: PageEventName, detail: unknown, error: unknown) => void;
  readonly #listeners = new Map<string, Set<PageListener>>();

  /**
   * @param work gets what listeners do that takes its time
   * @param onThrown called with what they throw, or reject with
   */
  constructor(work: PageWork, onThrown: (event: PageEventName, detail: unknown, error: unknown) => void) {
    this.#work = work;
    this.#onThrown = onThrown;
  }

  /** Returns what ends it. */
  on<Name extends PageEventName>(event: Name, callback: (detail: PageEvents[Name]) => unknown): () => void {
    if (!PAGE_EVENTS.includes(event)) {
      throw new TypeError(
        `apiHMR.on: there is no event ${JSON.stringify(event)}. Did you mean ${JSON.stringify(nearest(event))}?`,
      );
    }
    if (typeof callback !== "function")
      throw new TypeError(
        `apiHMR.on("${event}", callback): the callback is ${kindOf(callback)} and no function.`,
      );
    const own = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, own);
    // The same function may be given twice, and each is ended by itself.
    const listener: PageListener = (detail) => callback(detail);
    own.add(listener);
    return () => void own.delete(listener);
  }

  /** Hand a message to each of them: one that throws stops nobody. */
  emit(event: PageEventName, detail: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server has sent it by this name
        const done = listener(detail as never);
        if (done instanceof Promise)
          this.#work.add(done.catch((error: unknown) => this.#onThrown(event, detail, error)));
      } catch (error) {
        this.#onThrown(event, detail, error);
      }
    }
  }
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** The event that a wrong name shares most letters with, in their order. */
function nearest(name: string): PageEventName {
  const shared = (other: string): number => {
    let at = 0;
    let count = 0;
    for (const letter of name) {
      const next = other.indexOf(letter, at);
      if (next === -1) continue;
      at = next + 1;
      count++;
    }
    return count / Math.max(name.length, other.length);
  };
  return PAGE_EVENTS.toSorted((a, b) => shared(b) - shared(a))[0] ?? "route-updated";
}
