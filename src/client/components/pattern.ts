import type { LiveToken } from "./live-tokens.ts";
import { isSpace } from "./live-tokens.ts";

/** One step of a pattern, between two places of it: the places are counted, and steps lead to later ones. */
export type PatternStep =
  /** Nothing; where it is `atBorder`, only between two nodes. */
  | { readonly kind: "gate"; readonly from: number; readonly to: number; readonly atBorder: boolean }
  /** These very characters. */
  | { readonly kind: "word"; readonly from: number; readonly to: number; readonly text: string }
  /** A run of whatever it takes. No other step leads to where it ends. */
  | {
      readonly kind: "run";
      readonly from: number;
      readonly to: number;
      readonly mayBeEmpty: boolean;
      readonly begins: (token: LiveToken) => boolean;
      readonly goesOn: (token: LiveToken) => boolean;
      /** It takes as little as it can. */
      readonly isModest?: boolean;
    };

/** More than that takes too long to be told apart. */
const MAX_WORK = 24_000_000;

/**
 * All ways to read what stands in the page by a pattern, at once: for each place of the pattern, up to where it may have come,
 * from the beginning and from the end.
 */
export class Reading {
  readonly tokens: readonly LiveToken[];
  readonly #stepsFrom = new Map<number, PatternStep[]>();
  readonly #places: number;
  /** Whether a place can be reached with so many tokens read. */
  readonly #reached: Uint8Array;
  /** Whether the rest can be read from there: 1 where a step begins, 2 where a run goes on. */
  readonly #open: Uint8Array;

  /** @param steps by where they begin */
  constructor(tokens: readonly LiveToken[], steps: readonly PatternStep[], places: number) {
    this.tokens = tokens;
    this.#places = places;
    for (const step of steps) {
      const others = this.#stepsFrom.get(step.from);
      if (others === undefined) this.#stepsFrom.set(step.from, [step]);
      else others.push(step);
    }
    const size = (tokens.length + 1) * places;
    const isTooMuch = size > MAX_WORK;
    this.#reached = new Uint8Array(isTooMuch ? 0 : size);
    this.#open = new Uint8Array(isTooMuch ? 0 : size);
    if (isTooMuch) return;
    this.#reached[0] = 1;
    for (let at = 0; at <= tokens.length; at++) for (const step of steps) this.#stepFrom(step, at);
    this.#open[size - 1] = 1;
    for (let at = tokens.length; at >= 0; at--)
      for (const step of steps.toReversed()) this.#stepBack(step, at);
  }

  /** Whether it can be read at all. */
  get isPossible(): boolean {
    return this.isOpen(0, 0);
  }

  /** Whether all can be read where the pattern is at this place after so many tokens. */
  isOpen(at: number, place: number): boolean {
    return this.#isReached(at, place) && ((this.#open[at * this.#places + place] ?? 0) & 1) !== 0;
  }

  /** Whether there is but one way to come to a place, white space aside. */
  isSure(place: number): boolean {
    let sure: number | undefined;
    for (let at = 0; at <= this.tokens.length; at++) {
      if (!this.isOpen(at, place)) continue;
      const after = this.#afterSpace(at);
      if (sure !== undefined && sure !== after) return false;
      sure = after;
    }
    return true;
  }

  /** The steps that lead on from a place, and how far each may read, the most wanted first. */
  nextFrom(at: number, place: number): readonly (readonly [PatternStep, number])[] {
    return (this.#stepsFrom.get(place) ?? []).flatMap((step) =>
      this.#endsOf(step, at)
        .filter((end) => this.isOpen(end, step.to))
        .map((end) => [step, end] as const),
    );
  }

  #endsOf(step: PatternStep, at: number): readonly number[] {
    if (step.kind === "gate") return this.#isOpenGate(step.atBorder, at) ? [at] : [];
    if (step.kind === "word") return this.#isWord(step.text, at) ? [at + step.text.length] : [];
    const ends = step.mayBeEmpty ? [at] : [];
    for (let end = at; ; end++) {
      const token = this.tokens[end];
      if (token === undefined || !(end === at ? step.begins(token) : step.goesOn(token))) break;
      ends.push(end + 1);
    }
    return step.isModest === true ? ends : ends.toReversed();
  }

  #isReached(at: number, place: number): boolean {
    return this.#reached[at * this.#places + place] === 1;
  }

  #reach(at: number, place: number): void {
    this.#reached[at * this.#places + place] = 1;
  }

  #stepFrom(step: PatternStep, at: number): void {
    if (step.kind === "gate") {
      if (this.#isReached(at, step.from) && this.#isOpenGate(step.atBorder, at)) this.#reach(at, step.to);
      return;
    }
    if (step.kind === "word") {
      if (this.#isReached(at, step.from) && this.#isWord(step.text, at))
        this.#reach(at + step.text.length, step.to);
      return;
    }
    if (step.mayBeEmpty && this.#isReached(at, step.from)) this.#reach(at, step.to);
    const token = this.tokens[at];
    if (token === undefined) return;
    const begins = this.#isReached(at, step.from) && step.begins(token);
    if (begins || (this.#isReached(at, step.to) && step.goesOn(token))) this.#reach(at + 1, step.to);
  }

  #openAt(at: number, place: number, bit: number): boolean {
    return ((this.#open[at * this.#places + place] ?? 0) & bit) !== 0;
  }

  #stepBack(step: PatternStep, at: number): void {
    if (this.#leadsOn(step, at)) this.#mark(at, step.from, 1);
    if (step.kind === "run" && (this.#openAt(at, step.to, 1) || this.#goesOn(step, at)))
      this.#mark(at, step.to, 2);
  }

  #mark(at: number, place: number, bit: number): void {
    const index = at * this.#places + place;
    this.#open[index] = (this.#open[index] ?? 0) | bit;
  }

  /** Whether the rest can be read where this step begins. */
  #leadsOn(step: PatternStep, at: number): boolean {
    if (step.kind === "gate") return this.#openAt(at, step.to, 1) && this.#isOpenGate(step.atBorder, at);
    if (step.kind === "word")
      return this.#openAt(at + step.text.length, step.to, 1) && this.#isWord(step.text, at);
    const token = this.tokens[at];
    const begins = token !== undefined && step.begins(token) && this.#openAt(at + 1, step.to, 2);
    return begins || (step.mayBeEmpty && this.#openAt(at, step.to, 1));
  }

  #goesOn(step: Extract<PatternStep, { readonly kind: "run" }>, at: number): boolean {
    const token = this.tokens[at];
    return token !== undefined && step.goesOn(token) && this.#openAt(at + 1, step.to, 2);
  }

  #isOpenGate(atBorder: boolean, at: number): boolean {
    return !atBorder || (this.tokens[at]?.isFirst ?? true);
  }

  #isWord(text: string, at: number): boolean {
    for (let index = 0; index < text.length; index++)
      if (this.tokens[at + index]?.text !== text[index]) return false;
    return true;
  }

  #afterSpace(at: number): number {
    let after = at;
    for (let token = this.tokens[after]; token !== undefined && isSpace(token); token = this.tokens[after])
      after++;
    return after;
  }
}
