import { staticOrder } from "./edges.ts";
import type { EvaluationOrder } from "./evaluation-order.ts";
import type { Generation } from "./generation.ts";
import type { ModuleGraph } from "./module-graph.ts";
import type { ModuleRecord } from "./module-record.ts";
import { isSameProgram, linked } from "./module-source.ts";
import type { RunReason } from "./run-reason.ts";

/** What is compared with the order in which a fresh process would run. */
export interface OrderCheck {
  readonly order: EvaluationOrder;
  readonly graph: ModuleGraph;
  /** Modules of which it is not known; all others have run in order with each other. */
  readonly among: ReadonlySet<ModuleRecord>;
  /** New generations that would become live. */
  readonly pending: ReadonlyMap<ModuleRecord, Generation>;
}

/**
 * What a module finds when it reads another one can depend on who has run before: an object that several modules
 * fill, an export inside a cycle that is not there yet. A fresh process runs everything in the order of imports. Who
 * has run in another order (an import moved up, a module of a cycle ran again alone) has to run again.
 */
export function findOutOfOrder(check: OrderCheck): Map<ModuleRecord, RunReason> {
  return new Map([...contributionsOutOfOrder(check), ...readsOutOfOrder(check)]);
}

/** What runs of a module, if it is part of the order. An older text had imports of its own: their order says nothing about it. */
function currentOf({ order, pending }: OrderCheck, module: ModuleRecord): Generation | undefined {
  const generation = pending.get(module) ?? module.live;
  const newest = linked(module.source);
  const isCurrent =
    generation !== undefined && newest !== undefined && isSameProgram(newest, generation.source);
  return isCurrent && order.positions.has(module) ? generation : undefined;
}

/** When a target was last changed, and last changed or read, by those who come first in the order of imports. */
interface Timeline {
  lastContribution: number;
  last: number;
}

/** Rule B, seen from the side of time: targets that were filled, or read, in another order. */
function contributionsOutOfOrder(check: OrderCheck): Map<ModuleRecord, RunReason> {
  const seeds = new Map<ModuleRecord, RunReason>();
  for (const target of filledTargets(check)) {
    const timeline: Timeline = { lastContribution: 0, last: 0 };
    for (const { module, evaluatedAs: at, contributions } of usersInOrder(check, target)) {
      const contributes = contributions.has(target);
      const isLate = timeline.lastContribution > at || (contributes && timeline.last > at);
      if (isLate) seeds.set(target, { kind: "contribution", by: module });
      timeline.last = Math.max(timeline.last, at);
      if (contributes) timeline.lastContribution = Math.max(timeline.lastContribution, at);
    }
  }
  return seeds;
}

/** Modules that others have changed, and that what is to be compared has to do with. */
function filledTargets({ graph, among, pending }: OrderCheck): ReadonlySet<ModuleRecord> {
  const { dependents } = graph;
  const targets = new Set<ModuleRecord>();
  for (const { contributions } of pending.values()) for (const target of contributions) targets.add(target);
  if (!dependents.hasContributors) return targets;
  for (const module of among) {
    for (const touched of touchedBy(pending.get(module) ?? module.live))
      if (dependents.contributorsTo(touched).size > 0) targets.add(touched);
  }
  return targets;
}

/** A module itself, and those that it has read or changed. */
function touchedBy(generation: Generation | undefined): readonly ModuleRecord[] {
  if (generation === undefined) return [];
  const read = [...generation.reads.modules].filter((module) => module.kind === "project");
  return [generation.module, ...read, ...generation.contributions];
}

/** Whether some wait for different modules: who comes first depends on who is done first. */
function inAnyOrder(users: readonly Generation[], { waits }: EvaluationOrder): boolean {
  const awaited = users.flatMap(({ module }) => waits.get(module) ?? []);
  return awaited.some((each) => !isSubset(each, awaited[0]) || !isSubset(awaited[0], each));
}

function isSubset<T>(part: ReadonlySet<T> = new Set(), whole: ReadonlySet<T> = new Set()): boolean {
  return [...part].every((item) => whole.has(item));
}

function usersInOrder(check: OrderCheck, target: ModuleRecord): readonly Generation[] {
  const { graph, pending, order } = check;
  const users = new Set([
    ...graph.dependents.contributorsTo(target),
    ...graph.dependents.readersOf(target),
    ...pending.keys(),
  ]);
  const position = ({ module }: Generation): number => order.positions.get(module) ?? Infinity;
  const ordered = [...users]
    .flatMap((user) => (user === target ? [] : (currentOf(check, user) ?? [])))
    .filter(({ contributions, reads }) => contributions.has(target) || reads.has(target))
    .toSorted((a, b) => position(a) - position(b));
  return inAnyOrder(ordered, order) ? ordered.filter(({ module }) => !order.waits.has(module)) : ordered;
}

/** Whether a module imports one that comes behind it: what code has asked for while it ran is there when it is asked for. */
function isCycle(reader: Generation, target: Generation): boolean {
  return staticOrder([reader.module]).includes(target.module);
}

/** Readers in a cycle found exports that a fresh process would not have yet, or did not find those that it would. */
function readsOutOfOrder(check: OrderCheck): Map<ModuleRecord, RunReason> {
  const seeds = new Map<ModuleRecord, RunReason>();
  const compare = (reader: Generation | undefined, target: Generation | undefined): void => {
    if (reader === undefined || target === undefined || reader === target) return;
    const { positions, waits } = check.order;
    const isTargetFirst = (positions.get(target.module) ?? 0) < (positions.get(reader.module) ?? 0);
    const isSure = isSubset(waits.get(target.module), waits.get(reader.module));
    if (isTargetFirst && isSure && target.evaluatedAs > reader.evaluatedAs) {
      seeds.set(reader.module, { kind: "read", of: target.module });
    } else if (!isTargetFirst && reader.evaluatedAs > target.evaluatedAs && isCycle(reader, target)) {
      // Readers earlier in the order of imports must have found nothing yet; one that ran later has found a value.
      seeds.set(target.module, { kind: "stale", because: `in a cycle with ${reader.module.displayName}` });
    }
  };
  for (const module of check.among) {
    const generation = currentOf(check, module);
    if (generation === undefined) continue;
    for (const read of generation.reads.modules)
      if (read.kind === "project") compare(generation, currentOf(check, read));
    for (const reader of check.graph.dependents.readersOf(module)) {
      const reading = currentOf(check, reader);
      if (reading?.reads.has(module) === true) compare(reading, generation);
    }
  }
  return seeds;
}
