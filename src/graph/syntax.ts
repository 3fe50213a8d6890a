import { child, children, identifierName, isNode, stringValue } from "../syntax/nodes.ts";
import type { Node } from "../syntax/nodes.ts";

export { child, children, cookedText, identifierName, isNode, stringValue } from "../syntax/nodes.ts";
export type { Node } from "../syntax/nodes.ts";

/** Calls `visit` for the direct children of a node. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) {
      visit(value);
    }
  }
}

/** The name behind the dot of `a.x` and `a["x"]`. */
export function memberName(node: Node | undefined): string | undefined {
  if (node?.type !== "MemberExpression") return undefined;
  const property = child(node, "property");
  return node["computed"] === true ? stringValue(property) : identifierName(property);
}

/** The expression inside wrappers that do not change which value is meant: `(x)`, `(0, x)`, `x as T`, `x!`. */
export function unwrapped(node: Node): Node {
  const inner =
    node.type === "SequenceExpression"
      ? children(node, "expressions").at(-1)
      : WRAPPERS.has(node.type)
        ? child(node, "expression")
        : undefined;
  return inner ? unwrapped(inner) : node;
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "ParenthesizedExpression",
  "ChainExpression",
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
]);

/** Whether a node is `import.meta.url`. */
export function isImportMetaUrl(node: Node | undefined): boolean {
  return memberName(node) === "url" && node !== undefined && child(node, "object")?.type === "MetaProperty";
}
