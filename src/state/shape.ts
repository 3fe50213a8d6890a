/**
 * What a value is to us. Only values whose whole content can be seen are looked into; an `opaque` one (a class
 * instance, a function, a promise, a subclass of Map) may hide state in private fields, so it is taken by reference.
 */
export type Shape =
  | "primitive"
  | "object"
  | "array"
  | "map"
  | "set"
  | "date"
  | "regexp"
  | "bytes"
  | "buffer"
  | "opaque";

/** The shape of any value. Never runs the value's own code, except a proxy's. */
export function shapeOf(value: unknown): Shape {
  if (typeof value === "function") return "opaque";
  if (typeof value !== "object" || value === null) return "primitive";
  if (Array.isArray(value)) return "array";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (isBarePrototype(prototype)) return "object";
  if (prototype === Map.prototype) return "map";
  if (prototype === Set.prototype) return "set";
  if (prototype === Date.prototype) return "date";
  if (prototype === RegExp.prototype) return "regexp";
  if (prototype === ArrayBuffer.prototype) return "buffer";
  return ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value ? "bytes" : "opaque";
}

/** Whether a value is an object literal, from whichever realm, or has no prototype at all. */
export function isPlainObject(value: unknown): value is StateRecord {
  return shapeOf(value) === "object";
}

/** An object literal that is looked into. */
export type StateRecord = Readonly<Record<string, unknown>>;

/** Own enumerable keys: what `{ ...value }` would take. */
export function keysOf(value: object): readonly PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length === 0) return Object.keys(value);
  return [
    ...Object.keys(value),
    ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)),
  ];
}

function isBarePrototype(prototype: unknown): boolean {
  // Object.prototype of another realm (a vm context) has no prototype either.
  return (
    prototype === null ||
    (typeof prototype === "object" &&
      Object.getPrototypeOf(prototype) === null &&
      Object.hasOwn(prototype, "hasOwnProperty"))
  );
}
