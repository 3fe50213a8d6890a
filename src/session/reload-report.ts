import { posix } from "node:path";
import type { ClosedThings, ReloadReport } from "../protocol/report.ts";
import { classifyReload } from "../report/classify-reload.ts";
import type { Change, ReloadSummary } from "../report/classify-reload.ts";
import { explainCause, explainOutcome, rerunsOf } from "../report/explain.ts";
import { requiresRestart, stronger } from "../report/explain-settings.ts";
import type { ClassifiedSettings } from "../report/explain-settings.ts";
import { summaryOf } from "../report/reload-words.ts";
import type { ReloadFacts } from "../report/reload-words.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import type {
  ClosedEvent,
  CommittedEvent,
  ConfigRefusedEvent,
  QuietEvent,
  RecoveredEvent,
  RoutesEvent,
  SeenEvent,
} from "./events.ts";
import { describeReason } from "./run-reason.ts";

/** Events that are reported in one line. */
export type BurstEvent =
  | SeenEvent
  | CommittedEvent
  | ClosedEvent
  | RoutesEvent
  | RecoveredEvent
  | ConfigRefusedEvent;

/** Whether a commit has replaced or removed something. */
export function isReload({ commit: { pruned, ran } }: CommittedEvent): boolean {
  return pruned.size > 0 || [...ran.values()].some(({ kind }) => kind !== "new");
}

/** The modules that the commits of a burst have run. */
export function modulesRunIn(burst: readonly BurstEvent[]): ReadonlySet<ModuleRecord> {
  const modules = new Set<ModuleRecord>();
  for (const event of burst) {
    if (event.type === "committed") for (const module of event.commit.ran.keys()) modules.add(module);
  }
  return modules;
}

/** The names of those among them that had run before. */
export function modulesRunAgainIn(burst: readonly BurstEvent[]): ReadonlySet<string> {
  return new Set(gather(burst).ran.keys());
}

/** Configs of a burst that could not be loaded: an error report has named them already. */
export function configsRefusedIn(burst: readonly BurstEvent[]): ReadonlySet<string> {
  return new Set(burst.flatMap((event) => (event.type === "config-refused" ? [event.fault.file] : [])));
}

/** When a burst began, on the clock of `performance.now()`; never, where it says nothing of that. */
export function beginningOf(burst: readonly BurstEvent[]): number {
  return gather(burst).since ?? Infinity;
}

/**
 * The changes of a burst, now that the modules of the saved files have run or are known not to need it.
 *
 * @param isPending whether a file says something that does not run yet
 */
export function changesIn(burst: readonly BurstEvent[], isPending: (file: string) => boolean): Change[] {
  const { edited, unchanged, environment, settings, places, added, gone, ran, folders, saved, fresh } =
    gather(burst);
  const isNew = (file: string): boolean => folders.has(folderOf(file)) && !saved.has(file);
  // Places are named only where modules ran because of them. A file that one module has read may be another module's text.
  const led = ran.size === 0 ? [] : [...places].filter((name) => !edited.has(name));
  return withoutExplainedFolders([
    ...[...settings].map(([file, each]): Change => ({ kind: "settings", file, settings: each })),
    ...changesOf("environment", environment),
    ...changesOf("code", [...led, ...edited]),
    ...changesOf("added", new Set([...added.keys(), ...[...fresh].filter(isNew)])),
    ...changesOf("gone", gone.keys()),
    ...changesOf("listing", ran.size === 0 ? [] : folders),
    ...changesOf(
      "same",
      [...unchanged].filter((file) => !isPending(file)),
    ),
  ]);
}

