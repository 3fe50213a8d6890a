import type { BuildReport } from "./build.ts";
import type { ClosedThings, ErrorReport, RecoveredReport, ReloadReport, ResetValue } from "./report.ts";
import type { StatusDocument } from "./status.ts";

/** What the live panel shows, part by part: a part is sent when it is another. */
export interface PanelParts {
  readonly overview: PanelOverview;
  readonly routes: StatusDocument["routes"];
  readonly cache: StatusDocument["cache"];
  readonly state: StatusDocument["state"];
  readonly resources: StatusDocument["resources"];
  readonly errors: readonly PanelError[];
  readonly tabs: readonly PanelTab[];
}

/** The parts that a session knows by itself. */
export type SessionParts = Omit<PanelParts, "tabs">;

/** Numbers of the whole. */
export interface PanelOverview extends Pick<
  StatusDocument,
  "version" | "hmr" | "dependencies" | "build" | "clients"
> {
  /** Whether there is a graph of the project. */
  readonly hasGraph: boolean;
}

/** What is broken, or escaped from running code. */
export interface PanelError {
  /** Relative to the root; empty where no file is to blame. */
  readonly file: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly frame?: string | undefined;
  /** The routes that answer with it. */
  readonly routes: readonly string[];
  /** From the file of a route to the file that is broken, both included. */
  readonly chain?: readonly string[] | undefined;
  /** Path and query of the page in which it has happened. */
  readonly url?: string | undefined;
  /** Everything is loaded: it has escaped from code while that ran. */
  readonly isEscaped?: true | undefined;
}

/** A page that is open. */
export interface PanelTab {
  readonly id: string;
  readonly url: string;
  readonly isVisible: boolean;
  /** Whether it is on the computer of the server. */
  readonly isLocal: boolean;
}

/** The first ones of a list. */
export interface Some<T> {
  readonly shown: readonly T[];
  /** How many more there were. */
  readonly more: number;
}

/** The first ones of a list, at most so many. */
export function firstOf<T>(all: readonly T[], most: number): Some<T> {
  return { shown: all.slice(0, most), more: Math.max(0, all.length - most) };
}

/** What a save did, as the timeline keeps it. */
export interface TimelineReload extends Pick<
  ReloadReport,
  "event" | "strategy" | "reason" | "summary" | "ms" | "version" | "requiresRestart"
> {
  readonly files: Some<string>;
  readonly routes: Some<string>;
  readonly ran: Some<string>;
  readonly kept: Some<string>;
  readonly reset: Some<ResetValue>;
  readonly closed: Some<ClosedThings>;
  /** The pages that have taken it in. */
  readonly tabs: Some<AppliedTab>;
}

/** A page that has been told of a commit. */
export interface AppliedTab extends Pick<PanelTab, "id" | "url"> {
  /** `failed`: something that it does because of it has thrown. */
  readonly result: "applied" | "failed";
}

/** What has happened, as the timeline keeps it. */
export type TimelineFact =
  | TimelineReload
  | (Pick<ErrorReport, "event" | "message" | "file" | "line" | "column" | "version"> & {
      readonly routes: Some<string>;
    })
  | Pick<BuildReport, "event" | "status" | "summary" | "ms" | "version">
  | (Pick<RecoveredReport, "event" | "version"> & { readonly routes: Some<string> });

/** One line of the timeline. */
export interface TimelineEntry {
  /** Names it; a later one has a higher number. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly fact: TimelineFact;
}

/** How many lines a timeline has at most, on either side. */
export const TIMELINE_LENGTH = 200;

/** What a panel is told: what is new since it was told last. */
export interface PanelNews {
  readonly parts: Partial<PanelParts>;
  /** In the order of their numbers. One that is known already says something else now. */
  readonly timeline: readonly TimelineEntry[];
}

/** What a panel wants of a piece of explicit state. */
export interface StateQuestion {
  /** Names the question, for its answer. */
  readonly ask: number;
  readonly kind: string;
  readonly id: string;
  readonly wish: "read" | "write" | "reset";
  /** JSON, of who writes. */
  readonly text?: string | undefined;
}

/** The answer: how the state is by now, or a sentence that says why not. */
export type StateAnswer = { readonly ask: number } & (
  | { readonly view: ShownState }
  | { readonly refusal: string }
);

/** The longest text of JSON that can be edited. */
export const MAX_STATE_TEXT = 200_000;

/** A piece of explicit state with its values. */
export interface ShownState {
  /** What JSON can say of it; whoever edits it sends such a text. Absent where there is nothing to edit. */
  readonly json?: string | undefined;
  /** Why there is nothing to edit, where one might expect it. */
  readonly note?: string | undefined;
  /** Values that are shown and cannot be edited, by name. */
  readonly rows: Some<StateRow>;
  /** The last changes, the newest first. */
  readonly history: Some<StateChange>;
  /** What resetting does, as the words of a button. Absent where it cannot be reset. */
  readonly reset?: string | undefined;
}

export interface StateRow {
  readonly name: string;
  readonly text: string;
  /** When it ends, in epoch milliseconds. */
  readonly until?: number | undefined;
}

export interface StateChange {
  /** The number of the change. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The keys that have other values after it, with these. */
  readonly text: string;
}

/** Kinds of imports, as {@link PanelGraph.edges} has them by number. */
export const EDGE_KINDS = ["static", "dynamic", "require", "glob", "url", "read"] as const;

/** Who imports whom in the whole project, in few characters: names stand there once, and numbers for them. */
export interface PanelGraph {
  /** Files relative to the root, and names of packages. */
  readonly ids: readonly string[];
  /** The route of each file that serves one. */
  readonly routes: readonly { readonly at: number; readonly path: string }[];
  /** Which of them are outside of the project. */
  readonly externals: readonly number[];
  /** From, to, kind; from, to, kind; … */
  readonly edges: readonly number[];
  /** Sentences that say what the graph may miss. */
  readonly limits: readonly string[];
}

/** The answer to who wants the graph: all of it, or a sentence that says why there is none. */
export type GraphAnswer = { readonly graph: PanelGraph } | { readonly refusal: string };
