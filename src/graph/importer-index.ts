/** Where every creation of a file is looked at again: what was not found, or was found under another name. */
const ANYTHING = "";

/** One request as it was resolved. */
export interface ResolvedRequest {
  /** The name that was looked for: the specifier, or for `.` and `..` the folder that they mean. */
  readonly name: string;
  /** The path that was found; `undefined` when nothing was. */
  readonly target: string | undefined;
}

/**
 * Who has to resolve again when a file is created: everybody whose request is like its name. A request leads elsewhere
 * because of a new file if it found nothing before, or if the new file comes before what it found. Both have the
 * request's own name (or lie in a folder of that name), save where a map of names leads to another one: those ask
 * whenever any file is created.
 */
export class ImporterIndex {
  readonly #importers = new Map<string, Set<string>>();
  readonly #keys = new Map<string, ReadonlySet<string>>();

  /** In place of what was known of the importer. */
  set(importer: string, requests: readonly ResolvedRequest[]): void {
    const keys = new Set(requests.map(keyOf));
    const before = this.#keys.get(importer);
    if (before?.size === keys.size && [...keys].every((key) => before.has(key))) return;
    this.delete(importer);
    this.#keys.set(importer, keys);
    for (const key of keys) {
      const importers = this.#importers.get(key) ?? new Set();
      importers.add(importer);
      this.#importers.set(key, importers);
    }
  }

  delete(importer: string): void {
    for (const key of this.#keys.get(importer) ?? []) this.#importers.get(key)?.delete(importer);
    this.#keys.delete(importer);
  }

  /** Whom the creation of a file can concern. */
  *concernedBy(file: string): Iterable<string> {
    yield* this.#importers.get(ANYTHING) ?? [];
    const stem = stemOf(file);
    yield* this.#importers.get(stem) ?? [];
    if (stem !== "index") return;
    yield* this.#importers.get(stemOf(file.slice(0, file.lastIndexOf("/")))) ?? [];
  }
}

function keyOf({ name, target }: ResolvedRequest): string {
  if (target === undefined) return ANYTHING;
  const stem = stemOf(name);
  const found = stemOf(target);
  const isIndex = found === "index" && stemOf(target.slice(0, target.lastIndexOf("/"))) === stem;
  return found === stem || isIndex ? stem : ANYTHING;
}

/** The last name of a path up to its first dot: `price` of `lib/price.server.ts`. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.indexOf(".", 1);
  return dot === -1 ? name : name.slice(0, dot);
}
