import { evaluationsSoFar } from "../model/clock.ts";
import { isSameText } from "../model/behaviour.ts";
import { liveImportsOf, reach } from "../model/edges.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord, Staleness } from "../model/module-record.ts";
import { isEdited, linked } from "../model/module-source.ts";
import type { Named, RunReason } from "../model/run-reason.ts";
import { findOutOfOrder } from "../model/out-of-order.ts";
import type { EvaluationOrder } from "../model/evaluation-order.ts";
import type { EvaluationPlan } from "../model/evaluation-plan.ts";
import { NO_WAITS } from "../model/top-level-waits.ts";
import { whoRunsAgain } from "./propagation.ts";
import type { Propagation, PropagationResult } from "./propagation.ts";

/** What a transaction is for. */
export interface PlanRequest {
  readonly graph: ModuleGraph;
  readonly entries: readonly ModuleRecord[];
  /** Everything the entries reach by their newest texts. */
  readonly closure: ReadonlySet<ModuleRecord>;
  readonly propagation: Propagation;
  /** `load` only adds modules that have not run: it never replaces anything. */
  readonly mode: "reload" | "load";
  /** Found necessary by an earlier attempt of the same transaction. */
  readonly seeds: ReadonlyMap<ModuleRecord, RunReason>;
  /** Failed in an earlier attempt, although the entries do not need them. */
  readonly excluded: ReadonlyMap<ModuleRecord, unknown>;
}

const NOBODY: ReadonlySet<ModuleRecord> = new Set();

/** Decide what runs, in which order, and what can go. */
export function planEvaluation(request: PlanRequest): EvaluationPlan {
  const { graph, closure, mode } = request;
  const seeds = new Map(request.seeds);
  for (const module of closure) {
    const reason = graph.roles.dirty.has(module) ? seedReason(module, mode) : undefined;
    if (reason !== undefined && !seeds.has(module)) seeds.set(module, reason);
  }
  const pruned = mode === "load" ? NOBODY : findPruned(request);
  const isFirstLoad = pruned.size === 0 && ![...seeds.keys()].some((module) => module.live !== undefined);
  const order = graph.orderWith(request.entries);
  if (!isFirstLoad) addOutOfOrder(graph, order, seeds);
  const found = mode === "load" ? onlySeeds(seeds) : propagate(request, { seeds, pruned, order });
  const now = [...found.run.keys()].filter((module) => closure.has(module));
  const run = new Map(
    inOrder(now, order).flatMap((module) => {
      const reason = found.run.get(module);
      return reason === undefined ? [] : [[module, reason] as const];
    }),
  );
  return {
    run,
    waits: order.waits,
    stale: staleOf(found, run),
    coupledModules: findCompanions(request, found.run),
    spared: found.spared,
    pruned,
    order: isFirstLoad ? undefined : order,
  };
}

/** The plan after the fact: modules have run that had not, and nothing else follows. */
export function planOfNew(modules: Iterable<ModuleRecord>): EvaluationPlan {
  const run = new Map([...modules].map((module) => [module, { kind: "new" }] as const));
  return {
    run,
    waits: NO_WAITS,
    stale: new Map(),
    coupledModules: NOBODY,
    spared: NOBODY,
    pruned: NOBODY,
    order: undefined,
  };
}

/** Whether a plan changes nothing that is not known already. */
export function isNothingToDo({ run, stale, pruned }: EvaluationPlan): boolean {
  const isKnown = [...stale.keys()].every((module) => module.stale !== undefined);
  return run.size === 0 && pruned.size === 0 && isKnown;
}

function seedReason(module: ModuleRecord, mode: PlanRequest["mode"]): RunReason | undefined {
  if (module.live === undefined) return { kind: "new" };
  if (mode === "load") return undefined;
  const stale = module.stale?.reason;
  // Saved together with something that it has read: its own text says more.
  const isFromOutside = FROM_OUTSIDE.has(stale?.kind);
  if (stale !== undefined && !isFromOutside) return stale;
  return isEdited(module) ? { kind: "edited" } : stale;
}

