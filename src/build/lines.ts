/** So much of a line is kept, in characters: more than any message of a compiler has, and less than a program may print. */
const MAX_LENGTH = 8 * 1024 * 1024;

/** Lines of what comes in pieces. One that is too long comes in parts, as if it had ended there. */
export class Lines {
  readonly #ends: RegExp;
  #pieces: string[] = [];
  #length = 0;

  /** @param ends what a line ends with */
  constructor(ends: RegExp) {
    this.#ends = ends;
  }

  /** The lines that have ended by now. */
  add(text: string): readonly string[] {
    const lines = text.split(this.#ends);
    const rest = lines.pop() ?? "";
    if (lines.length > 0) lines[0] = this.takeRest() + (lines[0] ?? "");
    // A line of many pieces is put together once: to do so for each piece takes as long as the square of what has come.
    this.#pieces.push(rest);
    this.#length += rest.length;
    if (this.#length > MAX_LENGTH) lines.push(this.takeRest());
    return lines;
  }

  /** What has come of a line that has not ended. */
  takeRest(): string {
    const rest = this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    return rest;
  }
}
