import { CREATE_REQUIRE, isMadeByCreateRequire, isModuleOfNode } from "../syntax/create-require.ts";
import { unwrapped } from "../syntax/expressions.ts";
import { child, children, identifierName, isNode, stringValue } from "../syntax/nodes.ts";
import type { Node } from "../syntax/nodes.ts";
import { patternNames } from "../syntax/patterns.ts";
import type { PatternPath } from "../syntax/patterns.ts";
import { forEachChild } from "../syntax/walk.ts";

/** What a name stands for where it is used. */
export type NameMeaning = "require" | "createRequire" | "URL" | "other";

type ScopeNames = ReadonlyMap<string, NameMeaning>;

/**
 * The names that are looked for, scope by scope: a `require` or `URL` that a scope declares itself is neither Node's
 * nor the web's, unless it was made by `createRequire`.
 */
export class NameScopes {
  readonly #scopes: ScopeNames[] = [
    new Map<string, NameMeaning>([
      ["require", "require"],
      ["URL", "URL"],
    ]),
  ];

  meaningOf(name: string | undefined): NameMeaning {
    const scope = name === undefined ? undefined : this.#scopes.findLast((names) => names.has(name));
    return (name !== undefined && scope?.get(name)) || "other";
  }

  /** Run `visit` inside the scope that a node opens, if it opens one. */
  within(node: Node, visit: () => void): void {
    const names = new Map<string, NameMeaning>();
    // In place before it is filled: what one declaration says, the next one is read by.
    this.#scopes.push(names);
    declareNames(node, names, this);
    visit();
    this.#scopes.pop();
  }

  /** What a value is, as far as it matters here. */
  meaningOfValue(value: Node | undefined): NameMeaning {
    const node = value && unwrapped(value);
    if (node?.type === "Identifier") return this.meaningOf(identifierName(node));
    if (node?.type !== "CallExpression") return "other";
    const callee = child(node, "callee");
    const isMade = this.meaningOf(identifierName(callee && unwrapped(callee))) === "createRequire";
    return isMade || isMadeByCreateRequire(node) ? "require" : "other";
  }
}

/** Whether names can be declared for a node's inside only. */
export function opensScope(node: Node): boolean {
  return SCOPES.has(node.type);
}

const SCOPES: ReadonlySet<string> = new Set([
  "Program",
  "BlockStatement",
  "StaticBlock",
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "CatchClause",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "SwitchStatement",
  "ClassExpression",
]);
const FUNCTION = /^(?:Function|ArrowFunction)/;

/** The names that a scope declares: its own, and for functions and the program every `var` inside. */
function declareNames(scope: Node, names: Map<string, NameMeaning>, scopes: NameScopes): void {
  const declare = (pattern: Node | undefined, meaning: NameMeaning): void => {
    const declared = pattern ? patternNames(pattern) : [];
    for (const { name, path } of declared) names.set(name, path.length === 0 ? meaning : partMeaning(path));
  };
  const declareAll = (statement: Node, isWanted: (kind: unknown) => boolean): void => {
    const declaration = statement.type.startsWith("Export") ? child(statement, "declaration") : statement;
    if (declaration?.type === "VariableDeclaration" && isWanted(declaration["kind"])) {
      for (const each of children(declaration, "declarations")) {
        declare(child(each, "id"), scopes.meaningOfValue(child(each, "init")));
      }
    } else if (declaration?.type === "ClassDeclaration" || declaration?.type === "FunctionDeclaration") {
      declare(child(declaration, "id"), "other");
    }
  };

  const isFunction = FUNCTION.test(scope.type);
  for (const parameter of [...children(scope, "params"), child(scope, "param")]) declare(parameter, "other");
  if (scope.type.endsWith("Expression")) declare(child(scope, "id"), "other");
  for (const statement of statementsOf(scope)) {
    for (const specifier of children(statement, "specifiers")) {
      if (statement.type === "ImportDeclaration")
        declare(child(specifier, "local"), importMeaning(specifier, child(statement, "source")));
    }
    declareAll(statement, (kind) => kind !== "var");
  }
  if (isFunction || scope.type === "Program") {
    forEachVariable(scope, (declaration) => declareAll(declaration, (kind) => kind === "var"));
  }
}

function importMeaning(specifier: Node, source: Node | undefined): NameMeaning {
  const isMaker = identifierName(child(specifier, "imported")) === CREATE_REQUIRE;
  return isMaker && isModuleOfNode(stringValue(source)) ? "createRequire" : "other";
}

/** `const { createRequire } = await import("node:module")`: whatever has it is Node's. */
function partMeaning(path: PatternPath): NameMeaning {
  return path.at(-1) === CREATE_REQUIRE ? "createRequire" : "other";
}

function statementsOf(scope: Node): readonly Node[] {
  const init = [child(scope, "init"), child(scope, "left")].filter(isNode);
  return [
    ...init,
    ...children(scope, "body"),
    ...children(scope, "cases").flatMap(statementsOf),
    ...children(scope, "consequent"),
  ];
}

/** Every declaration statement of a function, however deep in its blocks, but not in other functions. */
function forEachVariable(scope: Node, visit: (declaration: Node) => void): void {
  forEachChild(scope, (inner) => {
    if (inner.type === "VariableDeclaration") visit(inner);
    if (!FUNCTION.test(inner.type)) forEachVariable(inner, visit);
  });
}
