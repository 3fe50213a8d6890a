/** Timers, so that tests can have their own. */
export interface Clock {
  /** In milliseconds, from whenever. */
  readonly now: number;
  /** Calls `run` once after `ms`; returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** Real timers. They keep no process alive. */
export const timers: Clock = {
  get now() {
    return performance.now();
  },
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
