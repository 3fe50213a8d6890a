import { DECLARATIONS, visitFunction, visitValue } from "./declarations.ts";
import { DEFAULT_EXPORT } from "./links.ts";
import { IMPORT_CALL, IMPORT_META } from "./module-model.ts";
import type { ModuleModel } from "./module-model.ts";
import { ModuleReader } from "./module-reader.ts";
import type { ParsedText, Visitor } from "./module-reader.ts";
import {
  argumentsOf,
  child,
  children,
  identifierName,
  isFunction,
  keyName,
  memberName,
  text,
} from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Read the author's statements of a module in one walk. */
export function readModule(source: ParsedText, statements: readonly Node[]): ModuleModel {
  const reader = new ModuleReader(source, VISITORS);
  for (const statement of statements) reader.visit(statement);
  return reader.finish();
}

function visitCall(reader: ModuleReader, call: Node): void {
  reader.unit.calls.push(call);
  reader.calls.push({ node: call, unit: reader.unit });
  visitCallee(reader, call, call.type === "TaggedTemplateExpression" ? "tag" : "callee");
  for (const argument of argumentsOf(call)) {
    if (isFunction(argument)) visitFunction(reader, argument, { callbackOf: call });
    else reader.visit(argument);
  }
}

function visitCallee(reader: ModuleReader, call: Node, key: string): void {
  const callee = child(call, key);
  const name = identifierName(callee);
  if (callee && name !== undefined) reader.mentionName(callee, name, call);
  else if (callee) reader.visit(callee);
}

function visitMemberExpression(reader: ModuleReader, node: Node): void {
  const object = child(node, "object");
  const name = memberName(node);
  const objectName = identifierName(object);
  if (name !== undefined && (object?.type === "ThisExpression" || object?.type === "Super")) {
    reader.mentionMethod(node, name);
  }
  if (object && objectName !== undefined) reader.mentionName(object, objectName, node);
  else if (object?.type === "MetaProperty") visitMetaProperty(reader, object, node);
  else if (object) {
    if (object.type === "MemberExpression") reader.outerMembers.set(object, node);
    reader.visit(object);
  }
  if (node["computed"] === true) reader.visitChild(node, "property");
}

function visitMetaProperty(reader: ModuleReader, node: Node, usedBy?: Node): void {
  // The other one is `new.target`.
  if (identifierName(child(node, "meta")) === "import") reader.mentionKeyword(node, IMPORT_META, usedBy);
}

function visitProperty(reader: ModuleReader, node: Node): void {
  if (node["computed"] === true) reader.visitChild(node, "key");
  const value = child(node, "value");
  if (!value) return;
  // `{ x }`, and `({ x = 1 } = y)`
  const name = value.type === "AssignmentPattern" ? child(value, "left") : value;
  if (node["shorthand"] !== true || !name) return visitValue(reader, value, keyName(node));
  reader.mentionName(name, identifierName(name) ?? "", node);
  if (name !== value) reader.visitChild(value, "right");
}

function visitGuard(reader: ModuleReader, node: Node, testKey: string, bodyKeys: readonly string[]): void {
  const test = child(node, testKey);
  if (!test) return;
  const bodies = bodyKeys.flatMap((key) =>
    key === "cases" ? children(node, key) : (child(node, key) ?? []),
  );
  const [whenTrue] = bodies;
  reader.noteBodies(node, bodyKeys);
  reader.guards.push({
    unit: reader.unit,
    node,
    test,
    bodies,
    isExit: whenTrue !== undefined && isExit(whenTrue),
  });
}

const EXITS: ReadonlySet<string> = new Set([
  "BreakStatement",
  "ContinueStatement",
  "ReturnStatement",
  "ThrowStatement",
]);

function isExit(statement: Node): boolean {
  if (statement.type === "BlockStatement") return children(statement, "body").some(isExit);
  return EXITS.has(statement.type);
}

function noteResult(reader: ModuleReader, node: Node): void {
  const value = child(node, "argument");
  if (value) reader.unit.results.push(value);
  reader.visitChildren(node);
}

function guarding(testKey: string, ...bodyKeys: readonly string[]): Visitor {
  return (reader, node) => {
    visitGuard(reader, node, testKey, bodyKeys);
    reader.visitChildren(node);
  };
}

function block(reader: ModuleReader, node: Node): void {
  reader.inBlock(() => reader.visitChildren(node));
}

function ignore(): void {}

const VISITORS: Readonly<Record<string, Visitor>> = {
  ...DECLARATIONS,

  Identifier: (reader, node) => reader.mentionName(node, identifierName(node) ?? ""),
  MemberExpression: visitMemberExpression,
  Literal: ignore,
  PrivateIdentifier: ignore,
  TemplateElement: ignore,
  MetaProperty: (reader, node) => visitMetaProperty(reader, node),
  ImportExpression(reader, node) {
    reader.mentionKeyword(node, IMPORT_CALL, node);
    reader.visitChildren(node);
  },

  ReturnStatement: noteResult,
  YieldExpression: noteResult,
  AwaitExpression(reader, node) {
    reader.noteAwait();
    reader.visitChildren(node);
  },

  Property: visitProperty,

  CallExpression: visitCall,
  NewExpression: visitCall,
  TaggedTemplateExpression: visitCall,
  AssignmentExpression(reader, node) {
    const left = child(node, "left");
    if (left) reader.noteAssignments(node, left, child(node, "right"));
    reader.visitChildren(node);
  },
  UpdateExpression(reader, node) {
    reader.changes.push(node);
    reader.visitChildren(node);
  },
  UnaryExpression(reader, node) {
    if (text(node, "operator") === "delete") reader.changes.push(node);
    reader.visitChildren(node);
  },
  ExpressionStatement(reader, node) {
    const expression = child(node, "expression");
    if (expression) reader.unit.statements.push(expression);
    reader.noteStatement(node);
    reader.visitChildren(node);
  },

  /** Of a value without a name; declarations stand for themselves. */
  ExportDefaultDeclaration(reader, node) {
    const value = child(node, "declaration");
    if (!value) return;
    reader.declareName(DEFAULT_EXPORT, "const", { node: value, path: [] });
    reader.visit(value);
  },

  BlockStatement: block,
  LabeledStatement(reader, node) {
    reader.noteBodies(node, ["body"]);
    reader.visitChildren(node);
  },
  ForStatement(reader, node) {
    visitGuard(reader, node, "test", ["body"]);
    block(reader, node);
  },
  SwitchStatement(reader, node) {
    visitGuard(reader, node, "discriminant", ["cases"]);
    reader.visitChild(node, "discriminant");
    reader.inBlock(() => children(node, "cases").forEach((each) => reader.visit(each)));
  },

  IfStatement: guarding("test", "consequent", "alternate"),
  ConditionalExpression: guarding("test", "consequent", "alternate"),
  LogicalExpression: guarding("left", "right"),
  WhileStatement: guarding("test", "body"),
  DoWhileStatement: guarding("test", "body"),
};
