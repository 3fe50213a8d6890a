import type { BuildReport, Diagnostic } from "../protocol/build.ts";
import type { Rebuild } from "../protocol/page-wire.ts";

/** Nobody reads more of them in a page. */
const MAX_DIAGNOSTICS = 50;
/** In characters: a frame of the socket has its limits. */
const MAX_LENGTH = 1_000_000;

/** What pages are told of a build: not all where there is no end of it, and how much is left out. */
export function rebuildOf({ status, files, ms, progress, ahead, diagnostics }: BuildReport): Rebuild {
  const shown: Diagnostic[] = [];
  let length = 0;
  for (const diagnostic of diagnostics) {
    length += JSON.stringify(diagnostic).length;
    if (shown.length === MAX_DIAGNOSTICS || length > MAX_LENGTH) break;
    shown.push(diagnostic);
  }
  return { status, files, ms, progress, ahead, diagnostics: shown, more: diagnostics.length - shown.length };
}
