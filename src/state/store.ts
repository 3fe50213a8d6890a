import { expectFunction, expectKey } from "./argument.ts";
import { copyOf } from "../values/copy.ts";
import { subscribe } from "./listeners.ts";
import { entryOf } from "./registry.ts";
import type { StateBody, StateObject } from "./entries.ts";
import { expectMigration } from "./migration.ts";
import { defaultsIn } from "./saved-state.ts";
import { defineState, stateRules, withKeys, withoutKey } from "./state-body.ts";
import { open } from "./transaction.ts";

/** One value under a key of your choice. */
export interface Store<Value> {
  /** The value; a copy of the initial one after `delete`. */
  readonly get: () => Value;
  /** Replaces the value. @returns The value. */
  readonly set: (value: Value) => Value;
  /**
   * Replaces the value by what the updater makes of it. The updater must be pure: called while the module is evaluated,
   * it runs again when the module becomes live.
   * @returns The new value.
   */
  readonly update: {
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- lets an updater add a key, as in `{ ...previous, language: "en" }`
    <Next extends Value>(updater: (previous: Value) => Next): Value;
    /** Replaces the value, like `set`. */
    (value: Value): Value;
  };
  /** Lets go of the value. @returns Whether there was one. */
  readonly delete: () => boolean;
  /** Whether there is a value: true from the beginning until `delete`. */
  readonly has: () => boolean;
  /**
   * Calls `listener` after each change. Subscriptions made at the top level of a module end when it is replaced.
   * @returns Ends the subscription.
   */
  readonly subscribe: (listener: (next: Value, previous: Value) => void) => () => void;
}

/** Options of {@link createStore}. */
export interface StoreOptions<Value = unknown> {
  /**
   * The clock, in epoch milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * The version of the form of the value: raise it when what was kept no longer fits. A value of another version goes
   * through `migrate`, after an edit as after a restart; without `migrate` it starts anew, and that is said.
   * @default Whatever is kept fits; a new value is of version 1.
   */
  readonly version?: number;
  /**
   * Makes a value of this version from one of another, older or newer. It must be pure: it may run again when the module
   * becomes live. When it throws, the store starts anew and the old value is kept aside for the next edit.
   */
  readonly migrate?: (old: unknown, oldVersion: number) => Value;
}

/**
 * Keeps one value, whatever code is replaced. Every `createStore` with the same key is the same store. When
 * `initialValue` is edited and the value was never changed, the new one shows.
 *
 * @throws TypeError when `key` is not a non-empty string.
 * @example
 * const config = createStore("app-config", { theme: "dark" });
 * config.update((previous) => ({ ...previous, theme: "light" }));
 */
export function createStore<Value>(
  key: string,
  initialValue: Value,
  options: StoreOptions<NoInfer<Value>> = {},
): Store<Value> {
  const { now = Date.now, version, migrate } = options;
  expectKey("createStore", "key", key);
  expectFunction("createStore", "options.now", now);
  expectMigration("createStore", version, migrate);
  // A store is a state with one key, so that it follows the same rules when code is replaced.
  const entry = entryOf("store", key);
  const initial = { value: initialValue };
  // A value that was deleted has no form.
  const migration = {
    version,
    migrate:
      migrate &&
      ((old: StateObject, from: number): StateObject =>
        "value" in old ? { value: migrate(old["value"], from) } : old),
  };
  const definition = { id: `store "${key}"`, initial, now, migration };
  const { read, write } = open(entry, stateRules, defineState(definition));
  const valueIn = (state: StateObject): Value =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key is the contract: one key, one type
    ("value" in state ? state["value"] : copyOf(defaultsIn(read().defaults)["value"])) as Value;
  const set = (from: (previous: Value) => Value): Value =>
    valueIn(write((body) => withKeys(body, { value: from(valueIn(body.state)) }, now)).state);

  return {
    get: () => valueIn(read().state),
    set: (value) => set(() => value),
    update: (update: Value | ((previous: Value) => Value)) => set(isUpdater(update) ? update : () => update),
    delete() {
      const had = hasValue(read());
      write((body) => withoutKey(body, "value", now));
      return had;
    },
    has: () => hasValue(read()),
    subscribe(listener) {
      expectFunction("subscribe", "listener", listener);
      return subscribe(entry, (next, previous) => listener(valueIn(next), valueIn(previous)));
    },
  };
}

function hasValue(body: StateBody): boolean {
  return Object.hasOwn(body.state, "value");
}

function isUpdater<Value>(
  update: Value | ((previous: Value) => Value),
): update is (previous: Value) => Value {
  return typeof update === "function";
}
