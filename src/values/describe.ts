import { Accessor } from "./content.ts";
import { isObjectLike } from "./kinds.ts";

/** The name of the class of an instance, for messages. */
export function classNameOf(value: object): string {
  const constructor: unknown = Reflect.get(value, "constructor");
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
}

/** Says what a value is that cannot be looked into, for messages. */
export function describeOpaque(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (value instanceof Accessor) return "a getter or setter";
  return isObjectLike(value) ? `an instance of ${classNameOf(value)}` : "not a value";
}
