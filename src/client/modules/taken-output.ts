/** What a build tells of its output comes right after what it tells of modules. */
const SOON_MS = 2_000;

/** Files that a build has changed, and that code of the page takes in itself: the page need not be loaded again for them. */
export class TakenOutput {
  #files: readonly string[] = [];
  #isTaken: Promise<boolean> = Promise.resolve(false);

  /** Somebody is about to take them. */
  note(files: readonly string[], isTaken: Promise<boolean>): void {
    this.#files = files;
    this.#isTaken = isTaken;
    const forget = (): void => {
      if (this.#files === files) this.#files = [];
    };
    void isTaken.then(() => setTimeout(forget, SOON_MS));
  }

  /** Whether they are all among what is taken, once that is known; nothing where they are not. */
  covers(files: readonly string[]): Promise<boolean> | undefined {
    return files.length > 0 && files.every((file) => this.#files.includes(file)) ? this.#isTaken : undefined;
  }
}
