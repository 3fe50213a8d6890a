import type { GlobRequest } from "./module-imports.ts";

/** Extensions under which a specifier without one is looked for. */
const SOURCES = "{js,jsx,ts,tsx,mjs,mts,cjs,cts,json}";
/** A file's own extension at the end, as `${name}.ts` has it. */
const EXTENSION = /\.[A-Za-z][A-Za-z\d]*$/;

/**
 * A module's name with holes, as patterns. In front of an extension a hole stands for the name of one file or folder, as
 * Vite has it. Without an extension the name is resolved when the code runs: then a hole can hold folders, and the file
 * has any extension or is the index of a folder.
 */
export function globOfModule(texts: readonly string[]): GlobRequest {
  const escaped = texts.map(escape);
  if (EXTENSION.test(escaped.at(-1) ?? "")) return { patterns: [escaped.join("*")] };
  const deep = withDeepHoles(escaped);
  return { patterns: [`${deep}.${SOURCES}`, `${deep}/index.${SOURCES}`] };
}

/** The name of a file in a URL with holes, as patterns: nothing is added to it. */
export function globOfUrl(texts: readonly string[]): GlobRequest {
  const pattern = withDeepHoles(texts.map(escape));
  return { patterns: [/^\.{0,2}\//.test(pattern) ? pattern : `./${pattern}`] };
}

/** With holes that can hold folders; `**` stands for folders only where it is a name of its own. */
function withDeepHoles(texts: readonly string[]): string {
  return texts.reduce((before, after) => `${before}${before.endsWith("/") ? "**/*" : "{*,*/**/*}"}${after}`);
}

/** A query says how a file is read, not which. */
function escape(text: string): string {
  return text.replace(/[?#].*$/s, "").replaceAll(/[\\!*+@|[\]{}()]/g, "\\$&");
}
