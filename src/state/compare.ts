import { keysOf, shapeOf } from "./shape.ts";

/** Decides about two values that cannot be looked into. */
type SameOpaque = (left: unknown, right: unknown) => boolean;

/** Whether two values have the same content. Class instances and functions are the same only if they are one. */
export function isSame(left: unknown, right: unknown): boolean {
  return compare(left, right, Object.is, new Map());
}

/**
 * Whether two defaults are the same as far as anyone can tell. `new Database()` written twice is one default: an
 * instance of the same class says nothing about an edit, and the kept one may be in use.
 */
export function isSameDefault(left: unknown, right: unknown): boolean {
  return compare(left, right, isSameClass, new Map());
}

/** Whether a kept instance belongs to a class that was evaluated again, so that it still runs the old code. */
export function isOfReplacedClass(kept: unknown, fresh: unknown): boolean {
  if (!isInstance(kept) || !isInstance(fresh)) return false;
  return !isSameClass(kept, fresh) && classNameOf(kept) === classNameOf(fresh);
}

/** The name of the class of an instance, for messages. */
export function classNameOf(value: object): string {
  const constructor: unknown = Reflect.get(value, "constructor");
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
}

function isInstance(value: unknown): value is object {
  return typeof value === "object" && value !== null && shapeOf(value) === "opaque";
}

function isSameClass(left: unknown, right: unknown): boolean {
  if (!isInstance(left) || !isInstance(right)) return Object.is(left, right);
  return Object.getPrototypeOf(left) === Object.getPrototypeOf(right);
}

// The shape has proven what each value is; the type system cannot follow exact prototypes.
/* oxlint-disable typescript/no-unsafe-type-assertion */
function compare(left: unknown, right: unknown, opaque: SameOpaque, assumed: Map<unknown, unknown>): boolean {
  if (Object.is(left, right)) return true;
  const shape = shapeOf(left);
  if (shape !== shapeOf(right)) return false;
  if (shape === "opaque") return opaque(left, right);
  // A cycle: the pair is being compared further up.
  if (assumed.get(left) === right) return true;
  assumed.set(left, right);
  const all = (lefts: readonly unknown[], rights: readonly unknown[]): boolean =>
    lefts.length === rights.length &&
    lefts.every((item, index) => compare(item, rights[index], opaque, assumed));
  switch (shape) {
    case "array":
      return all(left as readonly unknown[], right as readonly unknown[]);
    case "object":
      return isSameObject(left as object, right as object, all);
    case "map":
      return all([...(left as Map<unknown, unknown>)].flat(1), [...(right as Map<unknown, unknown>)].flat(1));
    case "set":
      return all([...(left as Set<unknown>)], [...(right as Set<unknown>)]);
    case "date":
      return Object.is((left as Date).getTime(), (right as Date).getTime());
    case "regexp":
      return String(left) === String(right);
    case "buffer":
      return isSameBytes(new Uint8Array(left as ArrayBuffer), new Uint8Array(right as ArrayBuffer));
    case "bytes":
      return isSameBytes(left as Uint8Array, right as Uint8Array);
    case "primitive":
      break;
  }
  return false;
}
/* oxlint-enable typescript/no-unsafe-type-assertion */

function isSameObject(
  left: object,
  right: object,
  all: (lefts: readonly unknown[], rights: readonly unknown[]) => boolean,
): boolean {
  const keys = keysOf(left);
  if (keys.length !== keysOf(right).length || !keys.every((key) => Object.hasOwn(right, key))) return false;
  const valuesIn = (value: object): unknown[] => keys.map((key): unknown => Reflect.get(value, key));
  return all(valuesIn(left), valuesIn(right));
}

function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return (
    Object.getPrototypeOf(left) === Object.getPrototypeOf(right) &&
    left.length === right.length &&
    left.every((item, index) => Object.is(item, right[index]))
  );
}
