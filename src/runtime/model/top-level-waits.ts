import { reach, reversed, staticImportsOf } from "./edges.ts";
import type { ModuleRecord } from "./module-record.ts";
import { linked } from "./module-source.ts";

/** By module: those with a top-level await that have to be done before it begins. Who waits for none is left out. */
export type TopLevelWaits = ReadonlyMap<ModuleRecord, ReadonlySet<ModuleRecord>>;

export const NO_WAITS: TopLevelWaits = new Map();

/**
 * Who waits for whom, as the language has it: a module begins when all that it imports is done, except what comes
 * behind it in a cycle; from outside, a cycle is done when all of it is. Who is not among those begins at once.
 *
 * @param order modules with all that they import, dependencies first
 */
export function topLevelWaits(order: readonly ModuleRecord[]): TopLevelWaits {
  if (!order.some(hasTopLevelAwait)) return NO_WAITS;
  const cycles = cyclesIn(order);
  const seen = new Set<ModuleRecord>();
  const waits = new Map<ModuleRecord, ReadonlySet<ModuleRecord>>();
  for (const module of order) {
    const awaited = new Set<ModuleRecord>();
    for (const target of staticImportsOf(module)) {
      const cycle = cycles.get(target);
      for (const each of cycle === undefined || cycle.has(module) ? [target] : cycle) {
        if (seen.has(each) && hasTopLevelAwait(each)) awaited.add(each);
        for (const other of waits.get(each) ?? []) awaited.add(other);
      }
    }
    if (awaited.size > 0) waits.set(module, awaited);
    seen.add(module);
  }
  return waits;
}

/** Whether the newest text of a module waits at top level. */
export function hasTopLevelAwait({ source, live }: ModuleRecord): boolean {
  return (linked(source) ?? live?.source)?.analysis.topLevelAwait === true;
}

/** The cycle that each module is part of, found from the last one of the order backwards. */
function cyclesIn(order: readonly ModuleRecord[]): ReadonlyMap<ModuleRecord, ReadonlySet<ModuleRecord>> {
  const importers = reversed(order, staticImportsOf);
  const left = new Set(order);
  const cycles = new Map<ModuleRecord, ReadonlySet<ModuleRecord>>();
  for (const module of order.toReversed()) {
    if (!left.delete(module)) continue;
    const cycle = reach([module], (member) =>
      (importers.get(member) ?? []).filter((each) => left.delete(each)),
    );
    if (cycle.size > 1) for (const member of cycle) cycles.set(member, cycle);
  }
  return cycles;
}
