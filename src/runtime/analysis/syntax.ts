import { child, children, isNode, stringValue, text } from "../../syntax/nodes.ts";
import type { Node } from "../../syntax/nodes.ts";

export { child, children, identifierName, isNode, stringValue, text } from "../../syntax/nodes.ts";
export type { Node } from "../../syntax/nodes.ts";

/** A piece of the module's text. Every {@link Node} is one. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** Calls `visit` for the direct children of a node, in source order. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const key of CHILD_KEYS[node.type] ?? Object.keys(node)) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) {
      visit(value);
    }
  }
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

/** The expression inside `await x`, `x?.y`, `(0, x)`: wrappers that do not change which value is meant. */
export function unwrapped(node: Node): Node {
  switch (node.type) {
    case "AwaitExpression": {
      const argument = child(node, "argument");
      return argument ? unwrapped(argument) : node;
    }
    case "ChainExpression":
    case "ParenthesizedExpression": {
      const expression = child(node, "expression");
      return expression ? unwrapped(expression) : node;
    }
    case "SequenceExpression": {
      const last = children(node, "expressions").at(-1);
      return last ? unwrapped(last) : node;
    }
    default:
      return node;
  }
}

/** Where a chain of members begins: `a` of `a.b[c]`. */
export function rootOf(node: Node): Node {
  const inner = unwrapped(node);
  const object = inner.type === "MemberExpression" ? child(inner, "object") : undefined;
  return object ? rootOf(object) : inner;
}

/** The static name behind the dot: `x` of `a.x` and `a["x"]`, `#x` of `a.#x`; `undefined` for `a[x]`. */
export function memberName(node: Node): string | undefined {
  const property = child(node, "property");
  if (!property) return undefined;
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

/** Where children are, by node type, in source order. Types that are not listed are searched key by key. */
const CHILD_KEYS: Readonly<Record<string, readonly string[]>> = {
  ArrayExpression: ["elements"],
  ArrayPattern: ["elements"],
  ArrowFunctionExpression: ["params", "body"],
  AssignmentExpression: ["left", "right"],
  AssignmentPattern: ["left", "right"],
  AwaitExpression: ["argument"],
  BinaryExpression: ["left", "right"],
  BlockStatement: ["body"],
  BreakStatement: [],
  CallExpression: ["callee", "arguments"],
  CatchClause: ["param", "body"],
  ChainExpression: ["expression"],
  ClassBody: ["body"],
  ClassDeclaration: ["decorators", "id", "superClass", "body"],
  ClassExpression: ["decorators", "id", "superClass", "body"],
  ConditionalExpression: ["test", "consequent", "alternate"],
  ContinueStatement: [],
  DebuggerStatement: [],
  DoWhileStatement: ["body", "test"],
  EmptyStatement: [],
  ExpressionStatement: ["expression"],
  ForInStatement: ["left", "right", "body"],
  ForOfStatement: ["left", "right", "body"],
  ForStatement: ["init", "test", "update", "body"],
  FunctionDeclaration: ["id", "params", "body"],
  FunctionExpression: ["id", "params", "body"],
  Identifier: [],
  IfStatement: ["test", "consequent", "alternate"],
  ImportExpression: ["source", "options"],
  LabeledStatement: ["body"],
  Literal: [],
  LogicalExpression: ["left", "right"],
  MemberExpression: ["object", "property"],
  MetaProperty: [],
  MethodDefinition: ["decorators", "key", "value"],
  NewExpression: ["callee", "arguments"],
  ObjectExpression: ["properties"],
  ObjectPattern: ["properties"],
  PrivateIdentifier: [],
  Program: ["body"],
  Property: ["key", "value"],
  PropertyDefinition: ["decorators", "key", "value"],
  RestElement: ["argument"],
  ReturnStatement: ["argument"],
  SequenceExpression: ["expressions"],
  SpreadElement: ["argument"],
  StaticBlock: ["body"],
  Super: [],
  SwitchCase: ["test", "consequent"],
  SwitchStatement: ["discriminant", "cases"],
  TaggedTemplateExpression: ["tag", "quasi"],
  TemplateElement: [],
  TemplateLiteral: ["expressions"],
  ThisExpression: [],
  ThrowStatement: ["argument"],
  TryStatement: ["block", "handler", "finalizer"],
  UnaryExpression: ["argument"],
  UpdateExpression: ["argument"],
  VariableDeclaration: ["declarations"],
  VariableDeclarator: ["id", "init"],
  WhileStatement: ["test", "body"],
  WithStatement: ["object", "body"],
  YieldExpression: ["argument"],
};
