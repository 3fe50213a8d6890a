import path from "node:path";
import { loadOxc } from "./oxc.ts";

/** JavaScript, and the way back to what was written. */
export interface StrippedText {
  readonly code: string;
  readonly map: { readonly mappings: string; readonly sources: readonly string[] };
}

/**
 * TypeScript to JavaScript, at once: `require` cannot wait for Vite's pipeline.
 *
 * @throws {SyntaxError} for a text that does not parse: the compiler itself would return an empty program.
 */
export function stripTypesSync(file: string, code: string, sourceType: "commonjs" | "module"): StrippedText {
  const { code: script, map, errors } = loadOxc().transformSync(file, code, { sourceType, sourcemap: true });
  const [first] = errors;
  if (first !== undefined) throw new SyntaxError(first.message);
  return {
    // Where all that made the text a module were types, the compiler leaves a mark that it was one.
    code: sourceType === "commonjs" ? script.replace(/(?<=^|\n)export \{\};\n$/, "") : script,
    map: { mappings: map?.mappings ?? "", sources: [path.basename(file)] },
  };
}
