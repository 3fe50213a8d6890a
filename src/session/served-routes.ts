import type { RouteFiles } from "../project/route-files.ts";
import { withoutLabel } from "../protocol/orbit-error.ts";
import type { RouteTable, RouteTableProblem } from "../routes/index.ts";
import type { NamedRoute } from "./events.ts";

/** How the routes differ from what they were. */
export interface RoutesChange {
  readonly added: readonly NamedRoute[];
  readonly gone: readonly ServedRoute[];
  /** Entries that no route leads to any more. */
  readonly abandoned: readonly string[];
}

/** A route, and the url of its module once it has been asked about. */
interface ServedRoute extends NamedRoute {
  readonly entry: string | undefined;
}

interface ServedRoutesInit {
  readonly files: RouteFiles;
  /** The url by which the module of a file is asked for. */
  readonly urlOf: (file: string) => string;
  readonly onChange: (change: RoutesChange) => void;
}

/** Why a file, or several for one route, cannot be served, for programs. */
export function describeRefusal(problem: RouteTableProblem): {
  readonly file: string;
  readonly message: string;
} {
  const file = problem.kind === "conflict" ? (problem.files[0] ?? "") : problem.file;
  return { file, message: withoutLabel(problem.message) };
}

/** The routes as the disk has them, and the modules of those that have been asked about. */
export class ServedRoutes {
  readonly #init: ServedRoutesInit;
  /** Urls of modules, by the route's file. */
  readonly #entries = new Map<string, string>();
  #table: RouteTable;
  #changedAt = Date.now();
  /** Rebuilt after a change of the table or of an entry, when somebody asks. */
  #index: RouteIndex | undefined;

  constructor(init: ServedRoutesInit) {
    this.#init = init;
    this.#table = init.files.table();
  }

  /** The routes as the disk has them now. */
  table(): RouteTable {
    const table = this.#init.files.table();
    if (table !== this.#table) this.#change(table);
    return table;
  }

  /** When the routes changed last, in epoch milliseconds. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** The url of a route's module. */
  entryOf(route: { readonly file: string }): string {
    const { files, urlOf, onChange } = this.#init;
    const entry = urlOf(files.fileOf(route));
    const before = this.#entries.get(route.file);
    if (before === entry) return entry;
    this.#entries.set(route.file, entry);
    this.#index = undefined;
    // A link leads elsewhere now.
    if (before !== undefined) onChange({ added: [], gone: [], abandoned: this.#unreached([before]) });
    return entry;
  }

  /** The pattern of the route that an entry serves. */
  routeOf(entry: string): string | undefined {
    return this.#indexed().pathsByEntry.get(entry);
  }

  /** The entry of a route by its pattern, once it has been asked about. */
  entryOfPath(pattern: string): string | undefined {
    return this.#indexed().entriesByPath.get(pattern);
  }

  /** The entries of the routes that have been asked about. */
  get entries(): Iterable<string> {
    return this.#indexed().pathsByEntry.keys();
  }

  #change(table: RouteTable): void {
    const before = this.#table;
    const now = new Set(table.routes.map(({ file }) => file));
    const known = new Set(before.routes.map(({ file }) => file));
    const gone = before.routes
      .filter(({ file }) => !now.has(file))
      .map(({ file, path }) => ({ file, path, entry: this.#entries.get(file) }));
    for (const { file } of gone) this.#entries.delete(file);
    this.#table = table;
    this.#changedAt = Date.now();
    this.#index = undefined;
    this.#init.onChange({
      added: table.routes.filter(({ file }) => !known.has(file)).map(({ file, path }) => ({ file, path })),
      gone,
      abandoned: this.#unreached(gone.flatMap(({ entry }) => entry ?? [])),
    });
  }

  #unreached(entries: readonly string[]): string[] {
    const reached = new Set(this.#entries.values());
    return [...new Set(entries)].filter((entry) => !reached.has(entry));
  }

  #indexed(): RouteIndex {
    return (this.#index ??= indexOf(this.#table, this.#entries));
  }
}

interface RouteIndex {
  readonly pathsByEntry: ReadonlyMap<string, string>;
  readonly entriesByPath: ReadonlyMap<string, string>;
}

function indexOf({ routes }: RouteTable, entries: ReadonlyMap<string, string>): RouteIndex {
  const pathsByEntry = new Map<string, string>();
  const entriesByPath = new Map<string, string>();
  for (const { file, path } of routes) {
    const entry = entries.get(file);
    if (entry === undefined) continue;
    entriesByPath.set(path, entry);
    if (!pathsByEntry.has(entry)) pathsByEntry.set(entry, path);
  }
  return { pathsByEntry, entriesByPath };
}
