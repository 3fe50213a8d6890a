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
