import { routeOfFile } from "./route-file.ts";
import { readPath, spellSegment } from "./route-path.ts";
import { formatSegment } from "./route-segment.ts";
import type { RouteSegment } from "./route-segment.ts";

/** A file and the URL path it answers. */
export type Route = {
  /** The pattern with its prefix: `/api/users/:id`. `:rest+` takes one or more segments, `:rest*` any number. */
  readonly path: string;
  /** The file, relative to the root. */
  readonly file: string;
};

/** Several files for one route. Answering with any of them would be a guess. */
export type RouteConflict = {
  readonly kind: "conflict";
  readonly path: string;
  readonly files: readonly string[];
  /** The whole sentence for people, with every file and what to do. */
  readonly message: string;
};

/** A file whose name is not the name of a route. */
export type MalformedRoute = { readonly kind: "malformed"; readonly file: string; readonly message: string };

/** What the router holds for one pattern: the route, or the conflict that stands in its place. */
export type RouteEntry =
  | {
      readonly kind: "route";
      readonly pattern: string;
      readonly route: Route;
      readonly segments: readonly RouteSegment[];
    }
  | { readonly kind: "conflict"; readonly pattern: string; readonly conflict: RouteConflict };

/** Where the files of a table are, and where their URLs begin. */
export type RouteTableOptions = {
  /** The URL path all routes are under: `/api`. */
  readonly prefix: string;
  /**
   * The folder the files are relative to, seen from the root: `pages/api`. `Route.file` and all messages begin with it.
   * @default "" (the files are relative to the root)
   */
  readonly directory?: string;
};

/** Read which route every file claims. Sorted first, so that the order of a directory scan never shows. */
export function readClaims(
  files: readonly string[],
  { prefix, directory = "" }: RouteTableOptions,
): { readonly entries: readonly RouteEntry[]; readonly malformed: readonly MalformedRoute[] } {
  const parts = prefix.split("/").filter(Boolean);
  // A prefix is written as it stands in URLs.
  const path = readPath(`/${parts.join("/")}`);
  const fixed = (path.kind === "path" ? path.segments : parts).map(toStatic);
  const claims: Claim[] = [];
  const malformed: MalformedRoute[] = [];
  for (const relative of files.toSorted()) {
    const file = directory === "" ? relative : `${directory}/${relative}`;
    const read = routeOfFile(relative);
    if (read.kind === "malformed") malformed.push(malformedRoute(file, read.reason));
    if (read.kind !== "route") continue;
    const segments = [...fixed, ...read.segments];
    claims.push({ route: { path: `/${segments.map(formatSegment).join("/")}`, file }, segments });
  }
  return { entries: groupRivals(claims).map(entryOf), malformed };
}

type Claim = { readonly route: Route; readonly segments: readonly RouteSegment[] };
type Rivals = readonly [Claim, ...Claim[]];

/** Files are rivals if no path can tell them apart: `[id]` and `[name]` are the same question. */
function groupRivals(claims: readonly Claim[]): readonly Rivals[] {
  const groups = new Map<string, [Claim, ...Claim[]]>();
  for (const claim of claims) {
    const shape = patternOf(claim.segments, "**:rest");
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [claim]);
    else group.push(claim);
  }
  return [...groups.values()];
}

function entryOf(rivals: Rivals): RouteEntry {
  const [{ route, segments }] = rivals;
  const isOptional = rivals.some((rival) => rival.segments.at(-1)?.kind === "optional-catch-all");
  const pattern = patternOf(segments, isOptional ? "**" : "**:rest");
  if (rivals.length === 1) return { kind: "route", pattern, route, segments };
  return { kind: "conflict", pattern, conflict: conflictOf(route.path, rivals) };
}

function conflictOf(path: string, rivals: Rivals): RouteConflict {
  const files = rivals.map(({ route }) => route.file);
  const list = `${files.slice(0, -1).join(", ")} and ${files.at(-1)}`;
  const message =
    files.length === 2
      ? `[orbit] Two files claim ${path}: ${list}. Remove or rename one.`
      : `[orbit] ${files.length} files claim ${path}: ${list}. Keep one and remove or rename the others.`;
  return { kind: "conflict", path, files, message };
}

function malformedRoute(file: string, reason: string): MalformedRoute {
  const remedy = "Rename it, or begin its name with _ if it is no route.";
  return { kind: "malformed", file, message: `[orbit] ${file} does not name a route. ${reason}. ${remedy}` };
}

/** The pattern in rou3's syntax, where `**:rest` takes one or more segments and `**` takes none as well. */
function patternOf(segments: readonly RouteSegment[], catchAll: "**" | "**:rest"): string {
  const parts = segments.map((segment, index) => {
    if (segment.kind === "static") return spellSegment(segment.text);
    return segment.kind === "dynamic" ? `:p${index}` : catchAll;
  });
  return `/${parts.join("/")}`;
}

function toStatic(text: string): RouteSegment {
  return { kind: "static", text };
}
