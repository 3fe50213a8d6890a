import type { Generation } from "../model/generation.ts";
import type { CloseReason } from "../model/hot-handlers.ts";
import { clientsOf, globalValues, isLeftAlone, leaveAlone, noteStart, valuesOf } from "./clients.ts";
import { ownHandles } from "./handles.ts";
import { ownListeners } from "./listeners.ts";
import { continueIn, findOwned, own, register, runInScope, runAsNobody, unregister } from "./opener.ts";
import type { ClosedResource, Closing, ResourceScope, OwnedResource, ResourceKind } from "./resource.ts";
import { ownServers } from "./servers.ts";
import { ownTimers } from "./timers.ts";

/** What a runtime's ownership has to know of it. */
export interface OwnershipInit {
  /** What requests see: values that are held there stay open. */
  readonly live: () => Iterable<Generation>;
  /** Whether a module asked to be left alone. @default nobody does */
  readonly isOptedOut?: (generation: Generation) => boolean;
}

/** One line of the status. */
export interface ListedResource {
  readonly module: string;
  readonly kind: ResourceKind;
  readonly since: number;
}

let users = 0;
let uninstall: (() => void) | undefined;

/** What generations have opened, and how it ends: with the generation, or by going on in the next one. */
export class Ownership {
  readonly #init: OwnershipInit;
  readonly #generations = new Set<Generation>();
  readonly #scopes = new WeakMap<Generation, Map<unknown, ResourceScope>>();

  constructor(init: OwnershipInit) {
    this.#init = init;
  }

  /** See what project code opens, until the returned function is called. Several runtimes share what is patched. */
  install(): () => void {
    if (users++ === 0) uninstall = patchNode();
    let isInstalled = true;
    return () => {
      if (!isInstalled) return;
      isInstalled = false;
      if (--users > 0) return;
      uninstall?.();
      uninstall = undefined;
    };
  }

  /** A generation is about to evaluate: what it opens from now on is its own. */
  begin(generation: Generation): void {
    if (this.#init.isOptedOut?.(generation) === true) return;
    this.#generations.add(generation);
    noteStart(generation);
    register(generation);
  }

  /** What a generation has open, in the order of opening; its clients last. */
  of(generation: Generation): readonly OwnedResource[] {
    const owned = findOwned(generation);
    if (owned === undefined) return [];
    const opened = owned.open.filter(({ subject }) => subject === undefined || !isLeftAlone(subject));
    return [...opened, ...clientsOf(generation)];
  }

  /** Whether a value is something open that a generation would close. */
  isOpen(generation: Generation, value: unknown): boolean {
    return this.of(generation).some((resource) => resource.subject === value && resource.isOpen());
  }

  /** Everything that is open, for the status. */
  list(): readonly ListedResource[] {
    return [...this.#generations].flatMap((generation) =>
      this.of(generation)
        .filter(({ isPart }) => isPart !== true)
        .map(({ kind, since }) => ({ module: generation.module.displayName, kind, since })),
    );
  }

  /**
   * The generation is done: close what it has open, last opened first, except for what live code still holds. What
   * its code opens from now on is closed at once.
   */
  async closeAll(
    generation: Generation,
    { deadlineMs, reason }: { readonly deadlineMs: number; readonly reason: CloseReason },
  ): Promise<readonly ClosedResource[]> {
    const resources = this.of(generation);
    const mayGoOn = resources.length > 0 && reason !== "closing";
    const newOwners = mayGoOn ? this.#findNewOwners(generation, resources) : NO_NEW_OWNERS;
    continueCode(generation, newOwners);
    this.#generations.delete(generation);
    unregister(generation);
    for (const resource of resources)
      if (!newOwners.has(resource) && resource.isOpen()) resource.prepare?.({ deadlineMs, reason });
    const endsAt = Date.now() + deadlineMs;
    const closed: ClosedResource[] = [];
    for (const resource of resources.toReversed()) {
      const { kind } = resource;
      const newOwner = newOwners.get(resource);
      if (newOwner !== undefined) {
        if (kind !== "client") give(resource, newOwner);
      } else if (resource.isOpen()) {
        const closing = { deadlineMs: Math.max(1, endsAt - Date.now()), reason };
        const outcome = await closeOne(resource, closing);
        if (resource.isPart === true || outcome.status === "left") continue;
        closed.push({ kind, module: generation.module.displayName, ...outcome });
      }
    }
    return closed;
  }

  /**
   * Run the initializer of a top-level binding: what is opened in it, or later by what it made, follows the value.
   *
   * @param key what {@link Ownership.carryOver} will call it
   */
  during<T>(generation: Generation, key: unknown, make: () => T): T {
    const scope: ResourceScope = { resources: new Set(), owned: findOwned(generation) };
    this.#noteScope(generation, key, scope);
    return runInScope(scope, make);
  }

  /**
   * A value goes on in the next generation, with everything that was opened while it was made: as soon as that
   * generation is live, for until then it may come to nothing.
   */
  carryOver(key: unknown, from: Generation, to: Generation): void {
    to.scope.onLive(() => this.#carryOver(key, from, to));
  }

  #carryOver(key: unknown, from: Generation, to: Generation): void {
    const scope = this.#scopes.get(from)?.get(key);
    const old = findOwned(from);
    const next = findOwned(to);
    if (scope === undefined || old === undefined || next === undefined) return;
    for (const resource of scope.resources) if (old.remove(resource)) next.add(resource);
    scope.owned = next;
    this.#noteScope(to, key, scope);
  }

  #noteScope(generation: Generation, key: unknown, scope: ResourceScope): void {
    const scopes = this.#scopes.get(generation) ?? new Map<unknown, ResourceScope>();
    this.#scopes.set(generation, scopes.set(key, scope));
  }

