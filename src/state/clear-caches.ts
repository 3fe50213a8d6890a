import { freshKeys } from "./cache.ts";
import { emptyContents } from "./empty-contents.ts";
import { liveEntries } from "./registry.ts";

/**
 * Empties all caches of the process.
 *
 * @param now Epoch milliseconds. Defaults to `Date.now()`.
 * @returns how many values they had that had not expired
 */
export function clearCaches(now: number = Date.now()): number {
  let cleared = 0;
  for (const entry of liveEntries()) {
    if (entry.kind !== "cache" || entry.live === undefined) continue;
    cleared += freshKeys(entry.live, now).length;
    emptyContents(entry);
  }
  return cleared;
}
