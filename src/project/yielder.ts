/** Lets everything else in the process have its turn during a long work. */
export interface Yielder {
  /** Resolves at once while the current turn is young. */
  next(): Promise<void> | undefined;
  /** Does something with each of many items, and waits between two of them only where a turn ends. */
  each<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void>;
}

/** How long the event loop may be held up. */
const TURN_MS = 8;

export function createTurns(): Yielder {
  let since = performance.now();
  const next = (): Promise<void> | undefined => {
    if (performance.now() - since < TURN_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        since = performance.now();
        resolve();
      });
    });
  };
  return {
    next,
    async each(items, work) {
      for (const item of items) {
        work(item);
        const turn = next();
        if (turn !== undefined) await turn;
      }
    },
  };
}
