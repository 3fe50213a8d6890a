/** One change of a text. Edits of a list are in order and do not overlap. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

export function applyEdits(code: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text } of edits) {
    result += code.slice(at, start) + text;
    at = end;
  }
  return result + code.slice(at);
}

interface Shift {
  /** Where the inserted text begins, in the edited line. */
  readonly from: number;
  readonly to: number;
  /** Where what it stands for begins and ends in the line before the edit. */
  readonly begins: number;
  readonly ends: number;
}

/**
 * The way back from a column in an edited text to the one before, so that a source map of the text before holds. No
 * edit adds or removes a line. Lines and columns count from 1.
 */
export function columnsBefore(
  code: string,
  edits: readonly TextEdit[],
): (line: number, column: number) => number {
  const resizing = edits.filter(({ start, end, text }) => text.length !== end - start);
  if (resizing.length === 0) return (_line, column) => column;
  let shifts: ReadonlyMap<number, readonly Shift[]> | undefined;
  return (line, column) => {
    // Most texts never throw.
    shifts ??= shiftsByLine(code, resizing);
    let result = column;
    for (const { from, to, begins, ends } of shifts.get(line) ?? []) {
      if (column < from) break;
      // A call stands, for V8, where its arguments begin if what is called is more than a name.
      result = column <= to ? begins : ends + (column - to);
    }
    return result;
  };
}

/** The way there: where a column of the text is after its edits. Lines and columns count from 1. */
export function columnsAfter(
  code: string,
  edits: readonly TextEdit[],
): (line: number, column: number) => number {
  const resizing = edits.filter(({ start, end, text }) => text.length !== end - start);
  let shifts: ReadonlyMap<number, readonly Shift[]> | undefined;
  return (line, column) => {
    shifts ??= shiftsByLine(code, resizing);
    let result = column;
    for (const { from, to, begins, ends } of shifts.get(line) ?? []) {
      if (column < begins) break;
      result = column < ends ? from : to + (column - ends);
    }
    return result;
  };
}

function shiftsByLine(code: string, edits: readonly TextEdit[]): ReadonlyMap<number, readonly Shift[]> {
  const shifts = new Map<number, Shift[]>();
  let line = 1;
  let lineStart = 0;
  let grown = 0;
  for (const { start, end, text } of edits) {
    for (
      let next = code.indexOf("\n", lineStart);
      next !== -1 && next < start;
      next = code.indexOf("\n", lineStart)
    ) {
      line++;
      lineStart = next + 1;
      grown = 0;
    }
    const from = start - lineStart + grown + 1;
    grown += text.length - (end - start);
    const onLine = shifts.get(line) ?? [];
    onLine.push({ from, to: from + text.length, begins: start - lineStart + 1, ends: end - lineStart + 1 });
    shifts.set(line, onLine);
  }
  return shifts;
}
