import { lateImportsOf, staticOrder } from "./edges.ts";
import type { ModuleRecord } from "./module-record.ts";
import { topLevelWaits } from "./top-level-waits.ts";
import type { TopLevelWaits } from "./top-level-waits.ts";

/** Modules in the order in which a fresh process would begin to evaluate them. */
export interface EvaluationOrder {
  readonly positions: ReadonlyMap<ModuleRecord, number>;
  /** Who begins only when others are done. Of two that wait for different ones, either may come first. */
  readonly waits: TopLevelWaits;
  /** Modules whose place in it depends on when they ran: code that runs has imported them. */
  readonly late: ReadonlySet<ModuleRecord>;
}

/**
 * The order in which a fresh process would evaluate modules, were the entries asked for one by one: what an entry
 * imports, those first that wait for none of it, then what its code imports when it runs.
 */
export function evaluationOrder(entries: Iterable<ModuleRecord>): EvaluationOrder {
  const found: (readonly ModuleRecord[])[] = [];
  const all = new Set<ModuleRecord>();
  const seen = new Set<ModuleRecord>();
  for (const entry of entries) {
    for (let frontier: readonly ModuleRecord[] = [entry]; frontier.length > 0;) {
      const added = staticOrder(frontier, seen);
      found.push(added);
      const late = added.flatMap(lateImportsOf).filter((module) => !seen.has(module));
      for (const module of late) all.add(module);
      frontier = late.toSorted((a, b) => (a.live?.evaluatedAs ?? 0) - (b.live?.evaluatedAs ?? 0));
    }
  }
  const waits = topLevelWaits(found.flat());
  const order = waits.size === 0 ? found : found.map((together) => readyFirst(together, waits));
  return { positions: new Map(order.flat().map((module, at) => [module, at])), waits, late: all };
}

function readyFirst(together: readonly ModuleRecord[], waits: TopLevelWaits): readonly ModuleRecord[] {
  const begun = new Set(together);
  const isReady = (module: ModuleRecord): boolean =>
    ![...(waits.get(module) ?? [])].some((awaited) => begun.has(awaited));
  return [...together.filter(isReady), ...together.filter((module) => !isReady(module))];
}
