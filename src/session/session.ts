import type { FileStamps } from "../disk/file-stamps.ts";
import { RouteFiles } from "../project/route-files.ts";
import type { Arrivals } from "../reload/arrivals.ts";
import { timers } from "../reload/clock.ts";
import type { Reloads } from "../reload/reloads.ts";
import { Runtime } from "../runtime/index.ts";
import type { Commit, ModuleProblem, RuntimeNotice, RuntimeOptions } from "../runtime/index.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import type { Builds } from "./builds.ts";
import { Closings } from "./closings.ts";
import { ClosurePaths } from "./closure-paths.ts";
import { FileChanges } from "./file-changes.ts";
import { Preparations } from "./preparations.ts";
import { ImpactAnalysis } from "./impact-analysis.ts";
import { PackageWatch } from "./package-watch.ts";
import type { ConfigsPort, ServerPort } from "./ports.ts";
import { LateProblems } from "./late-problems.ts";
import { PublicNames } from "./public-names.ts";
import { lookUpQuiet } from "./quiet.ts";
import { ReadFiles } from "./read-files.ts";
import { createReloadLoop } from "./reload-loop.ts";
import { createRequestViews } from "./request-view.ts";
import type { RequestView } from "./request-view.ts";
import { ReportOutlet } from "./report-outlet.ts";
import type { ServedRoutes } from "./served-routes.ts";
import { SilentListeners } from "./silent-listeners.ts";
import { UnloadedProblems } from "./unloaded-problems.ts";
import { SessionLog } from "./session-log.ts";
import { openSessionState } from "./session-state.ts";
import type { SessionState } from "./session-state.ts";
import { noteVersion } from "../protocol/counters.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { LoggedError } from "../protocol/status.ts";
import { showThrown } from "./shown-problem.ts";

/** Deadlines that nobody but tests has had to change. */
export interface SessionTuning extends Pick<
  RuntimeOptions,
  "evaluationDeadlineMs" | "drainDeadlineMs" | "firstVersion"
> {
  /** Forget what earlier processes have kept. @default false */
  readonly isStateClean?: boolean;
  /** What is kept on disk belongs to another server of the project: this one's state ends with it. @default false */
  readonly isStateInMemory?: boolean;
  /** How long a function that answers on Node's response may take before that is told. @default 10000 */
  readonly silenceMs?: number;
}

/** What a session is opened with. */
export interface SessionInit {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly known: FileStamps;
  readonly server: ServerPort;
  readonly configs: ConfigsPort;
  readonly tuning?: SessionTuning;
}

/**
 * One project while it is served: its modules, its loop, its routes, and the log of events. A restart of Vite puts another
 * server behind it and keeps the rest.
 */
export class Session {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly server: ServerPort;
  readonly names: PublicNames;
  readonly paths: ClosurePaths;
  readonly runtime: Runtime;
  readonly reloads: Reloads<ModuleProblem>;
  readonly routes: ServedRoutes;
  readonly preparations: Preparations = new Preparations();
  readonly impact: ImpactAnalysis;
  readonly lateProblems: LateProblems;
  readonly unloadedProblems: UnloadedProblems;
  readonly reports: ReportOutlet = new ReportOutlet();
  readonly log: SessionLog = new SessionLog((report) => this.reports.emit(report));
  readonly closings: Closings = new Closings(this.log, timers);
  readonly silentListeners: SilentListeners;
  isClosed = false;
  builds: Builds | undefined;
  /** What nobody has caught in pages that are open: whoever knows of pages says it. */
  pageErrors: () => readonly LoggedError[] = () => [];
  readonly #known: FileStamps;
  readonly #readFiles: ReadFiles;
  readonly #routeFiles: RouteFiles;
  readonly #changes: FileChanges;
  readonly #packages: PackageWatch;
  readonly #arrivals: Arrivals<RequestView>;
  readonly #state: SessionState | undefined;

