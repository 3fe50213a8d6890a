/** A promise that is resolved from outside. */
export interface Signal {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Make a {@link Signal}: `Promise.withResolvers`, which Node 20 lacks. */
export function createSignal(): Signal {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => resolvers.push(resolve));
  return {
    promise,
    resolve: () => {
      for (const resolve of resolvers) resolve();
    },
  };
}