/** The report of a burst; `undefined` where no file changed and nothing ran again. */
export function reloadReport(
  burst: readonly BurstEvent[],
  quiet: QuietEvent,
  version: number,
): ReloadReport | undefined {
  const gathered = gather(burst);
  const { since, committedAt, appliedAt, settings } = gathered;
  const { changes, reach, fullReloadThreshold } = quiet;
  if (changes.length === 0 && gathered.ran.size === 0) return undefined;
  const routes = [...new Set([...reach.routes, ...gathered.added.values(), ...gathered.gone.values()])];
  const summary = classifyReload({
    changes,
    reach: { routes: routes.toSorted(), isCut: reach.isCut },
    fullReloadThreshold,
  });
  const doneAt = committedAt ?? appliedAt;
  const ms = doneAt === undefined || since === undefined ? 0 : doneAt - since;
  const files = [...new Set(changes.map(({ file }) => file))];
  const facts = { ...factsOf(gathered, summary, quiet), files };
  return {
    event: "reload",
    strategy: summary.strategy,
    ...facts,
    ms: Math.round(ms * 10) / 10,
    version,
    summary: summaryOf(facts),
    ...(gathered.keys.size > 0 && { keys: [...gathered.keys].toSorted() }),
    ...(requiresRestart([...settings.values()]) && { requiresRestart: true as const }),
    ...(quiet.isBuilding && { isBuilding: true as const }),
  };
}

/** Add to a report what was closed after it. */
export function withClosed(report: ReloadReport, closed: readonly ClosedThings[]): ReloadReport {
  const facts = { ...report, closed: [...report.closed, ...closed] };
  return { ...facts, summary: summaryOf(facts) };
}

type ReportedFacts = Omit<ReloadFacts, "files"> & Pick<ReloadReport, "ran">;

function factsOf(gathered: Gathered, summary: ReloadSummary, { unloaded, state }: QuietEvent): ReportedFacts {
  const { ran, edited, spared, kept, reset, outdated, closed, added, gone } = gathered;
  const others = new Set([...added.values(), ...gone.values()]);
  const outcome = {
    ran,
    edited,
    sparedCount: spared.size,
    unloadedCount: unloaded.filter((route) => !others.has(route)).length,
  };
  return {
    reason: explainOutcome(summary, outcome),
    cause: explainCause(summary, outcome),
    reruns: rerunsOf(outcome),
    spared: spared.size,
    routes: summary.routes,
    ran: [...ran.keys()],
    kept: [...state.kept, ...kept].filter((name) => !reset.has(name)),
    reset: [
      ...state.reset.map((name) => ({ name, why: "preserveState is off" })),
      ...[...reset].map(([name, why]) => ({ name, why })),
    ],
    ...(outdated.size > 0 && { outdated: [...outdated].map(([name, why]) => ({ name, why })) }),
    closed,
  };
}

/** All events of a burst, by what they are about. */
interface Gathered {
  /** When it began. */
  since: number | undefined;
  committedAt: number | undefined;
  /** When settings were applied, which may lead to no commit. */
  appliedAt: number | undefined;
  readonly edited: Set<string>;
  readonly unchanged: Set<string>;
  readonly environment: Set<string>;
  readonly keys: Set<string>;
  readonly settings: Map<string, ClassifiedSettings>;
  readonly places: Set<string>;
  readonly folders: Set<string>;
  /** Files of modules whose change was seen. */
  readonly saved: Set<string>;
  /** Modules that ran for the first time. */
  readonly fresh: Set<string>;
  /** Routes by file. */
  readonly added: Map<string, string>;
  readonly gone: Map<string, string>;
  /** Reasons by module. */
  readonly ran: Map<string, string>;
  readonly spared: Set<string>;
  /** Top-level bindings. */
  readonly kept: Set<string>;
  readonly reset: Map<string, string>;
  readonly outdated: Map<string, string>;
  readonly closed: ClosedThings[];
}

/** A burst is asked several things: its events are gone through once. */
const gatheredBursts = new WeakMap<readonly BurstEvent[], Gathered>();

