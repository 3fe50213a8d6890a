/** Requests whose code is being loaded: somebody waits for each. */
export class Preparations {
  #count = 0;
  #idle: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

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
    if (this.#idle === undefined) {
      let resolve = (): void => undefined;
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#idle = { promise, resolve };
    }
    return this.#idle.promise;
  }

  #end(): void {
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
