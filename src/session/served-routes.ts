import { withoutLabel } from "../protocol/orbit-error.ts";
import type { Reloads } from "../reload/reloads.ts";
import type { RouteTable, RouteTableProblem } from "../routes/index.ts";
import type { ModuleProblem, ModuleRecord, Runtime } from "../runtime/index.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { Reporter } from "./reporter.ts";
import type { RouteFiles } from "../project/route-files.ts";

/** Parts of the session; those that are made later are asked for when they are needed. */
interface SessionParts {
  readonly urlOf: (file: string) => string;
  readonly files: RouteFiles;
  readonly runtime: () => Runtime;
  readonly reloads: () => Reloads<ModuleProblem>;
  readonly reporter: () => Reporter;
  readonly problems: () => ProblemLog;
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
  readonly #parts: SessionParts;
  /** Urls of modules, by the route's file. */
  readonly #entries = new Map<string, string>();
  #table: RouteTable;
  #changedAt = Date.now();
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
      if (this.#isUsed(entry)) reporter().noteGone(file, path);
      this.#letGo(entry);
    }
    if (reporter().noteRoutes(this.#table.routes, table.routes)) reloads().noteNews();
    this.#table = table;
    this.#changedAt = Date.now();
    return table;
  }

  /** Since when the routes are what they are, in epoch milliseconds. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** Resolves when what was deleted is let go of. */
  async settled(): Promise<void> {
    await this.#removing;
  }

  /** The url of a route's module. */
  entryOf(route: { readonly file: string }): string {
    const { files, urlOf } = this.#parts;
    const entry = urlOf(files.fileOf(route));
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
  isUsed(pattern: string): boolean {
    const route = this.#table.routes.find(({ path }) => path === pattern);
    const entry = route && this.#entries.get(route.file);
    return entry !== undefined && this.#isUsed(entry);
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
    return entries.filter((entry) => this.#isUsed(entry));
  }

  #isUsed(entry: string): boolean {
    return this.#parts.reloads().readinessOf(entry) !== undefined;
  }

  #letGo(entry: string): void {
    if ([...this.#entries.values()].includes(entry)) return;
    this.#parts.reloads().forget(entry);
    this.#parts.problems().noteGone(entry);
    this.#removing = Promise.all([this.#removing, this.#remove(entry)]).then(() => undefined);
  }

  async #remove(entry: string): Promise<void> {
    const { runtime, reloads, problems } = this.#parts;
    try {
      await runtime().remove(entry);
      // No watcher may be there to say so.
      reloads().noteNews();
    } catch (error) {
      problems().noteFailure(error);
    }
  }
}
