import type { NoticeReport, ReloadReport, Report } from "../protocol/report.ts";
import { closedLaterText } from "../report/reload-words.ts";
import { buildAfter, buildReport, isOfBuild } from "./build-view.ts";
import type { BuildEvent, BuildView } from "./build-view.ts";
import type { ClosedEvent, QuietEvent, SessionEvent } from "./events.ts";
import { errorReport, NO_PROBLEMS, problemsAfter } from "./problems.ts";
import type { Problems } from "./problems.ts";
import { isReload, reloadReport, withClosed } from "./reload-report.ts";
import type { BurstEvent } from "./reload-report.ts";
import { countsAfter, NOTHING_COUNTED } from "./statistics.ts";
import type { Statistics } from "./statistics.ts";

/** What the events of a session add up to. */
export interface SessionView {
  /** Counts commits. */
  readonly version: number;
  /** The events since it was last quiet: they are reported in one line. */
  readonly burst: readonly BurstEvent[];
  /** Routes that answer again, and whose recovery has yet to be reported. */
  readonly recovered: readonly string[];
  readonly lastReload: ReportedReload | undefined;
  /** Whether an answer to `settle` has repeated the last reload. */
  readonly isSettled: boolean;
  readonly problems: Problems;
  /** Absent where nothing is built. */
  readonly build: BuildView | undefined;
  readonly statistics: Statistics;
}

/** A reload that was reported, and the versions that its commits made. */
interface ReportedReload {
  readonly report: ReloadReport;
  readonly versions: ReadonlySet<number>;
}

export const NOTHING_HAPPENED: SessionView = {
  version: 0,
  burst: [],
  recovered: [],
  lastReload: undefined,
  isSettled: true,
  problems: NO_PROBLEMS,
  build: undefined,
  statistics: NOTHING_COUNTED,
};

/** A view after an event, and the reports of the event. */
export interface Folded {
  readonly view: SessionView;
  readonly reports: readonly Report[];
}

/** Fold one event. */
export function viewAfter(before: SessionView, event: SessionEvent): Folded {
  if (isOfBuild(event)) return afterBuild(before, event);
  const told = withReloads(before, event);
  const error = errorReport(before.problems, event, told.view.version);
  const reports = error === undefined ? told.reports : [...told.reports, error];
  return {
    view: {
      ...told.view,
      problems: problemsAfter(before.problems, event),
      statistics: countsAfter(before.statistics, event, reports),
    },
    reports,
  };
}

/** The part of the fold that is about builds. */
function afterBuild(view: SessionView, event: BuildEvent): Folded {
  return {
    view: { ...view, build: buildAfter(view.build, event) },
    reports: [buildReport(event, view.version)],
  };
}

/** The part of the fold that is about reloads. */
function withReloads(view: SessionView, event: Exclude<SessionEvent, BuildEvent>): Folded {
  switch (event.type) {
    case "committed": {
      // Loading what nobody had asked for yet is no reload.
      const burst = isReload(event) ? [...view.burst, event] : view.burst;
      return silent({ ...view, version: event.commit.version, burst });
    }
    case "recovered": {
      const routes = event.entries.flatMap((entry) => view.problems.broken.get(entry)?.route ?? []);
      return silent({
        ...view,
        burst: [...view.burst, event],
        recovered: [...view.recovered, ...routes],
      });
    }
    case "seen":
    case "routes":
    case "config-refused":
      return silent({ ...view, burst: [...view.burst, event] });
    case "closed":
      return afterClosing(view, event);
    case "noticed":
      return { view, reports: [{ event: "notice", level: event.level, message: event.message }] };
    case "quiet":
      return afterBurst(view, event);
    case "settled":
      return silent({ ...view, isSettled: true });
    case "broke":
    case "retried":
    case "threw":
  }
  return silent(view);
}

function silent(view: SessionView): Folded {
  return { view, reports: [] };
}

/** Closing takes time, and waits for older requests: what is closed after the line of its commit gets a line of its own. */
function afterClosing(view: SessionView, event: ClosedEvent): Folded {
  const { version, closed } = event;
  if (versionsIn(view.burst).has(version)) return silent({ ...view, burst: [...view.burst, event] });
  const notice: NoticeReport = {
    event: "notice",
    level: "info",
    message: closedLaterText(closed, version),
  };
  const { lastReload } = view;
  if (lastReload?.versions.has(version) !== true) return { view, reports: [notice] };
  const amended = { ...lastReload, report: withClosed(lastReload.report, closed) };
  return { view: { ...view, lastReload: amended }, reports: [notice] };
}

function afterBurst(view: SessionView, quiet: QuietEvent): Folded {
  const { burst, recovered, version } = view;
  const routes = [...new Set(recovered)].toSorted();
  const reports: Report[] = routes.length === 0 ? [] : [{ event: "recovered", routes, version }];
  const rest = { ...view, burst: [], recovered: [] };
  const report = reloadReport(burst, quiet, version);
  if (report === undefined) return { view: rest, reports };
  return {
    view: { ...rest, lastReload: { report, versions: versionsIn(burst) }, isSettled: false },
    reports: [...reports, report],
  };
}

function versionsIn(burst: readonly BurstEvent[]): ReadonlySet<number> {
  return new Set(burst.flatMap((event) => (event.type === "committed" ? [event.commit.version] : [])));
}
