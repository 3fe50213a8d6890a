import { EventEmitter } from "node:events";
import net from "node:net";
import { types } from "node:util";
import { isObjectLike } from "../../values/kinds.ts";
import type { Generation } from "../model/generation.ts";
import { closingMember, isPlain } from "./closing.ts";
import { isMadeByProject } from "./listeners.ts";
import { isSubject } from "./opener.ts";
import type { OwnedResource } from "./resource.ts";

/** A value that has this property set to `true` is never closed. */
const KEEP: unique symbol = Symbol.for("orbit-hmr:keep");

/** What helps when the gentle way takes too long. */
const FORCING = ["destroy", "terminate", "disconnect"] as const;
const PROCESS_WIDE: ReadonlySet<unknown> = new Set<unknown>([process, globalThis, console]);

const closed = new WeakSet<object>();
const unowned = new WeakSet<object>();

/** The value, and what a promise of it resolves to, is nobody's. */
export function leaveAlone(value: unknown): void {
  if (!isObjectLike(value)) return;
  unowned.add(value);
  if (value instanceof Promise) void value.then(leaveAlone, () => undefined);
}

/** Whether somebody said that a value must stay open. */
export function isLeftAlone(value: object): boolean {
  return unowned.has(value) || read(value, KEEP) === true;
}

/** Top-level values of a generation that can be closed: pools, clients, jobs. */
export function clientsOf(generation: Generation): readonly OwnedResource[] {
  return valuesOf(generation)
    .filter(isClient)
    .map((value) => clientResource(generation, value));
}

/** Programs keep some clients in a container, and data by the thousands. */
const MAX_CONTENTS = 1_000;

/** Objects in top-level bindings, and in plain objects and containers that stand there. */
export function valuesOf({ topLevel }: Generation): readonly object[] {
  const values = new Set<object>();
  for (const getter of Object.values(topLevel)) {
    const value = valueOf(getter);
    if (!isObjectLike(value)) continue;
    values.add(value);
    let count = 0;
    for (const inner of contentsOf(value)) {
      if (isObjectLike(inner)) values.add(inner);
      if (++count === MAX_CONTENTS) break;
    }
  }
  return [...values];
}

/** What programs keep on purpose, past all evaluations: `globalThis.db ??= connect()`. */
export function globalValues(): readonly object[] {
  return plainValues(globalThis).filter(isObjectLike);
}

function contentsOf(value: object): Iterable<unknown> {
  // Its traps are the program's: looking would run them.
  if (types.isProxy(value)) return [];
  if (types.isMap(value)) return Map.prototype.values.call(value);
  if (types.isSet(value)) return Set.prototype.values.call(value);
  if (Array.isArray(value)) return value as readonly unknown[];
  return isPlain(value) ? plainValues(value) : [];
}

function valueOf(getter: () => unknown): unknown {
  try {
    return getter();
  } catch {
    // Read before its declaration has run: nothing is there yet.
    return undefined;
  }
}

function isClient(value: object): boolean {
  try {
    return isClosable(value);
  } catch {
    // A proxy that lets nobody look is nothing that could be closed.
    return false;
  }
}

function isClosable(value: object): boolean {
  if (isMadeUp(value) || closed.has(value) || PROCESS_WIDE.has(value) || isLeftAlone(value)) return false;
  if (isStandardStream(value) || isOwnedItself(value) || hasEnded(value)) return false;
  // What a package made for itself, before or beside project code, is shared: `mongoose.connection`, an agent.
  if (value instanceof EventEmitter && !isMadeByProject(value)) return false;
  return closingStep(value) !== undefined;
}

/** What says of itself that it is over: the program has closed it. */
function hasEnded(value: object): boolean {
  return ["closed", "destroyed", "ended", "ending"].some((name) => read(value, name) === true);
}

/** A proxy that answers to every name has every method, and calls something with it. */
function isMadeUp(value: object): boolean {
  if (!types.isProxy(value)) return false;
  try {
    return Reflect.get(value, "orbit-hmr:no-such-name") !== undefined;
  } catch {
    // It is strict about its names, or revoked.
    return true;
  }
}

