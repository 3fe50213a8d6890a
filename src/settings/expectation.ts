/** What an option has to be. */
export interface Expectation {
  /** As the end of a sentence: `true or false`. */
  readonly text: string;
  readonly accepts: (value: unknown) => boolean;
}
