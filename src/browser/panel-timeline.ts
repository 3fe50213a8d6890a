import { firstOf, TIMELINE_LENGTH } from "../protocol/panel.ts";
import type { AppliedTab, TimelineEntry, TimelineFact } from "../protocol/panel.ts";
import type { ReloadReport, Report } from "../protocol/report.ts";

/** So many names of each kind are kept of a line. */
const MAX_NAMES = 50;

interface Kept {
  readonly entry: TimelineEntry;
  /** Grows with each entry and each change of one. */
  readonly stamp: number;
}

/** What has happened lately. It takes little, whatever happens: nobody may be looking. */
export class PanelTimeline {
  readonly #entries = new Map<number, Kept>();
  /** Pages that were told of commits which have no line yet: they hear of them before it is quiet. */
  #early: { readonly version: number; readonly tab: AppliedTab }[] = [];
  #numbers = 0;
  #stamp = 0;

  /** Says how much has happened, for {@link since}. */
  get stamp(): number {
    return this.#stamp;
  }

  /** Keep what a report says. Returns whether it says something for a timeline. */
  note(report: Report, at: number = Date.now()): boolean {
    const fact = factOf(report);
    if (fact === undefined) return false;
    this.#put({ number: ++this.#numbers, at, fact });
    const early = this.#early;
    this.#early = [];
    for (const { version, tab } of early) this.noteApplied(version, tab);
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= TIMELINE_LENGTH) break;
      this.#entries.delete(oldest);
    }
    return true;
  }

  /** What a reload has left open may be closed when its line is long there. */
  amend({ version, closed, summary }: Pick<ReloadReport, "version" | "closed" | "summary">): void {
    const kept = [...this.#entries.values()].findLast(({ entry: { fact } }) => fact.event === "reload");
    if (kept?.entry.fact.event !== "reload" || kept.entry.fact.version !== version) return;
    if (kept.entry.fact.summary === summary) return;
    this.#put({ ...kept.entry, fact: { ...kept.entry.fact, summary, closed: firstOf(closed, MAX_NAMES) } });
  }

  /** A page has taken in what it was told of a version. */
  noteApplied(version: number, tab: AppliedTab): void {
    for (const { entry } of this.#entries.values()) {
      const { fact } = entry;
      if (fact.event !== "reload" || fact.version < version) continue;
      const others = fact.tabs.shown.filter(({ id }) => id !== tab.id);
      const isNew = others.length === fact.tabs.shown.length;
      const isRoom = others.length < MAX_NAMES;
      const shown = isRoom ? [...others, tab] : others;
      const more = fact.tabs.more + (isNew && !isRoom ? 1 : 0);
      return this.#put({ ...entry, fact: { ...fact, tabs: { shown, more } } });
    }
    this.#early = [...this.#early, { version, tab }].slice(-TIMELINE_LENGTH);
    return undefined;
  }

  /** What has come or changed since, in the order in which it happened. */
  since(stamp: number): readonly TimelineEntry[] {
    return [...this.#entries.values()].flatMap((kept) => (kept.stamp > stamp ? [kept.entry] : []));
  }

  #put(entry: TimelineEntry): void {
    this.#entries.set(entry.number, { entry, stamp: ++this.#stamp });
  }
}

function factOf(report: Report): TimelineFact | undefined {
  switch (report.event) {
    case "reload": {
      const { event, strategy, reason, summary, ms, version, requiresRestart } = report;
      return {
        event,
        strategy,
        reason,
        summary,
        ms,
        version,
        requiresRestart,
        files: firstOf(report.files, MAX_NAMES),
        routes: firstOf(report.routes, MAX_NAMES),
        ran: firstOf(report.ran, MAX_NAMES),
        kept: firstOf(report.kept, MAX_NAMES),
        reset: firstOf(report.reset, MAX_NAMES),
        closed: firstOf(report.closed, MAX_NAMES),
        tabs: firstOf([], MAX_NAMES),
      };
    }
    case "error": {
      const { event, message, file, line, column, version, routes } = report;
      return { event, message, file, line, column, version, routes: firstOf(routes, MAX_NAMES) };
    }
    case "recovered":
      return { event: report.event, version: report.version, routes: firstOf(report.routes, MAX_NAMES) };
    case "build": {
      const { event, status, summary, ms, version } = report;
      // What has begun ends, and is told then.
      return status === "starting" ? undefined : { event, status, summary, ms, version };
    }
    case "notice":
  }
  return undefined;
}
