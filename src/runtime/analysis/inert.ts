import type { ImportReference } from "./module-analysis.ts";
import { argumentsOf, child, children, identifierName, isFunction, text } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** The names of a module's scope. */
interface ModuleNames {
  readonly own: ReadonlySet<string>;
  /** A namespace is named `"*"`. */
  readonly imported: ReadonlyMap<string, ImportReference>;
}

/**
 * Whether the top level of a module only declares: functions, classes, literals and names of others. It runs nothing that
 * somebody could have written, so it changes nothing outside of itself, and nobody has to look.
 *
 * @param statements the author's own
 */
export function isInert(statements: readonly Node[], names: ModuleNames): boolean {
  const isInertNode = (node: Node): boolean => {
    if (isFunction(node)) return true;
    const parts = PARTS[node.type];
    if (parts === undefined || CONDITIONS[node.type]?.(node, names) === false) return false;
    const evaluated = node.type === "PropertyDefinition" && node["static"] !== true ? [] : parts;
    return evaluated.every((key) => [child(node, key) ?? [], children(node, key)].flat().every(isInertNode));
  };
  return statements.every(isInertNode);
}

/** What may stand at top level, with the keys of what is evaluated in it. */
const PARTS: Readonly<Record<string, readonly string[] | undefined>> = {
  ArrayExpression: ["elements"],
  ClassBody: ["body"],
  ClassDeclaration: ["superClass", "body", "decorators"],
  ClassExpression: ["superClass", "body", "decorators"],
  ConditionalExpression: ["test", "consequent", "alternate"],
  EmptyStatement: [],
  ExportDefaultDeclaration: ["declaration"],
  ExpressionStatement: ["expression"],
  Identifier: [],
  Literal: [],
  LogicalExpression: ["left", "right"],
  MemberExpression: [],
  MethodDefinition: ["decorators"],
  NewExpression: [],
  ObjectExpression: ["properties"],
  ParenthesizedExpression: ["expression"],
  Property: ["value"],
  // Of an instance it is evaluated when one is made.
  PropertyDefinition: ["value", "decorators"],
  TemplateLiteral: [],
  UnaryExpression: ["argument"],
  VariableDeclaration: ["declarations"],
  VariableDeclarator: ["init"],
};

const CONTAINERS: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet"]);
const NATIVE: ReadonlySet<string> = new Set([
  ...CONTAINERS,
  "Array",
  "Error",
  "Infinity",
  "NaN",
  "Object",
  "Promise",
  "RangeError",
  "TypeError",
  "undefined",
]);

type Condition = (node: Node, names: ModuleNames) => boolean;

const isPlainKey: Condition = (node) =>
  node["computed"] !== true && children(node, "decorators").length === 0;

/** What else has to hold for some of them. */
const CONDITIONS: Readonly<Record<string, Condition | undefined>> = {
  // Behind any other name that is not of the module a program may have put a getter.
  Identifier: (node, { own, imported }) =>
    NATIVE.has(nameOf(node)) || own.has(nameOf(node)) || imported.has(nameOf(node)),
  // An export of another module, by the name of its namespace.
  MemberExpression: (node, { imported }) =>
    node["computed"] !== true && imported.get(nameOf(child(node, "object")))?.name === "*",
  MethodDefinition: isPlainKey,
  // An empty container.
  NewExpression: (node, { own, imported }) => {
    const name = nameOf(child(node, "callee"));
    const isNative = CONTAINERS.has(name) && !own.has(name) && !imported.has(name);
    return isNative && argumentsOf(node).length === 0;
  },
  Property: isPlainKey,
  PropertyDefinition: isPlainKey,
  TemplateLiteral: (node) => children(node, "expressions").length === 0,
  // The sign of anything but a literal asks it for a number.
  UnaryExpression: (node) => {
    const operator = text(node, "operator") ?? "";
    const isSigned = operator === "-" && child(node, "argument")?.type === "Literal";
    return isSigned || ["!", "typeof", "void"].includes(operator);
  },
  // Others than these dispose of what they hold.
  VariableDeclaration: (node) => ["const", "let", "var"].includes(text(node, "kind") ?? ""),
  // To take a value apart runs its getters or its iterator.
  VariableDeclarator: (node) => child(node, "id")?.type === "Identifier",
};

function nameOf(node: Node | undefined): string {
  return identifierName(node) ?? "";
}
