import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import type { Node } from "../../src/syntax/nodes.ts";
import { child, children, identifierName, isNode, stringValue } from "../../src/syntax/nodes.ts";

/** One import or re-export. Types count as well: who needs a type of a folder knows that folder. */
export interface SourceImport {
  readonly request: string;
  /** The file of `src/` that is meant, relative to it; `undefined` for a package or a module of Node. */
  readonly file: string | undefined;
}

/** A function at the top level of a file. */
export interface SourceFunction {
  readonly name: string;
  readonly isExported: boolean;
  /** Its parameters and body, without spaces: two of the same text do the same. */
  readonly text: string;
}

/** What the house rules look at in a file of `src/`. */
export interface SourceFile {
  /** Relative to `src/`, with slashes. */
  readonly name: string;
  readonly lines: number;
  readonly imports: readonly SourceImport[];
  readonly typeNames: readonly string[];
  readonly functions: readonly SourceFunction[];
  /** Members that it names of something named, such as `process.exit` or `console.log`. */
  readonly memberNames: ReadonlySet<string>;
}

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const SRC = path.join(PROJECT, "src");

/** A text of the project itself, such as `ARCHITECTURE.md`. */
export function projectText(name: string): string {
  return readFileSync(path.join(PROJECT, name), "utf8");
}

/** All of `src/`, by name. */
export function readSourceFiles(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => name.split(path.sep).join("/"))
    .toSorted()
    .map((name) => readSourceFile(name, readFileSync(path.join(SRC, name), "utf8")));
}

/** What the house rules see of one text. */
export function readSourceFile(name: string, text: string): SourceFile {
  const { program, errors } = parseSync(name, text);
  if (errors.length > 0) throw new SyntaxError(`${name}: ${errors[0]?.message}`);
  const body = children(program as unknown as Node, "body");
  const nodes = body.flatMap((statement) => [...walk(statement)]);
  return {
    name,
    lines: text.trimEnd().split("\n").length,
    imports: nodes.flatMap((node) => requestOf(node) ?? []).map((request) => toImport(name, request)),
    typeNames: nodes
      .filter(({ type }) => TYPE_DECLARATIONS.has(type))
      .flatMap((node) => identifierName(child(node, "id")) ?? []),
    functions: body.flatMap((statement) => functionsOf(statement, text)),
    memberNames: new Set(nodes.flatMap((node) => memberOf(node) ?? [])),
  };
}

const TYPE_DECLARATIONS = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration", "ClassDeclaration"]);

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const inner of Array.isArray(value) ? value : [value]) if (isNode(inner)) yield* walk(inner);
  }
}

/** `import`, `export from`, `import()` and `import("x").Type` alike. */
function requestOf(node: Node): string | undefined {
  return stringValue(child(node, "source"));
}

function toImport(importer: string, request: string): SourceImport {
  const isOurs = request.startsWith(".");
  return { request, file: isOurs ? path.posix.join(path.posix.dirname(importer), request) : undefined };
}

function functionsOf(statement: Node, text: string): SourceFunction[] {
  const isExported = statement.type === "ExportNamedDeclaration";
  const declared = isExported ? child(statement, "declaration") : statement;
  if (declared?.type === "FunctionDeclaration") return named(declared, declared, isExported, text);
  if (declared?.type !== "VariableDeclaration") return [];
  return children(declared, "declarations").flatMap((declarator) => {
    const value = child(declarator, "init");
    const isFunction = value?.type === "ArrowFunctionExpression" || value?.type === "FunctionExpression";
    return isFunction ? named(declarator, value, isExported, text) : [];
  });
}

function named(declared: Node, value: Node, isExported: boolean, text: string): SourceFunction[] {
  const name = identifierName(child(declared, "id"));
  const from = children(value, "params")[0] ?? child(value, "body") ?? value;
  const said = text.slice(from.start, value.end).replaceAll(/\s+/g, "");
  return name === undefined ? [] : [{ name, isExported, text: said }];
}

function memberOf(node: Node): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  const owner = identifierName(child(node, "object"));
  const property = child(node, "property");
  const name = node["computed"] === true ? stringValue(property) : identifierName(property);
  return owner === undefined || name === undefined ? undefined : `${owner}.${name}`;
}
