/** What an object whose whole content can be seen is, by its prototype. */
export type DataKind = "object" | "array" | "map" | "set" | "date" | "regexp" | "bytes" | "buffer";

/**
 * How the content of an object is read. Beside the kinds of data: `fields` are all own properties of anything,
 * functions and class instances included; of a `handle` nothing can be put back.
 */
export type Kind = DataKind | "fields" | "handle";

const KINDS: ReadonlyMap<unknown, DataKind> = new Map<unknown, DataKind>([
  [null, "object"],
  [Object.prototype, "object"],
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  [Date.prototype, "date"],
  [RegExp.prototype, "regexp"],
  [ArrayBuffer.prototype, "buffer"],
]);

/**
 * The kind of a value whose whole content can be seen. `undefined` for any other: a class instance, a function, a
 * promise or a subclass of Map may hide state in private fields.
 */
export function dataKindOf(value: unknown): DataKind | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return "array";
  const prototype: unknown = Object.getPrototypeOf(value);
  const kind = KINDS.get(prototype);
  if (kind !== undefined) return kind;
  if (isForeignObjectPrototype(prototype)) return "object";
  return ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value ? "bytes" : undefined;
}

/** Whether a value is an object literal, from whichever realm, or has no prototype at all. */
export function isPlainObject(value: unknown): value is PlainObject {
  return dataKindOf(value) === "object";
}

/** An object literal. */
export type PlainObject = Readonly<Record<string, unknown>>;

/** Whether a value is something that holds others, or runs. */
export function isObjectLike(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** `Object.prototype` of another realm, such as a vm context, has no prototype either. */
function isForeignObjectPrototype(prototype: unknown): boolean {
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty")
  );
}
