import { copyWith } from "../values/copy.ts";
import { describeOpaque } from "../values/describe.ts";
import type {
  AnyEntry,
  CacheBody,
  CacheKey,
  CacheRecord,
  RateLimitBody,
  RateWindow,
  StateBody,
  StateObject,
} from "./entries.ts";
import type { SavedEntry, SavedRecord, SavedState, SavedWindow, StateSnapshot } from "./saved-state.ts";
import { settledKeys } from "./saved-state.ts";
import { reportOnce } from "./report.ts";

/** Takes a snapshot. What cannot be saved is left out and named, once per place. */
export function takeSnapshot(entries: readonly AnyEntry[]): StateSnapshot {
  return { version: 1, entries: entries.flatMap(saved) };
}

/** A state as it is saved. It shares its values with `body`. */
export function savedState(kind: SavedState["kind"], key: string, body: StateBody): SavedState {
  const { state, formVersion, setAside } = body;
  return {
    kind,
    key,
    state,
    ...(formVersion === 1 ? {} : { version: formVersion }),
    // Without them nobody could tell whether the state that took its place is still untouched.
    ...(setAside === undefined ? {} : { setAside, ...settledKeys(body) }),
  };
}

/** A cache as it is saved. It shares its values with `body`. */
export function savedCache(key: string, { records }: CacheBody): SavedEntry & { readonly kind: "cache" } {
  return { kind: "cache", key, records: [...records].map(savedRecord) };
}

/** A rate limit as it is saved. */
export function savedRateLimit(
  key: string,
  { windows }: RateLimitBody,
): SavedEntry & { readonly kind: "rate-limit" } {
  return { kind: "rate-limit", key, windows: [...windows].map(savedWindow) };
}

function saved(entry: AnyEntry): SavedEntry[] {
  const { key } = entry;
  if (entry.live === undefined) return [];
  switch (entry.kind) {
    case "handler":
    case "store":
      return [copiedState(savedState(entry.kind, key, entry.live))];
    case "cache":
      return [copiedCache(savedCache(key, entry.live))];
    case "rate-limit":
      return [savedRateLimit(key, entry.live)];
    case "singleton":
      // A client or a pool is open in this process; there is nothing to save.
      break;
  }
  return [];
}

function savedRecord([key, { value, storedAt, ttlMs }]: readonly [CacheKey, CacheRecord]): SavedRecord {
  return ttlMs === undefined ? { key, value, storedAt } : { key, value, storedAt, ttlMs };
}

function savedWindow([identifier, { startedAt, count }]: readonly [
  string | undefined,
  RateWindow,
]): SavedWindow {
  return identifier === undefined ? { startedAt, count } : { identifier, startedAt, count };
}

function copiedState({ setAside, ...shared }: SavedState): SavedState {
  const copied = (state: StateObject): StateObject =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the copy of an object is an object
    plain(state, shared) as StateObject;
  const state = copied(shared.state);
  if (setAside === undefined) return { ...shared, state };
  return { ...shared, state, setAside: { ...setAside, state: copied(setAside.state) } };
}

function copiedCache(shared: SavedEntry & { readonly kind: "cache" }): SavedEntry {
  const records = shared.records.flatMap((record) => {
    // In a list, so that a value that is left out can be told from `undefined`.
    const values = plain(new Set([record.value]), shared);
    return values instanceof Set && values.size > 0 ? [{ ...record, value: [...values][0] }] : [];
  });
  return { ...shared, records };
}

function plain(value: unknown, { kind, key }: { readonly kind: string; readonly key: string }): unknown {
  return copyWith(value, `${kind} "${key}"`, (part, path) => {
    reportOnce(`export ${path}`, `${path} is ${describeOpaque(part)}: it is left out of the export.`);
    return undefined;
  });
}
