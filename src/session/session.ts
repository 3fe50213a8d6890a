import { existsSync } from "node:fs";
import path from "node:path";
import { Arrivals } from "../reload/arrivals.ts";
import type { Clock } from "../reload/debounce.ts";
import type { KnownFiles } from "../disk/known-files.ts";
import { Reloads } from "../reload/reloads.ts";
import type { Readiness } from "../reload/ports.ts";
import type { RouteTable } from "../routes/index.ts";
import { Runtime } from "../runtime/index.ts";
import type { ModuleProblem, ModuleRecord, Outcome, RuntimeOptions } from "../runtime/index.ts";
import type { ClosurePaths } from "./closure-paths.ts";
import { Foresight } from "./foresight.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { PackageWatch } from "./package-watch.ts";
import { ProblemLog } from "./problem-log.ts";
import { ReportOutlet } from "./report-outlet.ts";
import { Reporter } from "./reporter.ts";
import type { SeenChange } from "./reporter.ts";
import { ReadFiles } from "./read-files.ts";
import { RouteFiles } from "../project/route-files.ts";
import { ServedRoutes } from "./served-routes.ts";
import { openSessionState } from "./session-state.ts";
import type { SessionState } from "./session-state.ts";
import type { ConfigsPort, ServerPort } from "./ports.ts";
import { PublicNames } from "./public-names.ts";
import { openSettings } from "./session-settings.ts";
import type { SettingsChanges } from "./settings-changes.ts";

/** Deadlines that nobody but tests has had to change. */
export interface SessionTuning extends Pick<RuntimeOptions, "evaluationDeadlineMs" | "drainDeadlineMs"> {
  /** Forget what earlier processes have kept. @default false */
  readonly isStateClean?: boolean;
  /** What is kept on disk belongs to another server of the project: this one's state ends with it. @default false */
  readonly isStateInMemory?: boolean;
}

const clock: Clock = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** What a session is opened with. */
export interface SessionInit {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly known: KnownFiles;
  readonly server: ServerPort;
  readonly configs: ConfigsPort;
  readonly tuning?: SessionTuning;
}

/** What requests that arrive together know of the disk. */
export interface Look {
  readonly table: RouteTable;
  /** The barrier in front of a route. */
  ready(entry: string): Readiness<ModuleProblem> | Promise<Readiness<ModuleProblem>>;
}

/**
 * All that lives as long as the project is served: modules, state of the loop, the route table. A restart of Vite
 * gives it a new server and keeps the rest.
 */
export class Session {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly known: KnownFiles;
  readonly names: PublicNames;
  readonly server: ServerPort;
  readonly paths: ClosurePaths;
  readonly runtime: Runtime;
  readonly reloads: Reloads<ModuleProblem>;
  readonly reporter: Reporter;
  readonly problems: ProblemLog;
  readonly routes: ServedRoutes;
  readonly foresight: Foresight;
  readonly reports: ReportOutlet = new ReportOutlet();
  isClosed = false;
  readonly #routeFiles: RouteFiles;
  readonly #settings: SettingsChanges;
  readonly #readFiles: ReadFiles;
  readonly #packages = new PackageWatch((file) => this.reloads.noteEvent(file));
  readonly #arrivals = new Arrivals<Look>(setImmediate, () => this.#look());
  readonly #state: SessionState | undefined;

