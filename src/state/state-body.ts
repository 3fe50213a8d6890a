import { classNameOf } from "../values/describe.ts";
import { isOfReplacedClass, isSame, isSameDefault } from "../values/compare.ts";
import { copyOf } from "../values/copy.ts";
import { notify } from "./listeners.ts";
import { inWantedForm, type Migrated, type Migration } from "./migration.ts";
import type { StateBody, StateObject } from "./entries.ts";
import { report, reportOnce } from "./report.ts";
import { defaultsIn, untouchedKeys } from "./saved-state.ts";
import type { SavedEntry } from "./saved-state.ts";
import type { Definition, EntryRules } from "./transaction.ts";

const HISTORY_LENGTH = 100;

/** Whose the defaults are that were in effect when a state was saved, until code says what they are now. */
const SAVED_DEFAULTS = ":saved";

/** A state is replaced and never changed by us, so a fork is the state itself; what it holds may be changed in place. */
export const stateRules: EntryRules<StateBody> = {
  fork: (body) => body,
  contents: (body) => body.state,
  onChange(entry, next, previous) {
    if (next.notice !== undefined && next.notice !== previous.notice) report(next.notice);
    if (next.state !== previous.state) notify(entry, next.state, previous.state);
  },
  restored,
};

/** What defines a state. */
export interface StateDefinition {
  /** Names the state in messages. */
  readonly id: string;
  /** Becomes the state where nothing is kept. */
  readonly initial: StateObject;
  /** @returns Epoch milliseconds. */
  readonly now: () => number;
  readonly migration: Migration;
}

/** Brings what was kept and an initial state that may have been edited together, key by key. */
export function defineState(definition: StateDefinition): Definition<StateBody> {
  const { id, initial, now, migration } = definition;
  const pristine = copyOf(initial);
  return (found, maker) => {
    const fresh: StateBody = {
      ...emptyState(),
      state: initial,
      defaults: new Map([[maker, pristine]]),
      formVersion: migration.version ?? 1,
    };
    if (found === undefined) return fresh;
    const migrated = inWantedForm(
      found,
      migration,
      () => untouchedKeys(found).length === keyCount(found.state),
    );
    if (migrated.kind === "anew") return { ...fresh, ...asideFor(definition, migrated) };
    const kept = migrated.kind === "migrated" ? inNewForm(found, migrated.state, definition) : found;
    // Where nobody replaces code, a second definition is a second user of the state and takes nothing away.
    const known = maker === "" ? kept.defaults.get(maker) : undefined;
    const defaults = new Map(kept.defaults).set(maker, { ...known, ...pristine });
    defaults.delete(SAVED_DEFAULTS);
    const next = merge({ id, kept, initial, defaults, now });
    // What was migrated is a change even where nothing had to be added to it.
    return kept === found || next.history.length > 0 ? next : withState(next, next.state, now);
  };
}

/** A state that nobody has defined yet. */
function emptyState(): StateBody {
  return {
    state: {},
    defaults: new Map(),
    changedKeys: new Set(),
    version: 0,
    history: [],
    formVersion: 1,
    setAside: undefined,
    notice: undefined,
  };
}

/** A state with some keys set. Keys that get the value they have do not count as changed. */
export function withKeys(body: StateBody, values: StateObject, now: () => number): StateBody {
  const changed = Object.keys(values).filter(
    (key) => !has(body.state, key) || !Object.is(values[key], body.state[key]),
  );
  const changedKeys = new Set([...body.changedKeys, ...changed]);
  return withState({ ...body, changedKeys }, { ...body.state, ...values }, now);
}

/** A state that has these keys and no other ones. */
export function withOnly(body: StateBody, values: StateObject, now: () => number): StateBody {
  const rest = Object.entries(body.state).filter(([key]) => Object.hasOwn(values, key));
  return withKeys({ ...body, state: Object.fromEntries(rest) }, values, now);
}

/** A state without a key. */
export function withoutKey(body: StateBody, key: string, now: () => number): StateBody {
  if (!has(body.state, key)) return body;
  return withState(
    body,
    Object.fromEntries(Object.entries(body.state).filter(([name]) => name !== key)),
    now,
  );
}

/** The state back at its defaults, which is a change like any other. */
export function withDefaults(body: StateBody, now: () => number): StateBody {
  return withState({ ...body, changedKeys: new Set() }, copyOf(defaultsIn(body.defaults)), now);
}

/** The state as if nothing had ever happened. */
export function forgotten(body: StateBody = emptyState()): StateBody {
  const { defaults, formVersion } = body;
  return { ...emptyState(), defaults, formVersion, state: copyOf(defaultsIn(defaults)) };
}

