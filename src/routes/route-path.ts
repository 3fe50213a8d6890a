/** A pathname taken apart, or the segment that is not valid percent-encoding. */
export type PathReading =
  | { readonly kind: "path"; readonly segments: readonly string[] }
  | { readonly kind: "bad-encoding"; readonly segment: string };

/**
 * Split a pathname at `/`, then decode each segment once: an encoded slash stays inside its segment, and `%252F` becomes
 * the text `%2F`. One trailing slash does not count.
 */
export function readPath(pathname: string): PathReading {
  const raw = pathname.slice(1).split("/");
  if (raw.at(-1) === "") raw.pop();

  const segments: string[] = [];
  for (const segment of raw) {
    const decoded = decodeSegment(segment);
    if (decoded === undefined) return { kind: "bad-encoding", segment };
    segments.push(decoded);
  }
  return { kind: "path", segments };
}

/**
 * The one spelling of a segment, so that `caf%c3%a9` and `%63afé` are the same. It also leaves nothing that a route
 * pattern could mistake for its own syntax.
 */
export function spellSegment(segment: string): string {
  if (/^[\w-]*$/.test(segment)) return segment;
  const wellFormed = segment.replaceAll(/\p{Surrogate}/gu, "\u{FFFD}");
  return encodeURIComponent(wellFormed).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeSegment(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // the only thing it throws is "URI malformed", which the caller says with the segment
  }
}
