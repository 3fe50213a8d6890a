import type { ResetCell } from "./cells.ts";
import type { Generation } from "./generation.ts";
import type { ModuleRecord } from "./module-record.ts";
import { takeShapes } from "./object-graph.ts";

const everything = { isForeign: (): boolean => false, isProjects: (): boolean => true };

interface Successor {
  readonly name: string;
  /** `undefined`: old instances do not fit the new class. */
  readonly prototype: object | undefined;
}

/**
 * Instances of a class whose text was replaced get the new methods, wherever kept values hold them, if they have the
 * fields that the new class expects. Returns those that have not: they stay what they are, and users are told.
 */
export function adoptInstances(
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
  all: Iterable<ModuleRecord>,
): readonly ResetCell[] {
  const successors = successorsOf(replaced);
  if (successors.size === 0) return [];
  const outdated = new Map<string, number>();
  for (const object of takeShapes(valuesOf(all), everything).keys()) {
    const prototype: unknown = Object.getPrototypeOf(object);
    const successor =
      typeof prototype === "object" && prototype !== null ? successors.get(prototype) : undefined;
    if (successor === undefined) continue;
    if (successor.prototype !== undefined) Object.setPrototypeOf(object, successor.prototype);
    else outdated.set(successor.name, (outdated.get(successor.name) ?? 0) + 1);
  }
  return [...outdated].map(([name, count]) => ({
    name,
    why: `${count} kept ${count === 1 ? "instance has" : "instances have"} the old class: its fields changed`,
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
      const fits = next.shape === shape && !hasPrivates && !next.hasPrivates;
      successors.set(prototype, {
        name: `${module.displayName}:${name}`,
        prototype: fits ? prototypeOf(now.topLevel[name]) : undefined,
      });
    }
  }
  return successors;
}

function prototypeOf(getter: (() => unknown) | undefined): object | undefined {
  const value = getter?.();
  if (typeof value !== "function") return undefined;
  const prototype: unknown = value.prototype;
  return typeof prototype === "object" && prototype !== null ? prototype : undefined;
}

function valuesOf(modules: Iterable<ModuleRecord>): unknown[] {
  const values: unknown[] = [];
  for (const { live } of modules) values.push(...(live?.cells.look().values() ?? []));
  return values;
}
