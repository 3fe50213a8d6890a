import { keysOf, shapeOf } from "./shape.ts";

/** What a value contained at one moment. */
export interface Memory {
  /** Whether nothing reachable from the value was changed in place since. */
  isIntact(): boolean;
  /** Puts the old contents back into the same objects, so that whoever holds them sees the old contents. */
  restore(): void;
}

/** Remembers everything reachable from `root`. Class instances are not looked into. */
export function remember(root: unknown): Memory {
  const memories: Memory[] = [];
  const seen = new Set<unknown>();
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const value = rest.pop();
    if (seen.has(value)) continue;
    seen.add(value);
    const remembered = rememberOne(value);
    if (remembered === undefined) continue;
    memories.push(remembered.memory);
    // One by one: spreading a long array into `push` would exhaust the stack.
    for (const part of remembered.parts) rest.push(part);
  }
  return {
    isIntact: () => memories.every((memory) => memory.isIntact()),
    restore: () => {
      for (const memory of memories) if (!memory.isIntact()) memory.restore();
    },
  };
}

interface Remembered {
  readonly memory: Memory;
  readonly parts: Iterable<unknown>;
}

// The shape has proven what each value is; the type system cannot follow exact prototypes.
/* oxlint-disable typescript/no-unsafe-type-assertion */
function rememberOne(value: unknown): Remembered | undefined {
  switch (shapeOf(value)) {
    case "object":
      return rememberObject(value as object);
    case "array":
      return rememberArray(value as unknown[]);
    case "map":
      return rememberMap(value as Map<unknown, unknown>);
    case "set":
      return rememberSet(value as Set<unknown>);
    case "date":
      return rememberDate(value as Date);
    case "bytes":
      return rememberBytes(value as Uint8Array);
    case "buffer":
      return rememberBytes(new Uint8Array(value as ArrayBuffer));
    case "regexp":
    case "primitive":
    case "opaque":
      break;
  }
  return undefined;
}
/* oxlint-enable typescript/no-unsafe-type-assertion */

function rememberObject(value: object): Remembered {
  const keys = keysOf(value);
  const before = keys.map((key): unknown => Reflect.get(value, key));
  const isIntact = (): boolean =>
    isSameList(keysOf(value), keys) &&
    keys.every((key, index) => Object.is(Reflect.get(value, key), before[index]));
  const restore = (): void => {
    for (const key of keysOf(value)) Reflect.deleteProperty(value, key);
    for (const [index, key] of keys.entries()) {
      Reflect.defineProperty(value, key, {
        value: before[index],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  };
  return { memory: { isIntact, restore }, parts: before };
}

function rememberArray(value: unknown[]): Remembered {
  const before = [...value];
  const restore = (): void => {
    value.length = before.length;
    for (const [index, item] of before.entries()) value[index] = item;
  };
  return { memory: { isIntact: () => isSameList(value, before), restore }, parts: before };
}

function rememberMap(value: Map<unknown, unknown>): Remembered {
  const keys = [...value.keys()];
  const items = [...value.values()];
  const isIntact = (): boolean =>
    isSameList([...value.keys()], keys) && isSameList([...value.values()], items);
  const restore = (): void => {
    value.clear();
    for (const [index, key] of keys.entries()) value.set(key, items[index]);
  };
  return { memory: { isIntact, restore }, parts: [...keys, ...items] };
}

function rememberSet(value: Set<unknown>): Remembered {
  const before = [...value];
  const restore = (): void => {
    value.clear();
    for (const item of before) value.add(item);
  };
  return { memory: { isIntact: () => isSameList([...value], before), restore }, parts: before };
}

function rememberDate(value: Date): Remembered {
  const before = value.getTime();
  const isIntact = (): boolean => Object.is(value.getTime(), before);
  return { memory: { isIntact, restore: () => void value.setTime(before) }, parts: [] };
}

function rememberBytes(value: Uint8Array): Remembered {
  const before = Uint8Array.prototype.slice.call(value);
  const isIntact = (): boolean => before.every((item, index) => Object.is(item, value[index]));
  return { memory: { isIntact, restore: () => value.set(before) }, parts: [] };
}

function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => Object.is(item, right[index]));
}
