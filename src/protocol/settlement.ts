import type { ReloadReport } from "./report.ts";

/** Where the server is asked to make every saved change live. */
export const SETTLE_PATH = "/__hmr_settle";

/** What `POST /__hmr_settle` answers: every saved change of code that is in use is live, or has failed. */
export interface Settlement {
  /** Nothing has failed. */
  readonly ok: boolean;
  /** Counts commits. */
  readonly version: number;
  /** How long it took. */
  readonly ms: number;
  /** What the last reload did, if there was one since this was asked before. */
  readonly plan: SettledPlan;
  readonly errors: readonly SettleError[];
  /** What the open pages have made of it, where that was asked for. */
  readonly tabs?: readonly SettledTab[] | undefined;
}

/** A page that somebody sees, and what it has made of all that it was told. */
export interface SettledTab {
  /** Path and query of the document. */
  readonly url: string;
  /** `silent`: it has said nothing for 5 s. */
  readonly result: "applied" | "reloaded" | "failed" | "silent";
  /** What went wrong in the page since it was loaded. */
  readonly errors: readonly string[];
}

/** Added to {@link SETTLE_PATH}, open pages are waited for as well. */
export const WITH_TABS = "?tabs";

/** The facts of a reload that an answer to `settle` repeats. */
export const SETTLED_FIELDS = [
  "strategy",
  "reason",
  "files",
  "routes",
  "ms",
  "kept",
  "reset",
  "closed",
  "summary",
] as const;

/** The part of a reload's report that programs ask for. */
export type SettledPlan = Pick<ReloadReport, (typeof SETTLED_FIELDS)[number]>;

/** Why a route cannot run what was saved. Paths are relative to the root. */
export interface SettleError {
  readonly file: string;
  /** Counts from 1. */
  readonly line?: number | undefined;
  /** Counts from 1. */
  readonly column?: number | undefined;
  readonly message: string;
}
