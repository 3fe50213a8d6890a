import type { BuildResult } from "../build/build-tool.ts";
import type { BuildStatus } from "../protocol/build.ts";
import type { ClosedThings, NoticeReport } from "../protocol/report.ts";
import type { AffectedRoutes, Change } from "../report/classify-reload.ts";
import type { ClassifiedSettings } from "../report/explain-settings.ts";
import type { ConfigFault } from "./config-fault.ts";
import type { Commit } from "../runtime/index.ts";

/**
 * Everything that can happen to a project while it is served. Reports, the status document and the answer to `settle`
 * are worked out from these events, and from nothing else.
 */
export type SessionEvent =
  | SeenEvent
  | CommittedEvent
  | ClosedEvent
  | RoutesEvent
  | BrokeEvent
  | RecoveredEvent
  | RetriedEvent
  | ConfigRefusedEvent
  | ThrewEvent
  | NoticedEvent
  | BuildBegunEvent
  | BuildNotedEvent
  | BuildEndedEvent
  | QuietEvent
  | SettledEvent;

/** Changes were seen on disk and applied. Files have names relative to the root. */
export interface SeenEvent {
  readonly type: "seen";
  /** On the clock of `performance.now()`, when the changes were applied. */
  readonly time: number;
  /** How long applying them has taken: it may include a restart of Vite's server. */
  readonly tookMs: number;
  /** Files of modules. */
  readonly files: readonly string[];
  /** Files with the environment. */
  readonly environment: readonly string[];
  /** The keys that have other values by now. */
  readonly keys?: readonly string[];
  readonly settings: readonly ClassifiedSettings[];
  /** Saved configs that are in use by now, or say what those do. */
  readonly configs?: readonly string[];
  /** Links and inputs of transforms: a change of them matters only where modules run because of it. */
  readonly places: readonly string[];
  /** Folders in which names came or went: that matters only where modules run because of it. */
  readonly folders?: readonly string[];
}

/** New generations are live. */
export interface CommittedEvent {
  readonly type: "committed";
  /** On the clock of `performance.now()`. */
  readonly time: number;
  readonly commit: Pick<Commit, "version" | "ran" | "spared" | "pruned" | "kept" | "reset" | "outdated">;
}

/** What a commit replaced has been closed. */
export interface ClosedEvent {
  readonly type: "closed";
  /** The version that the commit made. */
  readonly version: number;
  readonly closed: readonly ClosedThings[];
}

/** Routes came or went. */
export interface RoutesEvent {
  readonly type: "routes";
  /** On the clock of `performance.now()`. */
  readonly time: number;
  readonly added: readonly NamedRoute[];
  /** The deleted routes that somebody had asked for. */
  readonly gone: readonly NamedRoute[];
  /** Entries that no route leads to any more. */
  readonly abandoned: readonly string[];
}

/** A route by its file, relative to the root, and its path. */
export interface NamedRoute {
  readonly file: string;
  readonly path: string;
}

/** An entry cannot run what was saved. */
export interface BrokeEvent {
  readonly type: "broke";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly entry: string;
  /** The route that the entry serves. */
  readonly route: string | undefined;
  readonly problem: ShownProblem;
  /** How many times loading it was tried again. */
  readonly retries: number;
}

/** Entries that were broken answer again. */
export interface RecoveredEvent {
  readonly type: "recovered";
  readonly entries: readonly string[];
}

/** Loading a broken entry is tried again. */
export interface RetriedEvent {
  readonly type: "retried";
}

/** A config cannot be loaded: the server serves on as the last one says. */
export interface ConfigRefusedEvent {
  readonly type: "config-refused";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly fault: ConfigFault;
}

/** A route's code threw, rejected, or let an error escape. */
export interface ThrewEvent {
  readonly type: "threw";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly route: string | undefined;
  readonly problem: ShownProblem;
}

/** A notice that belongs to no reload. */
export interface NoticedEvent extends Pick<NoticeReport, "level" | "message"> {
  readonly type: "noticed";
}

/** A build has begun. */
export interface BuildBegunEvent {
  readonly type: "build-begun";
  /** Epoch milliseconds. */
  readonly at: number;
  /** What people know it by. */
  readonly tool: string;
  /** What was saved for it, relative to the root. */
  readonly files: readonly string[];
  /** Whether pages were told all that is new in it before it is built. */
  readonly ahead: boolean;
}

/** A build that runs has said how far it is. */
export interface BuildNotedEvent {
  readonly type: "build-noted";
  readonly tool: string;
  readonly progress: string;
  readonly ahead: boolean;
}

/** A build has ended. */
export interface BuildEndedEvent {
  readonly type: "build-ended";
  readonly tool: string;
  readonly status: Exclude<BuildStatus, "starting">;
  readonly files: readonly string[];
  readonly ahead: boolean;
  readonly ms: number;
  readonly result: BuildResult;
}

/** All work that a burst of changes made necessary is done. The event carries what its report had to look up. */
export interface QuietEvent {
  readonly type: "quiet";
  readonly changes: readonly Change[];
  readonly reach: AffectedRoutes;
  /** The reached routes that nobody has asked for. */
  readonly unloaded: readonly string[];
  /** Ids of the explicit state of modules that ran again. */
  readonly state: { readonly kept: readonly string[]; readonly reset: readonly string[] };
  readonly fullReloadThreshold: number;
  /** Whether something is built because of the same saves. */
  readonly isBuilding: boolean;
}

/** The answer to `settle` has repeated the last reload. */
export interface SettledEvent {
  readonly type: "settled";
}

/** An error with its place, as users see it. Fields that cost a look at the disk are getters: not every error is reported. */
export interface ShownProblem {
  readonly message: string;
  /** Relative to the root. */
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly frame?: string | undefined;
  readonly stack?: string | undefined;
  /** Only a new process helps. */
  readonly offersRestart: boolean;
  /** Routes whose loaded code contains the file. */
  readonly routes: readonly string[];
}
