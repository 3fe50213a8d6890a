import { setStateHost } from "../../state/host.ts";
import type { StateProblem } from "../../state/host.ts";
import { runClosing } from "../model/context.ts";
import { outsideOwnership } from "../ownership/index.ts";
import { evaluatingGeneration } from "../model/late-evaluation.ts";

/** Let explicit state take part in transactions, until the returned function is called. */
export function connectState(report: (problem: StateProblem) => void): () => void {
  return setStateHost({
    generation: () => evaluatingGeneration()?.scope,
    outside: outsideOwnership,
    closing: runClosing,
    report,
  });
}
