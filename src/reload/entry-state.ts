import type { EntryProblem, Readiness, UpdateOutcome } from "./ports.ts";

/** What was found out about an entry. */
export interface EntryState<Problem extends EntryProblem> {
  readiness: Readiness<Problem>;
  /** Of when it was found out; `undefined` where that has to be looked at once more. */
  revision: number | undefined;
  paths: readonly string[];
}

/** What a look at the entries in use needs to know. */
interface Concern<Problem extends EntryProblem> {
  readonly states: ReadonlyMap<string, EntryState<Problem>>;
  /** Whether anything is built from a path. */
  readonly isKnown: (path: string) => boolean;
  /** Whether what was found out about an entry still shows on disk. */
  readonly isShown: (readiness: Readiness<Problem>) => boolean;
  readonly pathsOf: (entry: string) => readonly string[];
}

/** How an entry can answer after an update. */
export function readinessAfter<Problem extends EntryProblem>(
  outcome: UpdateOutcome<Problem>,
): Readiness<Problem> {
  return outcome.status === "failed" ? { status: "broken", problem: outcome.problem } : { status: "ready" };
}

/** The entries whose answers are built from something that was touched. */
export function entriesConcernedBy<Problem extends EntryProblem>(
  touched: ReadonlySet<string>,
  concern: Concern<Problem>,
): string[] {
  if (touched.size === 0) return [];
  const concerned = entriesWith(touched, concern);
  const isKnown = [...touched].some((name) => concern.isKnown(name));
  if (concerned.length > 0 || !isKnown) return concerned;
  // It was read late, when it had been found out already what everything is built from.
  for (const [entry, state] of concern.states) state.paths = concern.pathsOf(entry);
  return entriesWith(touched, concern);
}

function entriesWith<Problem extends EntryProblem>(
  touched: ReadonlySet<string>,
  { states, isShown }: Concern<Problem>,
): string[] {
  return [...states]
    .filter(([, { readiness, paths }]) => !isShown(readiness) || paths.some((known) => touched.has(known)))
    .map(([entry]) => entry);
}
