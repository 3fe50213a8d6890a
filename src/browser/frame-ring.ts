/** A message to all pages, by its number. */
export interface NumberedFrame {
  readonly seq: number;
}

/** So many of the last messages are kept for pages that were away. */
const MAX_FRAMES = 500;
/** In characters of JSON. */
const MAX_SIZE = 2_000_000;

/** The last messages to all pages: what a page has missed is found here, unless it was away for too long. */
export class FrameRing {
  #frames: { readonly frame: NumberedFrame; readonly size: number; readonly at: number }[] = [];
  #size = 0;
  /** The number of the last message that is not kept. */
  #lost: number;
  /** When that was told, at the latest, in epoch milliseconds. */
  #lostAt = Date.now();

  /** @param lost the number of the last message before the first that is kept here */
  constructor(lost: number) {
    this.#lost = lost;
  }

  push(frame: NumberedFrame): void {
    const size = JSON.stringify(frame).length;
    this.#frames.push({ frame, size, at: Date.now() });
    this.#size += size;
    while (this.#frames.length > MAX_FRAMES || this.#size > MAX_SIZE) this.#drop();
  }

  /**
   * Everything after a message, oldest first; `undefined` where some of that is gone.
   *
   * @param since nothing that was told before that time, in epoch milliseconds
   */
  after(seq: number, since = 0): readonly NumberedFrame[] | undefined {
    if (seq < this.#lost && this.#lostAt >= since) return undefined;
    return this.#frames.flatMap(({ frame, at }) => (frame.seq > seq && at >= since ? [frame] : []));
  }

  #drop(): void {
    const oldest = this.#frames.shift();
    if (oldest === undefined) return;
    this.#size -= oldest.size;
    this.#lost = oldest.frame.seq;
    this.#lostAt = oldest.at;
  }
}
