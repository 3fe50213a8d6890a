import { classNameOf } from "../values/describe.ts";
import { isPlainObject } from "../values/kinds.ts";

/** Refuses an argument with one sentence: which function and argument, what was expected, what came. */
export function wrongArgument(name: string, argument: string, expected: string, got: unknown): TypeError {
  return new TypeError(sentence(name, argument, expected, got));
}

/** Throws a TypeError unless `value` can name a piece of state. */
export function expectKey(name: string, argument: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    throw wrongArgument(name, argument, "a non-empty string", value);
}

/** Throws unless `value` is a duration: a number of milliseconds above 0, `Infinity` included. */
export function expectDuration(name: string, argument: string, value: unknown): void {
  const expected = "a number of milliseconds above 0 (or Infinity)";
  if (typeof value !== "number") throw wrongArgument(name, argument, expected, value);
  if (!(value > 0)) throw new RangeError(sentence(name, argument, expected, value));
}

/** Throws unless `value` is a count: a whole number of at least 1, `Infinity` included. */
export function expectCount(name: string, argument: string, value: unknown): void {
  const expected = "a whole number of at least 1 (or Infinity)";
  if (typeof value !== "number") throw wrongArgument(name, argument, expected, value);
  if (value !== Infinity && !(Number.isInteger(value) && value >= 1)) {
    throw new RangeError(sentence(name, argument, expected, value));
  }
}

/** Throws a TypeError unless `value` can be called. */
export function expectFunction(name: string, argument: string, value: unknown): void {
  if (typeof value !== "function") throw wrongArgument(name, argument, "a function", value);
}

function sentence(name: string, argument: string, expected: string, got: unknown): string {
  return `[orbit] ${name} expected \`${argument}\` to be ${expected}, got ${described(got)}.`;
}

/** Names a value without showing the content of objects, which may be private. */
function described(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `${JSON.stringify(value.slice(0, 40))} (string)`;
    case "number":
    case "bigint":
    case "boolean":
    case "symbol":
      return `${String(value)} (${typeof value})`;
    case "function":
      return "a function";
    case "undefined":
      return "undefined";
    case "object":
      break;
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isPlainObject(value) ? "an object" : `an instance of ${classNameOf(value)}`;
}
