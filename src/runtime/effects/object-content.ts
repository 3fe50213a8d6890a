import { types } from "node:util";
import { contentAs, PRIVATE } from "../../values/content.ts";
import type { Content } from "../../values/content.ts";
import type { ContentReader, Limits } from "../../values/reach.ts";
import { restore, ContentSnapshot } from "../../values/snapshot.ts";
import type { Watched } from "./journal.ts";
import { hasPrivateFields, readPrivateFields } from "./private-fields.ts";
import { isResource, listenersOf } from "./resources.ts";

/**
 * How many objects, and how many parts of them, one look visits: about 3 ms. What lies beyond is not compared. What
 * modules fill lies near the roots; far from them lies data.
 */
export const LIMITS: Limits = { objects: 5_000, parts: 100_000 };

/**
 * What an object of a program holds, class instances and functions included; `undefined` where there is nothing to see,
 * and identity is all that can be compared. Nothing of the program's own runs for it: a proxy is what it is, and no more.
 *
 * @param isProjects whether project code has made an object: its inner books count, whatever it can do
 */
export function contentOf(object: object, isProjects: (object: object) => boolean): Content | undefined {
  if (types.isProxy(object)) return { kind: "handle", parts: NOTHING, isExtensible: true };
  // Not `instanceof`: a prototype says nothing about what an object is, and its iterator may be anything.
  if (Array.isArray(object)) return contentAs("array", object);
  if (types.isMap(object)) return contentAs("map", object);
  if (types.isSet(object)) return contentAs("set", object);
  if (types.isDate(object)) return contentAs("date", object);
  // Nearly all objects that programs are made of are functions with `length` and `name`.
  if (typeof object === "function" && isBareFunction(object)) return BARE_FUNCTION;
  if (isOpaque(object)) return undefined;
  if (isResource(object, isProjects)) {
    return { kind: "handle", parts: listenersOf(object), isExtensible: true };
  }
  const content = contentAs("fields", object);
  if (!hasPrivateFields(object)) return content;
  const privates = readPrivateFields(object).flatMap((value) => [PRIVATE, value]);
  return { ...content, parts: [...Array.from(content.parts), ...privates] };
}

/** Every object is visited, whichever module made it. */
export const contentOfAny: ContentReader = (object) => contentOf(object, () => true);

/** Everything that a value leads to, as it is now. */
export function snapshotOf(value: unknown): ContentSnapshot {
  return new ContentSnapshot([value], contentOfAny, LIMITS);
}

/** Watches everything that a value leads to. */
export function watchedValue(value: unknown): Watched<never> {
  return {
    look() {
      const snapshot = snapshotOf(value);
      return () =>
        [...snapshot.changed()].map(({ object, before }) => ({
          restore: () => restore(object, before, contentOfAny),
        }));
    },
    // What is done to it later stays.
    giveUp: () => undefined,
  };
}

const NOTHING: readonly unknown[] = [];
const BARE_FUNCTION: Content = { kind: "fields", parts: NOTHING, isExtensible: true };

/** Behind a `prototype` of its own there may be methods; what inherits from another function may be a class. */
function isBareFunction(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === Function.prototype || prototype === ASYNC_PROTOTYPE;
  return isPlain && Reflect.ownKeys(object).length === 2;
}

const ASYNC_PROTOTYPE: unknown = Object.getPrototypeOf(async () => undefined);

/** Values without anything to see. */
function isOpaque(object: object): boolean {
  return (
    object === globalThis ||
    object === process ||
    types.isPromise(object) ||
    types.isWeakMap(object) ||
    types.isWeakSet(object) ||
    object instanceof WeakRef ||
    types.isRegExp(object) ||
    ArrayBuffer.isView(object) ||
    types.isAnyArrayBuffer(object)
  );
}
