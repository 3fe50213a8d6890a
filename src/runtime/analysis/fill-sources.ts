import { methodOf } from "./callbacks.ts";
import { filledBindings } from "./lazy-fills.ts";
import type { Fill } from "./lazy-fills.ts";
import { itemsIn, mentionsIn } from "./mentions.ts";
import type { FilledGlobal, FillSource, ImportReference } from "./module-analysis.ts";
import type { CodeUnit, LocalBinding, ModuleModel } from "./module-model.ts";
import { globalAt, placeKey, placeOf } from "./places.ts";
import { reachFrom } from "./reach.ts";
import { argumentsOf, child, contains, isClass, isFunction } from "./syntax.ts";
import type { Node, Region } from "./syntax.ts";
import type { PlaceWrite } from "./writes.ts";

/**
 * Find the expressions whose values functions keep: the value of a fill, and what it is made of. Whatever they read while
 * they run is in what is kept.  */
export function fillSources(model: ModuleModel, fills: readonly Fill[]): readonly FillSource[] {
  const sources = new Map<string, MutableSource>();
  for (const write of new Set(fills.flatMap((fill) => fill.writes))) {
    const holders = holdersOf(model, write);
    for (const node of valuesBehind(model, write).filter((value) => doesSomething(model, value))) {
      const key = `${node.start}-${node.end}`;
      const source = sources.get(key) ?? {
        range: [node.start, node.end],
        bindings: new Set(),
        imports: [],
        globals: [],
      };
      sources.set(key, source);
      for (const name of holders.bindings) source.bindings.add(name);
      source.imports.push(...holders.imports);
      source.globals.push(...holders.globals);
    }
  }
  return [...sources.values()].map(({ range, bindings, imports, globals }) => ({
    range,
    bindings: [...bindings],
    imports,
    globals,
    madeOf: topLevelIn(model, { start: range[0], end: range[1] }),
  }));
}

/** The top-level bindings that a piece of text gets at, through the functions that it calls. */
function topLevelIn(model: ModuleModel, region: Region): readonly string[] {
  const names = [region, ...reachFrom(model, [region]).code]
    .flatMap((each) => mentionsIn(model, each))
    .flatMap(({ target }) =>
      target.kind === "binding" && target.binding.isTopLevel ? [target.binding.name] : [],
    );
  return [...new Set(names)];
}

interface Holders {
  readonly bindings: Iterable<string>;
  readonly imports: readonly ImportReference[];
  readonly globals: FillSource["globals"];
}

interface MutableSource {
  readonly range: FillSource["range"];
  readonly bindings: Set<string>;
  readonly imports: ImportReference[];
  readonly globals: FilledGlobal[];
}

function holdersOf(model: ModuleModel, write: PlaceWrite): Holders {
  const { root } = write.place;
  const reference = root.kind === "elsewhere" ? root.reference : undefined;
  const bindings = [...filledBindings(model, [write])].map(({ name }) => name);
  if (reference !== undefined) return { bindings, imports: [reference], globals: [] };
  const global = write.kind === "value" ? globalAt(write.place) : undefined;
  return { bindings, imports: [], globals: global === undefined ? [] : [global] };
}

/** What a module puts into globals while it evaluates: it may find it there when it does so again. */
export function globalFills(model: ModuleModel): readonly Fill[] {
  return model.assignments.flatMap(({ node, unit, target }) => {
    const place = unit.kind === "module" ? placeOf(model, target) : undefined;
    if (place === undefined || globalAt(place) === undefined) return [];
    return [{ unit, writes: [{ node, unit, place, kind: "value", key: placeKey(place) }] }];
  });
}

/** The value of a write, and the initializers of the local names on the way to it. */
export function valuesBehind(model: ModuleModel, { node, unit }: PlaceWrite): readonly Node[] {
  const seen = new Set<LocalBinding>();
  const values = [...valuesOf(node)];
  // The list grows while it is walked.
  for (const value of values) {
    for (const { target } of mentionsIn(model, value)) {
      if (target.kind !== "binding" || target.binding.owner.kind === "module") continue;
      const { binding } = target;
      if (seen.has(binding)) continue;
      seen.add(binding);
      if (binding.kind === "parameter") values.push(...callsBack(binding.owner, unit));
      else values.push(...initialsOf(binding).filter(isExpression));
    }
  }
  return [...new Set(values)];
}

function initialsOf({ initial, assigned }: LocalBinding): readonly Node[] {
  return initial === undefined ? assigned : [initial.node, ...assigned];
}

function valuesOf(write: Node): readonly Node[] {
  if (write.type === "AssignmentExpression")
    return [child(write, "right")].filter((node) => node !== undefined);
  // The value is made by a function that the container calls.
  if (methodOf(write) === "getOrInsertComputed") return [write];
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