  constructor({ root, options, known, server, configs, tuning = {} }: SessionInit) {
    const log = this.log.beginAt(tuning.firstVersion ?? 0);
    const { hmr, apiDirs, apiPrefix } = options;
    const names = new PublicNames(root);
    const readFiles = new ReadFiles({ root, known, clock: timers, session: this });
    const paths = new ClosurePaths({ root, known, server, configs });
    const warn = (message: string): void => this.warn(message);
    this.silentListeners = new SilentListeners({ clock: timers, silenceMs: tuning.silenceMs, warn });
    this.root = root;
    this.options = options;
    this.server = server;
    this.names = names;
    this.paths = paths;
    this.#known = known;
    this.#readFiles = readFiles;
    const pause = (): Promise<void> | undefined => this.preparations.idle();
    this.impact = new ImpactAnalysis({ root, options, server, names, log, clock: timers, pause });
    const isKept = hmr.preserveState && tuning.isStateInMemory !== true;
    this.#state = isKept ? openSessionState(root, tuning, log) : undefined;
    this.runtime = this.#createRuntime(tuning);
    const { runtime } = this;
    this.#state?.cells.provide(() => runtime.stateful);
    this.#noteEnvFiles();
    paths.noteFolder(root);
    this.#changes = new FileChanges({ root, known, paths, configs, server, runtime, names, log });
    this.#routeFiles = new RouteFiles({ root, apiDirs, prefix: apiPrefix });
    const loop = createReloadLoop({
      root,
      options,
      clock: timers,
      known,
      paths,
      readFiles,
      runtime,
      routeFiles: this.#routeFiles,
      server,
      changes: this.#changes,
      names,
      log,
      onSaved: (files) => files.forEach((file) => this.impact.noteSaved(file)),
      // After another session has taken over, the loop calls `onQuiet` no more.
      onApplied: () => this.isClosed && this.conclude(),
      onQuiet: () => this.conclude(),
    });
    this.routes = loop.routes;
    this.lateProblems = new LateProblems({
      runtime,
      names,
      log,
      routeOf: (entry) => loop.routes.routeOf(entry),
      onMayPass: (entry) => this.reloads.noteFailureMet(entry),
    });
    this.unloadedProblems = new UnloadedProblems({ root, log, runtime, server });
    this.reloads = loop.reloads;
    this.#arrivals = createRequestViews(loop.routes, loop.reloads);
    this.#packages = new PackageWatch((file) => this.reloads.noteEvent(file));
  }

  get apiDir(): string | undefined {
    return this.#routeFiles.apiDir;
  }

  /** The server has restarted, and some keys of the environment have other values: all that runs stays as it is. */
  noteRestart(keys: readonly string[]): void {
    // The server may have restarted before anybody else saw the save.
    this.#changes.noteEnvironment(keys, this.#noteEnvFiles());
    this.runtime.markResolutionsOutdated(this.runtime.records);
    this.#readFiles.watchAgain();
    this.impact.restart();
  }

  /** A watcher has seen something. */
  noteEvent(file: string): void {
    this.builds?.noteEvent(file);
    // What a build has made is told with the build.
    if (this.builds?.isOutput(file) === true) return;
    this.impact.noteSaved(file);
    this.reloads.noteEvent(file);
  }

  /** Something that users should know of, and need not act on. */
  inform(message: string): void {
    this.log.append({ type: "noticed", level: "info", message });
  }

  /** An error that a route's code threw, rejected with, or let escape. */
  noteThrown(error: unknown, route: string | undefined, how: string): void {
    this.log.append({
      type: "threw",
      at: Date.now(),
      route,
      problem: showThrown(error, how, this.names),
    });
  }

  /** Report something that belongs to no reload. */
  warn(message: string): void {
    this.log.append({ type: "noticed", level: "warn", message });
  }

  /** A request has arrived: what it needs to know of the disk, looked at once for all that arrive with it. */
  arrive(): Promise<RequestView> {
    return this.#arrivals.next();
  }

