import { formatSegment, readFileName, readFolderName } from "./route-segment.ts";
import type { RouteSegment, SegmentReading } from "./route-segment.ts";

/** What a file in the api folder is: a route, no route on purpose, or a route whose name is a mistake. */
export type RouteFile =
  | {
      readonly kind: "route";
      /** The route as shown to people: `/users/:id`. */
      readonly pattern: string;
      readonly segments: readonly RouteSegment[];
    }
  | { readonly kind: "not-a-route"; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/**
 * Read the route of a file from its name.
 *
 * `relativePath` is relative to the api folder and separated by `/`. Nothing is read from disk.
 *
 * @example
 * ```ts
 * routeOfFile("users/[id].ts"); // { kind: "route", pattern: "/users/:id", segments: [...] }
 * routeOfFile("users/_shared.ts"); // { kind: "not-a-route", reason: "_shared.ts begins with _" }
 * routeOfFile("users/[id.ts"); // { kind: "malformed", reason: "Expected a fixed name, ..., got [id" }
 * ```
 */
export function routeOfFile(relativePath: string): RouteFile {
  const names = relativePath.split("/");
  const excluded = reasonForNoRoute(names);
  if (excluded !== undefined) return { kind: "not-a-route", reason: excluded };

  const segments: RouteSegment[] = [];
  for (const reading of readNames(names)) {
    if (reading.kind === "malformed") return reading;
    if (reading.kind === "segment") segments.push(reading.segment);
  }
  const mistake = mistakeInSegments(segments);
  if (mistake !== undefined) return { kind: "malformed", reason: mistake };
  return { kind: "route", pattern: `/${segments.map(formatSegment).join("/")}`, segments };
}

const SOURCE_EXTENSION = /\.(?:[jt]sx?|[cm][jt]s)$/;
const DECLARATION = /\.d\.[cm]?ts$/;
const TEST = /\.(?:test|spec)\./;

function reasonForNoRoute(names: readonly string[]): string | undefined {
  const hidden = names.find((name) => name === "" || /^[._]/.test(name));
  if (hidden !== undefined)
    return hidden === "" ? "its path has an empty name" : `${hidden} begins with ${hidden[0]}`;

  const file = names.at(-1) ?? "";
  if (DECLARATION.test(file)) return `${file} only declares types`;
  if (TEST.test(file)) return `${file} is a test`;
  if (!SOURCE_EXTENSION.test(file)) return `${file} is neither JavaScript nor TypeScript`;
  return undefined;
}

function readNames(names: readonly string[]): readonly SegmentReading[] {
  const file = (names.at(-1) ?? "").replace(SOURCE_EXTENSION, "");
  return [...names.slice(0, -1).map(readFolderName), readFileName(file)];
}

function mistakeInSegments(segments: readonly RouteSegment[]): string | undefined {
  const names = new Set<string>();
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "static") continue;
    if (names.has(segment.name)) return `Expected every parameter once, got ${segment.name} twice`;
    names.add(segment.name);
    const takesTheRest = segment.kind !== "dynamic";
    if (takesTheRest && index < segments.length - 1)
      return `Expected the catch-all ${segment.name} to come last`;
  }
  return undefined;
}
