import { runsInline } from "./callbacks.ts";
import type { LocalBinding, CodeUnit, ModuleModel } from "./module-model.ts";
import type { AccessPath } from "./places.ts";
import { reachFrom } from "./reach.ts";
import { argumentsOf, contains, unwrapped } from "./syntax.ts";

/** Route modules answer a request with these: what they declare ends with the request. */
const REQUEST_METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

/** Whether what `unit` puts into a place is still there when `unit` runs the next time. */
export function outlives(model: ModuleModel, { root }: AccessPath, unit: CodeUnit): boolean {
  if (root.kind === "binding") return bindingOutlives(model, root.binding, unit);
  // In a constructor the object is new each time.
  return root.kind === "elsewhere" || unit.key !== "constructor";
}

function bindingOutlives(model: ModuleModel, { owner }: LocalBinding, unit: CodeUnit): boolean {
  if (owner.kind === "module") return true;
  const inner = childOf(owner, unit);
  return inner !== undefined && escapes(model, inner, owner);
}

/** The unit directly inside `owner` that leads to `unit`; `undefined` when `unit` is the owner itself. */
function childOf(owner: CodeUnit, unit: CodeUnit): CodeUnit | undefined {
  if (unit === owner || !unit.parent) return undefined;
  return unit.parent === owner ? unit : childOf(owner, unit.parent);
}

/** Every write and every test asks; a unit ends with its model, and so does the answer. */
const escapesByUnit = new WeakMap<CodeUnit, boolean>();

/** Whether a function can be called when the one around it is done, as those that a factory makes are. */
function escapes(model: ModuleModel, inner: CodeUnit, owner: CodeUnit): boolean {
  const known = escapesByUnit.get(inner);
  if (known !== undefined) return known;
  const isOutgoing = leaves(model, inner, owner);
  escapesByUnit.set(inner, isOutgoing);
  return isOutgoing;
}

function leaves(model: ModuleModel, inner: CodeUnit, owner: CodeUnit): boolean {
  if (isRequestHandler(owner)) return false;
  if (inner.callbackOf && runsInline(inner.callbackOf)) return false;
  const outgoing = [
    ...owner.results.filter((result) => !isInlineCall(result)),
    ...owner.calls.filter((call) => !runsInline(call)).flatMap(argumentsOf),
    ...model.assignments.filter(({ unit }) => unit === owner).map(({ value }) => value),
  ];
  return (
    outgoing.some((region) => contains(region, inner.node)) ||
    reachFrom(model, outgoing).code.some((region) => contains(region, inner.node))
  );
}

function isInlineCall(result: Parameters<typeof unwrapped>[0]): boolean {
  const node = unwrapped(result);
  return node.type === "CallExpression" && runsInline(node);
}

function isRequestHandler({ node, parent }: CodeUnit): boolean {
  const id: unknown = node["id"];
  const name = typeof id === "object" && id !== null && "name" in id ? id.name : undefined;
  return parent?.kind === "module" && typeof name === "string" && REQUEST_METHODS.has(name);
}
