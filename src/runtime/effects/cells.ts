import type { CellCandidate } from "../analysis/index.ts";
import { isObjectLike } from "../../values/kinds.ts";
import { reach } from "../../values/reach.ts";
import type { ContentSnapshot } from "../../values/snapshot.ts";
import type { Watched } from "./journal.ts";
import { contentOfAny, LIMITS, snapshotOf, watchedValue } from "./object-content.ts";
import type { Generation } from "../model/generation.ts";

/** Where a kept value is. Two generations of a module share it, so that old and new requests see one value. */
interface CellSlot {
  value: unknown;
}

/** One kept top-level binding: what `let counter = 0` became. Its text reads and writes `counter.v`. */
export class Cell {
  slot: CellSlot;
  /** Called before the first use of a value that an evaluation has begun with. */
  onUse: (() => void) | undefined;
  /** Called after each assignment. */
  readonly onSet: () => void;

  constructor(value: unknown, onSet: () => void = ignore) {
    this.slot = { value };
    this.onUse = undefined;
    this.onSet = onSet;
  }

  get v(): unknown {
    if (this.onUse !== undefined) this.onUse();
    return this.slot.value;
  }

  set v(value: unknown) {
    this.slot.value = value;
    this.onSet();
  }
}

/** A value that begins anew, and why. */
export interface ResetCell {
  readonly name: string;
  readonly why: string;
}

/** A value from before: from the generation that is replaced, or from before a restart. */
export interface EarlierValue {
  readonly signature: string;
  readonly value: unknown;
}

/** Where the value of a kept binding comes from. */
export interface CellOrigin {
  readonly earlier: Cells | undefined;
  readonly restored: EarlierValue | undefined;
  /** Why the value must begin anew whatever was kept. */
  readonly reset: string | undefined;
}

interface HeldCell {
  readonly candidate: CellCandidate;
  readonly cell: Cell;
  /** Its value is one from before. */
  readonly isKept: boolean;
  /** The cell that has it in the replaced generation: until this one is live, or else no generation would ever go. */
  from: Cell | undefined;
  /** What the evaluation began with: what it changes itself is no state. */
  begin: CellSnapshot | undefined;
  isFilled: boolean;
  /** What the evaluations left that fill it. */
  left?: CellSnapshot;
}

/** A value at one moment, with everything in it. */
interface CellSnapshot {
  readonly value: unknown;
  /** `undefined` as long as nobody has used the value since. */
  objects: ContentSnapshot | undefined;
}

interface CellInit extends CellOrigin {
  readonly candidate: CellCandidate;
  readonly initialize: () => unknown;
  /** Requests run while the evaluation waits: what they do to a kept container is not the evaluation's doing. */
  readonly isAsync: boolean;
  /** Whether what runs right now belongs to the evaluation. */
  readonly isEvaluating: () => boolean;
  readonly watch: (watched: Watched<never>) => void;
}

const NOTHING: ReadonlyMap<string, EarlierValue> = new Map();
const cellsByGeneration = new WeakMap<Generation, Cells>();

/** The top-level bindings of a generation whose values outlive the text. */
export function cellsOf(generation: Generation): Cells {
  let cells = cellsByGeneration.get(generation);
  if (cells === undefined) cellsByGeneration.set(generation, (cells = new Cells()));
  return cells;
}

/**
 * The cells of one generation.
 *
 * A value that is the same as when its initializer made it, as far as the evaluation is concerned, is state: whatever
 * changed it later was a request. So an evaluation begins with the kept value. If it turns out to change it, then it
 * would have changed a fresh one as well; the value is put back, and the evaluation repeated with a fresh one.
 */
export class Cells {
  readonly #held = new Map<string, HeldCell>();
  readonly #resets: ResetCell[] = [];

