/** A place in a text. Line and column count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A position in a file of the project. */
export interface SourcePosition extends TextPosition {
  readonly file: string;
}

/** The place of an offset in a text. */
export function placeAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
