import { inspect } from "./inspected.ts";

/**
 * What an object holds in its `#private` fields, in the order of their declarations. The language has no way to see them
 * from outside.
 */
export function readPrivateFields(subject: object): readonly unknown[] {
  return inspect(subject, (inspected) => inspected.valuesOf(inspected.properties().private), []);
}

/** Whether an object's class, or one that it extends, declares private fields. */
export function hasPrivateFields(subject: object): boolean {
  for (
    let prototype: unknown = Object.getPrototypeOf(subject);
    typeof prototype === "object" && prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    if (declaresPrivateFields(Object.getOwnPropertyDescriptor(prototype, "constructor")?.value)) return true;
  }
  return false;
}

const verdicts = new WeakMap<object, boolean>();

function declaresPrivateFields(constructor: unknown): boolean {
  if (typeof constructor !== "function") return false;
  let verdict = verdicts.get(constructor);
  if (verdict === undefined) {
    verdict = /#[\p{ID_Start}_$]/u.test(Function.prototype.toString.call(constructor));
    verdicts.set(constructor, verdict);
  }
  return verdict;
}
