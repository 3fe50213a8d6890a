import { lateImportsOf, staticOrder } from "./edges.ts";
import type { ModuleRecord } from "./module-record.ts";
import { linked } from "./module-source.ts";
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
 * imports, those first that wait for none of it, then, one after another, what its code asks for when it runs.
 */
export function evaluationOrder(entries: Iterable<ModuleRecord>): EvaluationOrder {
  const found: (readonly ModuleRecord[])[] = [];
  const all = new Set<ModuleRecord>();
  const seen = new Set<ModuleRecord>();
  // An explicit stack: scripts may ask for each other further than the call stack is deep.
  const asked = [...entries].toReversed();
  for (let next = asked.pop(); next !== undefined; next = asked.pop()) {
    const together = staticOrder([next], seen);
    if (together.length === 0) continue;
    found.push(together);
    const late = together.flatMap(inOrderOfRequests).filter((module) => !seen.has(module));
    for (const module of late) all.add(module);
    asked.push(...late.toReversed());
  }
  const waits = topLevelWaits(found.flat());
  const order = waits.size === 0 ? found : found.map((together) => readyFirst(together, waits));
  return { positions: new Map(order.flat().map((module, at) => [module, at])), waits, late: all };
}

/** What code asks for: a script in the order of its text, functions whenever they are called. */
function inOrderOfRequests(module: ModuleRecord): readonly ModuleRecord[] {
  const late = lateImportsOf(module);
  if (late.length < 2) return late;
  const { requires = [] } = (linked(module.source) ?? module.live?.source)?.analysis.runtimeImports ?? {};
  const inText = new Map(requires.map((specifier, at) => [module.live?.lateImports.get(specifier), at]));
  const rank = (target: ModuleRecord): number => inText.get(target) ?? requires.length;
  return late.toSorted((a, b) => rank(a) - rank(b) || ranAt(a) - ranAt(b));
}

function ranAt({ live }: ModuleRecord): number {
  return live?.evaluatedAs ?? 0;
}

function readyFirst(together: readonly ModuleRecord[], waits: TopLevelWaits): readonly ModuleRecord[] {
  const begun = new Set(together);
  const isReady = (module: ModuleRecord): boolean =>
    ![...(waits.get(module) ?? [])].some((awaited) => begun.has(awaited));
  return [...together.filter(isReady), ...together.filter((module) => !isReady(module))];
}
