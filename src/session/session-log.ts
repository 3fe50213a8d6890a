import { debuglog } from "node:util";
import type { Report } from "../protocol/report.ts";
import { reportText } from "../report/report-text.ts";
import { describeEvent } from "./describe-event.ts";
import type { SessionEvent } from "./events.ts";
import { NOTHING_HAPPENED, viewAfter } from "./session-view.ts";
import type { SessionView } from "./session-view.ts";

const debug = debuglog("orbit:report");

/**
 * The events of a session, in their order. Appending one costs next to nothing: events are folded and reported when this
 * turn of the event loop is over, or when somebody asks for the view.
 */
export class SessionLog {
  readonly #report: (report: Report) => void;
  readonly #later: (run: () => void) => void;
  #view: SessionView = NOTHING_HAPPENED;
  #pending: SessionEvent[] = [];
  readonly #observers = new Set<(view: SessionView) => void>();

  /** @param later runs a function after everything that is under way in this turn */
  constructor(report: (report: Report) => void, later: (run: () => void) => void = setImmediate) {
    this.#report = report;
    this.#later = later;
  }

  /** Go on from the version of the session before. */
  beginAt(version: number): this {
    this.#view = { ...this.#view, version };
    return this;
  }

  /** What has happened so far. */
  get view(): SessionView {
    this.flush();
    return this.#view;
  }

  /** See what the events add up to, each time that some have been folded. Returns what ends it. */
  observe(observer: (view: SessionView) => void): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  append(event: SessionEvent): void {
    this.#pending.push(event);
    if (this.#pending.length === 1) this.#later(() => this.flush());
  }

  /** Report everything that has happened by now. */
  flush(): void {
    if (this.#pending.length === 0) return;
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) {
      const { view, reports } = viewAfter(this.#view, event);
      this.#view = view;
      if (debug.enabled) debug("%s: %s", describeEvent(event), wordsOf(reports));
      for (const each of reports) this.#report(each);
    }
    for (const observer of this.#observers) observer(this.#view);
  }
}

function wordsOf(reports: readonly Report[]): string {
  return reports.length === 0 ? "nothing to report" : reports.map((report) => reportText(report)).join("; ");
}
