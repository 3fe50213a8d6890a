import type { EarlierValue } from "./effects/cells.ts";
import { createCodePort, ownershipOf } from "./evaluate/code-port.ts";
import { Committer } from "./update/commit.ts";
import type { Commit } from "./update/commit.ts";
import type { RuntimeHost } from "./host.ts";
import { Linker } from "./link/linker.ts";
import type { ModuleGraph } from "./model/module-graph.ts";
import type { ModuleRecord } from "./model/module-record.ts";
import { evaluationsSoFar } from "./model/clock.ts";
import { isEdited } from "./model/module-source.ts";
import { ModuleProblem } from "./model/problems.ts";
import type { ListedResource, Ownership } from "./ownership/index.ts";
import { OutsideReaders, watchOutside } from "./inputs/index.ts";
import { HotUpdates } from "./update/hot-updates.ts";
import { findUnloadable } from "./update/late-review.ts";
import { whoKeepsEnvironment } from "./update/propagation.ts";
import type { Propagation } from "./update/propagation.ts";
import { Requests } from "./update/requests.ts";
import type { OpenRequest } from "./update/requests.ts";
import { Updates } from "./update/updates.ts";
import type { Outcome } from "./update/step.ts";
import { messageOf } from "../protocol/message-of.ts";

/** How the runtime is set up. Times are milliseconds. */
export interface RuntimeOptions {
  readonly propagation: Propagation;
  /** `false`: explicit state starts anew when the module that made it runs again. */
  readonly preserveState: boolean;
  /** The value of a kept binding from before a restart. */
  readonly restoreCell?: (module: string, name: string) => EarlierValue | undefined;
  /** How long a top level may take. @default 10_000 */
  readonly evaluationDeadlineMs?: number;
  /** How long old generations stay open for requests that began with them. @default 10_000 */
  readonly drainDeadlineMs?: number;
  /** The version of the runtime that served the project before: commits are counted on from it. @default 0 */
  readonly firstVersion?: number;
  /** Who owns what modules open; tests bring their own. */
  readonly ownership?: Ownership;
  /** Told of every commit, before anybody can see its generations. */
  readonly onCommit?: (commit: Commit) => void;
  /** A request on this entry has asked for a module that failed to load, and may load when it is tried again. */
  readonly onFailureMet?: (entry: string) => void;
}

const TEN_SECONDS = 10_000;

/** Evaluates server modules and owns everything that they become: generations, bindings, versions. */
export class Runtime {
  readonly #linker: Linker;
  readonly #requests: Requests;
  readonly #ownership: Ownership;
  readonly #readers: OutsideReaders;
  readonly #uninstall: () => void;
  readonly #committer: Committer;
  readonly #updates: Updates;
  readonly #hot: HotUpdates;

