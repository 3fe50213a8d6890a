import { classNameOf } from "../../state/compare.ts";
import { isPlainObject } from "../../state/shape.ts";

/** What an object is to the encoding. */
export type Kind =
  | "object"
  | "bare"
  | "array"
  | "map"
  | "set"
  | "date"
  | "regexp"
  | "url"
  | "error"
  | "buffer"
  | "bytes"
  | "view";

/** A class of typed arrays, or `DataView`. */
export type ViewClass = new (
  buffer: ArrayBuffer,
  byteOffset: number,
  length: number,
) => ArrayBufferView<ArrayBuffer>;

type UrlClass = new (href: string) => { readonly href: string };
type BytesClass = { from(buffer: ArrayBuffer): Uint8Array; readonly prototype: object };

/** Classes that the language itself does not have, or not in every version. */
interface Platform {
  readonly URL?: UrlClass;
  readonly Buffer?: BytesClass;
  readonly Float16Array?: ViewClass;
}

const platform: Platform & typeof globalThis = globalThis;

/** The class of URLs, where there is one. */
export const urlClass: UrlClass | undefined = platform.URL;

/** Node's class of bytes, where there is one. */
export const bytesClass: BytesClass | undefined = platform.Buffer;

/** The classes of typed arrays by name. */
export const viewClasses: ReadonlyMap<unknown, ViewClass> = new Map<unknown, ViewClass>(
  [
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
    ...(platform.Float16Array === undefined ? [] : [platform.Float16Array]),
  ].map((view) => [view.name, view]),
);

/** The built-in classes of errors by name. */
export const errorClasses: ReadonlyMap<unknown, ErrorConstructor> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((error) => [
    error.name,
    error,
  ]),
);

/** `AggregateError` takes other arguments than all the others. */
export const AGGREGATE: string = AggregateError.name;

const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  [null, "bare"],
  [Object.prototype, "object"],
  [Array.prototype, "array"],
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  [Date.prototype, "date"],
  [RegExp.prototype, "regexp"],
  [ArrayBuffer.prototype, "buffer"],
  [AggregateError.prototype, "error"],
  ...[...errorClasses.values()].map(({ prototype }): [unknown, Kind] => [prototype, "error"]),
  ...[...viewClasses.values()].map(({ prototype }): [unknown, Kind] => [prototype, "view"]),
  ...(urlClass === undefined ? [] : [[urlClass.prototype, "url"] as [unknown, Kind]]),
  ...(bytesClass === undefined ? [] : [[bytesClass.prototype, "bytes"] as [unknown, Kind]]),
]);

const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...[...errorClasses.values(), AggregateError].map(({ prototype, name }): [unknown, string] => [
    prototype,
    name,
  ]),
  ...[...viewClasses.values()].map(({ prototype, name }): [unknown, string] => [prototype, name]),
]);

/** The kind of an object; `undefined` for what has content that nobody can see, or make again. */
export function kindOf(value: object): Kind | undefined {
  if (typeof value === "function") return undefined;
  const kind = KINDS.get(Object.getPrototypeOf(value));
  if (kind === "view" && ArrayBuffer.isView(value) && !(value.buffer instanceof ArrayBuffer))
    return undefined;
  // `Object.prototype` of another realm is none of ours, and what it makes is a plain object all the same.
  return kind ?? (isPlainObject(value) ? "object" : undefined);
}

/** The name of the class of an error or a typed array, whatever its own properties say. */
export function builtInNameOf(value: object): string {
  return NAMES.get(Object.getPrototypeOf(value)) ?? "";
}

/** Says what a value is that cannot be stored. */
export function describeOpaque(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" && value !== null ? `an instance of ${classNameOf(value)}` : "not a value";
}