  /** The names of the values that were taken over. */
  get kept(): readonly string[] {
    return [...this.#held].filter(([, { isKept }]) => isKept).map(([name]) => name);
  }

  get resets(): readonly ResetCell[] {
    return this.#resets;
  }

  /** The cells that can be kept over a restart. */
  get values(): ReadonlyMap<string, EarlierValue> {
    if (this.#held.size === 0) return NOTHING;
    return new Map(
      [...this.#held]
        .filter(([, { isFilled, candidate }]) => !isFilled && !candidate.isLazy)
        .map(([name, { candidate, cell }]) => [name, { signature: candidate.signature, value: cell.v }]),
    );
  }

  /**
   * Make a cell where its declaration is evaluated.
   */
  make(init: CellInit): Cell {
    const { candidate, initialize, isAsync, isEvaluating, watch } = init;
    const { from, restored, why } = this.#findEarlier(init);
    if (why !== undefined) this.#resets.push({ name: candidate.name, why });
    const source = from ?? restored;
    const value = source === undefined ? initialize() : source.v;
    const cell = new Cell(value, () => {
      // Evaluation may go on when the module is done: `connect().then((made) => (db = made))`.
      if (isEvaluating()) held.isFilled = true;
    });
    const begin: CellSnapshot = { value, objects: undefined };
    if (from === undefined) begin.objects = snapshotOf(value);
    else if (!isAsync) lookAtFirstUse(cell, begin, watch);
    const held: HeldCell = { candidate, cell, isKept: from !== undefined, from, begin, isFilled: false };
    this.#held.set(candidate.name, held);
    return cell;
  }

  /** What a cell takes over: from the replaced generation, or from before a restart; or why it begins anew. */
  #findEarlier({ candidate, earlier, restored, reset }: CellInit): {
    readonly from?: Cell;
    readonly restored?: { readonly v: unknown };
    readonly why?: string;
  } {
    const held = earlier && earlier.#held.get(candidate.name);
    if (held !== undefined) {
      const why = reset ?? whyReset(held, candidate);
      if (why !== undefined) return { why };
      // What it was filled with, the next evaluation fills in again.
      return held.isFilled ? {} : { from: held.cell };
    }
    const isSame = reset === undefined && restored?.signature === candidate.signature;
    return isSame ? { restored: { v: restored.value } } : {};
  }

  /** Names that the replaced generation had and this one has not: renamed or removed. */
  noteGone(earlier: Cells | undefined): void {
    if (earlier === undefined) return;
    for (const [name, { isFilled }] of earlier.#held) {
      if (!this.#held.has(name) && !isFilled) this.#resets.push({ name, why: "renamed or removed" });
    }
  }

  /** The evaluation is done. Returns the kept values that it has changed, after putting them back. */
  finish(): readonly string[] {
    const changed: string[] = [];
    for (const [name, held] of this.#held) {
      const { begin } = held;
      held.cell.onUse = undefined;
      // What it was is not to be held on to for as long as it lives.
      held.begin = undefined;
      if (begin === undefined || !isChangedSince(begin, held)) continue;
      held.isFilled = true;
      if (!held.isKept) continue;
      begin.objects?.restore();
      changed.push(name);
    }
    return changed;
  }

  /** Other modules changed these objects while they evaluated: what holds them is no state. */
  noteContributions(changed: Pick<ReadonlySet<object>, "has">): void {
    for (const held of this.#held.values()) {
      for (const [object] of reach([held.cell.v], contentOfAny, LIMITS)) {
        if (changed.has(object)) held.isFilled = true;
      }
    }
  }

  /** Another module's evaluation assigned this binding. */
  noteAssignments(before: ReadonlyMap<string, unknown>): void {
    for (const [name, held] of this.#held) {
      if (before.has(name) && !Object.is(before.get(name), held.cell.v)) held.isFilled = true;
    }
  }

  /** The present values that are objects. */
  objects(): readonly object[] {
    return [...this.#held.values()].map(({ cell }) => cell.v).filter(isObjectLike);
  }

  /** The present values by name. */
  look(): ReadonlyMap<string, unknown> {
    return new Map([...this.#held].map(([name, { cell }]) => [name, cell.v]));
  }

  /** It is live: from now on the replaced generation and this one have one value, not two. */
  settle(): void {
    for (const held of this.#held.values()) {
      const { cell, from, isFilled } = held;
      if (from !== undefined) cell.slot = from.slot;
      held.from = undefined;
      if (isFilled) held.left = { value: cell.v, objects: snapshotOf(cell.v) };
    }
  }
}

/**
 * What was kept may be large, and most evaluations do not touch it.
 *
 * A function apart: the cell has to live on without what these variables hold.
 */
function lookAtFirstUse(cell: Cell, begin: CellSnapshot, watch: CellInit["watch"]): void {
  cell.onUse = () => {
    cell.onUse = undefined;
    begin.objects = snapshotOf(begin.value);
    watch(watchedValue(begin.value));
  };
}

function whyReset(held: HeldCell, next: CellCandidate): string | undefined {
  if (held.candidate.signature !== next.signature) {
    if (held.candidate.initializer === undefined && next.initializer === undefined)
      return "what fills it changed";
    return next.isLazy ? "its initializer or what fills it changed" : "its initializer changed";
  }
  const isLost = held.isFilled && (held.left === undefined || isChangedSince(held.left, held));
  return isLost ? "other modules change it while they load" : undefined;
}

function isChangedSince({ value, objects }: CellSnapshot, { cell }: HeldCell): boolean {
  return !Object.is(cell.slot.value, value) || objects?.isIntact() === false;
}

function ignore(): void {}
