/** Why a generation is let go: after the commit that replaced or pruned it, with the server, or with its transaction. */
export type CloseReason = "replaced" | "pruned" | "closing" | "abandoned";

/** What a module has asked of `import.meta.hot`, as far as those who replace it call it. */
export interface HotHandlers {
  /** Called before anybody gets the data. */
  onDataUse: (() => void) | undefined;
  /** Let handlers that take data hand it over, before the next generation evaluates. */
  handOver(): Promise<void> | undefined;
  /** Let everything that cleans up run. Returns how many handlers ran. */
  close(reason: CloseReason): Promise<number>;
  /** Deliver a custom event. */
  emit(event: string, data: unknown): void;
  /** The module itself was replaced. */
  accepted(namespace: object): void;
  /** Modules that this one accepted were replaced. */
  dependenciesReplaced(replaced: ReadonlyMap<string, object>): void;
}
