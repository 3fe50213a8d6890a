/** Topics may come from outside, or contain what users name: there is no end of them. */
const MAX_TOPICS = 1_000;

/** Remembers what was said, so that it is said once. */
export class News {
  readonly #told = new Set<string>();
  readonly #max: number;

  /** @param max nothing is news any more after so many topics */
  constructor(max: number = MAX_TOPICS) {
    this.#max = max;
  }

  /** Whether a topic has not been told yet. From now on, it has. */
  isNews(topic: string): boolean {
    if (this.#told.has(topic) || this.#told.size >= this.#max) return false;
    this.#told.add(topic);
    return true;
  }
}
