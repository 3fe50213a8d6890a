import { explainChange, strategyOf } from "../plan/explain.ts";
import { requiresRestart, stronger } from "../plan/explain-settings.ts";
import type { JudgedSettings } from "../plan/explain-settings.ts";
import { closedLaterText, summaryOf } from "../plan/reload-words.ts";
import type { ClosedThings, ReloadReport, Report, Strategy } from "../plan/report.ts";
import type { Commit, ModuleRecord } from "../runtime/index.ts";
import { stateMadeBy } from "../state/describe-state.ts";
import { describeReason } from "./run-reason.ts";

/** What the reporter has to know about the project. */
export interface ReporterPorts {
  readonly fullReloadThreshold: number;
  routesReaching(modules: ReadonlySet<ModuleRecord>): readonly string[];
  /** Whether a file says something that does not run yet: its code is broken, or something beside it is. */
  isPending(file: string): boolean;
  version(): number;
  now(): number;
  emit(report: Report): void;
}

/** What status pages count. */
export interface ReloadCounts {
  commits: number;
  failures: number;
  retries: number;
  skipped: number;
  readonly byStrategy: Record<Strategy, number>;
}

/** What was seen on disk, by root-relative names. */
export interface SeenChange {
  /** Files of modules. */
  readonly files: readonly string[];
  /** Files with the environment. */
  readonly settings: readonly string[];
  readonly judged: readonly JudgedSettings[];
  /** Folders, links and inputs of transforms: they matter only by what they lead to. */
  readonly places: readonly string[];
  /** How long it has taken to take the change in: a restart of Vite's server takes its time. */
  readonly tookMs: number;
}

interface NamedRoute {
  readonly file: string;
  readonly path: string;
}

interface Gathered {
  since: number;
  readonly edited: Set<string>;
  readonly unchanged: Set<string>;
  readonly settings: Set<string>;
  readonly judged: Map<string, JudgedSettings>;
  readonly places: Set<string>;
  /** Routes that did not exist before, by file. */
  readonly added: Map<string, string>;
  /** Routes that exist no more, by file. */
  readonly gone: Map<string, string>;
  readonly ran: Map<string, string>;
  readonly spared: Set<string>;
  readonly routes: Set<string>;
  committedAt: number | undefined;
  /** Of settings, which may lead to no commit. */
  takenInAt: number | undefined;
  /** Top-level bindings. */
  readonly kept: Set<string>;
  readonly reset: Map<string, string>;
  readonly closed: ClosedThings[];
  told: ReloadReport | undefined;
}

/**
 * One honest line per save. The first request after a save commits what it needs, the rest follows a moment later:
 * what belongs together is gathered and told once.
 */
export class Reporter {
  readonly counts: ReloadCounts = {
    commits: 0,
    failures: 0,
    retries: 0,
    skipped: 0,
    byStrategy: { none: 0, asset: 0, single: 0, selective: 0, full: 0, config: 0, rebuild: 0 },
  };
  readonly reloadMs: number[] = [];
  lastReload: ReloadReport | undefined;
  readonly #ports: ReporterPorts;
  #gathered: Gathered | undefined;

  constructor(ports: ReporterPorts) {
    this.#ports = ports;
  }

  /** A change was seen on disk. */
  noteChange({ files, settings, judged, places, tookMs }: SeenChange): void {
    if (files.length + settings.length + judged.length + places.length === 0) return;
    const isFirst = this.#gathered === undefined;
    const gathered = this.#open();
    if (isFirst) gathered.since -= tookMs;
    if (judged.some(({ effect }) => effect !== "nothing")) gathered.takenInAt = this.#ports.now();
    for (const name of settings) gathered.settings.add(name);
    for (const each of judged) gathered.judged.set(each.file, stronger(gathered.judged.get(each.file), each));
    for (const name of files) gathered.unchanged.add(name);
    for (const name of places) gathered.places.add(name);
  }

  /** The routes are others than before. Returns whether there is a new one. */
  noteRoutes(before: readonly NamedRoute[], now: readonly NamedRoute[]): boolean {
    const known = new Set(before.map(({ file }) => file));
    const added = now.filter(({ file }) => !known.has(file));
    for (const { file, path } of added) this.#open().added.set(file, path);
    return added.length > 0;
  }

  /** A route that has been in use exists no more. */
  noteGone(file: string, route: string): void {
    this.#open().gone.set(file, route);
  }

  /** Broken routes answer again, and that is what there is to say of a save that only takes the broken edit back. */
  noteRecovered(): void {
    this.#gathered?.unchanged.clear();
  }

