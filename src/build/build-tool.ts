import type { Diagnostic } from "../protocol/build.ts";

/** What has come of a build. */
export interface BuildResult {
  readonly isOk: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it has failed, in a sentence; where it has not, nothing. */
  readonly problem?: string | undefined;
  /** The end of what it has printed. */
  readonly output: string;
  /** Whether nothing had to be made; absent where the tool does not say. */
  readonly isFresh?: boolean | undefined;
  /** How long it took until all was made that something else had to wait for, in milliseconds; absent where the tool does not say. */
  readonly waitMs?: number | undefined;
}

/** A build that runs. */
export interface RunningBuild {
  /** Never rejects: what goes wrong is a result. */
  readonly ended: Promise<BuildResult>;
  /** End it with all that it has started. */
  stop(): void;
}

/** What builds. */
export interface BuildTool {
  /** What people know it by, such as `cargo build`. */
  readonly name: string;
  /**
   * @param note told how far it is, in a word
   * @param files what was saved for it, as absolute paths
   */
  start(note: (progress: string) => void, files: readonly string[]): RunningBuild;
}