function gather(burst: readonly BurstEvent[]): Gathered {
  const before = gatheredBursts.get(burst);
  if (before !== undefined) return before;
  const gathered: Gathered = {
    since: undefined,
    committedAt: undefined,
    appliedAt: undefined,
    edited: new Set(),
    unchanged: new Set(),
    environment: new Set(),
    keys: new Set(),
    settings: new Map(),
    places: new Set(),
    folders: new Set(),
    saved: new Set(),
    fresh: new Set(),
    added: new Map(),
    gone: new Map(),
    ran: new Map(),
    spared: new Set(),
    kept: new Set(),
    reset: new Map(),
    outdated: new Map(),
    closed: [],
  };
  for (const event of burst) addEvent(gathered, event);
  gatheredBursts.set(burst, gathered);
  return gathered;
}

function addEvent(gathered: Gathered, event: BurstEvent): void {
  switch (event.type) {
    case "seen":
      return addSeen(gathered, event);
    case "committed":
      return addCommit(gathered, event);
    case "routes":
      if (event.added.length + event.gone.length > 0) gathered.since ??= event.time;
      for (const { file, path } of event.added) gathered.added.set(file, path);
      for (const { file, path } of event.gone) gathered.gone.set(file, path);
      return undefined;
    case "closed":
      gathered.closed.push(...event.closed);
      return undefined;
    case "recovered":
      // A save that only takes a broken edit back is reported as the recovery alone.
      return gathered.unchanged.clear();
    case "config-refused":
      return undefined;
  }
}

function addSeen(
  gathered: Gathered,
  { time, tookMs, files, environment, keys = [], settings, places, folders = [] }: SeenEvent,
): void {
  if (files.length + environment.length + settings.length + places.length + folders.length === 0) return;
  gathered.since ??= time - tookMs;
  if (settings.some(({ effect }) => effect !== "nothing")) gathered.appliedAt = time;
  for (const each of settings)
    gathered.settings.set(each.file, stronger(gathered.settings.get(each.file), each));
  for (const name of environment) gathered.environment.add(name);
  for (const key of keys) gathered.keys.add(key);
  for (const name of files) {
    gathered.unchanged.add(name);
    gathered.saved.add(name);
  }
  for (const name of places) gathered.places.add(name);
  for (const name of folders) gathered.folders.add(name);
}

function addCommit(gathered: Gathered, { time, commit }: CommittedEvent): void {
  gathered.since ??= time;
  gathered.committedAt ??= time;
  for (const [{ displayName }, reason] of commit.ran) {
    // Its text is what it was: a name that came or went has changed what its imports lead to.
    const isLedElsewhere =
      reason.kind === "edited" && gathered.folders.size > 0 && !gathered.saved.has(displayName);
    if (reason.kind === "edited" && !isLedElsewhere) gathered.edited.add(displayName);
    gathered.unchanged.delete(displayName);
    if (reason.kind === "new") gathered.fresh.add(displayName);
    else
      gathered.ran.set(displayName, isLedElsewhere ? "its imports lead elsewhere" : describeReason(reason));
  }
  for (const { displayName } of commit.spared) gathered.spared.add(displayName);
  for (const name of commit.kept) gathered.kept.add(name);
  for (const { name, why } of commit.reset) gathered.reset.set(name, why);
  for (const { name, why } of commit.outdated) gathered.outdated.set(name, why);
}

/** Changes without those of folders that another one explains: a file of it came, went or was saved. */
export function withoutExplainedFolders(changes: readonly Change[]): Change[] {
  const explained = new Set(
    changes.flatMap(({ kind, file }) => (kind === "listing" ? [] : [folderOf(file)])),
  );
  return changes.filter(({ kind, file }) => kind !== "listing" || !explained.has(file));
}

function folderOf(file: string): string {
  return posix.dirname(file);
}

function changesOf(kind: Exclude<Change["kind"], "settings">, files: Iterable<string>): readonly Change[] {
  return [...files].map((file) => ({ kind, file }));
}
