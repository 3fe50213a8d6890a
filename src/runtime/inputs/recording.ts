import { areReadsTracked, currentContext } from "../model/context.ts";
import type { OpenFill } from "../model/context.ts";
import { evaluatingGeneration } from "../model/late-evaluation.ts";
import type { InputReads } from "../model/input-reads.ts";

/** How many calls are under way whose reads are nobody's: ours, Node's own, those of a package that is loaded. */
let silent = 0;

/** Run `body` so that nothing that it reads counts for the evaluation that called it. Synchronous. */
export function unrecorded<T>(body: () => T): T {
  silent++;
  try {
    return body();
  } finally {
    silent--;
  }
}

/**
 * Where a read of the running code is noted. Nearly always nowhere, and that is known after one number test: outside
 * of evaluations a patched function must cost next to nothing.
 */
export function currentReads(): InputReads | undefined {
  if (silent > 0 || !areReadsTracked()) return undefined;
  return evaluatingGeneration()?.outside;
}

/** For which kept values the running code reads. */
export function currentFill(): OpenFill | undefined {
  return silent > 0 ? undefined : currentContext()?.fill;
}

/** Whether the running code answers a request. */
export function isRequestRunning(): boolean {
  return silent === 0 && currentContext()?.request !== undefined;
}

/** Whether the running code is part of a patched function that was noted already. */
export function isUnrecorded(): boolean {
  return silent > 0;
}
