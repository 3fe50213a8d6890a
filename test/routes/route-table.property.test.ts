import { expect, test } from "vitest";
import { routeOfFile } from "../../src/routes/route-file.ts";
import type { RouteSegment } from "../../src/routes/route-segment.ts";
import { createRouteTable } from "../../src/routes/route-table.ts";
import type { RouteMatch } from "../../src/routes/route-table.ts";
import { randomFrom } from "../support/random.ts";

const TEXTS = ["a", "b", "é", "a b", "x*(y)", ":z", "__proto__", "%61", "{q}?"];
const FILE_SEGMENTS = [...TEXTS, "[p]", "[q]", "(g)", "[r]"];
const LAST_SEGMENTS = [...TEXTS, "index", "[p]", "[q]", "[...rest]", "[[...rest]]", "[...more]"];
const ENCODED = [...TEXTS.map(encodeURIComponent), "a", "b", "%62", "é", "%2F", "c", "..", "%C3%A9"];

function randomFile(random: (below: number) => number): string {
  const folders = Array.from({ length: random(4) }, () => FILE_SEGMENTS[random(FILE_SEGMENTS.length)]);
  return [...folders, `${LAST_SEGMENTS[random(LAST_SEGMENTS.length)]}.ts`].join("/");
}

function randomPath(random: (below: number) => number): string {
  return `/${Array.from({ length: random(5) }, () => ENCODED[random(ENCODED.length)]).join("/")}`;
}

const RANK = { static: 0, dynamic: 1, "catch-all": 2, "optional-catch-all": 2 } as const;

function takes(segments: readonly RouteSegment[], path: readonly string[]): boolean {
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "optional-catch-all") return true;
    if (segment.kind === "catch-all") return path.length > index;
    if (index >= path.length) return false;
    if (segment.kind === "static" && segment.text !== path[index]) return false;
  }
  return segments.length === path.length;
}

/** Compare place by place; where one ends and the other goes on, only a catch-all can, and it is the weaker. */
function compareRoutes(a: readonly RouteSegment[], b: readonly RouteSegment[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (RANK[left.kind] !== RANK[right.kind]) return RANK[left.kind] - RANK[right.kind];
  }
  return 0;
}

/** What routes have in common that no path can tell apart. */
function shapeOf(segments: readonly RouteSegment[]): string {
  return JSON.stringify(
    segments.map((segment) => [RANK[segment.kind], segment.kind === "static" && segment.text]),
  );
}

/** The law without a router: of all routes that take the path the first by rank, and every file that claims the same. */
function matchNaively(files: readonly string[], pathname: string): readonly string[] {
  const path = pathname === "/" ? [] : pathname.slice(1).split("/").map(decodeURIComponent);
  const routes = files.flatMap((file) => {
    const read = routeOfFile(file);
    return read.kind === "route" ? [{ file, segments: read.segments }] : [];
  });
  const [best] = routes
    .filter(({ segments }) => takes(segments, path))
    .toSorted((a, b) => compareRoutes(a.segments, b.segments));
  if (best === undefined) return [];
  const rivals = routes.filter(({ segments }) => shapeOf(segments) === shapeOf(best.segments));
  return rivals.map(({ file }) => file).toSorted();
}

function filesOf(match: RouteMatch): readonly string[] {
  if (match.kind === "route") return [match.route.file];
  return match.kind === "conflict" ? match.files : [];
}

test("every set of routes answers every path like a search through all of them", () => {
  const random = randomFrom(20_260_101);
  let matched = 0;
  for (let round = 0; round < 1000; round += 1) {
    const files = [...new Set(Array.from({ length: 1 + random(12) }, () => randomFile(random)))];
    const table = createRouteTable(files, { prefix: "/" });
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const pathname = randomPath(random);
      const match = table.match(pathname);
      const found = filesOf(match);
      expect(found, `${pathname} among ${files.join("  ")}`).toEqual(matchNaively(files, pathname));
      matched += found.length;
    }
  }
  expect(matched).toBeGreaterThan(1000);
});