  /** Who goes on with what a generation made: whoever holds it, or the successor for what a global holds. */
  #findNewOwners(generation: Generation, resources: readonly OwnedResource[]): NewOwners {
    const globals = new Set(globalValues());
    const holders = new Map<object, Generation>();
    for (const live of this.#init.live()) {
      if (live !== generation) for (const value of valuesOf(live)) holders.set(value, live);
    }
    const { live } = generation.module;
    const successor = live === generation ? undefined : live;
    const newOwners = new Map<OwnedResource, Generation>();
    for (const resource of resources) {
      const { kind, subject } = resource;
      if (subject === undefined) continue;
      // A kept variable may still hold a timer, but what the timer calls is old code.
      const holder = kind === "timer" ? undefined : holders.get(subject);
      const newOwner = globals.has(subject) ? (successor ?? holder) : holder;
      if (newOwner !== undefined) newOwners.set(resource, newOwner);
    }
    return newOwners;
  }
}

/** Who goes on with which resource. */
type NewOwners = ReadonlyMap<OwnedResource, Generation>;
const NO_NEW_OWNERS: NewOwners = new Map();

/** What goes on is made of old code: what that opens from now on belongs to the new owner. */
function continueCode(from: Generation, newOwners: NewOwners): void {
  const old = findOwned(from);
  if (old === undefined) return;
  for (const newOwner of new Set(newOwners.values())) {
    const next = findOwned(newOwner);
    const given = [...newOwners].flatMap(([{ subject }, owner]) =>
      owner === newOwner && subject !== undefined ? [subject] : [],
    );
    if (next !== undefined) continueIn(next, old, given);
  }
}

function patchNode(): () => void {
  const undo = [ownTimers(), ownListeners(), ownServers(), ownHandles()];
  return () => {
    for (const step of undo) step();
  };
}

function give(resource: OwnedResource, newOwner: Generation): void {
  const owned = findOwned(newOwner);
  if (owned !== undefined) own(owned, resource);
}

/** How closing went. */
type ClosingResult =
  | { readonly status: "closed" | "handed-over" }
  | { readonly status: "left" }
  | { readonly status: "failed"; readonly error: unknown };

async function closeOne(resource: OwnedResource, closing: Closing): Promise<ClosingResult> {
  const { deadlineMs } = closing;
  let timer: NodeJS.Timeout | undefined;
  try {
    const running = resource.close(closing);
    if (running === undefined) return { status: "closed" };
    if (running === "left") return { status: "left" };
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(resolve, deadlineMs, "late");
    });
    const status = (await Promise.race([running, late])) ?? "closed";
    if (status !== "late") return { status };
    resource.force?.();
    return {
      status: "failed",
      error: new Error(`[orbit] A ${resource.kind} was not closed within ${deadlineMs} ms.`),
    };
  } catch (error) {
    return { status: "failed", error };
  } finally {
    clearTimeout(timer);
  }
}

/** Run a factory whose value outlives every generation: nobody owns it or what it opens. */
export function outsideOwnership<T>(make: () => T): T {
  const value = runAsNobody(make);
  leaveAlone(value);
  return value;
}