  /** New generations are live. Loading what nobody had asked for yet is no reload. */
  noteCommit(commit: Commit): void {
    this.counts.commits++;
    if (commit.pruned.size === 0 && [...commit.ran.values()].every(({ kind }) => kind === "new")) return;
    const gathered = this.#open();
    gathered.committedAt ??= this.#ports.now();
    for (const [module, reason] of commit.ran) {
      if (reason.kind === "edited") gathered.edited.add(module.displayName);
      gathered.unchanged.delete(module.displayName);
      if (reason.kind !== "new") gathered.ran.set(module.displayName, describeReason(reason));
    }
    for (const module of commit.spared) gathered.spared.add(module.displayName);
    for (const route of this.#ports.routesReaching(new Set(commit.ran.keys()))) gathered.routes.add(route);
    for (const name of commit.kept) gathered.kept.add(name);
    for (const { name, why } of commit.reset) gathered.reset.set(name, why);
    void commit.closed.then((closed) => this.#noteClosed(closed, gathered, commit.version));
  }

  /** Closing may take its time, and waits for older requests: what comes after its line is told on its own. */
  #noteClosed(closed: readonly ClosedThings[], gathered: Gathered, version: number): void {
    if (closed.length === 0) return;
    gathered.closed.push(...closed);
    if (gathered === this.#gathered) return;
    this.#ports.emit({ event: "notice", level: "info", message: closedLaterText(closed, version) });
    const { told } = gathered;
    if (told === undefined || told !== this.lastReload) return;
    const facts = { ...told, closed: [...gathered.closed] };
    this.lastReload = gathered.told = { ...facts, summary: summaryOf(facts) };
  }

  #open(): Gathered {
    return (this.#gathered ??= {
      since: this.#ports.now(),
      edited: new Set(),
      unchanged: new Set(),
      settings: new Set(),
      judged: new Map(),
      places: new Set(),
      added: new Map(),
      gone: new Map(),
      ran: new Map(),
      spared: new Set(),
      routes: new Set(),
      committedAt: undefined,
      takenInAt: undefined,
      kept: new Set(),
      reset: new Map(),
      closed: [],
      told: undefined,
    });
  }

  /** Tell what was gathered: all that belongs to it has happened. */
  tell(): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) return;
    const { edited } = gathered;
    const unchanged = [...gathered.unchanged].filter((file) => !this.#ports.isPending(file));
    const { ran, added, gone, settings, judged } = gathered;
    const isSetting = settings.size + judged.size > 0;
    if (ran.size + added.size + gone.size + unchanged.length === 0 && !isSetting) return;
    const change = {
      edited: [...edited],
      unchanged,
      // What one module has read may be another one's text.
      places: ran.size === 0 ? [] : [...gathered.places].filter((name) => !edited.has(name)),
      settings: [...settings],
      judged: [...judged.values()],
      added: [...added.keys()],
      gone: [...gone.keys()],
      ran,
      sparedCount: gathered.spared.size,
      routes: [...new Set([...gathered.routes, ...added.values(), ...gone.values()])].toSorted(),
      fullReloadThreshold: this.#ports.fullReloadThreshold,
    };
    const strategy = strategyOf(change);
    this.counts.byStrategy[strategy]++;
    if (strategy === "none") this.counts.skipped++;
    const ms = (gathered.committedAt ?? gathered.takenInAt ?? gathered.since) - gathered.since;
    const modules = new Set(ran.keys());
    const startsAnew = stateMadeBy(modules, { isKept: false });
    const facts = {
      reason: explainChange(change),
      files: [
        ...new Set([
          ...change.settings,
          ...judged.keys(),
          ...change.places,
          ...change.edited,
          ...unchanged,
          ...change.added,
          ...change.gone,
        ]),
      ],
      routes: change.routes,
      ran: [...modules],
      kept: [...stateMadeBy(modules, { isKept: true }), ...gathered.kept].filter(
        (name) => !gathered.reset.has(name),
      ),
      reset: [
        ...startsAnew.map((name) => ({ name, why: "preserveState is off" })),
        ...[...gathered.reset].map(([name, why]) => ({ name, why })),
      ],
      closed: [...gathered.closed],
    };
    const report: ReloadReport = {
      event: "reload",
      strategy,
      ...facts,
      ms: Math.round(ms * 10) / 10,
      version: this.#ports.version(),
      summary: summaryOf(facts),
      ...(requiresRestart(change.judged) && { requiresRestart: true as const }),
    };
    this.lastReload = gathered.told = report;
    this.reloadMs.push(ms);
    if (this.reloadMs.length > REMEMBERED_DURATIONS) this.reloadMs.shift();
    this.#ports.emit(report);
  }
}

const REMEMBERED_DURATIONS = 500;
