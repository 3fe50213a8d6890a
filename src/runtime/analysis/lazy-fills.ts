import { methodOf, runsInline } from "./callbacks.ts";
import { testedKeys } from "./emptiness-tests.ts";
import { itemsIn, mentionAt, mentionsIn } from "./mentions.ts";
import type { LocalBinding, CodeUnit, Guard, ModuleModel } from "./module-model.ts";
import { reachFrom } from "./reach.ts";
import type { ReachedCode } from "./reach.ts";
import { argumentsOf, calleeOf, contains, isFunction } from "./syntax.ts";
import type { Node, Region } from "./syntax.ts";
import { defaultValue, lastingWrites } from "./writes.ts";
import type { PlaceWrite } from "./writes.ts";
import { isTopLevelValue } from "./scopes.ts";

/** What the module evaluates late, at a request, and then keeps. */
export interface LazyFills {
  /** The functions that do it. */
  readonly sources: ReachedCode;
  /** The top-level bindings that keep it. */
  readonly bindings: readonly string[];
  readonly fills: readonly Fill[];
}

/** Writes that happen once, and the code that the stored values come from. */
export interface Fill {
  readonly unit: CodeUnit;
  readonly writes: readonly PlaceWrite[];
}

/**
 * Find the functions that fill something only when it is empty, however that is spelled.
 *
 * @param others fills that are to be treated so as well
 */
export function lazyFills(
  model: ModuleModel,
  evaluated: ReadonlySet<CodeUnit>,
  others: readonly Fill[],
): LazyFills {
  const writes = lastingWrites(model);
  const fills = [
    ...writes.flatMap((write) => defaultFill(model, write)),
    ...model.guards.flatMap((guard) => guardedFill(model, guard, writes)),
    ...writes.filter(replacesItself).map((write) => ({ unit: write.unit, writes: [write] })),
    ...[...evaluated].flatMap((unit) => lateFills(model, unit, writes)),
    ...others,
  ];
  const sources = fills.map(({ unit }) => outermostInline(unit).node);
  return {
    sources: reachFrom(model, sources),
    bindings: [
      ...filledBindings(
        model,
        fills.flatMap((fill) => fill.writes),
      ),
    ].map(({ name }) => name),
    fills,
  };
}

/** `x ??= v`, `x = x || v`. A default that no other module has a part in is state like any other. */
function defaultFill(model: ModuleModel, write: PlaceWrite): readonly Fill[] {
  const value = defaultValue(model, write);
  return value && isBuilt(reachFrom(model, [value])) ? [{ unit: write.unit, writes: [write] }] : [];
}

/** Whether a value depends on more than the module's own text. */
function isBuilt({ references, requests, hasParameters }: ReachedCode): boolean {
  return references.length > 0 || requests.length > 0 || hasParameters;
}

/** `if (!x) x = v`, `if (x) return x; … x = v`, `x || (x = v)`, `if (!ready) { app = build(); ready = true }`. */
function guardedFill(model: ModuleModel, guard: Guard, writes: readonly PlaceWrite[]): readonly Fill[] {
  if (guard.unit.kind === "module") return [];
  const keys = testedKeys(model, guard.test, guard.unit);
  if (!writes.some(({ key }) => keys.has(key))) return [];
  const guarded = guardedRegions(guard);
  const reach = reachFrom(model, guarded);
  const reached = [...new Set(reach.code.flatMap((region) => itemsIn(writes, region)))];
  const matching = reached.filter(({ key }) => keys.has(key));
  if (matching.length === 0 || !isBuilt(reach)) return [];
  // What is stored beside the answer belongs to it: `app = build(); ready = true`.
  const together = reached.filter(
    ({ kind, unit }) => kind === "value" && matching.some((match) => match.unit === unit),
  );
  return [{ unit: guard.unit, writes: [...new Set([...matching, ...together])] }];
}

/** What runs only when the test of a guard says so. */
export function guardedRegions({ bodies, isExit, node, unit }: Guard): readonly Region[] {
  return isExit ? [...bodies, { start: node.end, end: unit.node.end }] : bodies;
}

/** `let load = () => { const v = build(); load = () => v; return v }`, and a getter that defines itself anew. */
function replacesItself({ node, unit, place, kind }: PlaceWrite): boolean {
  const { root, path } = place;
  if (kind === "item") return false;
  if (root.kind === "binding" && path.length === 0) {
    return root.binding.values.some((value) => isFunction(value) && contains(value, node));
  }
  if (path.length !== 1 || root.kind === "elsewhere") return false;
  const isOwn = root.kind === "this" || root.binding.values.some((value) => contains(value, unit.node));
  return isOwn && (unit.key === path[0] || methodOf(node) === "defineProperty");
}

/** Evaluation that goes on when the module is done: timers that fire once, continuations, async functions. */
function lateFills(model: ModuleModel, unit: CodeUnit, writes: readonly PlaceWrite[]): readonly Fill[] {
  const late: readonly Region[] = [
    ...unit.calls.filter((call) => runsOnceLater(model, call)).flatMap(argumentsOf),
    ...(unit.node["async"] === true ? [unit.node] : []),
  ];
  const reach = reachFrom(model, late);
  if (!isBuilt(reach)) return [];
  const written = reach.code
    .flatMap((region) => itemsIn(writes, region))
    .filter(({ kind }) => kind === "value");
  return written.map((write) => ({ unit: write.unit, writes: [write] }));
}

const ONE_SHOT_TIMERS: ReadonlySet<string> = new Set([
  "nextTick",
  "queueMicrotask",
  "setImmediate",
  "setTimeout",
]);

function runsOnceLater(model: ModuleModel, call: Node): boolean {
  const method = methodOf(call);
  if (method === "once" || method === "then" || method === "finally") return true;
  const callee = calleeOf(call);
  const target = callee && mentionAt(model, callee)?.target;
  return target?.kind === "global" && ONE_SHOT_TIMERS.has(method ?? target.name);
}

/** What a continuation or an iteration stores was computed by the function around it. */
function outermostInline(unit: CodeUnit): CodeUnit {
  const { callbackOf, parent } = unit;
  return callbackOf && runsInline(callbackOf) && parent && parent.kind !== "module"
    ? outermostInline(parent)
    : unit;
}

/** The top-level bindings that hold what was filled: the target itself, or what the filling code hangs on. */
export function filledBindings(model: ModuleModel, writes: readonly PlaceWrite[]): ReadonlySet<LocalBinding> {
  const filled = new Set<LocalBinding>();
  const owningUnits = new Set<CodeUnit>();
  for (const { place, unit } of writes) {
    const { root } = place;
    if (root.kind === "this" || (root.kind === "binding" && root.binding.owner.kind !== "module"))
      owningUnits.add(unit);
    else if (root.kind === "binding" && root.binding.isTopLevel) filled.add(root.binding);
  }
  const units = [...owningUnits];
  for (const binding of model.bindings) {
    if (isTopLevelValue(binding) && units.some((unit) => holds(model, binding, unit))) filled.add(binding);
  }
  return filled;
}

/** Whether a value contains the function, or is made by something that does: `new Cache()`, `createRepository()`. */
function holds(model: ModuleModel, { values }: LocalBinding, unit: CodeUnit): boolean {
  return values.some(
    (value) =>
      contains(value, unit.node) ||
      mentionsIn(model, value).some(
        ({ target }) =>
          target.kind === "binding" && target.binding.values.some((made) => contains(made, unit.node)),
      ),
  );
}
