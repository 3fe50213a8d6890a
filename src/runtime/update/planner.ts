import { liveWorld } from "../model/context.ts";
import { findOutOfOrder } from "./evaluation-order.ts";
import { evaluationsSoFar } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { isSameProgram, linked } from "../model/module-source.ts";
import { evaluationOrder, importsOf, liveImportsOf, reach } from "../model/module-graph.ts";
import { whoRunsAgain } from "./propagation.ts";
import type { Propagation, RunReason } from "./propagation.ts";

/** What a transaction is for. */
export interface PlanRequest {
  readonly entries: readonly ModuleRecord[];
  /** Everything the entries reach by their newest texts. */
  readonly closure: ReadonlySet<ModuleRecord>;
  /** All entries that are in use: what none of them reaches is let go. */
  readonly roots: readonly ModuleRecord[];
  readonly all: Iterable<ModuleRecord>;
  readonly propagation: Propagation;
  /** `load` only adds modules that have not run: it never replaces anything. */
  readonly mode: "reload" | "load";
  /** Found necessary by an earlier attempt of the same transaction. */
  readonly seeds: ReadonlyMap<ModuleRecord, RunReason>;
  /** Failed in an earlier attempt, although the entries do not need them. */
  readonly excluded: ReadonlyMap<ModuleRecord, unknown>;
}

/** Why a module must not serve any more, and since when: how many evaluations had begun by then. */
export interface Staleness {
  readonly reason: RunReason;
  readonly since: number;
}

export interface EvaluationPlan {
  /** In the order of evaluation. */
  readonly run: ReadonlyMap<ModuleRecord, RunReason>;
  /** Have to run before they serve again, but nothing that is asked for now needs them. */
  readonly stale: ReadonlyMap<ModuleRecord, Staleness>;
  /** Outside of the closure, but they have to run together with what is inside: plan again with these as entries. */
  readonly companions: ReadonlySet<ModuleRecord>;
  readonly spared: ReadonlySet<ModuleRecord>;
  readonly pruned: ReadonlySet<ModuleRecord>;
  /**
   * In which order a fresh process would evaluate everything; empty when nothing is replaced, for then filling what
   * is there is what a fresh process would do as well.
   */
  readonly order: readonly ModuleRecord[];
}

/** Decide what runs, in which order, and what can go. */
export function planEvaluation(request: PlanRequest): EvaluationPlan {
  const all = [...request.all].filter((module) => module.live !== undefined);
  const seeds = new Map(request.seeds);
  for (const module of request.closure) {
    const reason = seedReason(module, request.mode);
    if (reason !== undefined && !seeds.has(module)) seeds.set(module, reason);
  }
  const pruned = request.mode === "load" ? new Set<ModuleRecord>() : findPruned(request, all);
  const loaded = all.filter((module) => !pruned.has(module));
  const isFirstLoad = pruned.size === 0 && ![...seeds.keys()].some((module) => module.live !== undefined);
  const order = isFirstLoad ? [] : evaluationOrder([...request.roots, ...request.entries]);
  for (const [module, reason] of findOutOfOrder(order, liveWorld)) {
    if (!seeds.has(module)) seeds.set(module, reason);
  }
  const now = evaluationsSoFar();
  const { run, since, spared } =
    request.mode === "load"
      ? { run: seeds, since: new Map<ModuleRecord, number>(), spared: new Set<ModuleRecord>() }
      : whoRunsAgain({ propagation: request.propagation, loaded, seeds, gone: pruned, order, now });
  const next = new Map<ModuleRecord, RunReason>();
  for (const module of evaluationOrder([...request.roots, ...request.entries])) {
    const reason = run.get(module);
    if (reason !== undefined && request.closure.has(module)) next.set(module, reason);
  }
  const stale = new Map(
    [...run]
      .filter(([module]) => !next.has(module))
      .map(([module, reason]) => [module, { reason, since: since.get(module) ?? now }]),
  );
  return { run: next, stale, companions: findCompanions(request, run), spared, pruned, order };
}

/** Whether a plan changes nothing that is not known already. */
export function isNothingToDo({ run, stale, pruned }: EvaluationPlan): boolean {
  const isKnown = [...stale.keys()].every((module) => module.staleBecause !== undefined);
  return run.size === 0 && pruned.size === 0 && isKnown;
}

function seedReason(module: ModuleRecord, mode: PlanRequest["mode"]): RunReason | undefined {
  if (module.live === undefined) return { kind: "new" };
  if (mode === "load") return undefined;
  const { staleBecause } = module;
  // Saved together with something that it has read: its own text says more.
  const isFromOutside = staleBecause?.kind === "file" || staleBecause?.kind === "environment";
  if (staleBecause !== undefined && !isFromOutside) return staleBecause;
  return isEdited(module) ? { kind: "edited" } : staleBecause;
}

/** Whether the newest text does something else than the one that runs. */
export function isEdited({ source, live }: ModuleRecord): boolean {
  const newest = linked(source);
  return newest !== undefined && live !== undefined && !isSameProgram(newest, live.source);
}

/**
 * Contributors and targets of what runs, wherever they are: an object that several modules fill must not be half
 * filled.
 */
function findCompanions(request: PlanRequest, run: ReadonlyMap<ModuleRecord, RunReason>): Set<ModuleRecord> {
  const companions = new Set<ModuleRecord>();
  const isNeeded = (module: ModuleRecord): boolean => request.closure.has(module) || companions.has(module);
  for (let size = -1; size !== companions.size;) {
    size = companions.size;
    for (const [module, reason] of run) {
      const isPart =
        (reason.kind === "contributor" && isNeeded(reason.to)) ||
        (reason.kind === "contribution" && isNeeded(reason.by));
      if (isPart && !isNeeded(module) && !request.excluded.has(module)) companions.add(module);
    }
  }
  return companions;
}

function findPruned(request: PlanRequest, loaded: readonly ModuleRecord[]): Set<ModuleRecord> {
  const reachable = reach([...request.roots, ...request.entries], (module) =>
    // What is brought up to date now counts by its new text; anything else may still be served by its old one.
    request.closure.has(module) ? importsOf(module) : [...importsOf(module), ...liveImportsOf(module)],
  );
  return new Set(loaded.filter((module) => !reachable.has(module)));
}
