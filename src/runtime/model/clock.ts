let evaluations = 0;

/** How many evaluations the process has begun so far: who has run before whom, and since when something is known. */
export function evaluationsSoFar(): number {
  return evaluations;
}

/** One more begins. */
export function nextEvaluation(): number {
  return ++evaluations;
}
