import path from "node:path";
import type { ImportRequest } from "../graph/index.ts";

const EXTENSION = /\.[cm]?[jt]sx?$|\.json$/;

/** The name that a request looks for, folders written out: `.` and `..` are the folders that they mean. */
export function nameOfRequest(importer: string, { specifier }: ImportRequest): string {
  const plain = specifier.replace(/\?.*$/s, "");
  const isRelative = /^\.\.?(?:\/|$)/.test(plain);
  const wanted = isRelative ? path.posix.join(path.posix.dirname(importer), plain) : plain;
  return wanted.replace(/(?<=.)\/$/, "");
}

/** Whether a request that finds nothing could have meant a file that is not there (any more). */
export function couldMean(importer: string, request: ImportRequest, file: string): boolean {
  const name = nameOfRequest(importer, request).replace(EXTENSION, "");
  const wanted = file.replace(EXTENSION, "");
  const candidates = [wanted, wanted.replace(/\/index$/, "")];
  if (name.startsWith("/"))
    return candidates.includes(name) || candidates.some((each) => each.endsWith(name));
  // A name that settings lead elsewhere keeps its end: `@/lib/price` for `src/lib/price.ts`.
  const [, end] = /^[^/]*(\/.+)$/.exec(name) ?? [];
  return end !== undefined && candidates.some((each) => each.endsWith(end));
}
