import type { FieldHistory } from "./field-history.ts";
import { takeSnapshot } from "./page-snapshot.ts";
import type { PageSnapshot } from "./page-snapshot.ts";
import { Restoring } from "./restoring.ts";

/** Reads what is in a document, and puts back what was in the one before. A file of its own, which no page waits for. */
export class PageKeeper {
  readonly #history: FieldHistory;
  readonly #restoring: Restoring | undefined;

  constructor(history: FieldHistory, before: PageSnapshot | undefined) {
    this.#history = history;
    this.#restoring = before && new Restoring(before, history);
    this.#restoring?.begin();
  }

  /** What there is, and what of the document before is still to come. */
  read(): PageSnapshot {
    const now = takeSnapshot(this.#history);
    const pending = this.#restoring?.pending;
    if (pending === undefined) return now;
    const known = new Set(now.fields.map(({ name }) => JSON.stringify(name)));
    return {
      fields: [...now.fields, ...pending.fields.filter(({ name }) => !known.has(JSON.stringify(name)))],
      scrolls: [...now.scrolls, ...pending.scrolls],
      details: [...now.details, ...pending.details],
      focus: pending.focus ?? now.focus,
    };
  }
}
