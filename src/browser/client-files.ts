import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Where pages ask for the client, below the base of the project. */
export const CLIENT_PREFIX = "/@orbit/";

/** All that is served there. No path of a request ever reaches the disk. */
const FILES: ReadonlyMap<string, URL> = new Map(
  // From `src/browser/` and from a chunk in `dist/shared/` alike.
  [
    "boot.js",
    "page.js",
    "overlay.js",
    "keeper.js",
    "assets.js",
    "modules.js",
    "components.js",
    "morph.js",
    "panel.js",
    "panel.css",
    "panel-graph.js",
  ].map((name) => [name, new URL(`../../dist/client/${name}`, import.meta.url)]),
);

const texts = new Map<string, string>();

/**
 * Answer a request for a file of the client.
 *
 * @param pathname without the base of the project
 * @returns whether it was one
 */
export function answerClientFile(
  pathname: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): boolean {
  const name = pathname.startsWith(CLIENT_PREFIX) ? pathname.slice(CLIENT_PREFIX.length) : undefined;
  const file = name === undefined ? undefined : FILES.get(name);
  if (name === undefined || file === undefined) return false;
  const text = texts.get(name) ?? readFileSync(file, "utf8");
  texts.set(name, text);
  const type = name.endsWith(".css") ? "css" : "javascript";
  outgoing.setHeader("content-type", `text/${type}; charset=utf-8`);
  outgoing.setHeader("cache-control", "no-cache");
  outgoing.end(incoming.method === "HEAD" ? undefined : text);
  return true;
}
