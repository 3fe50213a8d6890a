/** A place in a text. Line and column count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A position in a file of the project. */
export interface SourcePosition extends TextPosition {
  readonly file: string;
}
