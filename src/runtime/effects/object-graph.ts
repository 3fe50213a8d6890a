import { types } from "node:util";
import { hasPrivateFields, readPrivateFields } from "./private-fields.ts";
import { isResource, listenersOf } from "./resources.ts";

/** What an object holds at one moment, as far as it can be seen and compared. */
export interface Shape {
  readonly kind: "array" | "map" | "set" | "date" | "resource" | "proxy" | "fields";
  /** All that it holds, in order: items, keys and values, accessors, whether it can be extended. */
  readonly parts: readonly unknown[];
}

/**
 * How many objects, and how many parts of them, one look visits: about 3 ms. What lies beyond is not compared. What
 * modules fill lies near the roots; far from them lies data.
 */
const MAX_OBJECTS = 5_000;
const MAX_PARTS = 100_000;

/** What a look needs to know about objects. */
export interface Ownership {
  /** Belongs to somebody else and is looked at no further. */
  readonly isForeign: (object: object) => boolean;
  /** Made by project code: its inner books count, whatever it can do. */
  readonly isProjects: (object: object) => boolean;
}

/** Everything reachable from some values, breadth first, with its shape. */
export function takeShapes(roots: Iterable<unknown>, ownership: Ownership): Map<object, Shape> {
  const shapes = new Map<object, Shape>();
  const queue: object[] = [];
  const seen = new Set<object>();
  let parts = 0;
  const visit = (value: unknown): void => {
    if (!isObjectLike(value) || seen.has(value)) return;
    seen.add(value);
    if (!isOpaque(value) && !ownership.isForeign(value)) queue.push(value);
  };
  for (const root of roots) visit(root);
  for (let index = 0; index < queue.length && index < MAX_OBJECTS && parts < MAX_PARTS; index++) {
    const object = queue[index];
    if (object === undefined) break;
    const shape = shapeOf(object, ownership);
    shapes.set(object, shape);
    parts += shape.parts.length;
    for (const part of shape.parts) visit(part);
  }
  return shapes;
}

/** Every object that some values lead to, however many they are. */
export function* reachableFrom(roots: Iterable<unknown>): Generator<object> {
  const everything = { isForeign: (): boolean => false, isProjects: (): boolean => true };
  const queue = [...roots].filter(isObjectLike).filter((object) => !isOpaque(object));
  const seen = new Set<unknown>(queue);
  for (let object = queue.pop(); object !== undefined; object = queue.pop()) {
    yield object;
    for (const part of shapeOf(object, everything).parts) {
      if (!isObjectLike(part) || seen.has(part)) continue;
      seen.add(part);
      if (!isOpaque(part)) queue.push(part);
    }
  }
}

/** The shape of one object. Nothing of the program's own runs for it: a proxy is what it is, and no more. */
export function shapeOf(object: object, ownership: Ownership): Shape {
  if (types.isProxy(object)) return { kind: "proxy", parts: [] };
  if (Array.isArray(object))
    return { kind: "array", parts: [...(object as unknown[]), Object.isExtensible(object)] };
  // Not `instanceof`: a prototype says nothing about what an object is, and its iterator may be anything.
  if (types.isMap(object)) return { kind: "map", parts: entriesOf(object) };
  if (types.isSet(object)) return { kind: "set", parts: valuesOf(object) };
  if (types.isDate(object)) return { kind: "date", parts: [Date.prototype.getTime.call(object)] };
  if (isResource(object, ownership.isProjects)) return { kind: "resource", parts: listenersOf(object) };
  return { kind: "fields", parts: fieldsOf(object) };
}

function entriesOf(map: Map<unknown, unknown>): unknown[] {
  const parts: unknown[] = [];
  Map.prototype.forEach.call(map, (value: unknown, key: unknown) => parts.push(key, value));
  return parts;
}

function valuesOf(set: Set<unknown>): unknown[] {
  const parts: unknown[] = [];
  Set.prototype.forEach.call(set, (value: unknown) => parts.push(value));
  return parts;
}

/** Whether two looks at the same object saw the same. */
export function isSameShape(before: Shape, now: Shape): boolean {
  if (before.parts.length !== now.parts.length) return false;
  for (let index = 0; index < now.parts.length; index++) {
    if (!Object.is(before.parts[index], now.parts[index])) return false;
  }
  return true;
}

/** Put back what an object held. What cannot be written (frozen, `#private`) stays. */
export function restoreShape(object: object, { kind, parts }: Shape): void {
  if (kind === "array" && Array.isArray(object) && Object.isExtensible(object)) {
    object.splice(0, object.length, ...parts.slice(0, -1));
  } else if (kind === "map" && types.isMap(object)) {
    Map.prototype.clear.call(object);
    for (let index = 0; index < parts.length; index += 2) {
      Map.prototype.set.call(object, parts[index], parts[index + 1]);
    }
  } else if (kind === "set" && types.isSet(object)) {
    Set.prototype.clear.call(object);
    for (const value of parts) Set.prototype.add.call(object, value);
  } else if (kind === "date" && types.isDate(object)) {
    Date.prototype.setTime.call(object, Number(parts[0]));
  } else if (kind === "fields") {
    restoreFields(object, parts);
  }
}

/** Whether a value is something that holds others or runs. */
export function isObjectLike(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * Whether it can be extended, then key and value of every field. An accessor stands for itself: calling it could
 * do anything.
 */
function fieldsOf(object: object): readonly unknown[] {
  const keys = Reflect.ownKeys(object);
  // Nearly all objects that programs are made of are functions with `length` and `name`.
  if (typeof object === "function" && keys.length === 2) return NOTHING;
  const parts: unknown[] = [Object.isExtensible(object)];
  for (const key of keys) {
    if (typeof object === "function" && FUNCTIONS_OWN.has(key)) continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
    parts.push(key, descriptor?.get ?? descriptor?.set ?? (descriptor?.value as unknown));
  }
  if (hasPrivateFields(object)) parts.push(...readPrivateFields(object));
  return parts;
}

const NOTHING: readonly unknown[] = [];
const FUNCTIONS_OWN: ReadonlySet<PropertyKey> = new Set(["length", "name", "arguments", "caller"]);

function restoreFields(object: object, [, ...fields]: readonly unknown[]): void {
  const before = new Map<unknown, unknown>();
  for (let index = 0; index < fields.length; index += 2) before.set(fields[index], fields[index + 1]);
  for (const key of Reflect.ownKeys(object)) {
    if (!before.has(key) && !FUNCTIONS_OWN.has(key)) Reflect.deleteProperty(object, key);
  }
  for (const [key, value] of before) {
    if (typeof key === "symbol" || (typeof key === "string" && !key.startsWith("#"))) {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
      if (descriptor === undefined || "value" in descriptor) Reflect.set(object, key, value);
    }
  }
}

/** Values without anything to see: comparing them by identity is all there is. */
function isOpaque(object: object): boolean {
  if (types.isProxy(object)) return false;
  return (
    object === globalThis ||
    object === process ||
    object instanceof Promise ||
    object instanceof WeakMap ||
    object instanceof WeakSet ||
    object instanceof WeakRef ||
    object instanceof RegExp ||
    ArrayBuffer.isView(object) ||
    object instanceof ArrayBuffer
  );
}
