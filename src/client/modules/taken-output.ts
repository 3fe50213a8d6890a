/** What a build tells of its output comes right after what it tells of modules. */
const SOON_MS = 2_000;

/** Files that a build has changed, and that code of the page takes in itself: the page need not be loaded again for them. */
export class TakenOutput {
  #files: readonly string[] = [];
  #isTaken: Promise<boolean> = Promise.resolve(false);
  readonly #take: (files: readonly string[], seq: number) => Promise<boolean> | undefined;

  /** @param take takes files in now, where all of them can be */
  constructor(take: (files: readonly string[], seq: number) => Promise<boolean> | undefined) {
    this.#take = take;
  }

  /** Somebody is about to take them. */
  note(files: readonly string[], isTaken: Promise<boolean>): void {
    this.#files = files;
    this.#isTaken = isTaken;
    const forget = (): void => {
      if (this.#files === files) this.#files = [];
    };
    void isTaken.then(() => setTimeout(forget, SOON_MS));
  }

  /** Whether they are taken, once that is known; nothing where the page has no code for them. */
  covers(files: readonly string[], seq: number): Promise<boolean> | undefined {
    if (files.length === 0) return undefined;
    return files.every((file) => this.#files.includes(file)) ? this.#isTaken : this.#take(files, seq);
  }
}
