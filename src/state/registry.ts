import type { AnyEntry, Entry, StateKind } from "./entries.ts";
import type { GenerationScope, Phase, StateHost } from "./generation.ts";
import type { StateKeeper } from "./keeper.ts";

/** The memory of the process. Its layout is the contract between copies of this package: change it, change the slot. */
export interface Registry {
  host: StateHost | undefined;
  /** By kind and key, as made by `entryOf`. */
  readonly entries: Map<string, AnyEntry>;
  readonly phases: WeakMap<GenerationScope, Phase>;
  /** What was said already, so that it is said once. */
  readonly told: Set<string>;
  /** Who keeps state over restarts, if anybody does. */
  readonly keepers: Set<StateKeeper>;
}

const SLOT: unique symbol = Symbol.for("orbit-hmr:state@1");

/** The one registry of this process, whichever copy of the package asks. */
export function registry(): Registry {
  const host: typeof globalThis & { [SLOT]?: Registry } = globalThis;
  return (host[SLOT] ??= {
    host: undefined,
    entries: new Map(),
    phases: new WeakMap(),
    told: new Set(),
    keepers: new Set(),
  });
}

/** The entry of this kind and key; made, still empty, when there is none. */
export function entryOf<Kind extends StateKind>(kind: Kind, key: string): Entry<Kind> {
  const { entries } = registry();
  const id = `${kind}:${key}`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the kind is part of the id
  const found = entries.get(id) as Entry<Kind> | undefined;
  if (found !== undefined) return found;
  const made = emptyEntry(kind, key);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an Entry<Kind> is one of AnyEntry
  entries.set(id, made as unknown as AnyEntry);
  return made;
}

/** An entry that no registry holds. */
export function emptyEntry<Kind extends StateKind>(kind: Kind, key: string): Entry<Kind> {
  return {
    kind,
    key,
    live: undefined,
    aside: undefined,
    drafts: new Map(),
    listeners: new Set(),
    makers: new Set(),
    uses: 0,
    isKept: true,
    isCleared: false,
  };
}

/** Says that state was used, to whoever keeps it over restarts. */
export function touch(): void {
  for (const keeper of registry().keepers) keeper.touched();
}

/** Lets go of an entry that nothing live or pending defines. */
export function forgetEntry(entry: { readonly kind: StateKind; readonly key: string }): void {
  registry().entries.delete(`${entry.kind}:${entry.key}`);
  touch();
}

/** Entries that hold something, in the order in which they were made. */
export function liveEntries(): readonly AnyEntry[] {
  return [...registry().entries.values()].filter((entry) => entry.live !== undefined && !entry.isCleared);
}
