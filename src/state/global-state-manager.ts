import { cacheRules, removeExpired } from "./cache.ts";
import { decodeSnapshot } from "./decode-snapshot.ts";
import { expectKey } from "./argument.ts";
import { standingOf } from "./phase.ts";
import { emptyContents } from "./empty-contents.ts";
import { rateLimitRules, removeEnded } from "./rate-limit.ts";
import type { AnyEntry, Entry, StateKind } from "./entries.ts";
import { entryOf, liveEntries, registry } from "./registry.ts";
import { clearSingleton } from "./singleton.ts";
import type { SavedEntry, StateSnapshot } from "./saved-state.ts";
import { takeSnapshot } from "./snapshot.ts";
import { forgotten, stateRules } from "./state-body.ts";
import { type EntryRules, writeEntry } from "./transaction.ts";

/** All explicit state of the process. */
export interface GlobalStateManager {
  /**
   * Removes what has expired from caches and rate limits. Never needed for correct answers, only for memory.
   * @param now Epoch milliseconds. Defaults to `Date.now()`.
   * @returns How many cached values and windows were removed.
   */
  readonly cleanup: (now?: number) => number;
  /** The keys and ids of everything that holds something. A key that is used for two kinds is there once. */
  readonly keys: () => string[];
  /**
   * A copy of all values but singletons. Functions, symbols, getters, promises and class instances are left out, and each
   * place is named in one warning.
   */
  readonly export: () => StateSnapshot;
  /**
   * Takes back what `export()` gave. State that is not in it stays as it is.
   * @throws TypeError when the snapshot is wrong; then nothing was changed.
   */
  readonly import: (snapshot: unknown) => void;
  /**
   * Empties caches and rate limits, puts states and stores back to their initial values, and disposes of singletons:
   * those with this key, or all.
   */
  readonly clear: (key?: string) => void;
}

/** All explicit state of the process, in development also `globalThis.globalStateManager`. */
export const globalStateManager: GlobalStateManager = {
  cleanup(now = Date.now()) {
    let removed = 0;
    for (const entry of liveEntries()) {
      if (entry.kind === "cache" && entry.live) removed += removeExpired(entry.live, now);
      if (entry.kind === "rate-limit" && entry.live) removed += removeEnded(entry.live, now);
    }
    return removed;
  },
  keys: () => [...new Set(liveEntries().map((entry) => entry.key))],
  export: () => takeSnapshot(liveEntries()),
  import(snapshot) {
    // All of it is read before any of it counts.
    for (const entry of decodeSnapshot(snapshot).entries) restore(entry);
  },
  clear(key) {
    if (key !== undefined) expectKey("globalStateManager.clear", "key", key);
    for (const entry of liveEntries()) if (key === undefined || entry.key === key) clearEntry(entry);
    forgetKept(key);
  },
};

/** What no code has defined yet in this process is cleared as well, by code that is live. */
function forgetKept(key: string | undefined): void {
  const standing = standingOf(undefined);
  const forget = (): void => {
    for (const keeper of registry().keepers) keeper.forget(key);
  };
  if (standing.kind === "live") forget();
  if (standing.kind === "aside") standing.scope.onLive(forget);
}

function clearEntry(entry: AnyEntry): void {
  switch (entry.kind) {
    case "handler":
    case "store":
      writeEntry(entry, stateRules, forgotten);
      break;
    case "cache":
    case "rate-limit":
      emptyContents(entry);
      break;
    case "singleton":
      clearSingleton(entry);
      break;
  }
  if (standingOf(undefined).kind === "live") entry.isCleared = true;
}

function restore(saved: SavedEntry): void {
  switch (saved.kind) {
    case "handler":
    case "store":
      restoreInto(entryOf(saved.kind, saved.key), stateRules, saved);
      break;
    case "cache":
      restoreInto(entryOf("cache", saved.key), cacheRules, saved);
      break;
    case "rate-limit":
      restoreInto(entryOf("rate-limit", saved.key), rateLimitRules, saved);
      break;
  }
}

function restoreInto<Body>(entry: Entry<StateKind, Body>, rules: EntryRules<Body>, saved: SavedEntry): void {
  writeEntry(entry, rules, (body) => rules.restored(saved, body));
}
