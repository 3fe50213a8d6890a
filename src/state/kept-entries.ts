import type { StateKeeper } from "./keeper.ts";
import { liveEntries, registry } from "./registry.ts";
import type { AnyEntry } from "./entries.ts";
import { isObjectLike } from "../values/kinds.ts";
import { savedCache, savedRateLimit, savedState } from "./snapshot.ts";
import type { SavedEntry } from "./saved-state.ts";
import { settledKeys } from "./saved-state.ts";

/** A piece of state that may outlive the process. */
export interface KeptEntry {
  /** Unique in the process. */
  readonly id: string;
  /** For people: `store "cart"`. */
  readonly label: string;
  /**
   * Grows with each use: as long as it is the same, so is the state. Absent where code may hold an object of the state
   * and change it in place, which nobody notices.
   */
  readonly uses?: number;
  /** What there is to keep. It shares its values with the state: do not change them. */
  readonly saved: () => SavedEntry;
}

/** All that may outlive the process. Singletons are open in this one. */
export function keptEntries(): readonly KeptEntry[] {
  return liveEntries().flatMap((entry) => {
    const { kind, key, uses, isKept } = entry;
    const saved = savedOf(entry);
    if (saved === undefined || !isKept) return [];
    const kept: KeptEntry = { id: keptId(kind, key), label: `${kind} "${key}"`, saved };
    return [canChangeUnnoticed(entry) ? kept : { ...kept, uses }];
  });
}

/** {@link KeptEntry.id} of a piece of state. */
export function keptId(kind: string, key: string): string {
  return `${kind}:${key}`;
}

/**
 * Lets somebody keep state over restarts.
 * @returns Ends it.
 */
export function addKeeper(keeper: StateKeeper): () => void {
  const { keepers } = registry();
  keepers.add(keeper);
  return () => void keepers.delete(keeper);
}

function savedOf(entry: AnyEntry): (() => SavedEntry) | undefined {
  if (entry.live === undefined) return undefined;
  switch (entry.kind) {
    case "handler":
    case "store": {
      const { kind, key, live } = entry;
      return () => ({ ...savedState(kind, key, live), ...settledKeys(live) });
    }
    case "cache": {
      const { key, live } = entry;
      return () => savedCache(key, live);
    }
    case "rate-limit": {
      const { key, live } = entry;
      return () => savedRateLimit(key, live);
    }
    case "singleton":
      break;
  }
  return undefined;
}

/** The values of a cache count as changed when the cache is used, for they may be many. */
function canChangeUnnoticed({ kind, live }: AnyEntry): boolean {
  if ((kind !== "handler" && kind !== "store") || live === undefined || !("state" in live)) return false;
  return Object.values(live.state).some((value) => isObjectLike(value));
}
