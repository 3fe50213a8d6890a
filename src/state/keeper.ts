import type { StateKind } from "./entries.ts";
import type { SavedEntry } from "./saved-state.ts";

/** Keeps explicit state longer than the process lives. */
export interface StateKeeper {
  /** State was read or written; what was read may be changed in place soon. Called very often: it must be cheap. */
  touched(): void;
  /** What an earlier process has left for a piece of state that code defines now. */
  recall(kind: StateKind, key: string): SavedEntry | undefined;
  /** Somebody cleared everything, or everything with this key: nothing of it may be recalled. */
  forget(key: string | undefined): void;
}
