import { slashed } from "../disk/file-names.ts";

type Resolve = (specifier: string, importer: string) => Promise<string | undefined>;

/** What plugins say that specifiers lead to. They take their time; what they said is linked when they have. */
export class PluginAnswers {
  readonly #resolve: Resolve | undefined;
  readonly #answers = new Map<string, string>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(resolve: Resolve | undefined) {
    this.#resolve = resolve;
  }

  get(importer: string, specifier: string): string | undefined {
    return this.#answers.get(keyOf(importer, specifier));
  }

  /** Ask, unless the question is under way. `onFile` is called when the answer is a file that was not known. */
  ask(importer: string, specifier: string, onFile: () => void): void {
    const key = keyOf(importer, specifier);
    if (this.#resolve === undefined || this.#asked.has(key)) return;
    const asked = this.#look(this.#resolve(specifier, importer), key, onFile);
    this.#asked.set(key, asked);
  }

  async settled(): Promise<void> {
    while (this.#asked.size > 0) await Promise.all(this.#asked.values());
  }

  async #look(answer: Promise<string | undefined>, key: string, onFile: () => void): Promise<void> {
    try {
      const file = await answer;
      if (file === undefined || this.#answers.get(key) === slashed(file)) return;
      this.#answers.set(key, slashed(file));
      onFile();
    } catch {
      // A plugin that throws does not know the name either; Vite reports it where it matters.
    } finally {
      this.#asked.delete(key);
    }
  }
}

function keyOf(importer: string, specifier: string): string {
  return `${importer}\0${specifier}`;
}
