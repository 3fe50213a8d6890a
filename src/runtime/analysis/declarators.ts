import { child, children, stringValue } from "./syntax.ts";
import type { Node, Region } from "./syntax.ts";

/** One `name = value` of a top-level `let` or `const`. */
export interface Declarator {
  readonly kind: "let" | "const";
  readonly node: Node;
  /** `// @hot-reset` stands above it. */
  readonly isReset: boolean;
}

/** The variables that a module declares at its top level, in source order. */
export function declarators(code: string, program: Node): readonly Declarator[] {
  let previousEnd = 0;
  return children(program, "body").flatMap((statement) => {
    const above = code.slice(previousEnd, statement.start);
    previousEnd = statement.end;
    const kind = statement["kind"];
    if (statement.type !== "VariableDeclaration" || (kind !== "let" && kind !== "const")) return [];
    const isReset = above.includes("@hot-reset");
    return children(statement, "declarations").map((node) => ({ kind, node, isReset }));
  });
}

/** Whether a word such as `"no hot state"` stands at the top of the file. */
export function hasDirective(program: Node, word: string): boolean {
  // Not a directive any more: the transform has put exports and imports before it.
  return children(program, "body").some(
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
