import type { Commit } from "./commit.ts";
import type { ModuleProblem } from "../model/problems.ts";

/** Whether entries are ready to serve. */
export type Outcome =
  | { readonly status: "unchanged" }
  | { readonly status: "committed"; readonly commit: Commit }
  | { readonly status: "failed"; readonly problem: ModuleProblem };

/** How an attempt to bring entries up to date went. */
export type Step =
  | { readonly kind: "done"; readonly outcome: Outcome }
  | { readonly kind: "again" }
  /** Another transaction evaluates something of this one. */
  | { readonly kind: "wait"; readonly for: Promise<void> };

export const AGAIN: Step = { kind: "again" };

/** An attempt failed with a problem, or has found out what to try differently. */
export function stepAfter(problem: ModuleProblem | undefined): Step {
  return problem === undefined ? AGAIN : failed(problem);
}

export function failed(problem: ModuleProblem): Step {
  return { kind: "done", outcome: { status: "failed", problem } };
}
