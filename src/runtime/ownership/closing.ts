/** Reads a member of a value: some may run the program's getters for it, others may not. */
export type MemberReader = (value: object, name: string | symbol) => unknown;

/** Names under which values say how they are closed, gentle ones first. */
const CLOSING = [
  "$disconnect",
  "end",
  "stop",
  "close",
  "quit",
  "disconnect",
  "destroy",
  "terminate",
] as const;

/** The member by which a value is closed, a disposer of the language before all others; `undefined` for what is not open. */
export function closingMember(value: object, read: MemberReader): string | symbol | undefined {
  const isMethod = (name: string | symbol): boolean => typeof read(value, name) === "function";
  // Iterators can be disposed of as well, but hold nothing open.
  const disposers = isMethod("next") ? [] : [Symbol.asyncDispose, Symbol.dispose];
  // A plain object or a class is a set of functions: `{ open, close }` says nothing about something open.
  const names = isPlain(value) || isClass(value) ? CLOSING.slice(0, 1) : CLOSING;
  return [...disposers, ...names].find(isMethod);
}

/** Whether a value is an object of nobody's class: a literal, an array, one without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    Array.isArray(value) ||
    (typeof value !== "function" && (prototype === Object.prototype || prototype === null))
  );
}

function isClass(value: object): boolean {
  return (
    typeof value === "function" && Reflect.getOwnPropertyDescriptor(value, "prototype")?.writable === false
  );
}
