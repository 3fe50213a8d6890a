import type { EvaluationOrder } from "./evaluation-order.ts";
import type { ModuleRecord, Staleness } from "./module-record.ts";
import type { RunReason } from "./run-reason.ts";
import type { TopLevelWaits } from "./top-level-waits.ts";

/** What runs, in which order, and what can go. */
export interface EvaluationPlan {
  /** In the order of evaluation. */
  readonly run: ReadonlyMap<ModuleRecord, RunReason>;
  readonly waits: TopLevelWaits;
  /** Have to run before they serve again, but nothing that is asked for now needs them. */
  readonly stale: ReadonlyMap<ModuleRecord, Staleness>;
  /** Outside of the closure, but they have to run together with what is inside: plan again with these as entries. */
  readonly coupledModules: ReadonlySet<ModuleRecord>;
  readonly spared: ReadonlySet<ModuleRecord>;
  readonly pruned: ReadonlySet<ModuleRecord>;
  /**
   * In which order a fresh process would evaluate everything; `undefined` when nothing is replaced, for then filling
   * what is there is what a fresh process would do as well.
   */
  readonly order: EvaluationOrder | undefined;
}
