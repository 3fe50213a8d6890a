import { methodOf } from "./callbacks.ts";
import { declarators, hasDirective } from "./declarators.ts";
import { testedEntries } from "./emptiness-tests.ts";
import { filledBindings, guardedRegions } from "./lazy-fills.ts";
import { valuesBehind } from "./fill-sources.ts";
import type { Fill } from "./lazy-fills.ts";
import { itemsIn } from "./mentions.ts";
import type { ImportReference, Memo } from "./module-analysis.ts";
import type { Guard, ModuleModel } from "./module-model.ts";
import { reachFrom } from "./reach.ts";
import { child, identifierName } from "./syntax.ts";
import type { Node } from "./syntax.ts";
import { lastingWrites } from "./writes.ts";
import type { PlaceWrite } from "./writes.ts";

/** Fills of entries whose key a request decides: memos, caches, and session stores, which nobody can tell apart. */
export function entryFills(model: ModuleModel): readonly Fill[] {
  const writes = lastingWrites(model);
  return [
    ...writes
      .filter(({ node, kind }) => kind === "item" && isDefault(node))
      .map((write) => ({ unit: write.unit, writes: [write] })),
    ...model.guards.flatMap((guard) => guardedEntries(model, guard, writes)),
  ];
}

/** `texts[name] ??= v`, `texts.getOrInsertComputed(name, make)`. */
function isDefault(node: Node): boolean {
  if (node.type === "CallExpression") return methodOf(node)?.startsWith("getOrInsert") === true;
  return node["operator"] === "??=" || node["operator"] === "||=";
}

/** `if (!texts.has(name)) texts.set(name, v)`, `if (hit) return hit; … texts.set(name, v)`. */
function guardedEntries(model: ModuleModel, guard: Guard, writes: readonly PlaceWrite[]): readonly Fill[] {
  if (guard.unit.kind === "module") return [];
  const keys = testedEntries(model, guard.test, guard.unit);
  if (!writes.some(({ key }) => keys.has(key))) return [];
  const regions = guardedRegions(guard);
  const filled = [...regions, ...reachFrom(model, regions).code]
    .flatMap((region) => itemsIn(writes, region))
    .filter(({ key }) => keys.has(key));
  return filled.length === 0 ? [] : [{ unit: guard.unit, writes: [...new Set(filled)] }];
}

/** Entries of these are to begin anew with what they are made of: `// @hot-reset`, `"no hot state"`. */
export function resetFills(
  model: ModuleModel,
  statements: readonly Node[],
  fills: readonly Fill[],
): readonly Fill[] {
  const isAll = hasDirective(statements, "no hot state");
  const reset = new Set(
    declarators(model.code, statements)
      .filter(({ isReset }) => isReset || isAll)
      .map(({ node }) => identifierName(child(node, "id"))),
  );
  return fills.filter(({ writes }) => holdersOf(model, writes).some((name) => reset.has(name)));
}

/** The containers of a module that may be memos of what it imports. */
export function memosOf(model: ModuleModel, fills: readonly Fill[]): readonly Memo[] {
  const memos = new Map<string, readonly ImportReference[]>();
  for (const write of fills.flatMap(({ writes }) => writes)) {
    const { references } = reachFrom(model, valuesBehind(model, write));
    if (references.length === 0) continue;
    for (const name of holdersOf(model, [write]))
      memos.set(name, [...(memos.get(name) ?? []), ...references]);
  }
  return [...memos].map(([name, references]) => ({ name, references }));
}

function holdersOf(model: ModuleModel, writes: readonly PlaceWrite[]): readonly string[] {
  return [...filledBindings(model, writes)].map(({ name }) => name);
}
