/** Why a generation is let go: after the commit that replaced or pruned it, with the server, or with its transaction. */
export type CloseReason = "replaced" | "pruned" | "closing" | "abandoned";

/** What a module has asked of `import.meta.hot`, as far as those who replace it call it. */
export interface HotHandlers {
  /** Called before anybody gets the data. */
  onDataUse: (() => void) | undefined;
  /** How many dispose and prune handlers have run. */
  readonly handlersRun: number;
  /**
   * Let the dispose handlers run that have not, last given first.
   *
   * @returns what to wait for, if one of them has to be waited for
   */
  disposeAll(reason: CloseReason): Promise<void> | undefined;
  /** Let the prune handlers run, last given first: nobody imports the module any more. */
  pruneAll(): Promise<void> | undefined;
  /** Deliver a custom event. */
  emit(event: string, data: unknown): void;
  /** The module itself was replaced. */
  accepted(namespace: object): void;
  /** Modules that this one accepted were replaced. */
  dependenciesReplaced(replaced: ReadonlyMap<string, object>): void;
}
