import { placeAt } from "../protocol/text-position.ts";
import type { ComponentProblem } from "./component.ts";

/** A place in a text that is being read, and what a reader asks of it. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether these characters come next. */
  sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** What a sticky expression finds right here, which is passed. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  /** What is before the next place of a text, which is passed; nothing where it does not come. */
  takeThrough(end: string): string | undefined {
    const to = this.text.indexOf(end, this.at);
    if (to === -1) return undefined;
    const found = this.text.slice(this.at, to);
    this.at = to + end.length;
    return found;
  }

  /** What comes next, for a sentence about it. */
  describe(): string {
    if (this.isAtEnd) return "the end of the file";
    const [next = ""] =
      /^(?:\s+|<\/?[\w.:-]*>?|[\w.:-]{1,24}|.)/su.exec(this.text.slice(this.at, this.at + 24)) ?? [];
    return next.trim() === "" ? "space" : `\`${next}\``;
  }

  /** Ends the reading: what was expected is not there. */
  fail(expected: string, at: number = this.at): never {
    throw new Unreadable(`Expected ${expected}, got ${this.describe()}.`, at);
  }
}

/** Why a text cannot be read, on its way through the readers; nobody outside of this folder meets it. */
export class Unreadable extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }

  /** The same as a value, with its place in the text. */
  in(text: string): ComponentProblem {
    return { kind: "problem", message: this.message, ...placeAt(text, this.at) };
  }
}
