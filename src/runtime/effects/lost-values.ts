import type { Generation } from "../model/generation.ts";
import { PRIVATE } from "../../values/content.ts";
import type { Content } from "../../values/content.ts";
import { isObjectLike, isPlainObject } from "../../values/kinds.ts";
import { carriedResourcesOf } from "./carried-resources.ts";
import type { ResetCell } from "./cells.ts";
import { contentOfAny } from "./object-content.ts";

/** How many objects are compared of one module: what holds more is data, and differs soon. */
const MAX_OBJECTS = 1_000;

/**
 * Values that an edit has made anew although they held something: instances of the project's classes and objects with
 * functions are no kept bindings, for the new text may mean something else by them. What they held is compared with what
 * the new ones hold, so that nothing is said of those that nobody has changed.
 *
 * @param livedBefore the generation that a module had when the replaced one was live
 */
export function lostValues(
  before: Generation,
  now: Generation,
  livedBefore: (module: Generation["module"]) => Generation | undefined,
): readonly ResetCell[] {
  const told = new Set([...cellNames(before), ...cellNames(now), ...carriedResourcesOf(now).carried]);
  const names = Object.keys(before.topLevel).filter((name) => name in now.topLevel && !told.has(name));
  if (names.length === 0) return [];
  const comparison = new Comparison(projectPrototypes(before, livedBefore));
  return names
    .filter((name) => comparison.isLost(valueOf(before, name), valueOf(now, name)))
    .map((name) => ({ name, why: "made anew" }));
}

/** Kept bindings tell by themselves what becomes of them. */
function cellNames({ source }: Generation): readonly string[] {
  return source.analysis.cells.map(({ name }) => name);
}

/** The prototypes of the classes that a module can make instances of. */
function projectPrototypes(
  generation: Generation,
  livedBefore: (module: Generation["module"]) => Generation | undefined,
): ReadonlySet<unknown> {
  const imported = generation.source.imports.flatMap((target) =>
    target.kind === "project" ? (livedBefore(target) ?? []) : [],
  );
  return new Set([generation, ...imported].flatMap(prototypesOf));
}

function prototypesOf(generation: Generation): readonly unknown[] {
  return generation.source.analysis.classes.map(({ name }) => {
    const made = valueOf(generation, name);
    return typeof made === "function" ? (made.prototype as unknown) : undefined;
  });
}

function valueOf({ topLevel }: Generation, name: string): unknown {
  try {
    return topLevel[name]?.();
  } catch {
    // Its declaration has never run.
    return undefined;
  }
}

class Comparison {
  readonly #prototypes: ReadonlySet<unknown>;
  readonly #seen = new Set<object>();

  constructor(prototypes: ReadonlySet<unknown>) {
    this.#prototypes = prototypes;
  }

  /** Whether an object held something that its successor does not hold. */
  isLost(before: unknown, now: unknown): boolean {
    if (!isObjectLike(before) || !this.#isOfProject(before) || Object.is(before, now)) return false;
    return isObjectLike(now) && this.#isOfProject(now, true) && this.#differs(before, now);
  }

  #differs(before: unknown, now: unknown): boolean {
    if (Object.is(before, now) || typeof before === "function") return false;
    if (!isObjectLike(before) || !isObjectLike(now)) return true;
    if (this.#seen.has(before) || this.#seen.size >= MAX_OBJECTS || !this.#isOfProject(before)) return false;
    this.#seen.add(before);
    const held = contentOfAny(before);
    return held !== undefined && held.kind !== "handle" && this.#lacks(contentOfAny(now), held);
  }

  #lacks(holds: Content | undefined, held: Content): boolean {
    if (held.kind !== holds?.kind) return false;
    // Functions are code, and code may come and go: a name that is new says nothing.
    const isNamed = held.kind === "fields" || held.kind === "object";
    if (!isNamed && held.parts.length !== holds.parts.length) return true;
    const read = isNamed ? byName : inOrder;
    const others = read(holds.parts);
    return [...read(held.parts)].some(([name, part]) => this.#differs(part, others.get(name)));
  }

  /** Containers and literals, and instances of the project's classes: what packages make has books of its own. */
  #isOfProject(object: object, isSuccessor = false): boolean {
    if (typeof object === "function") return false;
    if (isPlainObject(object) || Array.isArray(object) || object instanceof Map || object instanceof Set)
      return true;
    return isSuccessor || this.#prototypes.has(Object.getPrototypeOf(object));
  }
}

/** Keys and values in turn, by the keys; `#private` fields have none, and are told apart by their order. */
function byName(parts: ArrayLike<unknown>): ReadonlyMap<unknown, unknown> {
  const values = new Map<unknown, unknown>();
  for (let index = 0; index < parts.length; index += 2) {
    const key = parts[index];
    values.set(key === PRIVATE ? index - parts.length : key, parts[index + 1]);
  }
  return values;
}

function inOrder(parts: ArrayLike<unknown>): ReadonlyMap<unknown, unknown> {
  return new Map(Array.from(parts).entries());
}
