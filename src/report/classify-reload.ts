import { explainSettings } from "./explain-settings.ts";
import type { ClassifiedSettings } from "./explain-settings.ts";
import { listOf } from "./lists.ts";
import { STRATEGIES } from "../protocol/report.ts";
import type { Strategy } from "../protocol/report.ts";

/** What one saved file means to the project. Files are relative to the root. */
export type Change =
  /** It does something else than before: its text, what a module reads of it, where an import leads. */
  | { readonly kind: "code"; readonly file: string }
  | { readonly kind: "added"; readonly file: string }
  | { readonly kind: "gone"; readonly file: string }
  /** A folder in which names came or went, which is all that is known. */
  | { readonly kind: "listing"; readonly file: string }
  /** The same bytes, or other comments, formatting and types only. */
  | { readonly kind: "same"; readonly file: string }
  /** It is the browser's: style, image, page, script. */
  | { readonly kind: "asset"; readonly file: string }
  | { readonly kind: "environment"; readonly file: string }
  | { readonly kind: "settings"; readonly file: string; readonly settings: ClassifiedSettings };

/** How far changes reach. */
export interface AffectedRoutes {
  readonly routes: readonly string[];
  /** The search was cut: more may be reached. */
  readonly isCut: boolean;
}

/** What {@link classifyReload} decides by. */
export interface ReloadInput {
  readonly changes: readonly Change[];
  /** What the files of {@link reachingFiles} lead to. */
  readonly reach: AffectedRoutes;
  /** More affected routes than this, and the reload is a full one. */
  readonly fullReloadThreshold: number;
}

/** One part of what a batch made necessary. */
export type ReloadStep =
  | { readonly kind: "skip"; readonly files: readonly string[] }
  | { readonly kind: "asset"; readonly files: readonly string[] }
  | {
      readonly kind: "routes";
      readonly files: readonly string[];
      readonly added: readonly string[];
      readonly gone: readonly string[];
      readonly folders?: readonly string[];
    }
  | { readonly kind: "environment"; readonly files: readonly string[] }
  | { readonly kind: "settings"; readonly settings: readonly ClassifiedSettings[] };

/** What one batch of changes made necessary. The steps cover every change of it. */
export interface ReloadSummary {
  /** That of the strongest step. */
  readonly strategy: Strategy;
  /** One sentence. Logs, the status and commands share it. */
  readonly reason: string;
  readonly routes: readonly string[];
  readonly steps: readonly ReloadStep[];
}

/** The files among the changes whose importers are concerned. */
export function reachingFiles(changes: readonly Change[]): string[] {
  return changes.filter(({ kind }) => REACHING.has(kind)).map(({ file }) => file);
}

const REACHING: ReadonlySet<Change["kind"]> = new Set(["code", "added", "gone"]);

/** Say once for the whole batch how far it reaches: a save-all is one reload. */
export function classifyReload({ changes, reach, fullReloadThreshold }: ReloadInput): ReloadSummary {
  const named = (kind: Change["kind"]): string[] =>
    changes.filter((change) => change.kind === kind).map(({ file }) => file);
  const settings = changes.flatMap((change) => (change.kind === "settings" ? [change.settings] : []));
  const steps: readonly ReloadStep[] = [
    ...(settings.length === 0 ? [] : [{ kind: "settings", settings } as const]),
    ...step({ kind: "environment", files: named("environment") }),
    ...step({
      kind: "routes",
      files: named("code"),
      added: named("added"),
      gone: named("gone"),
      ...(named("listing").length > 0 && { folders: named("listing") }),
    }),
    ...step({ kind: "asset", files: named("asset") }),
    ...step({ kind: "skip", files: named("same") }),
  ];
  const facts = { ...reach, fullReloadThreshold };
  const strategies = new Set(steps.map((each) => strategyOf(each, facts)));
  const strategy = STRATEGIES.findLast((candidate) => strategies.has(candidate)) ?? reachOf(facts);
  // What only looks like a change is worth a word where there is nothing else to say.
  const said = steps.filter(({ kind }) => kind !== "skip" || steps.length === 1);
  return {
    strategy,
    reason: said.map((each) => explainStep(each, facts)).join("; "),
    routes: reach.routes,
    steps,
  };
}

interface Facts extends AffectedRoutes {
  readonly fullReloadThreshold: number;
}

function step(candidate: ReloadStep & { readonly files: readonly string[] }): readonly ReloadStep[] {
  const others =
    candidate.kind === "routes"
      ? candidate.added.length + candidate.gone.length + (candidate.folders ?? []).length
      : 0;
  return candidate.files.length + others === 0 ? [] : [candidate];
}

function strategyOf(each: ReloadStep, facts: Facts): Strategy {
  switch (each.kind) {
    case "skip":
      return "none";
    case "asset":
      return "asset";
    case "routes":
      return reachOf(facts);
    case "environment":
      return "config";
    case "settings":
  }
  return each.settings.every(({ effect }) => effect === "nothing") ? "none" : "config";
}

function reachOf({ routes, isCut, fullReloadThreshold }: Facts): Strategy {
  if (isCut || routes.length > fullReloadThreshold) return "full";
  if (routes.length === 0) return "none";
  return routes.length === 1 ? "single" : "selective";
}

function explainStep(each: ReloadStep, facts: Facts): string {
  switch (each.kind) {
    case "skip":
      return `nothing that runs changed in ${listOf(each.files)}`;
    case "asset":
      return `${listOf(each.files)} changed: the browser's, no server code runs`;
    case "routes":
      return [explainCauses(each), ...explainReach(each, facts)].join(": ");
    case "environment":
      return `${listOf(each.files)} changed: modules that read the changed keys are re-evaluated`;
    case "settings":
  }
  return explainSettings(each.settings).join("; ");
}

function explainCauses({
  files,
  added,
  gone,
  folders = [],
}: Extract<ReloadStep, { kind: "routes" }>): string {
  const parts = files.length === 0 ? [] : [`${listOf(files)} changed`];
  if (added.length > 0) parts.push(`${listOf(added)} ${added.length === 1 ? "is" : "are"} new`);
  if (gone.length > 0) parts.push(`${listOf(gone)} ${gone.length === 1 ? "is" : "are"} gone`);
  if (folders.length > 0) parts.push(`names came or went in ${listOf(folders)}`);
  return parts.join("; ");
}

/** The routes are named beside the sentence; this is what their names do not say. */
function explainReach(
  { files, added, gone }: Extract<ReloadStep, { kind: "routes" }>,
  { routes, isCut, fullReloadThreshold }: Facts,
): readonly string[] {
  const it = files.length + added.length + gone.length === 1 ? "it" : "them";
  if (isCut) return [`imports were followed to maxDepth only, any route may use ${it}`];
  if (routes.length === 0) return [`no route uses ${it}`];
  if (routes.length <= fullReloadThreshold) return [];
  return [`more routes use ${it} than fullReloadThreshold (${fullReloadThreshold})`];
}
