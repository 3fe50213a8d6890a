import { types } from "node:util";
import { Changes } from "./changes.ts";
import type { World } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import type { Importable, ModuleRecord } from "../model/module-record.ts";
import { isObjectLike } from "../../values/kinds.ts";
import { reach } from "../../values/reach.ts";
import type { ContentReader } from "../../values/reach.ts";
import { Snapshot } from "../../values/snapshot.ts";
import { contentOf, LIMITS } from "./object-content.ts";
import { isResource } from "./resources.ts";

/** Which module's evaluation made an object: that one has to run again for the object to be as new. */
const makers = new WeakMap<object, ModuleRecord>();

/** Everything counts, whoever made it. */
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
  readonly objects: Snapshot;
}

/** How long an evaluation may be looked at each time that it goes on. Beyond, all that it reads counts as changed. */
const LATE_BUDGET_MS = 100;

/**
 * Rule B. Watches one evaluation: what it has read of other modules may be changed by it, and whether it was is
 * looked at, before the first read and whenever other code gets its turn.
 */
export class ContributionWatch {
  readonly #evaluating: Generation;
  readonly #world: World;
  readonly #read = new Set<ModuleRecord>();
  readonly #looks = new Map<ModuleRecord, ModuleSnapshot>();
  #changes: Changes | undefined = new Changes();
  #lateMs = 0;

  constructor(evaluating: Generation, world: World) {
    this.#evaluating = evaluating;
    this.#world = world;
  }

  /** Called before the evaluation gets the first value of a module. */
  beforeFirstRead(read: Importable): void {
    if (read.kind === "external" || read === this.#evaluating.module) return;
    this.#read.add(read);
    this.#look(read);
  }

  /** The evaluation goes on: what others did meanwhile is not its doing. */
  resumed(): void {
    const start = performance.now();
    if (this.#lateMs > LATE_BUDGET_MS) {
      for (const module of this.#read) this.#evaluating.contributions.add(module);
      return;
    }
    for (const module of this.#read) this.#look(module);
    this.#lateMs += performance.now() - start;
  }

  /** Other code gets its turn: find the modules whose objects the evaluation changed. */
  paused(): void {
    const { contributions, module: own } = this.#evaluating;
    for (const [module, look] of this.#looks) {
      if (hasHiddenState(look.generation)) contributions.add(module);
      look.generation.cells.noteAssignments(look.cells);
      for (const target of [...this.#findAssigned(look), ...this.#findChanged(look)])
        contributions.add(target);
    }
    contributions.delete(own);
    this.#looks.clear();
  }

  /** The module is done: what it has made is its own. */
  finish(): void {
    claim(topLevelValues(this.#evaluating).values(), this.#evaluating.module);
  }

  /** The evaluation is live: there is nothing to take back any more. */
  settle(): void {
    this.#changes = undefined;
  }

  /**
   * Take back what the evaluation did to others' objects, as far as it can be seen: it came to nothing.
   *
   * @returns whose objects are not what they were
   */
  undo(): Set<ModuleRecord> {
    return this.#changes?.takeBack(lookAt) ?? new Set();
  }

  #look(module: ModuleRecord): void {
    if (this.#looks.has(module)) return;
    const generation = this.#world.generationOf(module);
    if (generation === undefined) return;
    const values = topLevelValues(generation);
    // What a module has come to hold since it was done, by requests for example, is its own as well.
    claim(values.values(), module);
    const cells = generation.cells.look();
    this.#looks.set(module, {
      generation,
      values,
      cells,
      objects: new Snapshot(values.values(), lookAt, LIMITS),
    });
  }

  /** `let` bindings that were given another value, as in `setLevel(2)`. */
  #findAssigned({ generation, values }: ModuleSnapshot): readonly ModuleRecord[] {
    const now = topLevelValues(generation);
    const assigned = [...values].filter(([name, before]) => !Object.is(before, now.get(name)));
    for (const [name, before] of assigned) this.#changes?.noteBinding({ generation, name, before });
    return assigned.length > 0 ? [generation.module] : [];
  }

  #findChanged({ generation, objects }: ModuleSnapshot): Set<ModuleRecord> {
    const targets = new Set<ModuleRecord>();
    const changed = new Set<object>();
    for (const { object, before, now } of objects.changed()) {
      changed.add(object);
      const owner = makers.get(object) ?? generation.module;
      targets.add(owner);
      claim(Array.from(now.parts), this.#evaluating.module);
      this.#changes?.noteObject(object, { owner, before });
    }
    if (changed.size > 0) {
      generation.cells.noteContributions(changed);
      for (const { live } of targets) live?.cells.noteContributions(changed);
    }
    return targets;
  }
}

/**
 * State that nobody can look at: a proxy, or what a call returned and what keeps its data in a closure, such as the bus
 * that `createBus()` returns. Where a change cannot be seen it counts as one.
 */
function hasHiddenState({ module, topLevel, source }: Generation): boolean {
  return source.analysis.topLevelBindings.some(({ name, origin }) => {
    if (origin === "transparent") return false;
    const value = valueOf(topLevel[name]);
    if (!isObjectLike(value) || makers.get(value) !== module) return false;
    if (types.isProxy(value)) return true;
    if (value instanceof WeakMap || value instanceof WeakSet) return true;
    if (isResource(value, (candidate) => makers.has(candidate)) || Array.isArray(value)) return false;
    return typeof value === "function" || hasOwnFunctions(value);
  });
}

function hasOwnFunctions(value: object): boolean {
  return Reflect.ownKeys(value).some((key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
    return typeof descriptor?.value === "function";
  });
}

function topLevelValues({ topLevel, locals }: Generation): Map<string, unknown> {
  const getters = Object.entries(topLevel);
  return new Map(
    (getters.length > 0 ? getters : [...locals]).map(([name, getter]) => [name, valueOf(getter)]),
  );
}

/** A binding that is not initialised yet holds nothing. */
function valueOf(getter: (() => unknown) | undefined): unknown {
  try {
    return getter?.();
  } catch {
    return undefined;
  }
}
