import { DEFAULT_EXPORT } from "./links.ts";
import { child, children, stringValue } from "./syntax.ts";
import type { Node, Region } from "./syntax.ts";

/** One `name = value` of a top-level `let` or `const`. */
export interface Declarator {
  readonly kind: "let" | "const";
  readonly node: Node;
  /** `// @hot-reset` stands above it. */
  readonly isReset: boolean;
}

/** The variables that a module declares at its top level, in source order; a default export is one as well. */
export function declarators(code: string, statements: readonly Node[]): readonly Declarator[] {
  let previousEnd = 0;
  return statements.flatMap((statement): readonly Declarator[] => {
    const above = code.slice(previousEnd, statement.start);
    previousEnd = statement.end;
    const isReset = above.includes("@hot-reset");
    if (statement.type === "ExportDefaultDeclaration")
      return [{ kind: "const", node: asDeclarator(statement), isReset }];
    const kind = statement["kind"];
    if (statement.type !== "VariableDeclaration" || (kind !== "let" && kind !== "const")) return [];
    return children(statement, "declarations").map((node) => ({ kind, node, isReset }));
  });
}

/** `export default x` without a name declares one that nobody can write. */
function asDeclarator(statement: Node): Node {
  const { start, end } = statement;
  const id = { type: "Identifier", name: DEFAULT_EXPORT, start, end: start };
  return { type: "VariableDeclarator", start, end, id, init: child(statement, "declaration") };
}

/** Whether a word such as `"no hot state"` stands at the top of the file. */
export function hasDirective(statements: readonly Node[], word: string): boolean {
  // Not a directive for every parser: transforms may have put statements before it.
  return statements.some(
    (statement) =>
      statement.type === "ExpressionStatement" && stringValue(child(statement, "expression")) === word,
  );
}

/** The longest initializer that is compared, in characters. */
const MAX_INITIALIZER = 10_000;

/** A table that long is data of the program, and comparing it would cost more than the edit. */
export function isTooLong({ start, end }: Region): boolean {
  return end - start > MAX_INITIALIZER;
}
