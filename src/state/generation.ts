/**
 * One evaluation of one module, as far as explicit state has to know it. Code is evaluated *aside* first: it becomes
 * live together with everything else of its transaction, or it is abandoned and has changed nothing.
 */
export interface GenerationScope {
  /** Root-relative path of the module that is evaluated. */
  readonly module: string;
  /** `false`: explicit state starts anew when the module that made it is evaluated again. */
  readonly preserveState: boolean;
  /**
   * Calls `run` synchronously when the generation becomes live, in the order of registration; at once if it is live
   * already. An abandoned generation never calls it.
   */
  onLive(run: () => void): void;
  /**
   * Calls `run` when the generation is let go: replaced, pruned, or abandoned because its transaction failed. In the
   * order of registration; at once if it is gone already.
   */
  onDispose(run: () => void): void;
}

/**
 * Where a generation is in its life: `pending` while it is evaluated aside, then `live` and one day `replaced`, or
 * `abandoned` when its transaction failed.
 */
export type Phase = "pending" | "live" | "replaced" | "abandoned";

/** Something that went wrong outside of what a caller could catch. */
export interface StateProblem {
  /** One sentence, prefixed `[orbit]`, without values of the state. */
  readonly message: string;
  /** What was thrown, if something was. */
  readonly error?: unknown;
}

/** What explicit state needs from whoever replaces code. Present in development, absent in production. */
export interface StateHost {
  /** The generation being evaluated in the current async context; `undefined` during requests and elsewhere. */
  generation(): GenerationScope | undefined;
  /** Runs what makes a value that outlives every generation, so that none of them owns what it opens. */
  outside?<T>(make: () => T): T;
  /** Runs what closes a value, called as people know it, so that nothing of it ends the process. */
  closing?<T>(what: string, close: () => T): T;
  /** Takes problems and warnings. Without it they go to the console. */
  report?(problem: StateProblem): void;
}
