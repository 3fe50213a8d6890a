/** Runs what it is given after everything that is being read from sockets now has been read. */
export type Later = (run: () => void) => void;

/**
 * Requests that arrive in one turn of the event loop are answered from one look at the disk. The look begins after
 * all of them have arrived, so each learns of every save that came before it: that is what makes it right, and under
 * load it is what makes the barrier cheap.
 */
export class Arrivals<Look> {
  readonly #later: Later;
  readonly #look: () => Look;
  #gathering: Promise<Look> | undefined;

  constructor(later: Later, look: () => Look) {
    this.#later = later;
    this.#look = look;
  }

  /** Resolves with the look that is taken when this turn is over. */
  next(): Promise<Look> {
    this.#gathering ??= new Promise((resolve, reject) => {
      this.#later(() => {
        this.#gathering = undefined;
        try {
          resolve(this.#look());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return this.#gathering;
  }
}
