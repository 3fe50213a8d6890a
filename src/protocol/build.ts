/** What a build is doing, or what has become of it. */
export const BUILD_STATUSES = ["starting", "completed", "unchanged", "failed", "superseded"] as const;

/**
 * `starting`: it runs. `completed`: its output is another one. `unchanged`: it is the same. `failed`: there is none, and what
 * there was goes on. `superseded`: it was of no use any more, and the next one runs.
 */
export type BuildStatus = (typeof BUILD_STATUSES)[number];

/** What a compiler says of a place in the sources. */
export interface Diagnostic {
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  /** Relative to the project where it is below that. */
  readonly file?: string | undefined;
  /** Counts from 1. */
  readonly line?: number | undefined;
  /** Counts from 1. */
  readonly column?: number | undefined;
  /** All of it as a terminal shows it, with colours. */
  readonly rendered?: string | undefined;
}

/** Something has happened to a build. */
export interface BuildReport {
  readonly event: "build";
  readonly status: BuildStatus;
  /** What was saved, relative to the project: nothing for the first build, and for those that somebody has asked for. */
  readonly files: readonly string[];
  /** How long it has taken, in milliseconds; 0 while it runs. */
  readonly ms: number;
  /** How far the one is that runs: `3/5`, or what it waits for. */
  readonly progress?: string | undefined;
  /** Whether pages were told all that is new in it before it is built: styles and plain templates of components. */
  readonly ahead: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** All of it in one sentence, as the terminal has it. */
  readonly summary: string;
  /** The part of it that says what was saved. */
  readonly cause: string;
  /** The end of what a failed build has printed, where that says more than its diagnostics. */
  readonly output?: string | undefined;
  readonly version: number;
}

/** A module that was saved while the project is served. */
export interface ChangedModule {
  /** Its path below the folder of the sources, without what stands behind the dot. */
  readonly module: string;
  /** When it was saved last, in epoch milliseconds. */
  readonly changedAt: number;
  /** Whether pages have been told of it. */
  readonly updated: boolean;
}

/** The build in the status document. */
export interface BuildState {
  /** `idle`: none has run yet. */
  readonly status: BuildStatus | "idle";
  /** How long the last one took that ended by itself, in milliseconds. */
  readonly lastMs: number | null;
  /** When the one that runs has begun, in epoch milliseconds. */
  readonly since: number | null;
  /** The modules that were saved and that pages have not been told of, such as `components/counter`. */
  readonly pending: readonly string[];
  /** The components in which what is saved is ahead of what is built, and pages have it. */
  readonly ahead: readonly string[];
  /** All that were saved. */
  readonly modules: readonly ChangedModule[];
  /** Those of the last one. */
  readonly diagnostics: readonly Diagnostic[];
}