  constructor({ root, options, known, server, configs, tuning = {} }: SessionInit) {
    this.root = root;
    this.options = options;
    this.known = known;
    this.server = server;
    this.names = new PublicNames(root);
    this.#readFiles = new ReadFiles({ root: () => root, known, watch: (file) => server.watch(file) });
    const settings = openSettings(this.root, {
      known: this.known,
      server,
      configs,
      runtime: () => this.runtime,
      problems: () => this.problems,
      note: (change) => this.#noteChange(change),
    });
    this.paths = settings.paths;
    this.#settings = settings.changes;
    const { hmr, apiDirs, apiPrefix } = options;
    this.reporter = this.#createReporter();
    this.problems = new ProblemLog({
      names: this.names,
      quietMs: hmr.debounceMs,
      clock,
      counts: this.reporter.counts,
      routeOf: (entry) => this.routes.routeOf(entry),
      routesReaching: (file) => this.routes.reaching(this.#recordsOf(file)),
      version: () => this.runtime.version,
      emit: (report) => this.reports.emit(report),
    });
    this.foresight = this.#createForesight();
    const isKept = hmr.preserveState && tuning.isStateInMemory !== true;
    this.#state = isKept ? openSessionState(this.root, tuning, this.reports) : undefined;
    this.runtime = this.#createRuntime(tuning);
    this.#state?.cells.provide(() => this.runtime.records);
    this.#noteEnvFiles();
    this.paths.noteFolder(this.root);
    this.reloads = this.#createLoop();
    this.#routeFiles = new RouteFiles({ root: this.root, apiDirs, prefix: apiPrefix });
    this.routes = new ServedRoutes({
      urlOf: (file) => server.urlOf(file),
      files: this.#routeFiles,
      runtime: () => this.runtime,
      reloads: () => this.reloads,
      reporter: () => this.reporter,
      problems: () => this.problems,
    });
  }

  get apiDir(): string | undefined {
    return this.#routeFiles.apiDir;
  }

  /** The server has restarted, and some keys of the environment have other values: all that runs stays as it is. */
  noteRestart(keys: readonly string[]): void {
    // It may have restarted before anybody else has seen the save.
    this.#settings.noteEnvironment(keys, this.#noteEnvFiles());
    this.runtime.markResolutionsOutdated(this.runtime.records);
    this.#readFiles.watchAgain();
    this.foresight.restart();
  }

  /** A request has arrived: what it needs to know of the disk, looked at once for all that arrive with it. */
  arrive(): Promise<Look> {
    return this.#arrivals.next();
  }

  #look(): Look {
    const found = new Map<string, ReturnType<Look["ready"]>>();
    return {
      table: this.routes.table(),
      ready: (entry) => {
        const readiness = found.get(entry) ?? this.reloads.ready(entry);
        found.set(entry, readiness);
        return readiness;
      },
    };
  }

  /** Run everything again that is in use; state is kept. */
  async reloadAll(): Promise<void> {
    this.runtime.markStale(this.runtime.records, "reloaded on request");
    const { used } = this.routes;
    await this.runtime.update(used, true);
    await Promise.all(used.map(async (entry) => this.reloads.ready(entry)));
    await this.reloads.settled();
    this.reporter.tell();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.reloads.close();
    this.problems.close();
    this.foresight.close();
    this.#packages.close();
    await this.runtime.close();
    this.#state?.file.close();
    this.server.env.unload();
  }

  /** A request is answered: what it has changed in place is kept from now on. */
  noteAnswered(): void {
    this.#state?.file.touched();
  }

  /** Another session takes over in this process. */
  flushState(): void {
    this.#state?.file.flush();
  }

