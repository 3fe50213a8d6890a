import { countOf, explainedList } from "./lists.ts";
import type { ReloadSummary } from "./classify-reload.ts";

/** What a reload has done. Names are root-relative. */
export interface ReloadOutcome {
  /** Modules that ran again, with the reason as a short phrase; the edited ones included. */
  readonly ran: ReadonlyMap<string, string>;
  /** Files that were saved: that their modules ran again goes without saying. */
  readonly edited: ReadonlySet<string>;
  readonly sparedCount: number;
  /** Affected routes that nobody has asked for: they are loaded when somebody does. */
  readonly unloadedCount: number;
}

/** Say in one sentence what was to be done, and what happened. */
export function explainOutcome({ reason, routes }: ReloadSummary, outcome: ReloadOutcome): string {
  const { ran, edited, sparedCount, unloadedCount } = outcome;
  const others = [...ran].filter(([module]) => !edited.has(module)).map(([name, why]) => ({ name, why }));
  const sentences = reason === "" ? [] : [reason];
  if (others.length > 0) sentences.push(`ran again: ${explainedList(others)}`);
  if (sparedCount > 0) sentences.push(`${countOf(sparedCount, "importer")} spared`);
  if (unloadedCount > 0) sentences.push(unloadedText(unloadedCount, routes.length));
  return sentences.join("; ");
}

function unloadedText(count: number, all: number): string {
  if (count < all) return `${count} of them not loaded yet`;
  return count === 1 ? "nobody has asked for it yet" : "nobody has asked for them yet";
}
