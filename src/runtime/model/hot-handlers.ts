/** Why a generation is let go: after the commit that replaced or pruned it, with the server, or with its transaction. */
export type CloseReason = "replaced" | "pruned" | "closing" | "abandoned";

/** A module, as far as specifiers can lead to it. */
export interface AcceptedModule {
  readonly id: string;
  readonly url: string;
  readonly file: string | undefined;
}

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
  /** Deliver an event. Returns what to wait for where a listener is asynchronous. */
  emit(event: string, data: unknown): Promise<void> | undefined;
  /** It accepts its own replacement: who imports it need not know. */
  readonly acceptsItself: boolean;
  /** It accepts the replacement of a module that it imports. */
  accepts(dependency: AcceptedModule): boolean;
  /**
   * Call whoever accepts a module, be it the own one.
   *
   * @param namespace what the module exports now; `undefined` when its new text could not run
   */
  callAccepted(accepted: AcceptedModule, namespace: object | undefined): void;
}
