import { methodOf, receiverOf, runsInline } from "./callbacks.ts";
import { itemsIn, mentionAt } from "./mentions.ts";
import type { LocalBinding, CodeUnit, ModuleModel } from "./module-model.ts";
import { reachFrom, unitsIn } from "./reach.ts";
import { argumentsOf, calleeOf, child, isClass, isFunction, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * The code that runs when the module evaluates: its top level, and every local function that is called from there.
 * Which object a method is called on is not looked at: `x.start()` may run every `start` of this text.
 */
export function evaluatedUnits(model: ModuleModel): ReadonlySet<CodeUnit> {
  const evaluated = new Set<CodeUnit>([model.root]);
  // The set grows while it is walked.
  for (const unit of evaluated) {
    for (const call of unit.calls) {
      for (const called of unitsRunBy(model, call)) evaluated.add(called);
    }
  }
  return evaluated;
}

function unitsRunBy(model: ModuleModel, call: Node): readonly CodeUnit[] {
  const callee = calleeOf(call);
  const called = callee ? unitsBehind(model, callee) : [];
  if (!runsInline(call) && !isPromise(call)) return called;
  return [...called, ...argumentsOf(call).flatMap((callback) => unitsBehind(model, callback))];
}

/** `new Promise((resolve) => …)` runs its function at once. */
function isPromise(call: Node): boolean {
  const callee = calleeOf(call);
  return call.type === "NewExpression" && callee?.type === "Identifier" && callee["name"] === "Promise";
}

/** The functions that a call of `callee` can run. */
function unitsBehind(model: ModuleModel, callee: Node): readonly CodeUnit[] {
  const node = unwrapped(callee);
  if (isFunction(node)) return [model.unitByNode.get(node) ?? []].flat();
  if (isClass(node)) return constructorsOf(model, node);
  switch (node.type) {
    case "Identifier":
      return unitsBehindName(model, node);
    case "Super":
      return model.unitsByKey.get("constructor") ?? [];
    case "MemberExpression":
      return unitsBehindMember(model, node);
    default:
      // A function made by other code, `make()()`: any function that code can get at.
      return unitsIn(model, reachFrom(model, [node]).code);
  }
}

/** Also ends the search where names lead back to themselves: `class A extends B {} class B extends A {}`. */
const unitsByBinding = new WeakMap<LocalBinding, readonly CodeUnit[]>();

function unitsBehindName(model: ModuleModel, name: Node): readonly CodeUnit[] {
  const target = mentionAt(model, name)?.target;
  if (target?.kind !== "binding") return [];
  const known = unitsByBinding.get(target.binding);
  if (known) return known;
  unitsByBinding.set(target.binding, []);
  const units = target.binding.values.flatMap((value) =>
    value.type === "Identifier" || value.type === "MemberExpression"
      ? unitsIn(model, reachFrom(model, [value]).code)
      : unitsBehind(model, value),
  );
  unitsByBinding.set(target.binding, units);
  return units;
}

function unitsBehindMember(model: ModuleModel, member: Node): readonly CodeUnit[] {
  const call = { type: "CallExpression", start: member.start, end: member.end, callee: member };
  const method = methodOf(call);
  const object = receiverOf(call);
  if (!object) return [];
  // `steps[0]()`: which function that is depends on the order of things.
  if (method === undefined || /^\d+$/.test(method)) return unitsIn(model, reachFrom(model, [object]).code);
  if (["apply", "bind", "call"].includes(method)) return unitsBehind(model, object);
  return model.unitsByKey.get(method) ?? [];
}

function constructorsOf(model: ModuleModel, node: Node): readonly CodeUnit[] {
  const own = itemsIn(model.units, node).filter(({ key }) => key === "constructor");
  const base = child(node, "superClass");
  return base ? [...own, ...unitsBehind(model, base)] : own;
}
