import { isSame } from "../values/compare.ts";
import type { CacheKey, RateWindow, StateBody, StateObject, VersionedState } from "./entries.ts";

/** One cached value in a snapshot. Times in milliseconds. */
export interface SavedRecord {
  readonly key: CacheKey;
  readonly value: unknown;
  readonly storedAt: number;
  readonly ttlMs?: number;
}

/** One window of a rate limit in a snapshot. */
export interface SavedWindow extends RateWindow {
  /** Absent for requests without an identifier. */
  readonly identifier?: string;
}

/** A handler's state or a store in a snapshot. */
export interface SavedState {
  readonly kind: "handler" | "store";
  readonly key: string;
  /** Of a store it is `{ value }`, or `{}` after `delete`. */
  readonly state: StateObject;
  /** `options.version` of the code that made it. @default 1 */
  readonly version?: number;
  /** Keys that show their default: an edited default shows in its place. @default none */
  readonly untouched?: readonly string[];
  /** Keys that have a default and were taken out of the state. @default none */
  readonly removed?: readonly string[];
  /** An older state that waits for a `migrate` that does not throw. */
  readonly setAside?: VersionedState;
}

/** One piece of state in a snapshot. */
export type SavedEntry =
  | SavedState
  | { readonly kind: "cache"; readonly key: string; readonly records: readonly SavedRecord[] }
  | { readonly kind: "rate-limit"; readonly key: string; readonly windows: readonly SavedWindow[] };

/**
 * What `globalStateManager.export()` gives. It shares nothing with the state and can be cloned structurally (sent to a
 * worker, written with `v8.serialize`); it is JSON only if the state is.
 */
export interface StateSnapshot {
  readonly version: 1;
  readonly entries: readonly SavedEntry[];
}

/** What is to be saved of a state's defaults, because they may be edited before it is restored. */
export function settledKeys(body: StateBody): Pick<SavedState, "untouched" | "removed"> {
  return { untouched: untouchedKeys(body), removed: removedKeys(body) };
}

/** The keys whose default shows because nobody has changed them. */
export function untouchedKeys({ state, defaults, changedKeys }: StateBody): readonly string[] {
  const initial = defaultsIn(defaults);
  return Object.keys(state).filter(
    (key) => !changedKeys.has(key) && Object.hasOwn(initial, key) && isSame(state[key], initial[key]),
  );
}

/** The keys that have a default and were taken out of the state. */
function removedKeys({ state, defaults }: StateBody): readonly string[] {
  return Object.keys(defaultsIn(defaults)).filter((key) => !Object.hasOwn(state, key));
}

/** The initial state of a body: all definitions together, the later ones win. */
export function defaultsIn(defaults: StateBody["defaults"]): StateObject {
  return Object.fromEntries([...defaults.values()].flatMap((initial) => Object.entries(initial)));
}
