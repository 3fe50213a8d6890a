import { addRoute, createRouter, findRoute } from "rou3";
import { readClaims } from "./route-claims.ts";
import type { MalformedRoute, Route, RouteConflict, RouteEntry, RouteTableOptions } from "./route-claims.ts";
import { readPath, spellSegment } from "./route-path.ts";
import type { RouteSegment } from "./route-segment.ts";
import type { RouteParam, RouteParams } from "./types.ts";

/** Why a file, or several for one route, cannot be served. */
export type RouteTableProblem = RouteConflict | MalformedRoute;

/** What a pathname leads to. `bad-path` names the segment that is not valid percent-encoding. */
export type RouteMatch =
  | { readonly kind: "route"; readonly route: Route; readonly params: RouteParams }
  | RouteConflict
  | { readonly kind: "bad-path"; readonly segment: string }
  | { readonly kind: "none" };

/** All routes of one scan of the api folder. It never changes: the next scan makes a new one. */
export type RouteTable = {
  /** Every route that can be served, ordered by path. Files in conflict are in `problems`. */
  readonly routes: readonly Route[];
  readonly problems: readonly RouteTableProblem[];
  /**
   * Find the route of a pathname as it stands in the URL: percent-encoded, without the query.
   *
   * A fixed segment beats a parameter, a parameter beats a catch-all, and a choice that leads nowhere is taken back.
   * Case counts; `/users/` is `/users`; a path with an empty segment inside has no route.
   */
  match(pathname: string): RouteMatch;
};

/**
 * Turn the files of the api folder into routes.
 *
 * @example
 * ```ts
 * const table = createRouteTable(["users/[id].ts"], { prefix: "/api", directory: "pages/api" });
 * table.match("/api/users/7"); // { kind: "route", route: { path: "/api/users/:id", ... }, params: { id: "7" } }
 * ```
 */
export function createRouteTable(files: readonly string[], options: RouteTableOptions): RouteTable {
  const { entries, malformed } = readClaims(files, options);
  // Whoever asks for no pathname needs none.
  let find: ReturnType<typeof createFinder> | undefined;
  const prefix = `/${options.prefix.split("/").filter(Boolean).join("/")}`;

  return {
    routes: entries.flatMap((entry) => (entry.kind === "route" ? [entry.route] : [])).toSorted(byPath),
    problems: [
      ...malformed,
      ...entries.flatMap((entry) => (entry.kind === "conflict" ? [entry.conflict] : [])),
    ],
    match(pathname) {
      if (!isUnder(prefix, pathname)) return { kind: "none" };
      const path = readPath(pathname);
      if (path.kind === "bad-encoding") return { kind: "bad-path", segment: path.segment };

      find ??= createFinder(entries);
      const entry = find(path.segments);
      if (entry === undefined) return { kind: "none" };
      if (entry.kind === "conflict") return entry.conflict;
      return { kind: "route", route: entry.route, params: paramsOf(entry.segments, path.segments) };
    },
  };
}

// rou3 compares text, so it gets one spelling per segment. Its own parameters would be encoded and joined with slashes;
// they are taken from the decoded segments instead.
function createFinder(
  entries: readonly RouteEntry[],
): (segments: readonly string[]) => RouteEntry | undefined {
  const router = createRouter<RouteEntry>();
  for (const entry of entries) addRoute(router, "", entry.pattern, entry);
  return (segments) => {
    // A parameter is never empty, and rou3 would let `**` take empty segments but `**:rest` not.
    if (segments.includes("")) return undefined;
    return findRoute(router, "", `/${segments.map(spellSegment).join("/")}`, { params: false })?.data;
  };
}

function paramsOf(segments: readonly RouteSegment[], path: readonly string[]): RouteParams {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an empty object is a record of anything
  const params = Object.create(null) as Record<string, RouteParam>;
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "static") continue;
    if (segment.kind === "dynamic") params[segment.name] = path[index];
    else if (index < path.length) params[segment.name] = path.slice(index);
  }
  return params;
}

function isUnder(prefix: string, pathname: string): boolean {
  if (prefix === "/") return pathname.startsWith("/");
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

function byPath(a: Route, b: Route): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
