import type { Generation } from "../model/generation.ts";
import type { Effect } from "./journal.ts";

/** By generation: the globals that were emptied for it. */
const emptied = new WeakMap<Generation, readonly string[]>();
/** By generation: what it has found in the globals that it fills where they are empty. */
const found = new WeakMap<Generation, ReadonlyMap<string, unknown>>();

/** The globals that were emptied for a generation to fill, as people read them. */
export function emptiedFor(generation: Generation): readonly string[] {
  return emptied.get(generation) ?? [];
}

/** The globals that a generation has filled, or would find filled. */
function filledBy({ source }: Generation): ReadonlyMap<string, readonly string[]> {
  const globals = source.analysis.fillSources.flatMap((fill) => fill.globals);
  return new Map(globals.map(({ name, path }) => [name, path]));
}

/** Those that go on when it is replaced. */
export function filledGlobalsOf(live: Generation): readonly string[] {
  return [...filledBy(live).keys()].filter((name) => live.outside?.outdated.has(name) !== true);
}

/**
 * Before a module runs again: what it keeps in globals, and made of a file that says something else now, is not there for
 * its new text to find.
 */
export function emptyFilledGlobals(live: Generation, successor: Generation): Effect<never> {
  const undo = new Map<string, () => void>();
  for (const [name, path] of filledBy(live)) {
    const restore = live.outside?.outdated.has(name) === true ? empty(path) : undefined;
    if (restore !== undefined) undo.set(name, restore);
  }
  emptied.set(successor, [...undo.keys()]);
  const fills = successor.source.analysis.handedBack;
  found.set(successor, new Map(fills.map(({ name, global }) => [name, global && valueAt(global)])));
  return {
    restore() {
      for (const restore of [...undo.values()].toReversed()) restore();
      return true;
    },
  };
}

/** Whether a generation goes on with what it has found in a global. */
export function hasFound(generation: Generation, name: string, value: unknown): boolean {
  return Object.is(found.get(generation)?.get(name), value);
}

/** What a global, or a part of one, holds. */
export function valueAt(path: readonly string[]): unknown {
  return path.reduce<unknown>(valueIn, globalThis);
}

/** Returns what puts it back; `undefined` if there is nothing. */
function empty(path: readonly string[]): (() => void) | undefined {
  const key = keyOf(path.at(-1) ?? "");
  const holder = valueAt(path.slice(0, -1));
  if (holder instanceof Map) {
    if (!holder.has(key)) return undefined;
    const value: unknown = holder.get(key);
    holder.delete(key);
    return () => void holder.set(key, value);
  }
  if (typeof holder !== "object" || holder === null) return undefined;
  const property = Reflect.getOwnPropertyDescriptor(holder, key);
  if (property === undefined || !Reflect.deleteProperty(holder, key)) return undefined;
  return () => void Reflect.defineProperty(holder, key, property);
}

/** Nothing of the project is called to find it. */
function valueIn(holder: unknown, name: string): unknown {
  if (holder instanceof Map) return holder.get(keyOf(name));
  const isHolder = (typeof holder === "object" && holder !== null) || typeof holder === "function";
  return isHolder ? Reflect.getOwnPropertyDescriptor(holder, keyOf(name))?.value : undefined;
}

/** A key that is computed stands in brackets, as the text has it. */
function keyOf(name: string): string | symbol {
  const symbol = /^\[Symbol\.for\((["'`])(.*)\1\)\]$/.exec(name);
  return symbol?.[2] === undefined ? name : Symbol.for(symbol[2]);
}
