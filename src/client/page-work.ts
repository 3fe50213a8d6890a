/** What a page is about to do with what it was told. */
export class PageWork {
  readonly #underWay = new Set<Promise<unknown>>();

  /** Whoever wants to know when all is applied waits for this, if it is something to wait for. */
  add(work: unknown): void {
    if (!(work instanceof Promise)) return;
    // Whoever does it hears of its failure.
    const done: Promise<unknown> = work.catch(() => undefined).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
