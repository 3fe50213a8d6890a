import { loadOxc } from "./oxc.ts";

/**
 * The names that a module exports, read from its text; `"*"` for all names of another module. `undefined` for a text that
 * does not parse, and for one that is no ES module.
 */
export function exportedNames(file: string, text: string): readonly string[] | undefined {
  const { errors, module } = loadOxc().parseSync(file, text);
  if (errors.length > 0 || !module.hasModuleSyntax) return undefined;
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ isType }) => !isType)
    .map(({ exportName: { kind, name } }) => {
      if (kind === "Default") return "default";
      return name ?? "*";
    });
}
