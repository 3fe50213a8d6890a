import { methodOf, receiverOf } from "./callbacks.ts";
import { outlives } from "./lifetimes.ts";
import { mentionAt } from "./mentions.ts";
import type { LocalBinding, CodeUnit, ModuleModel } from "./module-model.ts";
import { entryOf, isStatic, placeKey, placeOf } from "./places.ts";
import type { AccessPath } from "./places.ts";
import {
  argumentsOf,
  calleeOf,
  child,
  forEachChild,
  isFunction,
  memberName,
  stringValue,
  text,
  unwrapped,
} from "./syntax.ts";
import type { Node } from "./syntax.ts";
import { itemKey } from "./writes.ts";

/** What a test asks about, as keys that the writes it guards are compared with. */
export function testedKeys(model: ModuleModel, test: Node, unit: CodeUnit): ReadonlySet<string> {
  const collector = new TestedPlaces(model, unit);
  collector.collect(test);
  return collector.keys;
}

/** The containers that a test asks for an entry whose key a request decides: `texts.has(name)`, `texts[name]`. */
export function testedEntries(model: ModuleModel, test: Node, unit: CodeUnit): ReadonlySet<string> {
  const collector = new TestedPlaces(model, unit);
  collector.collect(test);
  return collector.entries;
}

/** Collects the lasting places in a test, through local names and local functions that stand for one. */
class TestedPlaces {
  readonly keys: Set<string> = new Set();
  readonly entries: Set<string> = new Set();
  readonly #model: ModuleModel;
  readonly #unit: CodeUnit;
  readonly #seen: Set<LocalBinding> = new Set();
  readonly #collect: (node: Node) => void = (node) => this.collect(node);

  constructor(model: ModuleModel, unit: CodeUnit) {
    this.#model = model;
    this.#unit = unit;
  }

  collect(expression: Node): void {
    const node = unwrapped(expression);
    if (isFunction(node)) return;
    switch (node.type) {
      case "Identifier":
      case "ThisExpression":
      case "MemberExpression":
        return this.#collectPlace(node);
      case "CallExpression":
        return this.#collectCall(node);
      case "BinaryExpression":
        return this.#collectComparison(node);
      default:
        forEachChild(node, this.#collect);
    }
  }

  #collectPlace(node: Node): void {
    const object = node.type === "MemberExpression" ? child(node, "object") : undefined;
    if (object && isSize(node)) {
      this.#addItems(object);
      return this.collect(object);
    }
    const place = placeOf(this.#model, node);
    if (place && this.#lasts(place)) this.#addPlace(place);
    else if (object) this.collect(object);
    if (object && node["computed"] === true) this.#addEntries(object);
    this.#collectValuesOf(node);
  }

  /** `state.rows` is empty as well when `state` is. */
  #addPlace({ root, path }: AccessPath): void {
    for (let length = root.kind === "binding" ? 0 : 1; length <= path.length; length += 1) {
      this.keys.add(placeKey({ root, path: path.slice(0, length) }));
    }
  }

  #addItems(container: Node): void {
    const place = placeOf(this.#model, container);
    if (place && this.#lasts(place)) this.keys.add(itemKey(place));
  }

  #addEntries(container: Node): void {
    const place = placeOf(this.#model, container);
    if (place && this.#lasts(place)) this.entries.add(itemKey(place));
  }

  #lasts(place: AccessPath): boolean {
    return outlives(this.#model, place, this.#unit);
  }

  /** `const hit = cache.get("k")` and `const isReady = () => app !== undefined` stand for what they ask. */
  #collectValuesOf(node: Node): void {
    const target = node.type === "Identifier" ? mentionAt(this.#model, node)?.target : undefined;
    if (target?.kind !== "binding" || this.#seen.has(target.binding)) return;
    this.#seen.add(target.binding);
    const { owner, initial, assigned } = target.binding;
    if (owner.kind === "module") return;
    if (initial) this.collect(initial.node);
    for (const value of assigned) this.collect(value);
  }

  #collectCall(call: Node): void {
    const callee = calleeOf(call);
    const method = methodOf(call) ?? "";
    const given = argumentsOf(call);
    if (["get", "has", "hasOwn", "hasOwnProperty"].includes(method)) return this.#collectEntry(call);
    // `todos.find((todo) => todo.id === id)` asks for something that this request named.
    if (!given.every((argument) => isStatic(this.#model, argument, []))) return;
    for (const argument of given) {
      if (["entries", "keys", "values"].includes(method)) this.#addItems(argument);
      this.collect(argument);
    }
    if (callee?.type === "Identifier") this.#collectFunction(callee);
    else if (callee) this.collect(receiverOf(call) ?? callee);
  }

  #collectEntry(call: Node): void {
    const [first, second] = argumentsOf(call);
    const isHelper = methodOf(call) === "hasOwn" && first && second;
    const container = isHelper ? placeOf(this.#model, first) : undefined;
    const key = stringValue(second);
    const helped =
      container && key !== undefined ? { ...container, path: [...container.path, key] } : undefined;
    const entry = isHelper ? helped : entryOf(this.#model, call);
    if (entry && this.#lasts(entry)) this.keys.add(placeKey(entry));
    const asked = isHelper ? first : receiverOf(call);
    if (asked) this.#addEntries(asked);
  }

  #collectFunction(callee: Node): void {
    const target = mentionAt(this.#model, callee)?.target;
    if (target?.kind !== "binding" || this.#seen.has(target.binding)) return;
    this.#seen.add(target.binding);
    for (const value of target.binding.values) {
      const body = isFunction(value) ? child(value, "body") : undefined;
      if (body) this.collect(body);
    }
  }

  #collectComparison(node: Node): void {
    const left = child(node, "left");
    const right = child(node, "right");
    if (!left || !right) return;
    if (text(node, "operator") === "in") {
      this.#addEntries(right);
      const place = placeOf(this.#model, right);
      const key = stringValue(left);
      if (place && key !== undefined && this.#lasts(place))
        this.keys.add(placeKey({ ...place, path: [...place.path, key] }));
      return;
    }
    // `log.length > LIMIT` asks whether there is too much of it, not whether there is any.
    if (isSize(left) && !isZeroOrOne(right)) return;
    if (isSize(right) && !isZeroOrOne(left)) return;
    this.collect(left);
    this.collect(right);
  }
}

function isSize(node: Node): boolean {
  const inner = unwrapped(node);
  return inner.type === "MemberExpression" && ["length", "size"].includes(memberName(inner) ?? "");
}

function isZeroOrOne(node: Node): boolean {
  return node.type === "Literal" && (node["value"] === 0 || node["value"] === 1);
}
