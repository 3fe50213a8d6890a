import { unwrapped } from "../../syntax/expressions.ts";
import { child, children } from "../../syntax/nodes.ts";
import type { Node } from "../../syntax/nodes.ts";

export { keyName, memberName, unwrapped } from "../../syntax/expressions.ts";
export { child, children, identifierName, isNode, stringValue, text } from "../../syntax/nodes.ts";
export type { Node } from "../../syntax/nodes.ts";
export { forEachChild } from "../../syntax/walk.ts";

/** A piece of the module's text. Every {@link Node} is one. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** Whether `inner` lies inside `outer`. */
export function contains(outer: Region, inner: Region): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether a node is a function of any spelling. */
export function isFunction(node: Node): boolean {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

/** Whether a node is a class of either spelling. */
export function isClass(node: Node): boolean {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

/** Whether a node hands arguments to code that may be written elsewhere. */
export function isCall(node: Node): boolean {
  return (
    node.type === "CallExpression" ||
    node.type === "NewExpression" ||
    node.type === "TaggedTemplateExpression"
  );
}

/** What a call runs: `f` of `f()`, `new f()` and `` f`…` ``. */
export function calleeOf(call: Node): Node | undefined {
  const callee = child(call, call.type === "TaggedTemplateExpression" ? "tag" : "callee");
  return callee && unwrapped(callee);
}

/** What a call hands over: its arguments, or what stands between the quasis of a template. */
export function argumentsOf(call: Node): readonly Node[] {
  if (call.type !== "TaggedTemplateExpression") return children(call, "arguments");
  const quasi = child(call, "quasi");
  return quasi ? children(quasi, "expressions") : [];
}

/** Where a chain of members begins: `a` of `a.b[c]`. */
export function rootOf(node: Node): Node {
  const inner = unwrapped(node);
  const object = inner.type === "MemberExpression" ? child(inner, "object") : undefined;
  return object ? rootOf(object) : inner;
}
