import type { BuildReport } from "./build.ts";

/** How far an edit can reach, from nothing to everything. */
export const STRATEGIES = ["none", "asset", "single", "selective", "full", "config"] as const;

/** How far an edit reaches. */
export type Strategy = (typeof STRATEGIES)[number];

/** A value that starts anew, and why. */
export interface ResetValue {
  readonly name: string;
  readonly why: string;
}

/** Things of one kind that a module had opened and that are closed; or its dispose handlers that ran. */
export interface ClosedThings {
  /** Such as `timer`, `listener`, `client`, or `dispose handler`. */
  readonly kind: string;
  readonly module: string;
  readonly count: number;
}

/** One line per save: what a reload did. Paths are relative to the root. */
export interface ReloadReport {
  readonly event: "reload";
  readonly strategy: Strategy;
  /** One sentence for people: `lib/price.ts changed; ran again: lib/total.ts (read lib/price.ts while it loaded)`. */
  readonly reason: string;
  /** The part of it that says what was saved. */
  readonly cause?: string | undefined;
  /** Modules that ran although nobody saved them, and why. */
  readonly reruns?: readonly { readonly name: string; readonly why: string }[] | undefined;
  /** How many modules import what ran, and see its exports without running again. */
  readonly spared?: number | undefined;
  /** The files whose change caused it. */
  readonly files: readonly string[];
  /** Routes that answer with new code, such as `/api/users/:id`. */
  readonly routes: readonly string[];
  /** From the detection of the change to the commit, in milliseconds. */
  readonly ms: number;
  /** Modules that ran again. */
  readonly ran: readonly string[];
  /** State of modules that ran again: explicit state by id, top-level bindings as `file:name`. */
  readonly kept: readonly string[];
  readonly reset: readonly ResetValue[];
  /** Values that go on although what they were made from says something else now. Absent where there are none. */
  readonly outdated?: readonly ResetValue[] | undefined;
  /** What replaced code had opened and what is closed by now. */
  readonly closed: readonly ClosedThings[];
  readonly version: number;
  /** All of it in one sentence, as the terminal has it: what happened, what was kept, reset and closed. */
  readonly summary: string;
  /** The names of the environment's keys that have other values, and no value. Absent where there are none. */
  readonly keys?: readonly string[] | undefined;
  /** The change is live only after a restart by hand. Absent otherwise; `orbiton dev` restarts by itself. */
  readonly requiresRestart?: true | undefined;
  /** Something else is built because of the same save: the report of that follows. Absent otherwise. */
  readonly isBuilding?: true | undefined;
}

/** Something is broken: a module that cannot be loaded, or an error that escaped from running code. */
export interface ErrorReport {
  readonly event: "error";
  readonly message: string;
  /** Routes that answer with the error (or with their last good code). */
  readonly routes: readonly string[];
  readonly file?: string | undefined;
  /** Counts from 1. */
  readonly line?: number | undefined;
  /** Counts from 1. */
  readonly column?: number | undefined;
  readonly frame?: string | undefined;
  readonly stack?: string | undefined;
  /** How many times loading it was tried again. */
  readonly retries: number;
  /** Only a new process helps: a package remembers the previous evaluation. */
  readonly offersRestart: boolean;
  readonly version: number;
}

/** Routes that were broken answer again. */
export interface RecoveredReport {
  readonly event: "recovered";
  readonly routes: readonly string[];
  readonly version: number;
}

/** Anything else that users are told. */
export interface NoticeReport {
  readonly event: "notice";
  readonly level: "info" | "warn";
  readonly message: string;
}

/** What the loop tells: the terminal, the browser and `--json` print the same facts. */
export type Report = ReloadReport | ErrorReport | RecoveredReport | NoticeReport | BuildReport;
