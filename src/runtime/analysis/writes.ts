import { methodOf, receiverOf } from "./callbacks.ts";
import { outlives } from "./lifetimes.ts";
import { mentionAt } from "./mentions.ts";
import type { Assignment, Call, CodeUnit, ModuleModel } from "./module-model.ts";
import { entryOf, placeKey, placeOf } from "./places.ts";
import type { AccessPath } from "./places.ts";
import { argumentsOf, child, children, identifierName, keyName, stringValue, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Something put into a place that outlives the function which does it. */
export interface PlaceWrite {
  readonly node: Node;
  readonly unit: CodeUnit;
  readonly place: AccessPath;
  /** `place.key` of an assignment, or that of the container which got one more item. */
  readonly key: string;
  /** A container that got an item is filled only where a test asked for its size. */
  readonly kind: "value" | "item";
}

/** All that later runs can find of what functions store, in source order. */
export function lastingWrites(model: ModuleModel): readonly PlaceWrite[] {
  const assignments = model.assignments.filter(({ unit }) => unit.kind !== "module");
  const calls = model.calls.filter(
    ({ node, unit }) => unit.kind !== "module" && STORING_METHODS.has(methodOf(node) ?? ""),
  );
  const writes = [
    ...assignments.flatMap((assignment) => assignedBy(model, assignment)),
    ...calls.flatMap((call) => storedBy(model, call)),
  ];
  return writes.toSorted((a, b) => a.node.start - b.node.start);
}

const STORING_METHODS: ReadonlySet<string> = new Set([
  "add",
  "assign",
  "defineProperty",
  "getOrInsert",
  "getOrInsertComputed",
  "push",
  "set",
  "unshift",
]);

function assignedBy(model: ModuleModel, assignment: Assignment): readonly PlaceWrite[] {
  const { node, unit, operator, target, value } = assignment;
  // A number is a counter that begins anew, `+=` continues: neither is an answer that code computed.
  const isCount = value.type === "Literal" && typeof value["value"] === "number";
  if (isCount || !["=", "??=", "||="].includes(operator)) return [];
  // `cache[id] = v` is one more item, whatever is known of the key.
  const container = target["computed"] === true ? child(target, "object") : undefined;
  return [
    ...lasting(model, { node, unit, place: placeOf(model, target) }),
    ...lasting(model, { node, unit, place: container && placeOf(model, container), kind: "item" }),
  ];
}

/** `cache.set("k", v)`, `list.push(v)`, `Object.assign(config, { … })`, `Object.defineProperty(this, "x", …)`. */
function storedBy(model: ModuleModel, { node, unit }: Call): readonly PlaceWrite[] {
  const receiver = receiverOf(node);
  if (!receiver) return [];
  const owner = identifierName(receiver);
  if (owner === "Object" || owner === "Reflect") return storedByHelper(model, unit, node);
  const item = lasting(model, { node, unit, place: placeOf(model, receiver), kind: "item" });
  // `list.push(v)` has no key to ask for.
  const method = methodOf(node);
  if (method === "push" || method === "unshift") return item;
  return [...lasting(model, { node, unit, place: entryOf(model, node) }), ...item];
}

function storedByHelper(model: ModuleModel, unit: CodeUnit, call: Node): readonly PlaceWrite[] {
  const [target, what] = argumentsOf(call);
  const place = target && placeOf(model, target);
  if (!place || !what) return [];
  const keys =
    what.type === "ObjectExpression" ? children(what, "properties").map(keyName) : [stringValue(what)];
  const named = keys
    .filter((key) => key !== undefined)
    .flatMap((key) => lasting(model, { node: call, unit, place: { ...place, path: [...place.path, key] } }));
  return [...named, ...lasting(model, { node: call, unit, place, kind: "item" })];
}

interface PossibleWrite {
  readonly node: Node;
  readonly unit: CodeUnit;
  readonly place: AccessPath | undefined;
  readonly kind?: PlaceWrite["kind"];
}

function lasting(
  model: ModuleModel,
  { node, unit, place, kind = "value" }: PossibleWrite,
): readonly PlaceWrite[] {
  if (!place || !outlives(model, place, unit)) return [];
  return [{ node, unit, place, kind, key: kind === "item" ? itemKey(place) : placeKey(place) }];
}

/** The key of "one of the items in it", as opposed to the container itself. */
export function itemKey(place: AccessPath): string {
  return `+${placeKey(place)}`;
}

/** The value of a write that keeps what is there already: `x ??= v`, `x = x ?? v`, `x = x ? x : v`. */
export function defaultValue(model: ModuleModel, { node, key, kind }: PlaceWrite): Node | undefined {
  // Which item it is depends on the request: `sessions[id] ??= v`.
  if (kind === "item") return undefined;
  if (node.type === "CallExpression") {
    return (methodOf(node) ?? "").startsWith("getOrInsert") ? argumentsOf(node)[1] : undefined;
  }
  const value = node.type === "AssignmentExpression" ? child(node, "right") : undefined;
  if (!value || node["operator"] !== "=") return value;
  const isKept = keptBy(model, value).some((operand) => {
    const place = placeOf(model, operand);
    return place !== undefined && placeKey(place) === key;
  });
  return isKept ? value : undefined;
}

/** The operands that a value may be taken over from unchanged. */
function keptBy(model: ModuleModel, value: Node): readonly Node[] {
  const node = unwrapped(value);
  switch (node.type) {
    case "ConditionalExpression":
      return parts(node, "consequent", "alternate");
    case "LogicalExpression": {
      if (node["operator"] === "&&") return [];
      const [left] = parts(node, "left");
      return left?.type === "LogicalExpression" ? keptBy(model, left) : parts(node, "left");
    }
    case "Identifier": {
      // `const client = cached ?? connect(); cached = client`
      const target = mentionAt(model, node)?.target;
      const initial = target?.kind === "binding" ? target.binding.initial : undefined;
      const made = initial && unwrapped(initial.node);
      return made && made.type !== "Identifier" ? keptBy(model, made) : [];
    }
    default:
      return [];
  }
}

function parts(node: Node, ...keys: readonly string[]): readonly Node[] {
  return keys.flatMap((key) => child(node, key) ?? []);
}
