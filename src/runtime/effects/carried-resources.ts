import { isDeepStrictEqual } from "node:util";
import type { ResourceInitializer } from "../analysis/index.ts";
import type { Generation } from "../model/generation.ts";
import type { Importable } from "../model/module-record.ts";
import { logCarried, logMadeAnew } from "./carry-log.ts";
import { noteSources, takeOverSources } from "./initializer-sources.ts";
import type { Sources } from "./initializer-sources.ts";
import { wasThrownInCall } from "../link/stack-traces.ts";

/** Who knows what is open, and for whom. */
export interface ResourcePort {
  /** Run an initializer: what it opens follows the value that it makes. */
  during<T>(generation: Generation, key: string, make: () => T): T;
  carryOver(key: string, from: Generation, to: Generation): void;
  isOpen(generation: Generation, value: unknown): boolean;
}

/** The generation whose values may go on, for all that the text says. */
export interface CarryOverSource {
  readonly generation: Generation;
  /** Whether what a module exports may be something else now. */
  readonly isChanged: (module: Importable) => boolean;
}

interface CarryInit {
  readonly initializer: ResourceInitializer;
  readonly initialize: () => unknown;
  readonly earlier: CarryOverSource | undefined;
}

/** What came of one initializer. */
interface MadeResource {
  readonly initializer: ResourceInitializer;
  /** What it found in the names of its module that it mentions. */
  readonly locals: ReadonlyMap<string, unknown>;
  /** What else it was made from. */
  readonly sources: Sources;
  /** `undefined` as long as it is waited for. */
  value: unknown;
  /** It goes on from an earlier generation: because it is open still, or because a package refused to make another. */
  readonly carried: "open" | "remembered" | undefined;
}

const resourcesByGeneration = new WeakMap<Generation, CarriedResources>();

/** What the initializers of a generation have opened. */
export function carriedResourcesOf(generation: Generation): CarriedResources {
  let resources = resourcesByGeneration.get(generation);
  if (resources === undefined)
    resourcesByGeneration.set(generation, (resources = new CarriedResources(generation)));
  return resources;
}

/**
 * What the initializers of one generation have made.
 *
 * A pool need not be closed and opened again because another line of its file was edited. It goes on if its own
 * statement says the same, if what that reads is the same, and if the value is something open. Anything else that a
 * call returns is made anew: it may be a table of the old code. Only where a package refuses to be told the same twice,
 * as those do that keep models or metrics by name, is the value of before as good as the one that it would have made.
 */
export class CarriedResources {
  readonly #generation: Generation;
  readonly #made = new Map<string, MadeResource>();
  #earlier: Generation | undefined;

  constructor(generation: Generation) {
    this.#generation = generation;
  }

