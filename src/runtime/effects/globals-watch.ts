import { ENVIRONMENT, GLOBALS, isSameDescriptor, LAZY_NATIVES, SURFACES } from "./global-surfaces.ts";
import type { Surface } from "./global-surfaces.ts";
import type { Effect, Watched } from "./journal.ts";
import type { ModuleSource } from "../model/module-source.ts";
import type { Generation } from "../model/generation.ts";

/** What one key of a surface was before an evaluation wrote it, and what it wrote. */
interface GlobalWrite {
  readonly surface: Surface;
  readonly key: string;
  readonly before: PropertyDescriptor | undefined;
  readonly after: PropertyDescriptor | undefined;
}

const writesByGeneration = new WeakMap<Generation, GlobalWrites>();

/** What a generation has written to globals. */
export function globalsOf(generation: Generation): GlobalWrites {
  let writes = writesByGeneration.get(generation);
  if (writes === undefined) {
    writesByGeneration.set(generation, (writes = new GlobalWrites()));
    generation.globals = writes;
  }
  return writes;
}

/**
 * What an evaluation has written to globals. It can be taken back where nobody has written since: before the module
 * runs again, or for good when its evaluation came to nothing.
 */
export class GlobalWrites {
  readonly #writes = new Map<string, GlobalWrite>();

  /** The names as texts mention them: `CFG`, `process.env`, `Array.prototype.last`. */
  get names(): ReadonlySet<string> {
    return new Set([...this.#writes.values()].map(({ surface, key }) => surface.nameOf(key)));
  }

  /** What stands there now. */
  get values(): readonly unknown[] {
    return [...this.#writes.values()].map(
      ({ surface, key }): unknown => Reflect.getOwnPropertyDescriptor(surface.holder, key)?.value,
    );
  }

  /** @param before what stood there before the evaluation wrote it */
  note(surface: Surface, key: string, before: PropertyDescriptor | undefined): Effect<never> {
    const known = this.#writes.get(idOf(surface, key));
    const after = Reflect.getOwnPropertyDescriptor(surface.holder, key);
    this.#add({ surface, key, before: known === undefined ? before : known.before, after });
    return { restore: () => replace({ surface, key }, after, before) };
  }

  /**
   * Before the module runs again. What its new text still writes is left for it to find: `globalThis.db ??= connect()`
   * is how people keep a client. Without a new text everything is taken back.
   *
   * @returns what puts everything back that was taken back
   */
  takeBack(successor?: ModuleSource): Effect<never> {
    const taken = [...this.#writes.values()].filter(
      (write) => !isKept(write, successor) && replace(write, write.after, write.before),
    );
    const restore = (): boolean => {
      for (const write of taken.toReversed()) replace(write, write.before, write.after);
      return true;
    };
    return { restore };
  }

  /** Answer from now on for what an earlier generation wrote and left standing. */
  takeOver(earlier: GlobalWrites, source: ModuleSource): void {
    for (const write of earlier.#writes.values()) {
      if (!isKept(write, source)) continue;
      const own = this.#writes.get(idOf(write.surface, write.key));
      this.#add(own === undefined ? write : { ...own, before: write.before });
    }
  }

  #add(write: GlobalWrite): void {
    this.#writes.set(idOf(write.surface, write.key), write);
  }
}

function idOf(surface: Surface, key: string): string {
  return `${surface.nameOf(key)}\0${key}`;
}

function isKept({ surface, key }: GlobalWrite, successor: ModuleSource | undefined): boolean {
  const written = successor?.analysis.globals.written ?? [];
  return surface === GLOBALS && (written.includes(key) || written.includes("*"));
}

function replace(
  { surface: { holder }, key }: Pick<GlobalWrite, "surface" | "key">,
  expected: PropertyDescriptor | undefined,
  next: PropertyDescriptor | undefined,
): boolean {
  const now = Reflect.getOwnPropertyDescriptor(holder, key);
  if (!isSameDescriptor(now, expected) || now?.configurable === false) return false;
  return next === undefined ? Reflect.deleteProperty(holder, key) : Reflect.defineProperty(holder, key, next);
}

/** What stood in a surface at one moment: its keys, and what stood under each. */
interface SurfaceSnapshot {
  readonly keys: readonly string[];
  readonly seen: readonly unknown[];
}

/** Whether some text may define what shows in no loop, on the global object or on a built-in prototype. */
let isHidingKnown = false;

/** A text is about to be evaluated, or its functions to be called by others. */
export function noteGlobalUse({ analysis: { globals } }: ModuleSource): void {
  isHidingKnown ||=
    globals.written.length > 0 ||
    globals.mentioned.some((name) => name === "*" || name.endsWith(".prototype"));
}

/** Rule F: which globals an evaluation writes. */
export class WatchedGlobals implements Watched<never> {
  readonly #writes: GlobalWrites;
  readonly #surfaces: readonly Surface[];
  readonly #isThorough: boolean;

  /**
   * @param source what runs; what takes long to look at is left out where this text cannot write it
   * @param writes where what is written is noted
   */
  constructor({ analysis }: ModuleSource, writes: GlobalWrites) {
    this.#writes = writes;
    const mayWriteEnvironment = analysis.mentionsEnv || analysis.configuredImports.length > 0;
    const mayWriteLazyNatives = analysis.globals.written.length > 0;
    this.#isThorough = isHidingKnown || analysis.configuredImports.length > 0;
    this.#surfaces = [
      ...SURFACES,
      ...(mayWriteEnvironment ? [ENVIRONMENT] : []),
      ...(mayWriteLazyNatives ? [LAZY_NATIVES] : []),
    ];
  }

  look(): () => Iterable<Effect<never>> {
    const before = this.#surfaces.map((surface) => this.#snapshot(surface));
    return () => this.#surfaces.flatMap((surface, index) => this.#effects(surface, before[index]));
  }

  #effects(surface: Surface, before: SurfaceSnapshot | undefined): Effect<never>[] {
    const now = this.#snapshot(surface);
    if (before === undefined || isSameSnapshot(surface, before, now)) return [];
    const effects: Effect<never>[] = [];
    const note = (key: string, was: PropertyDescriptor | undefined): void => {
      effects.push(this.#writes.note(surface, key, was));
    };
    const earlier = new Map(before.keys.map((key, index) => [key, before.seen[index]]));
    for (const [index, key] of now.keys.entries()) {
      const seen = earlier.get(key);
      if (!earlier.delete(key)) note(key, undefined);
      else if (!surface.isSame(seen, now.seen[index])) note(key, surface.descriptorOf(seen));
    }
    for (const [key, seen] of earlier) note(key, surface.descriptorOf(seen));
    return effects;
  }

  #snapshot(surface: Surface): SurfaceSnapshot {
    const keys = surface.keys(this.#isThorough);
    return { keys, seen: keys.map((key) => surface.look(key)) };
  }
}

/** Nearly every evaluation leaves what it has found. */
function isSameSnapshot(surface: Surface, before: SurfaceSnapshot, now: SurfaceSnapshot): boolean {
  if (before.keys.length !== now.keys.length) return false;
  for (let index = 0; index < now.keys.length; index++) {
    if (before.keys[index] !== now.keys[index]) return false;
    if (!surface.isSame(before.seen[index], now.seen[index])) return false;
  }
  return true;
}
