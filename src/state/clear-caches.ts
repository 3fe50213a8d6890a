import { cacheRules, emptyCache, freshKeys, withoutRecords } from "./cache.ts";
import { writeEntry } from "./transaction.ts";
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
    writeEntry(entry, cacheRules, (body = emptyCache()) => withoutRecords(body));
  }
  return cleared;
}
