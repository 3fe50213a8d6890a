/** The last lines of what a program prints: a program may print more than there is memory. */
export class OutputTail {
  readonly #max: number;
  #text = "";
  #isCut = false;

  /** @param max how many characters are kept */
  constructor(max: number) {
    this.#max = max;
  }

  add(text: string): void {
    this.#text += text;
    // Seldom enough that a long output is not copied for each of its lines.
    if (this.#text.length > 2 * this.#max) this.#cut();
  }

  /** Says at its beginning that it is not all. */
  get text(): string {
    if (this.#text.length > this.#max) this.#cut();
    return this.#isCut ? `… (what came before is left out)\n${this.#text}` : this.#text;
  }

  #cut(): void {
    const from = this.#text.length - this.#max;
    const line = this.#text.indexOf("\n", from);
    this.#text = this.#text.slice(line === -1 || line === this.#text.length - 1 ? from : line + 1);
    this.#isCut = true;
  }
}
