/** One piece of a route between two slashes. */
export type RouteSegment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "dynamic"; readonly name: string }
  | { readonly kind: "catch-all"; readonly name: string }
  | { readonly kind: "optional-catch-all"; readonly name: string };

/** What the name of a file or folder means: a segment, a mistake, or with `none` nothing in the URL. */
export type SegmentReading =
  | { readonly kind: "segment"; readonly segment: RouteSegment }
  | { readonly kind: "none" }
  | { readonly kind: "malformed"; readonly reason: string };

const PARAMETER_NAME = /^[\p{L}\p{N}_$-]+$/u;

/** Read a folder's name. `(group)` folders only sort files: they do not show in the URL. */
export function readFolderName(name: string): SegmentReading {
  if (!name.startsWith("(")) return readSegment(name);
  if (/^\([^()]+\)$/.test(name)) return { kind: "none" };
  return malformed(`Expected a group folder like (name), got ${name}`);
}

/** Read a file's name without its extension. `index` stands for its folder. */
export function readFileName(name: string): SegmentReading {
  if (name === "index") return { kind: "none" };
  if (name.startsWith("(")) return malformed(`Expected a group to be a folder, got the file ${name}`);
  return readSegment(name);
}

/** A segment in words, as routes are shown: `users`, `:id`, `:rest+` (one or more), `:rest*` (any number). */
export function formatSegment(segment: RouteSegment): string {
  switch (segment.kind) {
    case "static":
      return segment.text;
    case "dynamic":
      return `:${segment.name}`;
    case "catch-all":
      return `:${segment.name}+`;
    case "optional-catch-all":
      return `:${segment.name}*`;
    default:
      return segment satisfies never;
  }
}

// A segment is a fixed text or one parameter, never both: in `[id].json` it would be unclear whether `a.json.json` has
// the id `a` or `a.json`, and no file could then be found from a URL by reading its name.
function readSegment(name: string): SegmentReading {
  if (!/[[\]]/.test(name)) return { kind: "segment", segment: { kind: "static", text: name } };

  const optional = /^\[\[\.\.\.([^[\]]*)\]\]$/.exec(name)?.[1];
  if (optional !== undefined) return parameter("optional-catch-all", optional, name);
  const rest = /^\[\.\.\.([^[\]]*)\]$/.exec(name)?.[1];
  if (rest !== undefined) return parameter("catch-all", rest, name);
  const single = /^\[([^[\]]*)\]$/.exec(name)?.[1];
  if (single !== undefined) return parameter("dynamic", single, name);
  return malformed(
    `Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got ${name}`,
  );
}

function parameter(
  kind: Exclude<RouteSegment["kind"], "static">,
  name: string,
  written: string,
): SegmentReading {
  if (PARAMETER_NAME.test(name)) return { kind: "segment", segment: { kind, name } };
  return malformed(`Expected a parameter name of letters, digits, _, $ or -, got ${written}`);
}

function malformed(reason: string): SegmentReading {
  return { kind: "malformed", reason };
}
