import { cacheRules, emptyCache, withoutRecords } from "./cache.ts";
import type { Entry } from "./entries.ts";
import { emptyRateLimit, rateLimitRules, withoutWindows } from "./rate-limit.ts";
import { writeEntry } from "./transaction.ts";

/** Take everything out of a cache or a limit. What it is made with stays. */
export function emptyContents(entry: Entry<"cache"> | Entry<"rate-limit">): void {
  if (entry.kind === "cache") writeEntry(entry, cacheRules, (body = emptyCache()) => withoutRecords(body));
  else writeEntry(entry, rateLimitRules, (body = emptyRateLimit()) => withoutWindows(body));
}
