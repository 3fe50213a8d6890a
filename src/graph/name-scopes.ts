import { child, children, forEachChild, identifierName, isNode, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** What a name stands for where it is used. */
export type NameMeaning = "require" | "createRequire" | "URL" | "other";

type Names = ReadonlyMap<string, NameMeaning>;

/**
 * The names that are looked for, scope by scope: a `require` or `URL` that a scope declares itself is neither Node's
 * nor the web's, unless it was made by `createRequire`.
 */
export class NameScopes {
  readonly #scopes: Names[] = [
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
    const isMaker =
      callee?.type === "MemberExpression"
        ? identifierName(child(callee, "property")) === "createRequire"
        : this.meaningOf(identifierName(callee)) === "createRequire";
    return isMaker ? "require" : "other";
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
    for (const name of namesIn(pattern)) names.set(name, meaning);
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
        declare(child(specifier, "local"), importMeaning(specifier));
    }
    declareAll(statement, (kind) => kind !== "var");
  }
  if (isFunction || scope.type === "Program") {
    forEachVariable(scope, (declaration) => declareAll(declaration, (kind) => kind === "var"));
  }
}

function importMeaning(specifier: Node): NameMeaning {
  return identifierName(child(specifier, "imported")) === "createRequire" ? "createRequire" : "other";
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

function namesIn(pattern: Node | undefined): readonly string[] {
  if (pattern === undefined) return [];
  switch (pattern.type) {
    case "Identifier":
      return [identifierName(pattern) ?? ""];
    case "AssignmentPattern":
      return namesIn(child(pattern, "left"));
    case "RestElement":
      return namesIn(child(pattern, "argument"));
    case "ArrayPattern":
      return children(pattern, "elements").flatMap(namesIn);
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        namesIn(property.type === "RestElement" ? property : child(property, "value")),
      );
    default:
      return [];
  }
}
