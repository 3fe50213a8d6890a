import { methodOf } from "./callbacks.ts";
import { testedEntries } from "./emptiness-tests.ts";
import { filledBindings, guardedRegions } from "./lazy-fills.ts";
import type { Fill } from "./lazy-fills.ts";
import { itemsIn, mentionsIn } from "./mentions.ts";
import type { FillSource, ImportReference } from "./module-analysis.ts";
import type { CodeUnit, Guard, LocalBinding, ModuleModel } from "./module-model.ts";
import { reachFrom } from "./reach.ts";
import { argumentsOf, child, contains, isClass, isFunction } from "./syntax.ts";
import type { Node } from "./syntax.ts";
import { lastingWrites } from "./writes.ts";
import type { PlaceWrite } from "./writes.ts";

/**
 * Find the expressions whose values functions keep: the value of a fill, and what it is made of. Whatever they read while
 * they run is in what is kept. Unlike other fills, entries whose key a request decides count too: `texts[name] ??= v`.
 */
export function fillSources(model: ModuleModel, fills: readonly Fill[]): readonly FillSource[] {
  const writes = lastingWrites(model);
  const entries = [
    ...writes.filter(({ node, kind }) => kind === "item" && isDefault(node)),
    ...model.guards.flatMap((guard) => guardedEntries(model, guard, writes)),
  ];
  const sources = new Map<string, MutableSource>();
  for (const write of new Set([...fills.flatMap((fill) => fill.writes), ...entries])) {
    const holders = holdersOf(model, write);
    for (const node of expressionsBehind(model, write)) {
      const key = `${node.start}-${node.end}`;
      const source = sources.get(key) ?? { range: [node.start, node.end], bindings: new Set(), imports: [] };
      sources.set(key, source);
      for (const name of holders.bindings) source.bindings.add(name);
      source.imports.push(...holders.imports);
    }
  }
  return [...sources.values()].map(({ range, bindings, imports }) => ({
    range,
    bindings: [...bindings],
    imports,
  }));
}

interface Holders {
  readonly bindings: Iterable<string>;
  readonly imports: readonly ImportReference[];
}

interface MutableSource {
  readonly range: FillSource["range"];
  readonly bindings: Set<string>;
  readonly imports: ImportReference[];
}

/** `texts[name] ??= v`, `texts.getOrInsertComputed(name, make)`. */
function isDefault(node: Node): boolean {
  if (node.type === "CallExpression") return methodOf(node)?.startsWith("getOrInsert") === true;
  return node["operator"] === "??=" || node["operator"] === "||=";
}

/** `if (!texts.has(name)) texts.set(name, v)`, `if (hit) return hit; … texts.set(name, v)`. */
function guardedEntries(
  model: ModuleModel,
  guard: Guard,
  writes: readonly PlaceWrite[],
): readonly PlaceWrite[] {
  if (guard.unit.kind === "module") return [];
  const keys = testedEntries(model, guard.test, guard.unit);
  if (!writes.some(({ key }) => keys.has(key))) return [];
  const { code } = reachFrom(model, guardedRegions(guard));
  return [...guardedRegions(guard), ...code]
    .flatMap((region) => itemsIn(writes, region))
    .filter(({ key }) => keys.has(key));
}

function holdersOf(model: ModuleModel, write: PlaceWrite): Holders {
  const { root } = write.place;
  const reference = root.kind === "elsewhere" ? root.reference : undefined;
  const bindings = [...filledBindings(model, [write])].map(({ name }) => name);
  return { bindings, imports: reference === undefined ? [] : [reference] };
}

/** The value of a write, and the initializers of the local names on the way to it, as far as they do anything. */
function expressionsBehind(model: ModuleModel, { node, unit }: PlaceWrite): ReadonlySet<Node> {
  const found = new Set<Node>();
  const seen = new Set<LocalBinding>();
  const queue = [...valuesOf(node)];
  // The list grows while it is walked.
  for (const value of queue) {
    if (doesSomething(model, value)) found.add(value);
    for (const { target } of mentionsIn(model, value)) {
      if (target.kind !== "binding" || target.binding.owner.kind === "module") continue;
      const { binding } = target;
      if (seen.has(binding)) continue;
      seen.add(binding);
      if (binding.kind === "parameter") queue.push(...callsBack(binding.owner, unit));
      else
        queue.push(
          ...[...(binding.initial ? [binding.initial.node] : []), ...binding.assigned].filter(isExpression),
        );
    }
  }
  return found;
}

function valuesOf(write: Node): readonly Node[] {
  if (write.type === "AssignmentExpression")
    return [child(write, "right")].filter((node) => node !== undefined);
  return argumentsOf(write).filter(({ type }) => type !== "SpreadElement");
}

/** What calls a function back with its parameter: `load().then((text) => (kept = text))`, `readFile(name, (_, text) => …)`. */
function callsBack({ callbackOf, parent }: CodeUnit, writer: CodeUnit): readonly Node[] {
  const isInside = callbackOf !== undefined && contains(callbackOf, writer.node);
  return isInside && parent?.kind !== "module" ? [callbackOf] : [];
}

/** A name or a literal reads nothing, and a function only when it is called. */
function doesSomething(model: ModuleModel, value: Node): boolean {
  if (isFunction(value) || isClass(value)) return false;
  return value.type === "AwaitExpression" || itemsIn(model.calls, value).length > 0;
}

function isExpression(node: Node): boolean {
  return !node.type.endsWith("Declaration");
}
