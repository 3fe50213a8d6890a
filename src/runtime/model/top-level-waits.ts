import { reach, reversed, staticImportsOf, staticOrder } from "./edges.ts";
import type { ModuleRecord } from "./module-record.ts";

/** By module: those with a top-level await that have to be done before it begins. Who waits for none is left out. */
export type TopLevelWaits = ReadonlyMap<ModuleRecord, ReadonlySet<ModuleRecord>>;

const NONE: TopLevelWaits = new Map();

/**
 * Who waits for whom, as the language has it: a module begins when all that it imports is done, except what comes
 * behind it in a cycle; from outside, a cycle is done when all of it is. Who is not among those begins at once.
 *
 * @param modules what will run, dependencies first; the rest of what they import is there
 * @param isAsync whether a module has a top-level await, and is not done
 */
export function topLevelWaits(
  modules: readonly ModuleRecord[],
  isAsync: (module: ModuleRecord) => boolean,
): TopLevelWaits {
  const order = staticOrder(rootsOf(modules));
  if (!order.some(isAsync)) return NONE;
  const cycles = cyclesIn(order);
  const seen = new Set<ModuleRecord>();
  const waits = new Map<ModuleRecord, ReadonlySet<ModuleRecord>>();
  for (const module of order) {
    const awaited = new Set<ModuleRecord>();
    for (const target of staticImportsOf(module)) {
      const cycle = cycles.get(target);
      for (const each of cycle === undefined || cycle.has(module) ? [target] : cycle) {
        if (seen.has(each) && isAsync(each)) awaited.add(each);
        for (const other of waits.get(each) ?? []) awaited.add(other);
      }
    }
    if (awaited.size > 0) waits.set(module, awaited);
    seen.add(module);
  }
  return waits;
}

/** Those that no later one imports: a cycle is entered where they enter it. */
function rootsOf(order: readonly ModuleRecord[]): readonly ModuleRecord[] {
  const seen = new Set<ModuleRecord>();
  const roots = order.toReversed().filter((module) => staticOrder([module], seen).length > 0);
  return roots.toReversed();
}

/** The cycle that each module is part of. Dependencies come first in `order`, which holds all that anything in it imports. */
function cyclesIn(order: readonly ModuleRecord[]): ReadonlyMap<ModuleRecord, ReadonlySet<ModuleRecord>> {
  const importers = reversed(order, staticImportsOf);
  const left = new Set(order);
  const cycles = new Map<ModuleRecord, ReadonlySet<ModuleRecord>>();
  for (const module of order.toReversed()) {
    if (!left.delete(module)) continue;
    const cycle = reach([module], (member) => (importers.get(member) ?? []).filter((each) => left.delete(each)));
    if (cycle.size > 1) for (const member of cycle) cycles.set(member, cycle);
  }
  return cycles;
}