  constructor(host: RuntimeHost, options: RuntimeOptions) {
    const linker = new Linker(host);
    this.#linker = linker;
    this.#requests = new Requests(options.firstVersion ?? 0);
    this.#ownership = options.ownership ?? ownershipOf(linker);
    this.#readers = new OutsideReaders(host);
    // Who owns what is opened is read from the stack: nothing may stand between that and who opens it.
    const uninstall = [watchOutside(host), this.#ownership.install()];
    this.#uninstall = () => uninstall.toReversed().forEach((step) => step());
    const evaluationDeadlineMs = options.evaluationDeadlineMs ?? TEN_SECONDS;
    this.#hot = new HotUpdates(linker.graph, host, evaluationDeadlineMs);
    this.#committer = new Committer({
      linker,
      hot: this.#hot,
      ownership: this.#ownership,
      requests: this.#requests,
      drainDeadlineMs: options.drainDeadlineMs ?? TEN_SECONDS,
      notice: (notice) => host.notice(notice),
      onCommit: options.onCommit,
    });
    const port = createCodePort({
      host,
      linker,
      load: async (module) => this.#updates.load(module),
      loadNow: (module) => this.#updates.loadNow(module),
      problemOf: (module) => this.#updates.problemOf(module),
      noteFailure: (failure) => this.#updates.noteFailure(failure),
      onFailureMet: (entry) => options.onFailureMet?.(entry),
      hot: this.#hot,
      ownership: this.#ownership,
      readers: this.#readers,
    });
    this.#updates = new Updates({
      linker,
      committer: this.#committer,
      hot: this.#hot,
      port,
      notice: (notice) => host.notice(notice),
      version: () => this.version,
      propagation: options.propagation,
      preserveState: options.preserveState,
      restoreCell: (module, name) => options.restoreCell?.(module.displayName, name),
      evaluationDeadlineMs,
    });
  }

  /** Counts commits. */
  get version(): number {
    return this.#requests.version;
  }

  get records(): Iterable<ModuleRecord> {
    return this.#linker.records;
  }

  /** Counts whatever can change what an entry is built from. */
  get revision(): number {
    return this.#graph.revision;
  }

  get #graph(): ModuleGraph {
    return this.#linker.graph;
  }

  /** The modules of a file. */
  recordsOf(file: string): Iterable<ModuleRecord> {
    return this.#linker.recordsOf(file);
  }

  /** Whether a file is a module's. */
  knowsFile(file: string): boolean {
    return [...this.recordsOf(file)].length > 0;
  }

  /** Whether a file says something that does not run yet: its code is broken, or something beside it is. */
  isPending(file: string): boolean {
    return [...this.recordsOf(file)].some(
      (module) =>
        module.live !== undefined &&
        (module.isOutdated || module.source?.kind === "broken" || isEdited(module)),
    );
  }

  /** The module behind an entry that has been asked for. */
  entry(url: string): ModuleRecord | undefined {
    return this.#graph.entries.get(url);
  }

  /** Files may have changed: what is built from them is fetched before any of it runs again. */
  markOutdated(files: readonly string[]): void {
    for (const file of files) {
      for (const module of this.#graph.builtFrom(file)) module.isOutdated = true;
      for (const module of this.recordsOf(file)) module.isSavedAsset = module.isAsset;
    }
    this.#graph.touch();
  }

  /** Modules whose imports have to be resolved anew, because a folder or a resolver setting changed. */
  markResolutionsOutdated(modules: Iterable<ModuleRecord>): void {
    for (const module of modules) {
      module.isOutdated = true;
      module.isResolutionOutdated = true;
    }
    this.#linker.forgetResolutions();
    this.#graph.touch();
  }

  /** Files and folders have changed: who read them while it evaluated runs again. */
  noteFilesChanged(names: Iterable<string>): void {
    this.#readers.noteFilesChanged(names);
  }

  /** Keys of the environment have changed: who read them while it evaluated, or makes a value once from it, runs again. */
  noteKeysChanged(keys: readonly string[]): void {
    this.#readers.noteKeysChanged(keys);
    const since = evaluationsSoFar();
    for (const [module, reason] of whoKeepsEnvironment(this.#graph, keys))
      module.markStale({ reason, since });
  }

  /** Modules are made anew, whatever their text says; named by id, url or file. */
  invalidate(names: readonly string[]): void {
    const since = evaluationsSoFar();
    for (const module of names.flatMap((name) => this.#linker.recordsNamed(name))) {
      module.isOutdated = true;
      module.markStale({ reason: { kind: "requested" }, since });
    }
  }

  /** Let modules run again before they serve, although their text is the same. */
  markStale(modules: Iterable<ModuleRecord>, because: string): void {
    const stale = { reason: { kind: "stale", because }, since: evaluationsSoFar() } as const;
    for (const module of modules) module.markStale(stale);
  }

  /**
   * Bring entries to what their files say now, all at once or not at all.
   *
   * @param isRetry evaluate again what failed, although nothing changed
   */
  async update(urls: readonly string[], isRetry = false): Promise<Outcome> {
    try {
      const entries = await Promise.all(urls.map((url) => this.#entry(url)));
      this.#retryUnresolved(urls);
      return await this.#updates.run({ entries, mode: "reload", isRetry });
    } catch (error) {
      return { status: "failed", problem: asProblem(error) };
    }
  }

  /** An entry is gone; what only it reached is let go with the next commit. */
  async remove(url: string): Promise<Outcome> {
    if (!this.#graph.removeEntry(url)) return { status: "unchanged" };
    return this.#updates.run({ entries: [], mode: "reload", isRetry: false });
  }

  /**
   * Begin a request on an entry that is up to date.
   *
   * @param onOutlived called when what the request's code has opened was closed under it, after the drain deadline
   */
  beginRequest(url: string, onOutlived?: () => void): OpenRequest {
    return this.#requests.begin({ entry: url, module: this.entry(url), onOutlived });
  }

  /** Everything that entries are built from, by its newest texts and by what runs. */
  closureOf(...urls: readonly string[]): ReadonlySet<ModuleRecord> {
    return this.#graph.watchedFrom(urls.flatMap((url) => this.entry(url) ?? []));
  }

  /** Whether an entry has run and nothing that is known by now makes any part of it run again. */
  isCurrent(url: string): boolean {
    const entry = this.entry(url);
    if (entry === undefined) return false;
    const closure = this.#graph.closureOf([entry]);
    const watched = this.#graph.watchedFrom([entry]);
    for (const module of this.#graph.roles.dirty) {
      if (closure.has(module) || (module.isOutdated && watched.has(module))) return false;
    }
    return true;
  }

  /** Entries that are not current. */
  get outdatedEntries(): ReadonlySet<string> {
    const { dirty } = this.#graph.roles;
    const reaching = dirty.size === 0 ? [] : this.#graph.entriesReaching(dirty);
    return new Set(reaching.filter((url) => !this.isCurrent(url)));
  }

  /** Entries whose closure contains a module. */
  entriesReaching(modules: ReadonlySet<ModuleRecord>): string[] {
    return this.#graph.entriesReaching(modules);
  }

  /** What entries in use have asked for while they ran, and why it cannot be loaded; files that are not there may be optional. */
  get unloadable(): ReadonlyMap<ModuleRecord, ModuleProblem> {
    return findUnloadable(this.#graph);
  }

  /** Live modules with top-level bindings that are kept. */
  get stateful(): Iterable<ModuleRecord> {
    return this.#graph.roles.stateful;
  }

  /** Deliver an event to `import.meta.hot.on`. */
  emit(event: string, data: unknown): void {
    void this.#hot.events.emit(event, data);
  }

  /** What generations have opened and not closed. */
  get resources(): readonly ListedResource[] {
    return this.#ownership.list();
  }

  /** Let everything go, last evaluated first. */
  async close(): Promise<void> {
    await this.#updates.close();
    await this.#committer.close();
    this.#uninstall();
  }

  /** An import that led nowhere may lead somewhere now: nothing but resolving it again can tell. */
  #retryUnresolved(urls: readonly string[]): void {
    const { unresolved } = this.#graph.roles;
    if (unresolved.size === 0) return;
    for (const url of urls) {
      for (const module of this.closureOf(url)) if (unresolved.has(module)) module.isOutdated = true;
    }
  }

  async #entry(url: string): Promise<ModuleRecord> {
    const known = this.entry(url);
    if (known !== undefined) return known;
    const entry = await this.#linker.entry(url);
    this.#graph.addEntry(url, entry);
    return entry;
  }
}

function asProblem(error: unknown): ModuleProblem {
  if (error instanceof ModuleProblem) return error;
  return new ModuleProblem({ kind: "unresolved", message: messageOf(error), cause: error });
}