  /** They are read once more, so that what is known of them is older than what they say. Returns those that changed. */
  #noteEnvFiles(): string[] {
    const { env } = this.server;
    const changed = this.known.findChanged(env.files.filter((file) => this.known.isKnown(file)));
    for (const file of env.files) this.known.noteRead(file);
    env.load();
    return changed;
  }

  #noteChange(change: SeenChange): void {
    this.problems.noteSave();
    this.reporter.noteChange(change);
    // Another session has taken over, and nothing more will happen here.
    if (this.isClosed) this.reporter.tell();
  }

  async #update(entries: readonly string[], isRetry: boolean): Promise<Outcome> {
    if (isRetry) this.reporter.counts.retries++;
    // Vite remembers that it found nothing.
    if (entries.some((entry) => this.#isUnresolved(entry))) await this.server.forgetResolutions(this.root);
    return this.runtime.update(entries, isRetry);
  }

  /** Where resolution has failed, or a module never became known, its file is not among those that are compared. */
  #isShownOnDisk({ kind, file }: ModuleProblem): boolean {
    return kind !== "unresolved" && (file === undefined || this.#recordsOf(file).size > 0);
  }

  #isUnresolved(entry: string): boolean {
    const readiness = this.reloads.readinessOf(entry);
    return readiness?.status === "broken" && readiness.problem.kind === "unresolved";
  }

  #recordsOf(file: string): ReadonlySet<ModuleRecord> {
    return new Set([...this.runtime.records].filter((module) => module.file === file));
  }

  #createReporter(): Reporter {
    return new Reporter({
      fullReloadThreshold: this.options.hmr.fullReloadThreshold,
      routesReaching: (modules) => this.routes.reaching(modules),
      foresee: () => this.foresight.take(),
      isUsed: (route) => this.routes.isUsed(route),
      records: () => this.runtime.records,
      version: () => this.runtime.version,
      now: () => performance.now(),
      emit: (report) => this.reports.emit(report),
    });
  }

  #createForesight(): Foresight {
    return new Foresight({
      root: this.root,
      options: this.options,
      server: this.server,
      clock,
      isLoaded: (file) => this.#recordsOf(file).size > 0,
      relative: (file) => this.names.relative(file),
      emit: (report) => this.reports.emit(report),
      onFailure: (error) => this.problems.noteFailure(error),
    });
  }

  #createRuntime(tuning: SessionTuning): Runtime {
    const { dependencyTracking, hmr } = this.options;
    return new Runtime(this.#createHost(), {
      propagation: hmr.propagation,
      preserveState: hmr.preserveState,
      restoreCell: (module, name) => this.#state?.cells.restore(module, name),
      ...tuning,
      onCommit: (commit) => {
        this.reporter.noteCommit(commit);
        this.foresight.noteRan(commit.ran.keys());
        if (dependencyTracking.trackNodeModules) this.#packages.noteRan(commit.ran.keys());
      },
    });
  }

  #createHost(): ConstructorParameters<typeof Runtime>[0] {
    return this.server.createHost({
      root: this.root,
      noteRead: (file) => this.paths.noteRead(file),
      readFiles: this.#readFiles,
      noteWritten: (files) => this.foresight.noteWritten(files),
      tracksPackages: this.options.dependencyTracking.trackNodeModules,
      notice: (notice) => this.problems.noteNotice(notice),
    });
  }

  #createLoop(): Reloads<ModuleProblem> {
    const { debounceMs, maxRetries } = this.options.hmr;
    const gitLock = path.join(this.root, ".git", "index.lock");
    return new Reloads<ModuleProblem>({
      known: this.known,
      clock,
      settings: { debounceMs, maxRetries },
      ports: {
        revision: () => this.runtime.revision,
        lookAround: async () => {
          this.routes.table();
          await this.routes.settled();
        },
        basePaths: () => this.paths.of([]),
        pathsOf: (entry) => this.paths.of(this.runtime.closureOf(entry)),
        namesOf: (file) => this.#readFiles.namesOf(file),
        isCurrent: (entry) => this.runtime.isCurrent(entry),
        absorb: async (changed) => {
          for (const file of changed) this.foresight.noteSaved(file);
          await this.#settings.absorb(changed);
        },
        isShownOnDisk: (problem) => this.#isShownOnDisk(problem),
        update: async (entries, isRetry) => this.#update(entries, isRetry),
        isUnsettled: () => existsSync(gitLock),
        onBroken: (entry, problem, retries) => this.problems.noteBroken(entry, problem, retries),
        onRecovered: (entries) => {
          this.reporter.noteRecovered();
          this.problems.noteRecovered(entries);
        },
        onQuiet: () => this.reporter.tell(),
        onFailure: (error) => this.problems.noteFailure(error),
      },
    });
  }
}
