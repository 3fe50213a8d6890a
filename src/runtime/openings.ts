import { isDeepStrictEqual } from "node:util";
import type { Opening } from "./analysis/index.ts";
import type { Generation } from "./generation.ts";
import type { Importable } from "./module-record.ts";
import { noteSources, takeOverSources } from "./reads.ts";
import type { Sources } from "./reads.ts";

/** Who knows what is open, and for whom. */
export interface ResourcePort {
  /** Run an initializer: what it opens follows the value that it makes. */
  during<T>(generation: Generation, key: string, make: () => T): T;
  carryOver(key: string, from: Generation, to: Generation): void;
  isOpen(generation: Generation, value: unknown): boolean;
}

/** The generation whose values may go on, for all that the text says. */
export interface EarlierOpenings {
  readonly generation: Generation;
  /** Whether what a module exports may be something else now. */
  readonly isChanged: (module: Importable) => boolean;
}

interface OpeningInit {
  readonly opening: Opening;
  readonly initialize: () => unknown;
  readonly earlier: EarlierOpenings | undefined;
}

/** What came of one initializer. */
interface Opened {
  readonly opening: Opening;
  /** What it found in the names of its module that it mentions. */
  readonly locals: ReadonlyMap<string, unknown>;
  /** What else it was made from. */
  readonly sources: Sources;
  /** `undefined` as long as it is waited for. */
  value: unknown;
  readonly isCarried: boolean;
}

/**
 * What the initializers of one generation have opened.
 *
 * A pool need not be closed and opened again because another line of its file was edited. It goes on if its own
 * statement says the same, if what that reads is the same, and if the value is something open. Anything else that a
 * call returns is made anew: it may be a table of the old code.
 */
export class Openings {
  readonly #generation: Generation;
  readonly #opened = new Map<string, Opened>();
  #earlier: Generation | undefined;

  constructor(generation: Generation) {
    this.#generation = generation;
  }

  /** The names of the values that go on. */
  get carried(): readonly string[] {
    return [...this.#opened].filter(([, { isCarried }]) => isCarried).map(([name]) => name);
  }

  /** The value of an initializer: the one of before, or a new one. */
  make({ opening, initialize, earlier }: OpeningInit, port: ResourcePort): unknown {
    const { name } = opening;
    const locals = new Map(opening.locals.map((local) => [local, valueOf(this.#generation, local)]));
    const before = earlier?.generation.openings.find(opening, locals, port);
    if (earlier === undefined || before === undefined || isOutdated(before, earlier)) {
      return this.#open({ opening, initialize, locals }, port);
    }
    this.#earlier = earlier.generation;
    this.#opened.set(name, { ...before, opening, isCarried: true });
    takeOverSources(this.#generation, earlier.generation, before.sources);
    port.carryOver(name, earlier.generation, this.#generation);
    return before.value;
  }

  /** What an initializer that says and mentions the same has opened, if it is open still. */
  find(opening: Opening, locals: ReadonlyMap<string, unknown>, port: ResourcePort): Opened | undefined {
    const opened = this.#opened.get(opening.name);
    if (opened?.opening.signature !== opening.signature) return undefined;
    const isSame = [...locals].every(([local, value]) => isSameSource(opened.locals.get(local), value));
    const isStillThere = Object.is(valueOf(this.#generation, opening.name), opened.value);
    return isSame && isStillThere && port.isOpen(this.#generation, opened.value) ? opened : undefined;
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
      this.#opened.get(user)?.isCarried !== true && port.isOpen(earlier, valueOf(earlier, user));
    return this.carried.filter((name) => {
      const before = earlier.openings.#opened.get(name)?.opening.users ?? [];
      return [...before, ...(this.#opened.get(name)?.opening.users ?? [])].some(isClosed);
    });
  }

  #open(
    { opening, initialize, locals }: Pick<OpeningInit, "opening" | "initialize"> & Pick<Opened, "locals">,
    port: ResourcePort,
  ): unknown {
    const generation = this.#generation;
    const { result, sources } = noteSources(generation, () =>
      port.during(generation, opening.name, initialize),
    );
    const isAwaited = opening.isAwaited && result instanceof Promise;
    const opened: Opened = {
      opening,
      locals,
      sources,
      value: isAwaited ? undefined : result,
      isCarried: false,
    };
    this.#opened.set(opening.name, opened);
    return isAwaited ? result.then((value: unknown) => (opened.value = value)) : result;
  }
}

function isOutdated({ sources }: Opened, { isChanged }: EarlierOpenings): boolean {
  return [...sources.modules.keys()].some(isChanged);
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
