/** Lets everything else in the process have its turn during a long work. */
export interface Turns {
  /** Resolves at once while the current turn is young. */
  next(): Promise<void> | undefined;
}

/** How long the event loop may be held up. */
const TURN_MS = 8;

export function createTurns(): Turns {
  let since = performance.now();
  return {
    next() {
      if (performance.now() - since < TURN_MS) return undefined;
      return new Promise((resolve) => {
        setImmediate(() => {
          since = performance.now();
          resolve();
        });
      });
    },
  };
}