const FROM_OUTSIDE: ReadonlySet<RunReason["kind"] | undefined> = new Set([
  "environment",
  "file",
  "filled-from-file",
  "late-import",
  "requested",
] as const);

function addOutOfOrder(
  graph: ModuleGraph,
  order: EvaluationOrder,
  seeds: Map<ModuleRecord, RunReason>,
): void {
  const found = findOutOfOrder({ order, graph, among: graph.unorderedIn(order), pending: new Map() });
  graph.noteOrdered(order, found.keys());
  for (const [module, reason] of found) if (!seeds.has(module)) seeds.set(module, reason);
}

function propagate(
  { graph, propagation }: PlanRequest,
  {
    seeds,
    pruned,
    order,
  }: {
    readonly seeds: ReadonlyMap<ModuleRecord, RunReason>;
    readonly pruned: ReadonlySet<ModuleRecord>;
    readonly order: EvaluationOrder;
  },
): PropagationResult {
  const { positions } = order;
  const input = { graph, propagation, seeds, gone: pruned, positions, now: evaluationsSoFar() };
  const edited = pruned.size === 0 ? plainEdit(seeds) : undefined;
  if (edited === undefined) return whoRunsAgain(input);
  const { run, spared } = graph.onceRelated(edited, () => whoRunsAgain(input));
  return { run, spared, since: new Map() };
}

/** Names an edit that can change nothing about who depends on what: the same files edited so concern the same modules. */
function plainEdit(seeds: ReadonlyMap<ModuleRecord, RunReason>): string | undefined {
  for (const [{ source, live, stale }, { kind }] of seeds) {
    const newest = linked(source);
    if (kind !== "edited" || stale !== undefined || newest === undefined || live === undefined)
      return undefined;
    if (!isSameText(newest, live.source)) return undefined;
  }
  return [...seeds.keys()].map(({ id }) => id).join("\0");
}

function onlySeeds(run: ReadonlyMap<ModuleRecord, RunReason>): PropagationResult {
  return { run, since: new Map(), spared: NOBODY };
}

function inOrder(modules: readonly ModuleRecord[], { positions }: EvaluationOrder): readonly ModuleRecord[] {
  return modules.toSorted((a, b) => (positions.get(a) ?? Infinity) - (positions.get(b) ?? Infinity));
}

function staleOf(
  { run, since }: PropagationResult,
  now: ReadonlyMap<ModuleRecord, RunReason>,
): Map<ModuleRecord, Staleness> {
  const stale = new Map<ModuleRecord, Staleness>();
  for (const [module, reason] of run)
    if (!now.has(module)) stale.set(module, { reason, since: since.get(module) ?? evaluationsSoFar() });
  return stale;
}

/**
 * Contributors and targets of what runs, wherever they are: an object that several modules fill must not be half
 * filled.
 */
function findCompanions(request: PlanRequest, run: ReadonlyMap<ModuleRecord, RunReason>): Set<ModuleRecord> {
  const coupledModules = new Set<ModuleRecord>();
  const needed: readonly ReadonlySet<Named>[] = [request.closure, coupledModules];
  const isNeeded = (module: Named): boolean => needed.some((modules) => modules.has(module));
  for (let size = -1; size !== coupledModules.size;) {
    size = coupledModules.size;
    for (const [module, reason] of run) {
      const isPart =
        (reason.kind === "contributor" && isNeeded(reason.to)) ||
        (reason.kind === "contribution" && isNeeded(reason.by));
      if (isPart && !isNeeded(module) && !request.excluded.has(module)) coupledModules.add(module);
    }
  }
  return coupledModules;
}

/** Live modules that nothing reaches any more. */
function findPruned({ graph, entries, closure }: PlanRequest): ReadonlySet<ModuleRecord> {
  const { unreached } = graph;
  if (unreached.size === 0) return NOBODY;
  const reachable = reach([...graph.entries.values(), ...entries], (module) =>
    // What is brought up to date now counts by its new text; anything else may still be served by its old one.
    closure.has(module) ? graph.watchedBy(module) : [...graph.watchedBy(module), ...liveImportsOf(module)],
  );
  return new Set([...unreached].filter((module) => !reachable.has(module)));
}
