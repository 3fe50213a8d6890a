import { trackReads, runInContext } from "../model/context.ts";
import type { Context, RequestContext, Snapshot } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import { liveImportsOf, reach } from "../model/edges.ts";
import type { ModuleRecord } from "../model/module-record.ts";

/** A request while it is answered. */
export interface OpenRequest {
  readonly version: number;
  /** Run the handler, or anything else that belongs to the request. */
  run<T>(body: () => T): T;
  /** The answer is complete, streams included. */
  close(): void;
}

/** What a request begins on. */
export interface RequestInit {
  readonly entry: string;
  readonly module: ModuleRecord | undefined;
  /** It has run past the deadline, and what its code has opened is closed: it may wait for something that never comes. */
  readonly onOutlived?: (() => void) | undefined;
}

const NOTHING: ReadonlySet<ModuleRecord> = new Set();

/** A request, and what of the code that it needs was replaced under it. It is what its own code sees of the modules. */
class Begun implements OpenRequest, RequestContext, Snapshot {
  readonly entry: string;
  readonly version: number;
  readonly init: RequestInit;
  open = true;
  readonly #context: Context;
  readonly #closed: (request: Begun) => void;
  #holds: Set<ModuleRecord> | undefined;

  constructor(init: RequestInit, version: number, closed: (request: Begun) => void) {
    this.entry = init.entry;
    this.version = version;
    this.init = init;
    this.#closed = closed;
    this.#context = { snapshot: this, evaluating: undefined, request: this };
  }

  /** The modules that it reaches and that were replaced under it. */
  get holds(): ReadonlySet<ModuleRecord> {
    return this.#holds ?? NOTHING;
  }

  hold(module: ModuleRecord): void {
    this.#holds ??= new Set();
    this.#holds.add(module);
  }

  run<T>(body: () => T): T {
    return runInContext(this.#context, body);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.#closed(this);
  }

  generationOf(module: ModuleRecord): Generation | undefined {
    let generation = module.live;
    if (!this.open || !this.holds.has(module)) return generation;
    while (generation?.previous !== undefined && generation.liveSince > this.version) {
      generation = generation.previous;
    }
    return generation;
  }
}

interface Waiter {
  readonly modules: ReadonlySet<ModuleRecord>;
  readonly resolve: () => void;
}

/**
 * Requests keep the version they began with. That costs nothing until a commit replaces something under one of
 * them; from then on reads ask whose they are, until the last request that this concerns has ended.
 */
export class Requests {
  readonly #open = new Set<Begun>();
  /** Modules with generations that an older request may read. */
  readonly #withHistory = new Set<ModuleRecord>();
  readonly #waiters = new Set<Waiter>();
  #version: number;
  #endTracking: (() => void) | undefined;

  /** @param firstVersion what is counted from */
  constructor(firstVersion: number) {
    this.#version = firstVersion;
  }

  get version(): number {
    return this.#version;
  }

  begin(init: RequestInit): OpenRequest {
    const request = new Begun(init, this.#version, this.#closed);
    this.#open.add(request);
    return request;
  }

  readonly #closed = (request: Begun): void => {
    this.#open.delete(request);
    if (request.holds.size > 0) this.#forgetHistory();
  };

  /** A commit: `settle` makes generations live instead of old ones. */
  commit(old: readonly Generation[], settle: (version: number) => void): void {
    const replaced = new Set(old.map(({ module }) => module));
    if (replaced.size > 0) this.#holdFor(replaced);
    settle(++this.#version);
    for (const module of replaced) this.#withHistory.add(module);
    if (this.#isAnyHeld()) this.#endTracking ??= trackReads();
    this.#forgetHistory();
  }

  /**
   * Wait until no request needs the replaced generations of some modules any more, or the deadline has passed.
   *
   * @returns Tells the requests that need them still and reach one of these modules that nobody waits for them.
   */
  async drained(
    modules: ReadonlySet<ModuleRecord>,
    deadlineMs: number,
  ): Promise<(closed: ReadonlySet<ModuleRecord>) => void> {
    if (this.#isHeld(modules)) await this.#untilReleased(modules, deadlineMs);
    const left = [...this.#open].filter(({ holds }) => isAnyIn(modules, holds));
    return (closed) => {
      for (const { open, holds, init } of left) if (open && isAnyIn(closed, holds)) init.onOutlived?.();
    };
  }

  async #untilReleased(modules: ReadonlySet<ModuleRecord>, deadlineMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      const waiter = { modules, resolve };
      this.#waiters.add(waiter);
      timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        resolve();
      }, deadlineMs);
      timer.unref();
    });
    clearTimeout(timer);
  }

  /** Whoever waits for older requests to end waits no longer. */
  stopWaiting(): void {
    for (const { resolve } of this.#waiters) resolve();
    this.#waiters.clear();
  }

  /** What a request reaches is known by what is live, and that is about to change. */
  #holdFor(replaced: ReadonlySet<ModuleRecord>): void {
    const reached = new Map<ModuleRecord, ReadonlySet<ModuleRecord>>();
    for (const request of this.#open) {
      const { module: entry } = request.init;
      if (entry === undefined) continue;
      const closure = reached.get(entry) ?? reach([entry], liveImportsOf);
      reached.set(entry, closure);
      for (const module of replaced) if (closure.has(module)) request.hold(module);
    }
  }

  #isAnyHeld(): boolean {
    for (const { holds } of this.#open) if (holds.size > 0) return true;
    return false;
  }

  #isHeld(modules: ReadonlySet<ModuleRecord>): boolean {
    for (const { holds } of this.#open) if (isAnyIn(modules, holds)) return true;
    return false;
  }

  #forgetHistory(): void {
    for (const module of this.#withHistory) {
      if (this.#isHeld(new Set([module]))) continue;
      this.#withHistory.delete(module);
      if (module.live !== undefined) module.live.previous = undefined;
    }
    for (const waiter of this.#waiters) {
      if (this.#isHeld(waiter.modules)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
    if (this.#isAnyHeld()) return;
    this.#endTracking?.();
    this.#endTracking = undefined;
  }
}

function isAnyIn(modules: Iterable<ModuleRecord>, held: ReadonlySet<ModuleRecord>): boolean {
  for (const module of modules) if (held.has(module)) return true;
  return false;
}
