import type { Plugin } from "vite";

/** What a hook says of the texts that it is for. */
export interface TextHook {
  readonly kind: "load" | "transform";
  readonly id: readonly (string | RegExp)[] | undefined;
  readonly code: readonly (string | RegExp)[] | undefined;
}

/**
 * Vite's own plugins that read or change modules, by their exact names, and ours: none of them touches a plain script,
 * but for what {@link wantsText} and whoever asks it look for.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  "alias",
  "builtin:oxc-runtime",
  "builtin:vite-json",
  "builtin:vite-resolve",
  "orbit-hmr:reads",
  "orbit:file-access",
  "vite:asset",
  "vite:client-inject",
  "vite:css",
  "vite:css-analysis",
  "vite:css-post",
  "vite:define",
  "vite:dynamic-import-vars",
  "vite:html-inline-proxy",
  "vite:import-analysis",
  "vite:import-glob",
  "vite:json",
  "vite:modulepreload-polyfill",
  "vite:oxc",
  "vite:wasm-helper",
  "vite:worker",
]);

/** Every hook that loads or transforms modules and is not known to leave plain scripts alone. */
export function pluginsInTheWay(plugins: readonly Plugin[]): readonly TextHook[] {
  return plugins
    .filter(({ name }) => !HARMLESS.has(name))
    .flatMap(({ load, transform }) => [hookOf("load", load), hookOf("transform", transform)])
    .filter((hook) => hook !== undefined);
}

function hookOf(kind: TextHook["kind"], hook: unknown): TextHook | undefined {
  if (hook === undefined) return undefined;
  const filter: unknown = typeof hook === "object" && hook !== null ? Reflect.get(hook, "filter") : undefined;
  return { kind, id: patternsOf(filter, "id"), code: patternsOf(filter, "code") };
}

/** Whether a hook may want one of the forms of a text. */
export function wantsText({ id, code }: TextHook, file: string, forms: readonly string[]): boolean {
  const isItsFile = id?.some((pattern) => typeof pattern === "string" || matches(pattern, file)) ?? true;
  const isItsText = code?.some((pattern) => forms.some((form) => matches(pattern, form))) ?? true;
  return isItsFile && isItsText;
}

/** Which texts a filter names; `undefined` if it names none, or says more than can be told here. */
function patternsOf(filter: unknown, key: "id" | "code"): TextHook["id"] {
  const value: unknown = typeof filter === "object" && filter !== null ? Reflect.get(filter, key) : undefined;
  if (isPattern(value)) return [value];
  const listed: unknown =
    typeof value === "object" && value !== null && "include" in value ? value.include : value;
  const patterns: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  return patterns.length > 0 && patterns.every(isPattern) ? patterns : undefined;
}

function isPattern(each: unknown): each is string | RegExp {
  return typeof each === "string" || each instanceof RegExp;
}

function matches(pattern: string | RegExp, text: string): boolean {
  return typeof pattern === "string" ? text.includes(pattern) : text.search(pattern) !== -1;
}
