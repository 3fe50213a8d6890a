import { loadOxc } from "./oxc.ts";

/**
 * TypeScript to JavaScript, at once: `require` cannot wait for Vite's pipeline.
 *
 * @throws {SyntaxError} for a text that does not parse: the compiler itself would return an empty program.
 */
export function stripTypesSync(file: string, code: string, sourceType: "commonjs" | "module"): string {
  const { code: script, errors } = loadOxc().transformSync(file, code, { sourceType });
  const [first] = errors;
  if (first !== undefined) throw new SyntaxError(first.message);
  return script;
}
