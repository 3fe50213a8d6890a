import type { ProxyOptions } from "vite";
import { displayName } from "../disk/file-names.ts";
import type { Route } from "../routes/index.ts";
import type { Session } from "../session/session.ts";

/** What each session has been warned of. */
const told = new WeakMap<Session, Set<string>>();

/** Say what in the config is probably not meant as it stands. A session that lives on over a restart is told once. */
export function warnAtStart(
  session: Session,
  proxy: Readonly<Record<string, string | ProxyOptions>> | undefined,
): void {
  const known = told.get(session) ?? new Set();
  told.set(session, known);
  for (const warning of [...missingFolder(session), ...coveredRoutes(session, Object.keys(proxy ?? {}))]) {
    if (known.has(warning)) continue;
    known.add(warning);
    session.warn(`[orbit] ${warning}`);
  }
}

function missingFolder({
  apiDir,
  builds,
  options: { apiDirs, apiPrefix },
  root,
}: Session): readonly string[] {
  if (apiDir !== undefined) return [];
  const [folder = "", ...others] = apiDirs.map((dir) => displayName(root, dir));
  // Only who has named a folder can have misspelt it: the default folders are looked for unasked.
  if (others.length === 0)
    return [`There is no folder ${folder}, which apiDir names: no routes are served until it is there.`];
  // Who builds something may want no routes.
  if (builds !== undefined) return [];
  const folders = [folder, ...others].join(" or ");
  return [
    `There is no folder ${folders}, so no API routes are served. Create ${folder}/hello.js, and it answers at ${apiPrefix}/hello.`,
  ];
}

function coveredRoutes(session: Session, contexts: readonly string[]): readonly string[] {
  const { routes } = session.routes.table();
  return contexts.flatMap((context) => {
    const [first, ...others] = routes.filter(({ path }) => isCovered(path, context));
    if (first === undefined) return [];
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `server.proxy "${context}" also takes ${nameOf(first)}${more}: routes answer first, and the proxy gets what they leave.`;
  });
}

function nameOf({ path, file }: Route): string {
  return `${path} (${file})`;
}

/** Whether some URL is a route's as well as a proxy's. */
function isCovered(route: string, context: string): boolean {
  const fixed = route.replace(/:.*$/s, "");
  if (context.startsWith("^")) return new RegExp(context).test(route.replaceAll(/:[^/]+/g, "x"));
  // A context is the beginning of a URL, be it in the middle of a name.
  return (
    fixed.startsWith(context) || (fixed !== route && context.startsWith(fixed) && mayBegin(route, context))
  );
}

/** Whether a URL of a route with parameters may begin like a context: all segments but the last one are whole. */
function mayBegin(route: string, context: string): boolean {
  const segments = route.split("/");
  return context.split("/").every((part, index, parts) => {
    const catchAll = segments
      .slice(0, index + 1)
      .some((segment) => /[*+]$/.test(segment) && segment.startsWith(":"));
    const segment = segments[index];
    if (catchAll) return true;
    if (segment === undefined) return part === "" && index === parts.length - 1;
    if (segment.startsWith(":")) return true;
    return index === parts.length - 1 ? segment.startsWith(part) : segment === part;
  });
}
