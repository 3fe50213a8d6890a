import { types } from "node:util";
import type { Snapshot } from "../model/context.ts";
import { isExternalValue } from "../model/external-values.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { isObjectLike } from "../../values/kinds.ts";
import { reach } from "../../values/reach.ts";
import type { ContentReader } from "../../values/reach.ts";
import { restore, ContentSnapshot } from "../../values/snapshot.ts";
import type { Effect, Watched } from "./journal.ts";
import { contentOf, LIMITS } from "./object-content.ts";
import { hasHiddenPlaces } from "./closures.ts";
import { isResource } from "./resources.ts";
import { cellsOf } from "./cells.ts";

/** Which module's evaluation made an object: that one has to run again for the object to be as new. */
const makers = new WeakMap<object, ModuleRecord>();

/** Every object is visited, whichever module made it. */
const lookAt: ContentReader = (object) => contentOf(object, (candidate) => makers.has(candidate));

/** Only what nobody has claimed yet. */
const lookAtNobodys: ContentReader = (object) => (makers.has(object) ? undefined : lookAt(object));

/** Remember that an evaluation has made some objects, and what they hold. */
function claim(values: Iterable<unknown>, module: ModuleRecord): void {
  const roots = [...values];
  for (const [object] of reach(roots, lookAtNobodys, LIMITS)) makers.set(object, module);
  // What cannot be looked into is not in the graph, but it has a maker as well.
  for (const root of roots) if (isObjectLike(root) && !makers.has(root)) makers.set(root, module);
}

/** What a module held when it was looked at. */
interface ModuleSnapshot {
  readonly generation: Generation;
  readonly values: ReadonlyMap<string, unknown>;
  /** Its kept bindings, by name. */
  readonly cells: ReadonlyMap<string, unknown>;
  readonly objects: ContentSnapshot;
}

interface WatchedModuleInit {
  readonly module: ModuleRecord;
  readonly evaluating: Generation;
  readonly snapshot: Snapshot;
}

/**
 * Rule B. Watches a module that an evaluation has read: its variables and objects may be changed by it, and so may
 * those of others that it leads to.
 */
export class WatchedModule implements Watched<ModuleRecord> {
  readonly #module: ModuleRecord;
  readonly #evaluating: Generation;
  readonly #snapshot: Snapshot;

  constructor({ module, evaluating, snapshot }: WatchedModuleInit) {
    this.#module = module;
    this.#evaluating = evaluating;
    this.#snapshot = snapshot;
  }

  look(): () => Iterable<Effect<ModuleRecord>> {
    const generation = this.#snapshot.generationOf(this.#module);
    if (generation === undefined) return () => [];
    const values = topLevelValues(generation);
    // What a module has come to hold since it was done, by requests for example, is its own as well.
    claim(values.values(), this.#module);
    const cells = cellsOf(generation).look();
    const objects = new ContentSnapshot(values.values(), lookAt, LIMITS);
    return () => this.#changesSince({ generation, values, cells, objects });
  }

  /** Beyond the budget, all that the evaluation reads counts as changed. */
  giveUp(): void {
    this.#contributeTo(this.#module);
  }

  #changesSince(before: ModuleSnapshot): Effect<ModuleRecord>[] {
    const { generation, cells } = before;
    if (this.#mayHaveCalled && hasHiddenState(generation)) this.#contributeTo(this.#module);
    cellsOf(generation).noteAssignments(cells);
    return [...this.#assigned(before), ...this.#changed(before)];
  }

  /** `let` bindings that were given another value, as in `setLevel(2)`. */
  #assigned({ generation, values }: ModuleSnapshot): Effect<ModuleRecord>[] {
    const now = topLevelValues(generation);
    const { module: owner, assign } = generation;
    return [...values]
      .filter(([name, before]) => !Object.is(before, now.get(name)))
      .map(([name, before]) => {
        this.#contributeTo(owner);
        const restoreBinding = (): boolean => {
          assign[name]?.(before);
          return name in assign;
        };
        return { owner, restore: restoreBinding };
      });
  }

  #changed({ generation, objects }: ModuleSnapshot): Effect<ModuleRecord>[] {
    const owners = new Set<ModuleRecord>();
    const effects = new Map<object, Effect<ModuleRecord>>();
    for (const { object, before, now } of objects.changed()) {
      const owner = makers.get(object) ?? generation.module;
      owners.add(owner);
      this.#contributeTo(owner);
      claim(Array.from(now.parts), this.#evaluating.module);
      effects.set(object, { owner, restore: () => restore(object, before, lookAt) });
    }
    if (effects.size > 0) {
      cellsOf(generation).noteContributions(effects);
      for (const { live } of owners) if (live !== undefined) cellsOf(live).noteContributions(effects);
    }
    return [...effects.values()];
  }

  /** A script gets all that it will ever use at once; whoever imports gets it by using it. */
  get #mayHaveCalled(): boolean {
    const { source, lateImports } = this.#evaluating;
    const asked = [...lateImports].filter(([, target]) => target === this.#module);
    const { requires, requiresUsedAtOnce } = source.analysis.runtimeImports;
    return (
      asked.length === 0 ||
      asked.some(([name]) => !requires.includes(name) || requiresUsedAtOnce.includes(name))
    );
  }

  #contributeTo(module: ModuleRecord): void {
    if (module !== this.#evaluating.module) this.#evaluating.contributions.add(module);
  }
}

/** A module is done: what it has made is its own. */
export function claimTopLevel(generation: Generation): void {
  claim(topLevelValues(generation).values(), generation.module);
}

/**
 * State that nobody can look at: a proxy, or what a call returned and what keeps its data in a closure, such as the bus
 * that `createBus()` returns. Where a change cannot be seen it counts as one.
 */
function hasHiddenState({ module, topLevel, source }: Generation): boolean {
  const isTopLevel = (name: string): boolean => name in topLevel || OF_THE_COMPILER.test(name);
  return source.analysis.topLevelBindings.some(({ name, origin }) => {
    if (origin === "transparent") return false;
    const value = valueOf(topLevel[name]);
    if (!isObjectLike(value) || makers.get(value) !== module) return false;
    if (types.isProxy(value)) return true;
    if (value instanceof WeakMap || value instanceof WeakSet) return true;
    if (isResource(value, (candidate) => makers.has(candidate)) || Array.isArray(value)) return false;
    return functionsOf(value).some((each) => hasHiddenPlaces(each, isTopLevel));
  });
}

/** What the text of a module gets from whoever runs it. */
const OF_THE_COMPILER = /^__(?:vite_ssr|orbit)_/;

function functionsOf(value: object): readonly Function[] {
  if (typeof value === "function") return [value];
  return Reflect.ownKeys(value).flatMap((key) => {
    const part: unknown = Reflect.getOwnPropertyDescriptor(value, key)?.value;
    return typeof part === "function" ? [part] : [];
  });
}

function topLevelValues({ topLevel, locals, source }: Generation): Map<string, unknown> {
  const getters = Object.entries(topLevel);
  // What a script exports need not have a name in it.
  const exported = source.compiled.format === "commonjs" ? [...locals] : [];
  const values = [...exported, ...getters].map(([name, getter]) => [name, valueOf(getter)] as const);
  // `const express = require("express")` is a name of this module for what is none of its own.
  return new Map(values.filter(([, value]) => !isExternalValue(value)));
}

/** A binding that is not initialised yet holds nothing. */
function valueOf(getter: (() => unknown) | undefined): unknown {
  try {
    return getter?.();
  } catch {
    return undefined;
  }
}
