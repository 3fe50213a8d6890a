import type { ReloadError } from "../protocol/page-events.ts";
import type { LoggedError } from "../protocol/status.ts";
import type { PageConnection, Tab } from "./page-channel.ts";

/** So many are kept of each page. */
const MAX_ERRORS = 20;

interface NotedError {
  readonly error: ReloadError;
  readonly at: number;
}

/** What went wrong in pages that are open. A page that is left, or loaded again, takes its errors with it. */
export class PageErrors {
  readonly #byConnection = new WeakMap<PageConnection, Map<number, NotedError>>();

  note(connection: PageConnection, id: number, error: ReloadError): void {
    const errors = this.#byConnection.get(connection) ?? new Map<number, NotedError>();
    this.#byConnection.set(connection, errors);
    if (errors.size < MAX_ERRORS || errors.has(id)) errors.set(id, { error, at: Date.now() });
  }

  /** For the status document, with the address of each page. */
  of(tabs: readonly Tab[]): readonly LoggedError[] {
    return tabs.flatMap(({ connection, url }) =>
      // Each is noted when its place is known, which takes some longer than others.
      [...(this.#byConnection.get(connection) ?? [])]
        .toSorted(([a], [b]) => a - b)
        .map(([, { error, at }]) => {
          return { url, file: error.filePath ?? "", message: error.error.message, at };
        }),
    );
  }
}