/** Open ones are resources of their own kind, and there is nothing to close in those that are not open. */
function isOwnedItself(value: object): boolean {
  return isSubject(value) || value instanceof net.Server || "_idleTimeout" in value;
}

/** They are made when they are first looked at, whoever looks. */
function isStandardStream(value: object): boolean {
  return "fd" in value && typeof value.fd === "number" && value.fd <= 2;
}

function closingStep(value: object): (() => unknown) | undefined {
  const member = closingMember(value, read);
  return member === undefined ? undefined : methodOf(value, member);
}

function clientResource(generation: Generation, value: object): OwnedResource {
  return {
    kind: "client",
    since: openedAt(value, generation),
    subject: value,
    isOpen: () => isClient(value),
    close: async ({ reason }) => {
      closed.add(value);
      closeConnections(value);
      // To be closed is an error to a client that is still connecting, and one that nobody hears ends the process.
      if (isEmitter(value)) methodOf(value, "on")?.("error", () => undefined);
      const ended = reason === "closing" ? endOf(value) : undefined;
      const closing = closingStep(value)?.();
      await (isThenable(closing) ? closing : ended);
    },
    force: () => {
      const step = FORCING.map((name) => methodOf(value, name)).find(Boolean);
      void step?.();
    },
  };
}

/** How long a client that ends without a promise is waited for. */
const END_MS = 500;

/**
 * Clients that end without a promise say by an event that they have, and reject only then what still waits for them.
 * When everything closes, those rejections must come while somebody listens.
 */
async function endOf(value: object): Promise<void> {
  const once = methodOf(value, "once");
  if (once === undefined || !isEmitter(value)) return;
  await new Promise<void>((resolve) => {
    const patience = setTimeout(resolve, END_MS);
    const end = (): void => {
      clearTimeout(patience);
      // Rejections are reported when all that follows from this event has run.
      setImmediate(resolve);
    };
    for (const event of ["close", "end"]) once(event, end);
  });
}

/** Servers of websockets leave connections open when they are closed; 1012 tells clients to come back. */
function closeConnections(value: object): void {
  const clients = read(value, "clients");
  if (!(clients instanceof Set) || !(value instanceof EventEmitter)) return;
  for (const client of clients) if (isObjectLike(client)) methodOf(client, "close")?.(1012);
}

const starts = new WeakMap<Generation, number>();

/** The generation begins: what its top-level values opened is no older. */
export function noteStart(generation: Generation): void {
  starts.set(generation, Date.now());
}

const firstSeen = new WeakMap<object, number>();

/** A value that goes on is as old as the generation that made it. */
function openedAt(value: object, generation: Generation): number {
  const since = firstSeen.get(value) ?? starts.get(generation) ?? Date.now();
  firstSeen.set(value, since);
  return since;
}

function methodOf(value: object, name: string | symbol): ((...args: unknown[]) => unknown) | undefined {
  const method = read(value, name);
  if (typeof method !== "function") return undefined;
  return (...args) => Reflect.apply(method, value, args) as unknown;
}

/**
 * A member that a value says it has. A proxy may answer to names that it denies: an app of NestJS to all names of its
 * adapter, a lazy client by making one.
 */
function read(value: object, name: string | symbol): unknown {
  try {
    return name in value ? Reflect.get(value, name) : undefined;
  } catch {
    // A getter or proxy that refuses tells nothing.
    return undefined;
  }
}

function plainValues(holder: object): readonly unknown[] {
  // Getters of others are not asked: `globalThis.crypto` and its like are made by looking.
  return Object.values(Object.getOwnPropertyDescriptors(holder)).map(({ value }): unknown => value);
}

/** Some have the methods of an EventEmitter without being one. */
function isEmitter(value: object): boolean {
  return methodOf(value, "on") !== undefined && methodOf(value, "emit") !== undefined;
}

function isThenable(value: unknown): boolean {
  return isObjectLike(value) && methodOf(value, "then") !== undefined;
}
