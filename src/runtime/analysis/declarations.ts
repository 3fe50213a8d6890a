import { iteratedBy, methodOf } from "./callbacks.ts";
import type { LocalBinding, BindingValue } from "./module-model.ts";
import type { FunctionPlace, ModuleReader, Visitor } from "./module-reader.ts";
import { child, children, identifierName, isFunction, keyName, text } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Reads a function of any spelling as a unit of its own. */
export function visitFunction(reader: ModuleReader, node: Node, place: FunctionPlace): void {
  const name = identifierName(child(node, "id"));
  const value: BindingValue = { node, path: [] };
  if (name !== undefined && node.type === "FunctionDeclaration") reader.declareName(name, "function", value);
  reader.inUnit("function", node, place, () => {
    if (name !== undefined && node.type === "FunctionExpression") reader.declareName(name, "function", value);
    const given = place.callbackOf && iteratedBy(place.callbackOf);
    for (const parameter of children(node, "params")) {
      reader.declarePattern(parameter, "parameter", given);
      visitPattern(reader, parameter);
    }
    const body = child(node, "body");
    if (body?.type !== "BlockStatement") return body && visitConciseBody(reader, body);
    if (children(node, "params").every(({ type }) => type === "Identifier")) reader.visitChildren(body);
    else reader.inBlock(() => reader.visitChildren(body), "body");
  });
}

/** `() => x` gives out `x`, but nobody asks for it in `const setUp = () => use(x)` and `list.forEach((x) => use(x))`. */
function visitConciseBody(reader: ModuleReader, body: Node): void {
  const { callbackOf, results, statements } = reader.unit;
  results.push(body);
  if (!callbackOf || methodOf(callbackOf) === "forEach") statements.push(body);
  reader.visit(body);
}

/** Names in a pattern are declarations; its defaults and computed keys are code. */
function visitPattern(reader: ModuleReader, pattern: Node): void {
  switch (pattern.type) {
    case "Identifier":
      return;
    case "AssignmentPattern":
      visitPatternPart(reader, pattern, "left");
      return reader.visitChild(pattern, "right");
    case "RestElement":
      return visitPatternPart(reader, pattern, "argument");
    case "Property":
      if (pattern["computed"] === true) reader.visitChild(pattern, "key");
      return visitPatternPart(reader, pattern, "value");
    default:
      for (const part of children(pattern, pattern.type === "ArrayPattern" ? "elements" : "properties")) {
        visitPattern(reader, part);
      }
  }
}

function visitPatternPart(reader: ModuleReader, pattern: Node, key: string): void {
  const part = child(pattern, key);
  if (part) visitPattern(reader, part);
}

function visitDeclarator(
  reader: ModuleReader,
  declarator: Node,
  kind: LocalBinding["kind"],
  value: Node | undefined,
): void {
  const pattern = child(declarator, "id");
  if (!pattern) return;
  reader.declarePattern(pattern, kind, value);
  visitPattern(reader, pattern);
  reader.visitChild(declarator, "init");
}

function declarationKind(declaration: Node): LocalBinding["kind"] {
  const kind = text(declaration, "kind");
  if (kind === "let" || kind === "var" || kind === "const") return kind;
  return "using";
}

function visitDeclaration(reader: ModuleReader, declaration: Node): void {
  const kind = declarationKind(declaration);
  if (text(declaration, "kind") === "await using") reader.noteAwait();
  for (const declarator of children(declaration, "declarations")) {
    visitDeclarator(reader, declarator, kind, child(declarator, "init"));
  }
}

/** `for (const x of list)`: what is in `list` may be in `x`. */
function visitForEach(reader: ModuleReader, loop: Node): void {
  if (loop["await"] === true) reader.noteAwait();
  const iterated = child(loop, "right");
  const left = child(loop, "left");
  reader.noteBodies(loop, ["body"]);
  reader.inBlock(() => {
    if (left?.type === "VariableDeclaration") {
      if (text(left, "kind") === "await using") reader.noteAwait();
      for (const declarator of children(left, "declarations")) {
        const pattern = child(declarator, "id");
        if (pattern) reader.declarePattern(pattern, declarationKind(left), iterated);
        if (pattern) visitPattern(reader, pattern);
      }
    } else if (left) {
      reader.noteAssignments(loop, left, iterated);
      reader.visit(left);
    }
    reader.visitChild(loop, "right");
    reader.visitChild(loop, "body");
  });
}

function visitClass(reader: ModuleReader, node: Node): void {
  visitDecorators(reader, node);
  const name = identifierName(child(node, "id"));
  const value: BindingValue = { node, path: [] };
  if (name !== undefined && node.type === "ClassDeclaration") reader.declareName(name, "class", value);
  reader.inBlock(() => {
    if (name !== undefined && node.type === "ClassExpression") reader.declareName(name, "class", value);
    reader.visitChild(node, "superClass");
    reader.visitChild(node, "body");
  });
}

/** A decorator is given what it stands at. */
function visitDecorators(reader: ModuleReader, node: Node): void {
  const decorators = children(node, "decorators");
  if (decorators.length > 0) reader.classMembers.push({ unit: reader.unit, node });
  for (const decorator of decorators) reader.visit(decorator);
}

function visitMember(reader: ModuleReader, member: Node): void {
  visitDecorators(reader, member);
  if (member["computed"] === true) reader.visitChild(member, "key");
  const value = child(member, "value");
  if (!value) return;
  if (member.type === "MethodDefinition") return visitFunction(reader, value, { key: keyName(member) });
  reader.classMembers.push({ unit: reader.unit, node: value });
  // A static field is evaluated with the class, any other one at each `new`.
  if (member["static"] === true) return visitValue(reader, value, keyName(member));
  reader.inUnit("field", value, {}, () => visitValue(reader, value, keyName(member)));
}

/** Reads the value of a property or field; a function is known by its key. */
export function visitValue(reader: ModuleReader, value: Node, key: string | undefined): void {
  if (isFunction(value)) visitFunction(reader, value, { key });
  else reader.visit(value);
}

function visitStaticBlock(reader: ModuleReader, node: Node): void {
  reader.classMembers.push({ unit: reader.unit, node });
  reader.inBlock(() => reader.visitChildren(node));
}

function visitCatch(reader: ModuleReader, clause: Node): void {
  reader.inBlock(() => {
    const parameter = child(clause, "param");
    if (parameter) {
      reader.declarePattern(parameter, "let", undefined);
      visitPattern(reader, parameter);
    }
    reader.visitChild(clause, "body");
  });
}

/** How everything is read that brings names with it. */
export const DECLARATIONS: Readonly<Record<string, Visitor>> = {
  ArrowFunctionExpression: (reader, node) => visitFunction(reader, node, {}),
  FunctionDeclaration: (reader, node) => visitFunction(reader, node, {}),
  FunctionExpression: (reader, node) => visitFunction(reader, node, {}),

  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  AccessorProperty: visitMember,
  MethodDefinition: visitMember,
  PropertyDefinition: visitMember,
  StaticBlock: visitStaticBlock,

  CatchClause: visitCatch,
  ForInStatement: visitForEach,
  ForOfStatement: visitForEach,
  VariableDeclaration: visitDeclaration,
};
