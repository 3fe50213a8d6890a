import type { Reloads } from "../reload/reloads.ts";
import type { RouteTable } from "../routes/index.ts";
import type { ModuleProblem, ModuleRecord, Runtime } from "../runtime/index.ts";
import { urlOfFile } from "./module-host.ts";
import type { Reporter } from "./reporter.ts";
import type { RouteFiles } from "./route-files.ts";

/** Parts of the session; those that are made later are asked for when they are needed. */
interface SessionParts {
  readonly root: string;
  readonly files: RouteFiles;
  readonly runtime: () => Runtime;
  readonly reloads: () => Reloads<ModuleProblem>;
  readonly reporter: () => Reporter;
  readonly onFailure: (error: unknown) => void;
}

/** The routes as the disk has them, and the modules of those that have been asked about. */
export class ServedRoutes {
  readonly #parts: SessionParts;
  /** Urls of modules, by the route's file. */
  readonly #entries = new Map<string, string>();
  #table: RouteTable;
  #removing: Promise<void> = Promise.resolve();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#table = parts.files.table();
  }

  /** The routes as the disk has them now. A deleted route lets go of what only it used. */
  table(): RouteTable {
    const { files, reporter, reloads } = this.#parts;
    const table = files.table();
    if (table === this.#table) return table;
    const now = new Set(table.routes.map(({ file }) => file));
    for (const { file, path } of this.#table.routes) {
      const entry = this.#entries.get(file);
      if (now.has(file) || entry === undefined) continue;
      this.#entries.delete(file);
      if (this.#parts.runtime().entry(entry)?.live !== undefined) reporter().noteGone(file, path);
      this.#letGo(entry);
    }
    if (reporter().noteRoutes(this.#table.routes, table.routes)) reloads().noteNews();
    this.#table = table;
    return table;
  }

  /** Resolves when what was deleted is let go of. */
  async settled(): Promise<void> {
    await this.#removing;
  }

  /** The url of a route's module. */
  entryOf(route: { readonly file: string }): string {
    const { files, root } = this.#parts;
    const entry = urlOfFile(files.fileOf(route), root);
    const before = this.#entries.get(route.file);
    if (before === entry) return entry;
    this.#entries.set(route.file, entry);
    // A link leads elsewhere now.
    if (before !== undefined) this.#letGo(before);
    return entry;
  }

  /** The pattern of the route that an entry serves. */
  routeOf(entry: string): string | undefined {
    return this.#table.routes.find(({ file }) => this.#entries.get(file) === entry)?.path;
  }

  /** Whether somebody has asked for a route. */
  isLoaded(pattern: string): boolean {
    const route = this.#table.routes.find(({ path }) => path === pattern);
    const entry = route && this.#entries.get(route.file);
    return entry !== undefined && this.#parts.runtime().entry(entry)?.live !== undefined;
  }

  /** The patterns of the routes whose loaded code contains a module. */
  reaching(modules: ReadonlySet<ModuleRecord>): string[] {
    return this.#parts
      .runtime()
      .entriesReaching(modules)
      .flatMap((entry) => this.routeOf(entry) ?? []);
  }

  /** The entries of the routes that somebody has asked for. */
  get used(): readonly string[] {
    const entries = this.#table.routes.flatMap(({ file }) => this.#entries.get(file) ?? []);
    return entries.filter((entry) => this.#parts.reloads().readinessOf(entry) !== undefined);
  }

  #letGo(entry: string): void {
    if ([...this.#entries.values()].includes(entry)) return;
    this.#parts.reloads().forget(entry);
    this.#removing = Promise.all([this.#removing, this.#remove(entry)]).then(() => undefined);
  }

  async #remove(entry: string): Promise<void> {
    const { runtime, reloads, onFailure } = this.#parts;
    try {
      await runtime().remove(entry);
      // No watcher may be there to say so.
      reloads().noteNews();
    } catch (error) {
      onFailure(error);
    }
  }
}
