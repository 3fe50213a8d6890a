/** A Redis of its own, until it is stopped or this process ends. */
export interface Redis {
  /** The socket that it listens on. */
  readonly path: string;
  readonly stop: () => Promise<void>;
}

/** Start a Redis that keeps nothing. */
export function startRedis(program: string): Promise<Redis>;
