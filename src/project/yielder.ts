/** Lets everything else in the process have its turn during a long work. */
export interface Yielder {
  /** Resolves at once while the current turn is young. */
  next(): Promise<void> | undefined;
  /** Does something with each of many items, and waits between two of them only where a turn ends. */
  each<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void>;
}

/** How long the event loop may be held up. */
const TURN_MS = 8;

/** @param pause asked at the end of each turn: what has to be done before the next one */
export function createTurns(pause: () => Promise<void> | undefined = () => undefined): Yielder {
  let since = performance.now();
  const next = (): Promise<void> | undefined => {
    if (performance.now() - since < TURN_MS) return undefined;
    return endTurn();
  };
  const endTurn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (let wait = pause(); wait !== undefined; wait = pause()) await wait;
    since = performance.now();
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
