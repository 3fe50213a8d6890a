import type { GenerationScope, StateProblem } from "./generation.ts";

/** The state of a handler, or a store's `{ value }`: one object whose keys are kept one by one. */
export type StateObject = Readonly<Record<string, unknown>>;

/** One change of a state. */
export interface HistoryEntry<State> {
  /** The state after the change. */
  readonly state: State;
  /** When it changed, in epoch milliseconds. */
  readonly at: number;
  /** The number of the change, from 1. */
  readonly version: number;
}

/** A state in the form that one version of the code gave it. */
export interface VersionedState {
  readonly state: StateObject;
  /** `options.version` of that code. */
  readonly version: number;
}

/** What is kept for a stateful handler or a store. Replaced as a whole, never changed in place. */
export interface StateBody {
  readonly state: StateObject;
  /** A deep copy of the initial state by who defined it, to tell "still the default" from "changed". */
  readonly defaults: ReadonlyMap<string, StateObject>;
  /** Keys that were set through the API. */
  readonly changedKeys: ReadonlySet<string>;
  /** The number of the last change. */
  readonly version: number;
  readonly history: readonly HistoryEntry<StateObject>[];
  /** The version of the form of the state, `options.version`; 1 where no code has said one. */
  readonly formVersion: number;
  /** An older state that could not be migrated. It waits for a `migrate` that can. */
  readonly setAside: VersionedState | undefined;
  /** What is to be said when this body becomes live. */
  readonly notice: StateProblem | undefined;
}

/** A key of a cache. `null` and `undefined` are keys like any other. */
export type CacheKey = string | number | null | undefined;

/** One cached value. Times in milliseconds. */
export interface CacheRecord {
  readonly value: unknown;
  readonly storedAt: number;
  /** Set when `set` was called with a time to live of its own. */
  readonly ttlMs?: number;
}

/** What is kept for a cache. Records are in the order of their last use. */
export interface CacheBody {
  readonly records: Map<CacheKey, CacheRecord>;
  readonly ttlMs: number;
  readonly maxEntries: number;
  hits: number;
  misses: number;
  /** The number of records at which expired ones are looked for next. */
  sweepAt: number;
}

/** The window of one identifier. `startedAt` in epoch milliseconds. */
export interface RateWindow {
  readonly startedAt: number;
  readonly count: number;
}

/** What is kept for a rate limit. Windows are in the order in which they began. */
export interface RateLimitBody {
  readonly windows: Map<string | undefined, RateWindow>;
  readonly maxRequests: number;
  readonly windowMs: number;
  readonly maxIdentifiers: number;
}

/** What is kept for a singleton. */
export interface SingletonBody {
  readonly value: unknown;
  /** Of the newest live code. */
  dispose: ((value: unknown) => unknown) | undefined;
  /** Made with `preserveState: false`: it ends with the generation that made it. */
  readonly closesWithGeneration: boolean;
  /** Its promise was rejected. */
  hasFailed: boolean;
}

/** What is kept, by kind. */
export interface BodyByKind {
  readonly handler: StateBody;
  readonly store: StateBody;
  readonly cache: CacheBody;
  readonly "rate-limit": RateLimitBody;
  readonly singleton: SingletonBody;
}

/** The kinds of explicit state. */
export type StateKind = keyof BodyByKind;

/** Called with the state after and before a change. */
export type StateListener = (next: StateObject, previous: StateObject) => void;

/** What one generation that is evaluated aside wants to do with an entry once it is live. */
export interface Draft<Body> {
  /** Definitions and writes in their order. */
  readonly steps: ((body: Body | undefined) => Body)[];
  /** The generation does not want what was kept before (`preserveState: false`). */
  startsAnew: boolean;
  definitions: number;
}

/** The kept body with all drafts applied, as code that is evaluated aside sees it. */
export interface Aside<Body> {
  readonly body: Body | undefined;
  /** `Entry.uses` when it was made. */
  readonly uses: number;
  /** Whether nothing reachable from the live body was changed in place since. */
  isIntact(): boolean;
  /** Takes such changes back. */
  restore(): void;
}

/** One piece of explicit state. */
export interface Entry<Kind extends StateKind = StateKind, Body = BodyByKind[Kind]> {
  readonly kind: Kind;
  readonly key: string;
  /** What running code sees; `undefined` until the first generation that defines it is live. */
  live: Body | undefined;
  aside: Aside<Body> | undefined;
  readonly drafts: Map<GenerationScope, Draft<Body>>;
  readonly listeners: Set<StateListener>;
  /** Modules that defined it since it last started anew. */
  makers: Set<string>;
  /** How often running code has read or written it. */
  uses: number;
  /** Whether it survives new code. */
  isKept: boolean;
  /** Whether `globalStateManager.clear` emptied it and nobody has used it since. */
  isCleared: boolean;
}

/** Any entry; `kind` tells which. */
export type AnyEntry = { [Kind in StateKind]: Entry<Kind> }[StateKind];
