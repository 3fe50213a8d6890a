import { methodOf, receiverOf } from "./callbacks.ts";
import { mentionAt, mentionsIn } from "./mentions.ts";
import type { FilledGlobal, ImportReference } from "./module-analysis.ts";
import type { LocalBinding, ModuleModel } from "./module-model.ts";
import { argumentsOf, child, contains, memberName, stringValue, unwrapped } from "./syntax.ts";
import type { Node, Region } from "./syntax.ts";

/** Where a chain of names begins: a local binding, `this`, or something that other code owns. */
export type PlaceRoot =
  | { readonly kind: "binding"; readonly binding: LocalBinding }
  | { readonly kind: "this" }
  | { readonly kind: "elsewhere"; readonly reference?: ImportReference };

/** Something that can be filled, named by static keys only: `cache`, `this.rows`, `globalThis.db`, `cache.get("k")`. */
export interface AccessPath {
  readonly root: PlaceRoot;
  readonly path: readonly string[];
}

/** The place an expression names. A key that a request decides (`sessions[id]`) makes it none. */
export function placeOf(
  model: ModuleModel,
  expression: Node,
  seen: readonly LocalBinding[] = [],
): AccessPath | undefined {
  const node = unwrapped(expression);
  switch (node.type) {
    case "ThisExpression":
    case "Super":
      return { root: { kind: "this" }, path: [] };
    case "Identifier":
      return placeOfName(model, node, seen);
    case "MemberExpression":
      return placeOfMember(model, node, seen);
    case "CallExpression":
      return methodOf(node) === "get" ? entryOf(model, node, seen) : undefined;
    case "AssignmentExpression": {
      // `(state ??= {}).rows`
      const target = child(node, "left");
      return target && placeOf(model, target, seen);
    }
    default:
      return undefined;
  }
}

function placeOfName(model: ModuleModel, name: Node, seen: readonly LocalBinding[]): AccessPath | undefined {
  const target = mentionAt(model, name)?.target;
  if (target?.kind === "global") return { root: { kind: "elsewhere" }, path: [target.name] };
  if (target?.kind === "import") return importedPlace(target.reference);
  if (target?.kind !== "binding") return undefined;
  const { binding } = target;
  return aliasedPlace(model, binding, seen) ?? { root: { kind: "binding", binding }, path: [] };
}

/** `const self = this`, `const { rows } = state`: another name for a part of what was there before. */
function aliasedPlace(
  model: ModuleModel,
  binding: LocalBinding,
  seen: readonly LocalBinding[],
): AccessPath | undefined {
  const { initial, assigned } = binding;
  if (!initial || assigned.length > 0 || seen.includes(binding)) return undefined;
  const place = placeOf(model, initial.node, [...seen, binding]);
  const path = initial.path.filter((name) => name !== undefined);
  return place && path.length === initial.path.length
    ? { ...place, path: [...place.path, ...path] }
    : undefined;
}

function placeOfMember(
  model: ModuleModel,
  member: Node,
  seen: readonly LocalBinding[],
): AccessPath | undefined {
  const imported = importedBy(model, member);
  if (imported !== undefined) return importedPlace(imported);
  const object = child(member, "object");
  const property = child(member, "property");
  const place = object && placeOf(model, object, seen);
  const key = memberName(member) ?? (property && staticKey(model, property));
  return place && key !== undefined ? { ...place, path: [...place.path, key] } : undefined;
}

function importedPlace(reference: ImportReference): AccessPath {
  return { root: { kind: "elsewhere", reference }, path: [reference.name] };
}

function importedBy(model: ModuleModel, node: Node): ImportReference | undefined {
  const mention = mentionAt(model, node);
  return mention?.node === node && mention.target.kind === "import" ? mention.target.reference : undefined;
}

/** The entry that `cache.get("k")`, `cache.has("k")` or `cache.set("k", v)` is about. */
export function entryOf(
  model: ModuleModel,
  call: Node,
  seen: readonly LocalBinding[] = [],
): AccessPath | undefined {
  const receiver = receiverOf(call);
  const place = receiver && placeOf(model, receiver, seen);
  const [key] = argumentsOf(call);
  const name = key && staticKey(model, key);
  return place && name !== undefined ? { ...place, path: [...place.path, name] } : undefined;
}

/** How a key is called that is the same at each run: a literal, or an expression of constants. */
function staticKey(model: ModuleModel, key: Node): string | undefined {
  const literal = stringValue(key);
  if (literal !== undefined) return literal;
  return isStatic(model, key, []) ? `[${model.code.slice(key.start, key.end)}]` : undefined;
}

/** Whether an expression depends on nothing that belongs to a single run of a function. */
export function isStatic(model: ModuleModel, region: Region, seen: readonly LocalBinding[]): boolean {
  return mentionsIn(model, region).every(({ target }) => {
    if (target.kind !== "binding") return target.kind !== "method";
    const { binding } = target;
    if (binding.owner.kind === "module" || seen.includes(binding) || contains(region, binding.owner.node))
      return true;
    const values = binding.initial ? [binding.initial.node, ...binding.assigned] : [];
    return values.length > 0 && values.every((value) => isStatic(model, value, [...seen, binding]));
  });
}

/** The global that a place is, or is a part of. */
export function globalAt({ root, path }: AccessPath): FilledGlobal | undefined {
  if (root.kind !== "elsewhere" || root.reference !== undefined) return undefined;
  const keys = path[0] === "globalThis" || path[0] === "global" ? path.slice(1) : path;
  return keys.length === 0 ? undefined : { name: ["globalThis", ...keys].join("."), path: keys };
}

/** By what two spellings of one place are recognised: the binding itself, or the last name of a path. */
export function placeKey({ root, path }: AccessPath): string {
  const last = path.at(-1);
  if (last !== undefined) return `.${last}`;
  return root.kind === "binding" ? `#${root.binding.id}` : root.kind;
}
