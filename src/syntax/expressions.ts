import { child, children, stringValue, text } from "./nodes.ts";
import type { Node } from "./nodes.ts";

/**
 * The expression inside wrappers that do not change which value is meant: `(x)`, `(0, x)`, `x?.y`, `x as T`, `x!`; and
 * `await x`, whose value is meant where one is asked for.
 */
export function unwrapped(node: Node): Node {
  const key = WRAPPED[node.type];
  const inner =
    node.type === "SequenceExpression" ? children(node, "expressions").at(-1) : key && child(node, key);
  return inner ? unwrapped(inner) : node;
}

const WRAPPED: Readonly<Record<string, string | undefined>> = {
  AwaitExpression: "argument",
  ChainExpression: "expression",
  ParenthesizedExpression: "expression",
  TSAsExpression: "expression",
  TSNonNullExpression: "expression",
  TSSatisfiesExpression: "expression",
  TSTypeAssertion: "expression",
};

/** The static name behind the dot: `x` of `a.x` and `a["x"]`, `#x` of `a.#x`; `undefined` for `a[x]` and all else. */
export function memberName(node: Node | undefined): string | undefined {
  const property = node?.type === "MemberExpression" ? child(node, "property") : undefined;
  if (!node || !property) return undefined;
  if (node["computed"] === true) return literalKey(property);
  return property.type === "PrivateIdentifier" ? `#${text(property, "name")}` : text(property, "name");
}

/** The static name of a property, method or field of a literal or class. */
export function keyName(node: Node): string | undefined {
  const key = child(node, "key");
  if (!key) return undefined;
  if (key.type === "PrivateIdentifier") return `#${text(key, "name")}`;
  if (node["computed"] !== true && key.type === "Identifier") return text(key, "name");
  return literalKey(key);
}

function literalKey(node: Node): string | undefined {
  const value = stringValue(node);
  if (value !== undefined) return value;
  return node.type === "Literal" && typeof node["value"] === "number" ? String(node["value"]) : undefined;
}
