import type { BuildReport } from "../protocol/build.ts";
import type { Report, ReloadReport } from "../protocol/report.ts";
import { reportLines, savedOnceLine } from "./report-lines.ts";
import type { TerminalStyle } from "./report-lines.ts";

export interface SavedOnceInit {
  readonly say: (lines: string) => void;
  readonly look: TerminalStyle;
  /** So long a reload waits for its build: it is live long before a slow one is done. */
  readonly patienceMs: number;
}

/** What is reloaded is told when nothing comes after it for a while; so long a build waits for it. */
const QUIET_MS = 150;

/** Tells a save that reloads routes and is built as well in one line, when both are done. */
export class SavedOnce {
  readonly #init: SavedOnceInit;
  /** Whether there is anything that could be reloaded. */
  hasRoutes = false;
  #held: ReloadReport | BuildReport | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(init: SavedOnceInit) {
    this.#init = init;
  }

  say(report: Report): void {
    const { say, look, patienceMs } = this.#init;
    const line = lineOfBoth(this.#held, report, look);
    if (line !== undefined) {
      this.#take();
      return say(line);
    }
    // Everything stays in its order.
    this.#letGo();
    if (report.event === "reload" && report.isBuilding === true) this.#hold(report, patienceMs);
    else if (report.event === "build" && report.status !== "failed" && this.hasRoutes)
      this.#hold(report, QUIET_MS);
    else say(reportLines(report, look));
  }

  #hold(report: ReloadReport | BuildReport, ms: number): void {
    this.#held = report;
    this.#timer = setTimeout(() => this.#letGo(), ms).unref();
  }

  #letGo(): void {
    const held = this.#take();
    if (held !== undefined) this.#init.say(reportLines(held, this.#init.look));
  }

  #take(): ReloadReport | BuildReport | undefined {
    const held = this.#held;
    this.#held = undefined;
    clearTimeout(this.#timer);
    return held;
  }
}

/** What has failed has lines of its own. */
function lineOfBoth(
  held: ReloadReport | BuildReport | undefined,
  next: Report,
  look: TerminalStyle,
): string | undefined {
  if (held?.event === "reload" && next.event === "build" && next.status !== "failed")
    return savedOnceLine(held, next, look);
  if (held?.event === "build" && next.event === "reload") return savedOnceLine(next, held, look);
  return undefined;
}
