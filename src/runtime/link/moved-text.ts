import { forEachChild } from "../analysis/index.ts";
import type { Node } from "../analysis/index.ts";
import type { TextPosition } from "../../protocol/text-position.ts";

/**
 * The way from one text to another one that says the same with other comments and line breaks: their syntax trees are
 * alike, so every node of one is found in the other.
 */
export function placesIn(
  from: { readonly code: string; readonly program: Node },
  to: { readonly code: string; readonly program: Node },
): (place: TextPosition) => TextPosition {
  const marks = marksOf(from.program, to.program);
  const starts = { from: lineStartsOf(from.code), to: lineStartsOf(to.code) };
  return ({ line, column }) => {
    const offset = (starts.from[line - 1] ?? 0) + column - 1;
    const mark = lastUpTo(marks, offset);
    return placeAt(starts.to, mark === undefined ? offset : mark.to + offset - mark.from);
  };
}

/** The same point of both texts. */
interface Mark {
  readonly from: number;
  readonly to: number;
}

function marksOf(from: Node, to: Node): readonly Mark[] {
  const marks: Mark[] = [];
  const visit = (one: Node, other: Node): void => {
    marks.push({ from: one.start, to: other.start }, { from: one.end, to: other.end });
    const others: Node[] = [];
    forEachChild(other, (part) => others.push(part));
    let index = 0;
    forEachChild(one, (part) => {
      const twin = others[index++];
      if (twin !== undefined) visit(part, twin);
    });
  };
  visit(from, to);
  return marks.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

function lastUpTo(marks: readonly Mark[], offset: number): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.from ?? offset) <= offset) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}

function lineStartsOf(code: string): readonly number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at !== -1; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function placeAt(starts: readonly number[], offset: number): TextPosition {
  let line = starts.length;
  while (line > 1 && (starts[line - 1] ?? 0) > offset) line--;
  return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
}