  /** Run everything again that is in use; state is kept. */
  async reloadAll(): Promise<void> {
    this.runtime.markStale(this.runtime.records, "reloaded on request");
    const used = [...this.routes.entries].filter((entry) => this.reloads.readinessOf(entry) !== undefined);
    await this.runtime.update(used, true);
    await Promise.all(used.map(async (entry) => this.reloads.ready(entry)));
    await this.reloads.settled();
    this.conclude();
  }

  /** {@link reloadAll}, for those who cannot wait for it. */
  reloadAllSoon(): void {
    this.reloadAll().catch((error: unknown) => this.warn(`[orbit] ${messageOf(error)}`));
  }

  /** Modules are to be made anew, whatever their text says; named by id, url or file. */
  invalidate(names: readonly string[]): void {
    this.runtime.invalidate(names);
    this.reloads.noteNews();
  }

  /** Report what has happened: everything that was saved is live, or has failed. */
  conclude(): void {
    this.lateProblems.review();
    this.log.append(lookUpQuiet(this, this.log.view.burst));
    this.log.flush();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.builds?.close();
    this.reloads.close();
    this.impact.close();
    this.#packages.close();
    await this.runtime.close();
    this.#state?.file.close();
    this.server.env.unload();
    this.log.flush();
  }

  /** A request is answered: state that it has changed in place is stored from now on. */
  noteAnswered(): void {
    this.#state?.file.touched();
  }

  /** Store all state now: another session takes over in this process. */
  flushState(): void {
    this.#state?.file.flush();
  }

  /** Stamp the environment files and read them again, in this order. Returns the files that changed. */
  #noteEnvFiles(): string[] {
    const { env } = this.server;
    const changed = this.#known.findChanged(env.files.filter((file) => this.#known.isKnown(file)));
    for (const file of env.files) this.#known.noteRead(file);
    env.load();
    return changed;
  }

  #noteCommit(commit: Commit): void {
    noteVersion(this.root, commit.version);
    this.log.append({ type: "committed", time: performance.now(), commit });
    this.impact.noteRan(commit.ran.keys());
    if (this.options.dependencyTracking.trackNodeModules) this.#packages.noteRan(commit.ran.keys());
    this.closings.note(commit);
  }

  #noteNotice(notice: RuntimeNotice): void {
    if (notice.kind === "kept-by-package")
      return this.warn(
        `[orbit] ${notice.file}: ${notice.package} has read it for a request, and may answer with what it read then. Turn its cache off for development, or restart.`,
      );
    if (notice.kind === "invalidated") {
      const { module, message } = notice;
      const why = message === undefined ? "" : `: ${message}`;
      this.log.append({ type: "noticed", level: "info", message: `${module} was invalidated${why}` });
      return this.reloads.noteNews();
    }
    const what = notice.kind === "dispose-failed" ? "A dispose handler" : "A callback";
    this.noteThrown(notice.error, undefined, `${what} of ${notice.module} failed`);
  }

  #createRuntime(tuning: SessionTuning): Runtime {
    const { dependencyTracking, hmr } = this.options;
    const host = this.server.createHost({
      root: this.root,
      tracksPackages: dependencyTracking.trackNodeModules,
      readFiles: this.#readFiles,
      noteRead: (file) => this.paths.noteRead(file),
      noteResolution: (specifier, importer) => this.paths.noteResolution(specifier, importer),
      readText: (file) => this.paths.readText(file),
      noteWrite: (files) => this.impact.noteWrite(files),
      notice: (notice) => this.#noteNotice(notice),
    });
    return new Runtime(host, {
      propagation: hmr.propagation,
      preserveState: hmr.preserveState,
      restoreCell: (module, name) => this.#state?.cells.restore(module, name),
      ...tuning,
      onCommit: (commit) => this.#noteCommit(commit),
      onFailureMet: (entry) => this.reloads.noteFailureMet(entry),
    });
  }
}
