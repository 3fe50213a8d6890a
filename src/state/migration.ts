import { expectFunction, wrongArgument } from "./argument.ts";
import { copyOf } from "../values/copy.ts";
import type { StateBody, StateObject, VersionedState } from "./entries.ts";

/** Which form of the state code wants, and how it makes it from another one. */
export interface Migration {
  /** Absent: code takes whatever form was kept. */
  readonly version: number | undefined;
  /** @returns The state in this code's form. May throw. */
  readonly migrate: ((old: StateObject, oldVersion: number) => StateObject) | undefined;
}

/** What becomes of a kept state whose form may not be the wanted one. */
export type Migrated =
  | { readonly kind: "as-it-is" }
  | { readonly kind: "migrated"; readonly state: StateObject }
  /** The old state cannot be used: it is set aside. `error` is what `migrate` threw, if there is one. */
  | { readonly kind: "anew"; readonly setAside: VersionedState; readonly error?: unknown };

const AS_IT_IS: Migrated = { kind: "as-it-is" };

/** Throws unless `options.version` and `options.migrate` go together. */
export function expectMigration(name: string, version: unknown, migration: unknown): void {
  if (migration !== undefined) expectFunction(name, "options.migrate", migration);
  if (version === undefined && migration === undefined) return;
  const expected = "a whole number of at least 1";
  if (typeof version === "number" && Number.isInteger(version) && version >= 1) return;
  const because = version === undefined ? `${expected}, because options.migrate is given` : expected;
  throw wrongArgument(name, "options.version", because, version);
}

/**
 * Brings a kept state into the form that code wants. One that was set aside is tried again as long as nobody has
 * changed what is there in its place, so that a `migrate` can be mended in the next edit.
 */
export function inWantedForm(kept: StateBody, wanted: Migration, isUnchanged: () => boolean): Migrated {
  if (wanted.version === undefined) return AS_IT_IS;
  if (kept.formVersion !== wanted.version)
    return attempt({ state: kept.state, version: kept.formVersion }, wanted);
  if (kept.setAside === undefined || wanted.migrate === undefined || !isUnchanged()) return AS_IT_IS;
  return attempt(kept.setAside, wanted);
}

function attempt(old: VersionedState, wanted: Migration): Migrated {
  if (wanted.migrate === undefined) return { kind: "anew", setAside: old };
  try {
    // A copy: what throws halfway must not have changed the state that is set aside.
    return { kind: "migrated", state: wanted.migrate(copyOf(old.state), old.version) };
  } catch (error) {
    return { kind: "anew", setAside: old, error };
  }
}
