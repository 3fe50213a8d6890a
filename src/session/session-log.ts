import { debuglog } from "node:util";
import type { Report } from "../protocol/report.ts";
import type { SessionEvent } from "./events.ts";
import { NOTHING_HAPPENED, viewAfter } from "./session-view.ts";
import type { SessionView } from "./session-view.ts";

const debug = debuglog("orbit:report");

/**
 * What happens in a session, in the order in which it happens. To note an event costs nothing worth mentioning: events
 * are folded, and told, when this turn of the event loop is over, or when somebody asks what they add up to.
 */
export class SessionLog {
  readonly #tell: (report: Report) => void;
  readonly #later: (run: () => void) => void;
  #view: SessionView = NOTHING_HAPPENED;
  #pending: SessionEvent[] = [];

  /** @param later runs a function after everything that is under way in this turn */
  constructor(tell: (report: Report) => void, later: (run: () => void) => void = setImmediate) {
    this.#tell = tell;
    this.#later = later;
  }

  /** What has happened so far. */
  get view(): SessionView {
    this.#fold();
    return this.#view;
  }

  append(event: SessionEvent): void {
    this.#pending.push(event);
    if (this.#pending.length === 1) this.#later(() => this.#fold());
  }

  #fold(): void {
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) {
      const { view, reports } = viewAfter(this.#view, event);
      this.#view = view;
      if (debug.enabled) debug("%s: %s", event.type, reports.map(describe).join("; ") || "nothing to tell");
      for (const report of reports) this.#tell(report);
    }
  }
}

function describe(report: Report): string {
  if (report.event === "reload") return `${report.strategy}: ${report.reason}`;
  return report.event === "recovered" ? `recovered ${report.routes.join(", ")}` : report.message;
}
