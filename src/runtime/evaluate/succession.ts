import { cellsOf } from "../effects/cells.ts";
import { filledGlobalsOf } from "../effects/filled-globals.ts";
import { globalsOf } from "../effects/globals-watch.ts";
import type { Generation } from "../model/generation.ts";
import { keepRequests } from "../model/late-requests.ts";

/** A generation answers from now on for what it goes on with of the one that it replaces. */
export function succeed(generation: Generation, before: Generation): void {
  keepRequests(before, generation);
  const kept = [...cellsOf(generation).kept, ...filledGlobalsOf(before)];
  if (before.outside !== undefined) generation.outside?.keepFilled(before.outside, kept);
  globalsOf(generation).takeOver(globalsOf(before), generation.source);
}
