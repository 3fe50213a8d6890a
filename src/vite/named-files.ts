import { join, resolve } from "node:path";
import type { ResolvedConfig } from "vite";
import { aliased } from "../project/aliases.ts";

/** What decides which file a URL means to Vite. */
export type NamingConfig = Pick<ResolvedConfig, "root" | "publicDir" | "base" | "resolve">;

/**
 * Every file that one of Vite's middlewares might take a URL for: below the root, in the public folder, by `/@fs/`,
 * without the base, through an alias.
 */
export function filesNamedBy(
  url: string,
  { root, publicDir, base, resolve: { alias } }: NamingConfig,
): string[] {
  const raw = url.replace(/[?#].*$/s, "");
  const normalized = URL.canParse(url, "http://localhost") ? new URL(url, "http://localhost").pathname : raw;
  const spellings = [raw, normalized]
    .flatMap((path) => (path.startsWith(base) ? [path, `/${path.slice(base.length)}`] : [path]))
    // Static files are found with `decodeURI`, pages with `decodeURIComponent`: there `%2F` is a slash as well.
    .flatMap((path) => [path, decoded(path, decodeURI), decoded(path, decodeURIComponent)])
    .flatMap((path) => [path, aliased(path, alias)]);
  const folders = [root, publicDir].filter((folder) => folder !== "");
  const names = [...new Set(spellings)].flatMap((path) =>
    folders.map((folder) => join(folder, path)).concat(withoutFsPrefix(path)),
  );
  // The static server leaves slashes at the end out, as `resolve` does, and looks for `index` in a folder.
  return [...new Set(names.flatMap((name) => [resolve(name), resolve(name, "index")]))];
}

function withoutFsPrefix(path: string): string {
  return path.startsWith("/@fs/") ? path.slice("/@fs".length).replace(/^\/(?=[a-z]:)/i, "") : path;
}

function decoded(path: string, decode: (path: string) => string): string {
  try {
    return decode(path);
  } catch {
    return path; // malformed: Vite serves nothing for it
  }
}
