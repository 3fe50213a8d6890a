import { contentAs } from "./content.ts";
import { classNameOf } from "./describe.ts";
import { dataKindOf, isObjectLike } from "./kinds.ts";

/** Decides about two values that cannot be looked into. */
type SameOpaque = (left: unknown, right: unknown) => boolean;

/** Whether two values have the same content. Class instances and functions are the same only if they are one. */
export function isSame(left: unknown, right: unknown): boolean {
  return compare(left, right, Object.is);
}

/**
 * Whether two defaults are the same as far as anyone can tell. `new Database()` written twice is one default: an
 * instance of the same class says nothing about an edit, and the kept one may be in use.
 */
export function isSameDefault(left: unknown, right: unknown): boolean {
  return compare(left, right, isSameClass);
}

/** Whether a kept instance belongs to a class that was evaluated again, so that it still runs the old code. */
export function isOfReplacedClass(kept: unknown, fresh: unknown): boolean {
  if (!isInstance(kept) || !isInstance(fresh)) return false;
  return !isSameClass(kept, fresh) && classNameOf(kept) === classNameOf(fresh);
}

function isInstance(value: unknown): value is object {
  return typeof value === "object" && value !== null && dataKindOf(value) === undefined;
}

function isSameClass(left: unknown, right: unknown): boolean {
  if (!isInstance(left) || !isInstance(right)) return Object.is(left, right);
  return Object.getPrototypeOf(left) === Object.getPrototypeOf(right);
}

function compare(left: unknown, right: unknown, isSameOpaque: SameOpaque): boolean {
  const assumed = new Map<unknown, unknown>();
  const rest: (readonly [unknown, unknown])[] = [[left, right]];
  for (let pair = rest.pop(); pair !== undefined; pair = rest.pop()) {
    const [one, other] = pair;
    // A cycle: the pair is being compared already.
    if (Object.is(one, other) || (isObjectLike(one) && assumed.get(one) === other)) continue;
    if (!isObjectLike(one) || !isObjectLike(other)) return false;
    assumed.set(one, other);
    const inner = innerPairs(one, other, isSameOpaque);
    if (inner === undefined) return false;
    for (const each of inner) rest.push(each);
  }
  return true;
}

/** What two objects hold that may still differ; `undefined` when they do. */
function innerPairs(
  left: object,
  right: object,
  isSameOpaque: SameOpaque,
): readonly (readonly [unknown, unknown])[] | undefined {
  const kind = dataKindOf(left);
  if (kind !== dataKindOf(right)) return undefined;
  if (kind === undefined) return isSameOpaque(left, right) ? [] : undefined;
  if (kind === "bytes" && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return undefined;
  const { parts } = contentAs(kind, left);
  const others = contentAs(kind, right).parts;
  if (parts.length !== others.length) return undefined;
  const otherOf = kind === "object" ? inOrderOf(parts, others) : others;
  const different: [unknown, unknown][] = [];
  for (let index = 0; index < parts.length; index++) {
    const [part, other] = [parts[index], otherOf[index]];
    if (Object.is(part, other)) continue;
    if (!isObjectLike(part) || !isObjectLike(other)) return undefined;
    different.push([part, other]);
  }
  return different;
}

/** In which order the keys of an object were set says nothing about its content. */
function inOrderOf(parts: ArrayLike<unknown>, others: ArrayLike<unknown>): ArrayLike<unknown> {
  const byKey = new Map<unknown, unknown>();
  for (let index = 0; index < others.length; index += 2) byKey.set(others[index], others[index + 1]);
  return Array.from(parts, (_, index) => {
    const key = parts[index & ~1];
    // A key that is not there differs from every key.
    if (!byKey.has(key)) return undefined;
    return index % 2 === 0 ? key : byKey.get(key);
  });
}
