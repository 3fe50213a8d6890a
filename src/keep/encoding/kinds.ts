import { describeOpaque } from "../../values/describe.ts";
import { dataKindOf } from "../../values/kinds.ts";
import type { DataKind } from "../../values/kinds.ts";

/** What an object is to the encoding: `bare` has no prototype, `bytes` is a Buffer of Node. */
export type StoredKind = DataKind | "bare" | "url" | "error" | "view";

/** A class of typed arrays, or `DataView`. */
export type ViewClass = new (
  buffer: ArrayBuffer,
  byteOffset: number,
  length: number,
) => ArrayBufferView<ArrayBuffer>;

/** Newer than the oldest Node that is supported. */
const { Float16Array }: typeof globalThis & { readonly Float16Array?: ViewClass } = globalThis;

/** The classes of typed arrays by name. */
export const viewClasses: ReadonlyMap<unknown, ViewClass> = byName<ViewClass>([
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  ...(Float16Array === undefined ? [] : [Float16Array]),
]);

/** The built-in classes of errors by name. */
export const errorClasses: ReadonlyMap<unknown, ErrorConstructor> = byName([
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
]);

/** `AggregateError` takes other arguments than all the others. */
export const AGGREGATE: string = AggregateError.name;

const ERRORS = namesByPrototype([...errorClasses.values(), AggregateError]);
const VIEWS = namesByPrototype([...viewClasses.values()]);
const KINDS: ReadonlyMap<unknown, StoredKind> = new Map<unknown, StoredKind>([
  [null, "bare"],
  [URL.prototype, "url"],
  [Buffer.prototype, "bytes"],
]);

/** The kind of an object; `undefined` for what has content that nobody can see, or make again. */
export function kindOf(value: object): StoredKind | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (ERRORS.has(prototype)) return "error";
  if (VIEWS.has(prototype)) {
    return ArrayBuffer.isView(value) && !(value.buffer instanceof ArrayBuffer) ? undefined : "view";
  }
  const kind = KINDS.get(prototype) ?? dataKindOf(value);
  // What a subclass adds cannot be made again.
  const isSubclass =
    (kind === "array" && prototype !== Array.prototype) || (kind === "bytes" && !Buffer.isBuffer(value));
  return isSubclass ? undefined : kind;
}

/** The name of the class of an error or a typed array, whatever its own properties say. */
export function builtInNameOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  return ERRORS.get(prototype) ?? VIEWS.get(prototype) ?? "";
}

/** Says what a value is that cannot be stored. */
export function describeUnstorable(value: unknown): string {
  return value instanceof Promise ? "a promise" : describeOpaque(value);
}

function byName<Class extends { readonly name: string }>(
  classes: readonly Class[],
): ReadonlyMap<unknown, Class> {
  return new Map(classes.map((each) => [each.name, each]));
}

function namesByPrototype(
  classes: readonly { readonly name: string; readonly prototype?: unknown }[],
): ReadonlyMap<unknown, string> {
  return new Map(classes.map(({ name, prototype }) => [prototype, name]));
}