/** The state with what was saved elsewhere. Keys that were neither saved nor taken out get their defaults. */
function restored(saved: SavedEntry, body: StateBody = emptyState()): StateBody {
  if (saved.kind !== "handler" && saved.kind !== "store") return body;
  const { state, version = 1, untouched = [], removed = [], setAside } = saved;
  const initial = copyOf(defaultsIn(body.defaults));
  const defaults = new Map(body.defaults);
  if (body.defaults.size === 0) {
    const settled = Object.fromEntries([...untouched, ...removed].map((key) => [key, state[key]]));
    defaults.set(SAVED_DEFAULTS, copyOf(settled));
  }
  for (const key of removed) Reflect.deleteProperty(initial, key);
  return {
    ...withState({ ...body, changedKeys: new Set() }, { ...initial, ...state }, Date.now),
    defaults,
    formVersion: version,
    setAside,
    notice: undefined,
  };
}

function asideFor(
  { id, migration }: StateDefinition,
  { setAside, error }: Migrated & { readonly kind: "anew" },
): Pick<StateBody, "setAside" | "notice"> {
  const from = `it was kept in version ${setAside.version}, and the code has version ${migration.version}`;
  if (migration.migrate === undefined) {
    return {
      setAside,
      notice: { message: `[orbit] The state of ${id} starts anew: ${from} and no migrate().` },
    };
  }
  const message = `[orbit] The state of ${id} starts anew: ${from}, but its migrate() failed. The old value is kept aside: the next edit of migrate() gets it again, unless the new value has been changed by then.`;
  return { setAside, notice: { message, error } };
}

/** All keys count as changed, and the changes of the old form are no history of the new one. */
function inNewForm(body: StateBody, state: StateObject, { migration }: StateDefinition): StateBody {
  return { ...emptyState(), state, version: body.version, formVersion: migration.version ?? 1 };
}

function keyCount(state: StateObject): number {
  return Object.keys(state).length;
}

function withState(body: StateBody, state: StateObject, now: () => number): StateBody {
  const version = body.version + 1;
  const history = [...body.history, { state, at: now(), version }].slice(-HISTORY_LENGTH);
  return { ...body, state, version, history };
}

interface Merge {
  readonly id: string;
  readonly kept: StateBody;
  readonly initial: StateObject;
  readonly defaults: StateBody["defaults"];
  readonly now: () => number;
}

function merge({ id, kept, initial, defaults, now }: Merge): StateBody {
  const before = defaultsIn(kept.defaults);
  const after = defaultsIn(defaults);
  const state: [string, unknown][] = [];
  const changedKeys = new Set<string>();
  for (const key of new Set([...Object.keys(kept.state), ...Object.keys(after)])) {
    const value = kept.state[key];
    const fate = fateOf(key, kept, before, after);
    if (fate === "dropped") continue;
    if (isReplaced(id, key, value, after) || fate === "default") {
      // The object that the definition brought, so that whoever wrote it down holds the one that is kept.
      state.push([key, isSame(initial[key], after[key]) ? initial[key] : copyOf(after[key])]);
      continue;
    }
    state.push([key, value]);
    if (fate === "changed" && (kept.changedKeys.has(key) || !has(after, key) || !isSame(value, after[key]))) {
      changedKeys.add(key);
    }
  }
  const next = { ...kept, defaults, changedKeys };
  return isShallowSame(kept.state, state) ? next : withState(next, Object.fromEntries(state), now);
}

/** What becomes of a key: its changed value stays, its untouched value stays, the new default shows, or it goes. */
type Fate = "changed" | "untouched" | "default" | "dropped";

function fateOf(key: string, kept: StateBody, before: StateObject, after: StateObject): Fate {
  if (!has(kept.state, key)) {
    // A default that is new appears. One that was there before was taken out of the state, and stays out.
    return has(before, key) ? "dropped" : "default";
  }
  const isUntouched = has(before, key) && isSame(kept.state[key], before[key]);
  if (kept.changedKeys.has(key) || !isUntouched) return "changed";
  if (!has(after, key)) return "dropped";
  return isSameDefault(before[key], after[key]) ? "untouched" : "default";
}

function isShallowSame(state: StateObject, entries: readonly (readonly [string, unknown])[]): boolean {
  return (
    entries.length === Object.keys(state).length &&
    entries.every(([key, value]) => has(state, key) && Object.is(state[key], value))
  );
}

function isReplaced(id: string, key: string, value: unknown, after: StateObject): boolean {
  const fresh = after[key];
  if (!isOfReplacedClass(value, fresh)) return false;
  const name = typeof fresh === "object" && fresh !== null ? classNameOf(fresh) : "a class";
  reportOnce(
    `class ${id} ${key}`,
    `"${key}" in the state of ${id} starts anew: it is an instance of ${name}, and that class was evaluated again. Keep plain values, and make the instance from them.`,
  );
  return true;
}

function has(state: StateObject, key: string): boolean {
  return Object.hasOwn(state, key);
}
