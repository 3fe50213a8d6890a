import { countOf, explainedList } from "./lists.ts";
import type { ReloadSummary } from "./classify-reload.ts";

/** What a reload has done. Names are root-relative. */
export interface ReloadOutcome {
  /** Modules that ran again, with the reason as a short phrase; the edited ones included. */
  readonly ran: ReadonlyMap<string, string>;
  /** Files that were saved: that their modules ran again goes without saying. */
  readonly edited: ReadonlySet<string>;
  /** Modules that import what ran again, and did not have to run themselves. */
  readonly sparedCount: number;
  /** Affected routes that nobody has asked for: they are loaded when somebody does. */
  readonly unloadedCount: number;
}

/** A module that ran although nobody saved it, and why. */
export interface Rerun {
  readonly name: string;
  readonly why: string;
}

/** What was to be done: `lib/price.ts changed; nobody has asked for it yet`. */
export function explainCause({ reason, routes }: ReloadSummary, { unloadedCount }: ReloadOutcome): string {
  if (unloadedCount === 0) return reason;
  return [reason, unloadedText(unloadedCount, routes.length)].filter((text) => text !== "").join("; ");
}

/** Say in one sentence what was to be done, and what happened. */
export function explainOutcome(summary: ReloadSummary, outcome: ReloadOutcome): string {
  const { sparedCount } = outcome;
  const others = rerunsOf(outcome);
  const cause = explainCause(summary, outcome);
  const sentences = cause === "" ? [] : [cause];
  if (others.length > 0) sentences.push(`ran again: ${explainedList(others)}`);
  if (sparedCount > 0) sentences.push(importersText(sparedCount));
  return sentences.join("; ");
}

/** Who ran beside what was saved. */
export function rerunsOf({ ran, edited }: Pick<ReloadOutcome, "ran" | "edited">): readonly Rerun[] {
  return [...ran].filter(([module]) => !edited.has(module)).map(([name, why]) => ({ name, why }));
}

/** Importers see new exports without running: that is no more than a count. */
export function importersText(count: number): string {
  return `${countOf(count, "importer")} did not have to run again`;
}

function unloadedText(count: number, all: number): string {
  if (count < all) return `${count} of them not loaded yet`;
  return count === 1 ? "nobody has asked for it yet" : "nobody has asked for them yet";
}
