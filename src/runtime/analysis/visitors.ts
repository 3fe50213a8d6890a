import { DECLARATIONS, visitFunction, visitValue } from "./declarations.ts";
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
  if (call.type === "TaggedTemplateExpression") reader.visitChild(call, "tag");
  else visitCallee(reader, call);
  for (const argument of argumentsOf(call)) {
    if (isFunction(argument)) visitFunction(reader, argument, { callbackOf: call });
    else reader.visit(argument);
  }
}

function visitCallee(reader: ModuleReader, call: Node): void {
  const callee = child(call, "callee");
  const name = identifierName(callee);
  if (callee && name !== undefined) reader.mentionName(callee, name, call);
  else if (callee) reader.visit(callee);
}

function visitMemberExpression(reader: ModuleReader, node: Node): void {
  const object = child(node, "object");
  const name = memberName(node);
  const objectName = identifierName(object);
  if (name !== undefined && objectName !== undefined && reader.mentionMember(node, objectName, name)) return;
  if (name !== undefined && (object?.type === "ThisExpression" || object?.type === "Super")) {
    reader.mentionMethod(node, name);
  }
  if (object && objectName !== undefined) reader.mentionName(object, objectName, node);
  else if (object) {
    if (object.type === "MemberExpression") reader.outerMembers.set(object, node);
    reader.visit(object);
  }
  if (node["computed"] === true) reader.visitChild(node, "property");
}

function visitGuard(reader: ModuleReader, node: Node, testKey: string, bodyKeys: readonly string[]): void {
  const test = child(node, testKey);
  if (!test) return;
  const bodies = bodyKeys.flatMap((key) =>
    key === "cases" ? children(node, key) : (child(node, key) ?? []),
  );
  const [whenTrue] = bodies;
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
  MetaProperty: ignore,

  ReturnStatement: noteResult,
  YieldExpression: noteResult,
  AwaitExpression(reader, node) {
    reader.noteAwait();
    reader.visitChildren(node);
  },

  Property(reader, node) {
    if (node["computed"] === true) reader.visitChild(node, "key");
    const value = child(node, "value");
    if (value) visitValue(reader, value, keyName(node));
  },

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
    reader.visitChildren(node);
  },

  BlockStatement: block,
  ForStatement(reader, node) {
    visitGuard(reader, node, "test", ["body"]);
    block(reader, node);
  },
  SwitchStatement(reader, node) {
    visitGuard(reader, node, "discriminant", ["cases"]);
    block(reader, node);
  },

  IfStatement: guarding("test", "consequent", "alternate"),
  ConditionalExpression: guarding("test", "consequent", "alternate"),
  LogicalExpression: guarding("left", "right"),
  WhileStatement: guarding("test", "body"),
  DoWhileStatement: guarding("test", "body"),
};