  /** The names of the values that go on. */
  get carried(): readonly string[] {
    return [...this.#made].filter(([, { carried }]) => carried !== undefined).map(([name]) => name);
  }

  /** Those of them that could be opened anew. */
  get renewable(): readonly string[] {
    return [...this.#made].filter(([, { carried }]) => carried === "open").map(([name]) => name);
  }

  /** The value of an initializer: the one of before, or a new one. */
  make({ initializer, initialize, earlier }: CarryInit, port: ResourcePort): unknown {
    const locals = new Map(initializer.locals.map((local) => [local, valueOf(this.#generation, local)]));
    const before = earlier && carriedResourcesOf(earlier.generation).find(initializer);
    if (earlier === undefined) return this.#open({ initializer, initialize, locals }, port);
    const { name } = initializer;
    if (before === undefined || isOutdated(before, earlier)) {
      const why =
        before === undefined ? "its statement or its value is another" : "what it imports has changed";
      logMadeAnew(this.#generation, name, why);
      return this.#open({ initializer, initialize, locals }, port);
    }
    const from = earlier.generation;
    const isSame = [...locals].every(([local, value]) => isSameSource(before.locals.get(local), value));
    if (isSame && port.isOpen(from, before.value))
      return this.#carry(initializer, { before, from, as: "open" }, port);
    logMadeAnew(this.#generation, name, isSame ? "it is nothing open" : "what it is made from has changed");
    const isAlike =
      isSame || initializer.locals.every((local) => this.#isAlike(local, from, locals.get(local)));
    return this.#open({ initializer, initialize, locals }, port, (error) => {
      if (!isAlike || !wasThrownInCall(error)) throw error;
      return this.#carry(initializer, { before, from, as: "remembered" }, port);
    });
  }

  /** What an initializer that says the same has made, if it is where it was. */
  find({ name, signature, isStatement }: ResourceInitializer): MadeResource | undefined {
    const made = this.#made.get(name);
    if (made?.initializer.signature !== signature) return undefined;
    return isStatement || Object.is(valueOf(this.#generation, name), made.value) ? made : undefined;
  }

  /**
   * The evaluation is done. Returns the carried values that have to be opened anew after all: something that was made
   * with them, and is not carried, may close them when it is closed itself.
   */
  finish(port: ResourcePort): readonly string[] {
    const earlier = this.#earlier;
    this.#earlier = undefined;
    if (earlier === undefined) return [];
    const isClosed = (user: string): boolean =>
      this.#made.get(user)?.carried === undefined && port.isOpen(earlier, valueOf(earlier, user));
    return this.renewable.filter((name) => {
      const before = carriedResourcesOf(earlier).#made.get(name)?.initializer.users ?? [];
      return [...before, ...(this.#made.get(name)?.initializer.users ?? [])].some(isClosed);
    });
  }

  #carry(
    initializer: ResourceInitializer,
    {
      before,
      from,
      as,
    }: { readonly before: MadeResource; readonly from: Generation; readonly as: MadeResource["carried"] },
    port: ResourcePort,
  ): unknown {
    this.#earlier = from;
    logCarried(this.#generation, initializer.name, as);
    this.#made.set(initializer.name, { ...before, initializer, carried: as });
    takeOverSources(this.#generation, from, before.sources);
    port.carryOver(initializer.name, from, this.#generation);
    return before.value;
  }

  /** @param onRefused called with what it throws; gives another value, or throws. */
  #open(
    {
      initializer,
      initialize,
      locals,
    }: Pick<CarryInit, "initializer" | "initialize"> & Pick<MadeResource, "locals">,
    port: ResourcePort,
    onRefused: (error: unknown) => unknown = refuse,
  ): unknown {
    const generation = this.#generation;
    const note = (made: Made, value: unknown): unknown => {
      this.#made.set(initializer.name, {
        initializer,
        locals,
        sources: made.sources,
        value,
        carried: undefined,
      });
      return value;
    };
    let made: Made;
    try {
      const run = (): unknown => port.during(generation, initializer.name, initialize);
      made = noteSources(generation, run, initializer.isStatement && !initializer.isAwaited);
    } catch (error) {
      return onRefused(error);
    }
    const { result } = made;
    if (!initializer.isAwaited || !(result instanceof Promise)) return note(made, result);
    return result.then((value: unknown) => note(made, value), onRefused);
  }

  /** Whether a local was made as it was before: by the same statement, from the same. */
  #isAlike(local: string, from: Generation, value: unknown): boolean {
    if (isSameSource(valueOf(from, local), value)) return true;
    const now = this.#made.get(local);
    const before = carriedResourcesOf(from).#made.get(local);
    if (now === undefined || before?.initializer.signature !== now.initializer.signature) return false;
    return [...now.locals].every(([each, inner]) => this.#isAlike(each, from, inner));
  }
}

type Made = ReturnType<typeof noteSources>;

function refuse(error: unknown): never {
  throw error;
}

function isOutdated({ sources }: MadeResource, { isChanged }: CarryOverSource): boolean {
  return [...sources.modules.modules].some(isChanged);
}

function valueOf({ topLevel }: Generation, name: string): unknown {
  try {
    return topLevel[name]?.();
  } catch {
    // Read before its declaration has run: the initializer will say so itself.
    return undefined;
  }
}

/** Data that says the same is as good as the same data; of anything else there may be two. */
function isSameSource(before: unknown, now: unknown): boolean {
  return Object.is(before, now) || (isData(before, 0) && isData(now, 0) && isDeepStrictEqual(before, now));
}

/** Nobody opens something with options this deep; whatever is deeper may be a cycle. */
const MAX_DEPTH = 8;

function isData(value: unknown, depth: number): boolean {
  if (typeof value === "function" || depth > MAX_DEPTH) return false;
  if (typeof value !== "object" || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null || prototype === Array.prototype;
  return isPlain && Object.values(value).every((part) => isData(part, depth + 1));
}
