import type { World } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { isSameProgram, linked } from "../model/module-source.ts";
import type { RunReason } from "./propagation.ts";

/**
 * What a module finds when it reads another one can depend on who has run before: an object that several modules
 * fill, an export inside a cycle that is not there yet. A fresh process runs everything in the order of imports. Who
 * has run in another order (an import moved up, a module of a cycle ran again alone) has to run again.
 *
 * @param order modules in the order in which a fresh process would evaluate them
 */
export function findOutOfOrder(order: readonly ModuleRecord[], world: World): Map<ModuleRecord, RunReason> {
  const generations = order.map((module) => world.generationOf(module)).filter(isCurrent);
  return new Map([...contributionsOutOfOrder(generations), ...readsOutOfOrder(generations)]);
}

/** An older text had imports of its own: their order says nothing about it. */
function isCurrent(generation: Generation | undefined): generation is Generation {
  const newest = linked(generation?.module.source);
  return generation !== undefined && newest !== undefined && isSameProgram(newest, generation.source);
}

/** Rule B, seen from the side of time: targets that were filled, or read, in another order. */
function contributionsOutOfOrder(generations: readonly Generation[]): Map<ModuleRecord, RunReason> {
  const timelines = new Map<ModuleRecord, Timeline>();
  for (const { contributions } of generations) {
    for (const target of contributions) timelines.set(target, { lastContribution: 0, last: 0 });
  }
  const seeds = new Map<ModuleRecord, RunReason>();
  if (timelines.size === 0) return seeds;
  for (const { module, evaluatedAs: at, contributions, reads } of generations) {
    for (const [target, timeline] of timelines) {
      const contributes = contributions.has(target);
      if (target === module || (!contributes && !reads.has(target))) continue;
      const isLate = timeline.lastContribution > at || (contributes && timeline.last > at);
      if (isLate) seeds.set(target, { kind: "contribution", by: module });
      timeline.last = Math.max(timeline.last, at);
      if (contributes) timeline.lastContribution = Math.max(timeline.lastContribution, at);
    }
  }
  return seeds;
}

/** When a target was last changed, and last changed or read, by those who come first in the order of imports. */
interface Timeline {
  lastContribution: number;
  last: number;
}

/** Readers in a cycle found exports that a fresh process would not have yet, or did not find those that it would. */
function readsOutOfOrder(generations: readonly Generation[]): Map<ModuleRecord, RunReason> {
  const seeds = new Map<ModuleRecord, RunReason>();
  const passed = new Map<ModuleRecord, Generation>();
  const readTooEarly = new Map<ModuleRecord, Generation[]>();
  for (const generation of generations) {
    const { module, evaluatedAs: at, reads } = generation;
    passed.set(module, generation);
    // Those who come before it in the order of imports have read it already: it was not there yet, was it?
    for (const reader of readTooEarly.get(module) ?? []) {
      if (reader.evaluatedAs > at) seeds.set(module, { kind: "stale", because: inCycle(reader.module) });
    }
    for (const read of reads.keys()) {
      if (read.kind === "external" || read === module) continue;
      const target = passed.get(read);
      if (target === undefined) readTooEarly.set(read, [...(readTooEarly.get(read) ?? []), generation]);
      else if (target.evaluatedAs > at) seeds.set(module, { kind: "read", of: read });
    }
  }
  return seeds;
}

function inCycle({ displayName }: ModuleRecord): string {
  return `in a cycle with ${displayName}`;
}
