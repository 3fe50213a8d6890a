/** What has become of a message of the server in a page. */
export interface MessageOutcome {
  readonly seq: number;
  readonly result: "applied" | "reloaded" | "failed";
  readonly reason?: string | undefined;
}

/** Tells whoever wants to know what has become of messages. */
export class Outcomes {
  readonly #listeners = new Set<(outcome: MessageOutcome) => void>();

  /** A message that leads to a reload is told before the page goes. */
  tell(outcome: MessageOutcome): void {
    for (const listener of this.#listeners) listener(outcome);
  }

  /** Returns what ends it. */
  listen(listener: (outcome: MessageOutcome) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
