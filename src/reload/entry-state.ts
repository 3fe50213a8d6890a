import type { EntryProblem, Readiness, UpdateOutcome } from "./ports.ts";

/** What was found out about an entry. */
export interface EntryState<Problem extends EntryProblem> {
  readiness: Readiness<Problem>;
  /** Of when it was found out; `undefined` where that has to be looked at once more. */
  revision: number | undefined;
  paths: readonly string[];
}

/** At once where nothing has to be found out. */
export type Answer<Problem extends EntryProblem> = Readiness<Problem> | Promise<Readiness<Problem>>;

/** How an entry can answer after an update. */
export function readinessAfter<Problem extends EntryProblem>(
  outcome: UpdateOutcome<Problem>,
): Readiness<Problem> {
  return outcome.status === "failed" ? { status: "broken", problem: outcome.problem } : { status: "ready" };
}
