import type { ResetCell } from "./cells.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { reach } from "../../values/reach.ts";
import { globalsOf } from "./globals-watch.ts";
import { contentOfAny, LIMITS } from "./object-content.ts";
import { cellsOf } from "./cells.ts";

interface Successor {
  readonly name: string;
  /** Absent where old instances do not fit the new class. */
  readonly prototype?: object | undefined;
  /** Why they do not. */
  readonly misfit: string;
}

/** Where instances may live on. */
interface KeptBy {
  /** Modules with kept bindings. */
  readonly stateful: Iterable<ModuleRecord>;
  /** All that may have written globals. */
  readonly all: Iterable<ModuleRecord>;
}

/**
 * Instances of a class whose text was replaced get the new methods, wherever kept values or globals hold them, if they have
 * the fields that the new class expects. Returns those that have not: they stay what they are, and users are told.
 */
export function adoptInstances(
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
  keptBy: KeptBy,
): readonly ResetCell[] {
  const successors = successorsOf(replaced);
  const outdated = new Map<Successor, number>();
  for (const object of successors.size === 0 ? [] : objectsKeptBy(keptBy)) {
    const prototype: unknown = Object.getPrototypeOf(object);
    const successor = isObject(prototype) ? successors.get(prototype) : undefined;
    if (successor === undefined) continue;
    if (successor.prototype !== undefined) Object.setPrototypeOf(object, successor.prototype);
    else outdated.set(successor, (outdated.get(successor) ?? 0) + 1);
  }
  return [...outdated].map(([{ name, misfit }, count]) => ({
    name,
    why: `${count} kept ${count === 1 ? "instance has" : "instances have"} the old class: ${misfit}`,
  }));
}

function successorsOf(replaced: ReadonlyMap<ModuleRecord, Generation | undefined>): Map<object, Successor> {
  const successors = new Map<object, Successor>();
  for (const [module, before] of replaced) {
    const now = module.live;
    if (before === undefined || now === undefined) continue;
    for (const { name, shape, hasPrivates } of before.source.analysis.classes) {
      const prototype = prototypeOf(before.topLevel[name]);
      const next = now.source.analysis.classes.find((candidate) => candidate.name === name);
      if (prototype === undefined || next === undefined) continue;
      const isSealed = hasPrivates || next.hasPrivates;
      const fits = next.shape === shape && !isSealed;
      successors.set(prototype, {
        name: `${module.displayName}:${name}`,
        prototype: fits ? prototypeOf(now.topLevel[name]) : undefined,
        misfit: isSealed ? "only its own text can read its #private fields" : "its fields changed",
      });
    }
  }
  for (const [prototype, { name }] of successors) {
    const above = misfitAbove(prototype, successors);
    if (above !== undefined) successors.set(prototype, { name, misfit: above.misfit });
  }
  return successors;
}

/** A class fits only as well as those that it extends. */
function misfitAbove(prototype: object, successors: ReadonlyMap<object, Successor>): Successor | undefined {
  const above: unknown = Object.getPrototypeOf(prototype);
  if (!isObject(above)) return undefined;
  const successor = successors.get(above);
  const isMisfit = successor !== undefined && successor.prototype === undefined;
  return isMisfit ? successor : misfitAbove(above, successors);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function prototypeOf(getter: (() => unknown) | undefined): object | undefined {
  const value = getter?.();
  if (typeof value !== "function") return undefined;
  const prototype: unknown = value.prototype;
  return isObject(prototype) ? prototype : undefined;
}

function objectsKeptBy({ stateful, all }: KeptBy): ReadonlySet<object> {
  const cells = [...stateful].flatMap(({ live }) => (live === undefined ? [] : cellsOf(live).objects()));
  const globals = [...all].flatMap(({ live }) => (live === undefined ? [] : writtenBy(live)));
  const kept = new Set<object>();
  for (const [object] of reach(cells, contentOfAny)) kept.add(object);
  // A global may lead anywhere.
  for (const [object] of reach(globals, contentOfAny, LIMITS)) kept.add(object);
  return kept;
}

function writtenBy(generation: Generation): readonly unknown[] {
  return generation.globals.names.size === 0 ? [] : globalsOf(generation).values;
}

/** Whether a value is an instance of one of the module's classes. */
export function isOfClass(value: object, { source, topLevel }: Generation): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isObject(prototype)) return false;
  return source.analysis.classes.some(({ name }) => prototypeOf(topLevel[name]) === prototype);
}
