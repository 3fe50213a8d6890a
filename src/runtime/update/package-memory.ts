import { thrownBy } from "../evaluate/evaluation-problem.ts";
import type { Failure } from "../evaluate/evaluation-problem.ts";
import type { Wait } from "../evaluate/disposal.ts";
import type { Transaction } from "../evaluate/transaction.ts";
import { wasThrownInCall } from "../link/stack-traces.ts";
import { staticOrder } from "../model/edges.ts";
import type { Generation } from "../model/generation.ts";
import { topLevelWaits } from "../model/top-level-waits.ts";

/** Done with a transaction that evaluates what is live, and that comes to nothing. */
export type Repetition = (transaction: Transaction, wait: Wait) => Promise<boolean>;

/**
 * Whether a package fails because it remembers what ran before an edit. It is proven, for to restart helps in no other
 * case: what has succeeded before is evaluated once more, as it was before the edit. If that fails now in the very same
 * way, the edit is not to blame.
 */
export class PackageMemory {
  /** By what was live, and by message: what repeating it has shown. */
  readonly #proofs = new WeakMap<Generation, Map<string, boolean>>();

  async isToBlame(failure: Failure, repeat: (body: Repetition) => Promise<boolean>): Promise<boolean> {
    const { live } = failure.module;
    if (live === undefined || !canBeRepeated(failure)) return false;
    const proofs = this.#proofs.get(live) ?? new Map<string, boolean>();
    this.#proofs.set(live, proofs);
    const message = thrownBy(failure.problem);
    const known = proofs.get(message);
    if (known !== undefined) return known;
    const isProven = await repeat(async (transaction, wait) => failsAlike(failure, transaction, wait));
    proofs.set(message, isProven);
    return isProven;
  }
}

/**
 * What a package throws at once follows from what it is told and from what it remembers. What it throws some time later,
 * or after a file or a key of the environment has changed, may follow from the world outside.
 */
function canBeRepeated({ module, problem, before }: Failure): boolean {
  if (problem.kind !== "evaluation" || !wasThrownInCall(problem.cause)) return false;
  return [...before, module].every(({ live }) => live?.outside?.outdatedBy === undefined);
}

async function failsAlike(
  { module, problem, before }: Failure,
  transaction: Transaction,
  wait: Wait,
): Promise<boolean> {
  const repeated = [...before, module].filter(({ live }) => live !== undefined);
  transaction.add(repeated);
  const attempt = await transaction.evaluate(
    { order: repeated, waits: topLevelWaits(staticOrder(repeated)) },
    wait,
  );
  if (attempt.status === "ready") return false;
  const { failure } = attempt;
  return failure.module === module && thrownBy(failure.problem) === thrownBy(problem);
}
