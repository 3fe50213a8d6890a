import { keysOf, shapeOf } from "./shape.ts";

/** Decides what stands in a copy for a value that cannot be copied. `undefined`: it is left out. */
export type CopyOpaque = (value: unknown, path: string) => { readonly value: unknown } | undefined;

/** A deep copy. Class instances and functions are the same in the copy; cycles stay cycles. */
export function copyOf<Value>(value: Value): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy has the shape of its original
  return copyWith(value, "", byReference) as Value;
}

/**
 * A deep copy in which `opaque` decides about everything that has no visible content, symbols included. Left out means:
 * no key in an object, no entry in a Map or Set, `undefined` in an array (the others keep their places).
 */
export function copyWith(root: unknown, path: string, opaque: CopyOpaque): unknown {
  const copies = new Map<unknown, unknown>();
  // A list of what is still to fill, and no recursion: a long linked list must not exhaust the stack.
  const rest: (() => void)[] = [];
  const visit: Visit = (value, at) => {
    const shape = shapeOf(value);
    if (shape === "opaque" || typeof value === "symbol") return opaque(value, at);
    if (shape === "primitive") return { value };
    if (!copies.has(value)) {
      const { copy, fill } = shellOf(value, at, visit);
      copies.set(value, copy);
      if (fill !== undefined) rest.push(fill);
    }
    return { value: copies.get(value) };
  };
  const copied = visit(root, path)?.value;
  for (let fill = rest.pop(); fill !== undefined; fill = rest.pop()) fill();
  return copied;
}

type Visit = (value: unknown, path: string) => { readonly value: unknown } | undefined;

interface Shell {
  readonly copy: unknown;
  /** Fills the copy in; absent where it is complete at once. */
  readonly fill?: () => void;
}

function byReference(value: unknown): { readonly value: unknown } {
  return { value };
}

// The shape has proven what each value is; the type system cannot follow exact prototypes.
/* oxlint-disable typescript/no-unsafe-type-assertion */
function shellOf(value: unknown, path: string, visit: Visit): Shell {
  switch (shapeOf(value)) {
    case "array":
      return arrayShell(value as readonly unknown[], path, visit);
    case "map":
      return mapShell(value as ReadonlyMap<unknown, unknown>, path, visit);
    case "set":
      return setShell(value as ReadonlySet<unknown>, path, visit);
    case "object":
      return objectShell(value as object, path, visit);
    case "date":
      return { copy: new Date((value as Date).getTime()) };
    case "regexp":
      return { copy: new RegExp(value as RegExp) };
    case "buffer":
      return { copy: (value as ArrayBuffer).slice(0) };
    case "bytes":
      // Of the base class on purpose: `slice` of Node's Buffer shares its memory.
      return { copy: Uint8Array.prototype.slice.call(value as Uint8Array) };
    case "primitive":
    case "opaque":
      break;
  }
  return { copy: value };
}
/* oxlint-enable typescript/no-unsafe-type-assertion */

function arrayShell(value: readonly unknown[], path: string, visit: Visit): Shell {
  const copy: unknown[] = [];
  const fill = (): void => {
    // `forEach` steps over holes, and so they stay holes.
    value.forEach((item, index) => (copy[index] = visit(item, `${path}[]`)?.value));
    copy.length = value.length;
  };
  return { copy, fill };
}

function mapShell(value: ReadonlyMap<unknown, unknown>, path: string, visit: Visit): Shell {
  const copy = new Map<unknown, unknown>();
  const fill = (): void => {
    for (const [key, item] of value) {
      const copiedKey = visit(key, `${path}<key>`);
      const copiedItem = visit(item, `${path}<value>`);
      if (copiedKey && copiedItem) copy.set(copiedKey.value, copiedItem.value);
    }
  };
  return { copy, fill };
}

function setShell(value: ReadonlySet<unknown>, path: string, visit: Visit): Shell {
  const copy = new Set<unknown>();
  const fill = (): void => {
    for (const item of value) {
      const copied = visit(item, `${path}<item>`);
      if (copied) copy.add(copied.value);
    }
  };
  return { copy, fill };
}

function objectShell(value: object, path: string, visit: Visit): Shell {
  const copy: object = Object.getPrototypeOf(value) === null ? Object.create(null) : {};
  const fill = (): void => {
    for (const key of keysOf(value)) {
      const copied = visit(Reflect.get(value, key), path === "" ? String(key) : `${path}.${String(key)}`);
      // Defined, not assigned: assigning a key named "__proto__" would exchange the prototype.
      if (copied)
        Object.defineProperty(copy, key, { ...copied, writable: true, enumerable: true, configurable: true });
    }
  };
  return { copy, fill };
}
