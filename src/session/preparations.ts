/** Requests whose code is being loaded: somebody waits for each. */
export class Preparations {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  async during<T>(preparing: Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await preparing;
    } finally {
      if (--this.#count === 0) this.#end();
    }
  }

  /** Resolves when nobody waits any more; `undefined` where nobody does. What can wait gives way to what cannot. */
  idle(): Promise<void> | undefined {
    if (this.#count === 0) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #end(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
