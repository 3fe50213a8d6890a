/** One at a time, first come, first served. */
export class Mutex {
  #last: Promise<void> = Promise.resolve();

  /** Wait for a turn and have it until `body` is done. */
  async during<T>(body: (turn: Turn) => Promise<T>): Promise<T> {
    const turn = new Turn(await this.#take(), async () => this.#take());
    try {
      return await body(turn);
    } finally {
      turn.end();
    }
  }

  /** Resolves with the function that ends the turn. */
  async #take(): Promise<() => void> {
    const before = this.#last;
    let end: () => void = ignore;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }
}

/** The right to plan and commit. */
export class Turn {
  #end: () => void;
  readonly #take: () => Promise<() => void>;

  constructor(end: () => void, take: () => Promise<() => void>) {
    this.#end = end;
    this.#take = take;
  }

  end(): void {
    this.#end();
  }

  /** Let others have the turn while something is waited for. */
  async lend(running: Promise<void>): Promise<void> {
    this.#end();
    try {
      await running;
    } finally {
      this.#end = await this.#take();
    }
  }
}

function ignore(): void {}
