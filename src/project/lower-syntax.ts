import { createRequire } from "node:module";
import { loadOxc } from "./oxc.ts";

const require = createRequire(import.meta.url);

/** A text in JavaScript with its source map. */
interface MappedText {
  readonly code: string;
  readonly map?: { readonly mappings: string; readonly sources: readonly (string | null)[] } | undefined;
}

/**
 * The same text in syntax that this Node knows, by the compiler that Vite brings along; `undefined` where it finds an error.
 *
 * Its helpers are of `@oxc-project/runtime`: Vite has them in bundles only. They are the compiler's own, without dependencies,
 * and loaded when a text needs them.
 */
export function lowerSyntax(
  { code, map }: MappedText,
  sourceType: "module" | "commonjs",
): (MappedText & { readonly helpers: object }) | undefined {
  const lowered = loadOxc().transformSync("text.js", code, {
    lang: "js",
    sourceType,
    target: `node${process.versions.node}`,
    helpers: { mode: "External" },
    sourcemap: true,
    ...(map === undefined || map.mappings === "" ? {} : { inputMap: { version: 3, names: [], ...map } }),
  });
  if (lowered.errors.length > 0) return undefined;
  const helpers = Object.entries(lowered.helpersUsed).map(([name, file]) => [name, require(file) as unknown]);
  return { code: lowered.code, map: lowered.map, helpers: Object.fromEntries(helpers) };
}
