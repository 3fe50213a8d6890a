import path from "node:path";
import { messagesOf } from "../browser/page-messages.ts";
import type { PageMessage } from "../protocol/page-events.ts";
import type { Report } from "../protocol/report.ts";
import { lookUpLive } from "./quiet.ts";
import { reloadReport } from "./reload-report.ts";
import type { BurstEvent } from "./reload-report.ts";
import type { SessionView } from "./session-view.ts";
import type { Session } from "./session.ts";

/**
 * Tell pages what a session reports. They need not wait until it is quiet: each commit is told when it is live, and the rest,
 * such as routes that nobody has asked for, with the report of the burst. Returns what ends it.
 */
export function tellReports(session: Session, tell: (message: PageMessage) => void): () => void {
  let { version: toldVersion } = session.log.view;
  let told = new ToldBurst();
  const tellBurst = (report: Report): void => {
    for (const message of messagesOf(report, factsOf(session))) if (!told.has(message)) tell(message);
  };
  const tellCommits = ({ version, burst }: SessionView): void => {
    if (burst[0] !== told.first) told = new ToldBurst(burst[0]);
    if (version === toldVersion) return;
    toldVersion = version;
    const events = told.next(burst);
    const report = reloadReport(events, lookUpLive(session, events), version);
    if (report === undefined) return;
    for (const message of messagesOf(report, factsOf(session))) {
      told.add(message);
      tell(message);
    }
  };
  const ends = [session.reports.observe(tellBurst), session.log.observe(tellCommits)];
  return () => {
    for (const end of ends) end();
  };
}

/** What pages have been told of a burst by its commits. */
class ToldBurst {
  readonly first: BurstEvent | undefined;
  #events = 0;
  readonly #subjects = new Set<string>();

  constructor(first?: BurstEvent) {
    this.first = first;
  }

  /** The events that no commit has told yet. */
  next(burst: readonly BurstEvent[]): readonly BurstEvent[] {
    const events = burst.slice(this.#events);
    this.#events = burst.length;
    return events;
  }

  add(message: PageMessage): void {
    this.#subjects.add(subjectOf(message));
  }

  /** Whether a commit has told of what this message is about. */
  has(message: PageMessage): boolean {
    return this.#subjects.has(subjectOf(message));
  }
}

function subjectOf({ name, detail }: PageMessage): string {
  if ("routePath" in detail) return `${name} ${detail.routePath}`;
  if ("dependency" in detail) return `${name} ${detail.dependency}`;
  return `${name} ${"filePath" in detail ? String(detail.filePath) : ""}`;
}

function factsOf({ root, routes, runtime, options, server }: Session): Parameters<typeof messagesOf>[1] {
  const files = new Map(routes.table().routes.map(({ path: name, file }) => [name, file]));
  const modulesOf = (route: string): ReadonlySet<string> => {
    const entry = routes.entryOfPath(route);
    const closure = entry === undefined ? [] : [...runtime.closureOf(entry)];
    return new Set(closure.map(({ displayName }) => displayName));
  };
  const known = new Map<string, ReadonlySet<string>>();
  return {
    fileOf: (route) => files.get(route),
    isPartOf: (module, route) => {
      const modules = known.get(route) ?? modulesOf(route);
      known.set(route, modules);
      return modules.has(module);
    },
    isBrowserFile: (file) => server.isBrowserFile(path.join(root, file)),
    threshold: options.hmr.fullReloadThreshold,
  };
}
