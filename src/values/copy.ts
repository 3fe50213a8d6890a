import { blank, contentAs, fill } from "./content.ts";
import { dataKindOf, isObjectLike } from "./kinds.ts";
import type { DataKind } from "./kinds.ts";

/** Decides what stands in a copy for a value that cannot be copied. `undefined`: it is left out. */
export type CopyOpaque = (value: unknown, path: string) => Copied | undefined;

interface Copied {
  readonly value: unknown;
}

/** A deep copy. Class instances, functions and getters are the same in the copy; cycles stay cycles. */
export function copyOf<Value>(value: Value): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy has the shape of its original
  return copyWith(value, "", (opaque) => ({ value: opaque })) as Value;
}

/**
 * A deep copy in which `opaque` decides about everything that has no visible content, symbols and getters included. Left
 * out means: no key in an object, no entry in a Map or Set, `undefined` in an array (the others keep their places).
 */
export function copyWith(root: unknown, path: string, opaque: CopyOpaque): unknown {
  const copies = new Map<unknown, object>();
  // A list of what is still to fill, and no recursion: a long linked list must not exhaust the stack.
  const rest: (() => void)[] = [];
  const visit: CopyOpaque = (value, at) => {
    if (!isObjectLike(value)) return typeof value === "symbol" ? opaque(value, at) : { value };
    const known = copies.get(value);
    if (known !== undefined) return { value: known };
    const kind = dataKindOf(value);
    if (kind === undefined) return opaque(value, at);
    const copy = blank(kind, value);
    copies.set(value, copy);
    rest.push(() => fill(kind, copy, copiedParts(kind, value, at, visit)));
    return { value: copy };
  };
  const copied = visit(root, path)?.value;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) next();
  return copied;
}

function copiedParts(kind: DataKind, value: object, path: string, visit: CopyOpaque): ArrayLike<unknown> {
  const { parts } = contentAs(kind, value);
  if (!Array.isArray(parts)) return parts;
  const list: readonly unknown[] = parts;
  // Holes stay holes.
  if (kind === "array") return list.map((item) => visit(item, `${path}[]`)?.value);
  if (kind === "set") return entries(list, 1, ([item]) => [visit(item, `${path}<item>`)]);
  if (kind === "map")
    return entries(list, 2, ([key, item]) => [visit(key, `${path}<key>`), visit(item, `${path}<value>`)]);
  if (kind !== "object") return list;
  const pathTo = (key: unknown): string => (path === "" ? String(key) : `${path}.${String(key)}`);
  return entries(list, 2, ([key, item]) => [{ value: key }, visit(item, pathTo(key))]);
}

/** What is copied of a list of entries of some parts each: those of which nothing is left out. */
function entries(
  list: readonly unknown[],
  width: number,
  copy: (entry: readonly unknown[]) => readonly (Copied | undefined)[],
): readonly unknown[] {
  const copied: unknown[] = [];
  for (let index = 0; index < list.length; index += width) {
    const entry = copy(list.slice(index, index + width));
    if (entry.every((part) => part !== undefined)) for (const part of entry) copied.push(part.value);
  }
  return copied;
}
