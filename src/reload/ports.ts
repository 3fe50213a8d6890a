/** Why an entry cannot serve. */
export interface EntryProblem {
  /** Loading the same files once more may succeed. */
  readonly mayPass: boolean;
}

/** How bringing entries up to date went. */
export type UpdateOutcome<Problem extends EntryProblem> =
  | { readonly status: "unchanged" | "committed" }
  | { readonly status: "failed"; readonly problem: Problem };

/** Whether an entry can serve: with its newest code, or not at all. */
export type Readiness<Problem extends EntryProblem> =
  | { readonly status: "ready" }
  | { readonly status: "broken"; readonly problem: Problem };

/** What the loop moves; it decides only when. */
export interface ReloadPorts<Problem extends EntryProblem> {
  /** Counts whatever can change what an entry is built from. */
  revision(): number;
  /** Let go of entries that exist no more: after a burst of changes, before the others are brought up to date. */
  lookAround(): Promise<void>;
  /** What everything is built from: looked at with each event, also while nobody has asked for an entry. */
  basePaths(): readonly string[];
  /** Every file, folder and setting that the answers of entries are built from. */
  pathsOf(...entries: readonly string[]): readonly string[];
  /** All names under which what lies at a path may be among those: a text, something that was read. */
  namesOf(path: string): readonly string[];
  /** Whether a path is something that modules were made of, as it was saved: no setting, and nothing that is being written. */
  isContent(path: string): boolean;
  /** Whether everything that the entry reaches runs its newest text. */
  isCurrent(entry: string): boolean;
  /** The entries of which that is not so: asked once for all, it costs what has changed. */
  outdatedEntries(): ReadonlySet<string>;
  /** Whether the disk shows when a problem is mended. Where it may not, each request looks for itself. */
  isShownOnDisk(problem: Problem): boolean;
  /** Take note of what changed, so that the next update reads it. */
  applyFileChanges(changed: readonly string[]): Promise<void>;
  /** Evaluate and commit. */
  update(entries: readonly string[], isRetry: boolean): Promise<UpdateOutcome<Problem>>;
  /** While this is true (a `git checkout` under way) nothing eager starts. */
  isUnsettled(): boolean;
  onBroken(entry: string, problem: Problem, retries: number): void;
  onRecovered(entries: readonly string[]): void;
  /** Everything that a burst of changes made necessary has been done. */
  onQuiet(): void;
  /** Something that no caller waits for went wrong. */
  onFailure(error: unknown): void;
}

export interface ReloadSettings {
  readonly debounceMs: number;
  readonly maxRetries: number;
}
