import type { Strategy } from "./report.ts";

/** What is known about a change after it was applied. Names are root-relative. */
export interface AppliedChange {
  /** Files whose new text does something else than the old one. */
  readonly edited: readonly string[];
  /** Files whose new text does the same: comments, formatting, types. */
  readonly unchanged: readonly string[];
  /** Folders, links and files beside the code that led to something else. */
  readonly places: readonly string[];
  /** Settings and environment that were read anew. */
  readonly settings: readonly string[];
  /** Modules that ran again, with the reason as a short phrase; the edited ones included. */
  readonly ran: ReadonlyMap<string, string>;
  readonly sparedCount: number;
  readonly routes: readonly string[];
  /** More affected routes than this, and the reload counts as full. */
  readonly fullReloadThreshold: number;
}

/** Label a change with how far it reached. */
export function strategyOf(change: AppliedChange): Strategy {
  if (change.settings.length > 0) return "config";
  if (change.ran.size === 0 || change.routes.length === 0) return "none";
  if (change.routes.length > change.fullReloadThreshold) return "full";
  return change.routes.length === 1 ? "single" : "selective";
}

/** Say in one sentence what happened and why. */
export function explainChange(change: AppliedChange): string {
  const { edited, unchanged, places, settings, ran, sparedCount } = change;
  const causes = [...settings, ...places, ...edited];
  if (ran.size === 0) {
    if (settings.length > 0) return `${list(settings)} changed; no module that runs depends on it`;
    if (unchanged.length > 0) return `nothing that runs changed in ${list(unchanged)}`;
    return `${list(edited)} changed; nothing that runs uses it`;
  }
  const others = [...ran].filter(([module]) => !edited.includes(module));
  const sentences = causes.length === 0 ? [] : [`${list(causes)} changed`];
  if (others.length > 0)
    sentences.push(`ran again: ${list(others.map(([module, why]) => `${module} (${why})`))}`);
  if (sparedCount > 0)
    sentences.push(`${sparedCount} ${sparedCount === 1 ? "importer" : "importers"} spared`);
  return sentences.join("; ");
}

/** How many names a sentence holds before it counts the rest. */
const NAMES_SHOWN = 3;

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
