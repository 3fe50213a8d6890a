import { explainSettings } from "./explain-settings.ts";
import type { JudgedSettings } from "./explain-settings.ts";
import { countOf, explainedList, listOf } from "./lists.ts";
import type { Strategy } from "./report.ts";

/** What is known about a change after it was applied. Names are root-relative. */
export interface AppliedChange {
  /** Files whose new text does something else than the old one. */
  readonly edited: readonly string[];
  /** Files whose new text does the same: comments, formatting, types. */
  readonly unchanged: readonly string[];
  /** Folders, links and files beside the code that led to something else. */
  readonly places: readonly string[];
  /** Files of routes that did not exist before. */
  readonly added: readonly string[];
  /** Files of routes that exist no more. */
  readonly gone: readonly string[];
  /** Files with the environment that were read anew. */
  readonly settings: readonly string[];
  /** Settings that were saved, and what that means. */
  readonly judged: readonly JudgedSettings[];
  /** Modules that ran again, with the reason as a short phrase; the edited ones included. */
  readonly ran: ReadonlyMap<string, string>;
  readonly sparedCount: number;
  readonly routes: readonly string[];
  /** More affected routes than this, and the reload counts as full. */
  readonly fullReloadThreshold: number;
}

/** Label a change with how far it reached. */
export function strategyOf(change: AppliedChange): Strategy {
  if (change.settings.length > 0 || change.judged.some(({ effect }) => effect !== "nothing")) return "config";
  const { ran, added, gone, routes } = change;
  if (ran.size + added.length + gone.length === 0 || routes.length === 0) return "none";
  if (change.routes.length > change.fullReloadThreshold) return "full";
  return change.routes.length === 1 ? "single" : "selective";
}

/** Say in one sentence what happened and why. */
export function explainChange(change: AppliedChange): string {
  const { edited, unchanged, places, settings, judged, added, gone, ran, sparedCount } = change;
  const causes = [...settings, ...places, ...edited];
  if (ran.size + added.length + gone.length === 0) {
    if (judged.length > 0) return explainSettings(judged).join("; ");
    if (settings.length > 0) return `${listOf(settings)} changed; no module that runs depends on it`;
    if (unchanged.length > 0) return `nothing that runs changed in ${listOf(unchanged)}`;
    return `${listOf(edited)} changed; nothing that runs uses it`;
  }
  const others = [...ran].filter(([module]) => !edited.includes(module));
  const sentences = explainSettings(judged);
  if (causes.length > 0) sentences.push(`${listOf(causes)} changed`);
  if (added.length > 0) sentences.push(`${listOf(added)} ${isOrAre(added)} new`);
  if (gone.length > 0) sentences.push(`${listOf(gone)} ${isOrAre(gone)} gone`);
  if (others.length > 0)
    sentences.push(`ran again: ${explainedList(others.map(([name, why]) => ({ name, why })))}`);
  if (sparedCount > 0) sentences.push(`${countOf(sparedCount, "importer")} spared`);
  return sentences.join("; ");
}

function isOrAre(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}
