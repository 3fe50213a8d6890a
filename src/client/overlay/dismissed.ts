const STORED = "orbit-hmr:dismissed";

/** Which problems somebody has put aside: they do not cover the page again, also when it is loaded again. */
export class Dismissed {
  #keys: ReadonlySet<string> = new Set(stored());

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(keys: readonly string[]): void {
    this.#keep(new Set([...this.#keys, ...keys]));
  }

  /** What is mended and breaks again is new. */
  forget(keys: readonly string[]): void {
    if (keys.some((key) => this.#keys.has(key)))
      this.#keep(new Set([...this.#keys].filter((key) => !keys.includes(key))));
  }

  #keep(keys: ReadonlySet<string>): void {
    this.#keys = keys;
    try {
      sessionStorage.setItem(STORED, JSON.stringify([...keys].slice(-50)));
    } catch {
      // Full, or not for this page: then it is known until the page is left.
    }
  }
}

function stored(): readonly string[] {
  try {
    const keys: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
    return Array.isArray(keys) ? keys.map(String) : [];
  } catch {
    return [];
  }
}
