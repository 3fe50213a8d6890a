import { readFileSync } from "node:fs";
import type { GraphWarning } from "../graph/index.ts";
import type { FileRecord } from "./file-records.ts";
import type { Names } from "./paths.ts";

/** Requests of a module that only running it can tell, in words. */
export function warningsOf(file: string, record: FileRecord, names: Names): readonly GraphWarning[] {
  const name = names.of(file);
  return record.imports.opaque.map(({ call, line, column }) => ({
    file: name,
    line,
    column,
    message:
      `${name}:${line}:${column} calls ${call}() with a name that only running it can tell: ` +
      `a change of any file of the project counts as one that reaches it. ` +
      `Begin the name with a folder, as in ${call}(\`./folder/\${name}.js\`), to narrow that down.`,
  }));
}

/** An import that neither files nor plugins lead anywhere, in words. */
export function unresolvedWarning(file: string, specifier: string, names: Names): GraphWarning {
  const { line, column } = placeOf(file, specifier);
  const name = names.of(file);
  return {
    file: name,
    line,
    column,
    message:
      `${name}:${line}:${column} imports ${JSON.stringify(specifier)}, which neither files nor the plugins of Vite lead to: ` +
      `what it means is not followed.`,
  };
}

/** Where a specifier stands in a text; its beginning where that cannot be told. */
function placeOf(file: string, specifier: string): { readonly line: number; readonly column: number } {
  const text = textOf(file);
  const at = [`"${specifier}"`, `'${specifier}'`, `\`${specifier}\``].map((quoted) => text.indexOf(quoted));
  const before = text.slice(0, Math.max(0, ...at)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It is gone by now.
    return "";
  }
}
