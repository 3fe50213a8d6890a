import { createRequire } from "node:module";

interface TransformUtilities {
  transformSync(file: string, code: string, options: object): { readonly code: string };
}

let utilities: TransformUtilities | undefined;

/**
 * TypeScript to JavaScript, at once: `require` cannot wait for Vite's pipeline. The transformer is the one that Vite
 * itself brings along.
 */
export function stripTypesSync(file: string, code: string): string {
  const require = createRequire(import.meta.url);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rolldown's own type of its `utils`
  utilities ??= createRequire(require.resolve("vite/package.json"))("rolldown/utils") as TransformUtilities;
  return utilities.transformSync(file, code, { sourceType: "script" }).code;
}
