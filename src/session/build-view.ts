import type { BuildReport, BuildState, Diagnostic } from "../protocol/build.ts";
import { buildSummary } from "../report/build-words.ts";
import type { HmrContext } from "../build/hmr-context.ts";
import type { BuildBegunEvent, BuildEndedEvent, BuildNotedEvent, SessionEvent } from "./events.ts";

/** The build of a project, as its events tell it. */
export interface BuildView {
  readonly status: BuildState["status"];
  readonly lastMs: number | null;
  readonly since: number | null;
  /** The last build that ended by itself. */
  readonly last: BuildEndedEvent | undefined;
}

const NOTHING_BUILT: BuildView = { status: "idle", lastMs: null, since: null, last: undefined };

/** What can happen to a build. */
export type BuildEvent = BuildBegunEvent | BuildNotedEvent | BuildEndedEvent;

export function isOfBuild(event: SessionEvent): event is BuildEvent {
  return event.type.startsWith("build-");
}

/** Fold an event into the build. */
export function buildAfter(build: BuildView | undefined, event: BuildEvent): BuildView {
  const before = build ?? NOTHING_BUILT;
  if (event.type === "build-begun") {
    // One that follows another at once goes on as far as people are concerned.
    return { ...before, status: "starting", since: before.since ?? event.at };
  }
  if (event.type === "build-noted") return before;
  if (event.status === "superseded") return { ...before, status: "superseded" };
  return { status: event.status, lastMs: Math.round(event.ms), since: null, last: event };
}

/** The report of an event. */
export function buildReport(event: BuildEvent, version: number): BuildReport {
  if (event.type !== "build-ended") {
    const { tool, ahead } = event;
    const files = event.type === "build-begun" ? event.files : [];
    const progress = event.type === "build-noted" ? event.progress : undefined;
    const facts = { status: "starting", files, ms: 0, progress, ahead, diagnostics: [] } as const;
    return { event: "build", ...facts, ...buildSummary({ ...facts, tool }), version };
  }
  const { tool, status, files, ahead, ms, result } = event;
  const diagnostics = status === "superseded" ? [] : result.diagnostics;
  const facts = { status, files, ms, ahead, diagnostics };
  const said = buildSummary({ ...facts, tool, problem: result.problem });
  const output = status === "failed" && result.output !== "" ? result.output : undefined;
  return { event: "build", ...facts, ...said, ...(output !== undefined && { output }), version };
}

/** What of a failed build are errors: those that it has named, or else its end. */
export function errorsOfBuild(build: BuildView | undefined): readonly Diagnostic[] {
  if (build?.last?.status !== "failed") return [];
  const { diagnostics, problem = "The build failed.", output } = build.last.result;
  const errors = diagnostics.filter(({ level }) => level === "error");
  return errors.length > 0 ? errors : [{ level: "error", message: problem, rendered: output }];
}

/** What was saved since the last build. */
interface SavedModules {
  readonly context: Pick<HmrContext, "modules" | "getPendingUpdates">;
  readonly components: { readonly names: readonly string[] };
}

/** The build in the status document. */
export function describeBuild(
  build: BuildView | undefined,
  builds: SavedModules | undefined,
): BuildState | null {
  if (build === undefined) return null;
  const { status, lastMs, since, last } = build;
  const pending = builds?.context.getPendingUpdates() ?? [];
  const ahead = builds?.components.names ?? [];
  const modules = builds?.context.modules ?? [];
  return { status, lastMs, since, pending, ahead, modules, diagnostics: last?.result.diagnostics ?? [] };
}
