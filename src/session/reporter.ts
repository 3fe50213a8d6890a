import { explainOutcome } from "../report/explain.ts";
import { requiresRestart, stronger } from "../report/explain-settings.ts";
import type { JudgedSettings } from "../report/explain-settings.ts";
import { planReload } from "../report/plan-reload.ts";
import type { Change, Reach, ReloadPlan } from "../report/plan-reload.ts";
import { closedLaterText, summaryOf } from "../report/reload-words.ts";
import type { ReloadFacts } from "../report/reload-words.ts";
import type { ClosedThings, ReloadReport, Report, Strategy } from "../protocol/report.ts";
import type { Commit, ModuleRecord } from "../runtime/index.ts";
import { stateMadeBy } from "../state/describe-state.ts";
import type { Foreseen } from "./foresight.ts";
import { describeReason } from "./run-reason.ts";

/** What the reporter has to know about the project. */
export interface ReporterPorts {
  readonly fullReloadThreshold: number;
  routesReaching(modules: ReadonlySet<ModuleRecord>): readonly string[];
  /** What the graph says of the saves since it was asked last. */
  foresee(): Foreseen;
  /** Whether somebody has asked for a route. */
  isUsed(route: string): boolean;
  records(): Iterable<ModuleRecord>;
  version(): number;
  now(): number;
  emit(report: Report): void;
}

/** What status pages count. */
export interface Counters {
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
  readonly counts: Counters = {
    commits: 0,
    failures: 0,
    retries: 0,
    skipped: 0,
    byStrategy: { none: 0, asset: 0, single: 0, selective: 0, full: 0, config: 0, rebuild: 0 },
  };
  /** Of the last reloads that made something live, in milliseconds. */
  readonly reloadMs: number[] = [];
  lastReload: ReloadReport | undefined;
  /** How many reloads were told. */
  told = 0;
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
    const gathered = this.#gathered ?? this.#open();
    this.#gathered = undefined;
    const { ran } = gathered;
    const foreseen = this.#ports.foresee();
    const own = this.#changesOf(gathered);
    const named = new Set(own.map(({ file }) => file));
    const changes = [...own, ...foreseen.changes.filter(({ file }) => !named.has(file))];
    if (changes.length === 0 && ran.size === 0) return;
    const plan = planReload({
      changes,
      affectedBy: (files) => reachOf(gathered, foreseen.affectedBy(files)),
      fullReloadThreshold: this.#ports.fullReloadThreshold,
    });
    const doneAt = gathered.committedAt ?? gathered.takenInAt;
    const ms = doneAt === undefined ? 0 : doneAt - gathered.since;
    const facts = { ...this.#factsOf(gathered, plan), files: [...new Set(changes.map(({ file }) => file))] };
    const report: ReloadReport = {
      event: "reload",
      strategy: plan.strategy,
      ...facts,
      ms: Math.round(ms * 10) / 10,
      version: this.#ports.version(),
      summary: summaryOf(facts),
      ...(requiresRestart([...gathered.judged.values()]) && { requiresRestart: true as const }),
    };
    this.#count(plan.strategy);
    if (doneAt !== undefined) this.#noteDuration(ms);
    this.lastReload = gathered.told = report;
    this.told++;
    this.#ports.emit(report);
  }

  /** What is known of the saved files now that their modules have run, or need not. */
  #changesOf(gathered: Gathered): readonly Change[] {
    const { edited, unchanged, settings, judged, places, added, gone, ran } = gathered;
    const same = [...unchanged].filter((file) => !this.#isPending(file));
    // Places matter by what they led to; what one module has read may be another one's text.
    const led = ran.size === 0 ? [] : [...places].filter((name) => !edited.has(name));
    return [
      ...[...judged].map(([file, each]): Change => ({ kind: "settings", file, settings: each })),
      ...changesOf("environment", settings),
      ...changesOf("code", [...led, ...edited]),
      ...changesOf("added", added.keys()),
      ...changesOf("gone", gone.keys()),
      ...changesOf("same", same),
    ];
  }

  /** Whether a file says something that does not run yet: its code is broken, or something beside it is. */
  #isPending(file: string): boolean {
    return [...this.#ports.records()].some((module) => module.displayName === file && isPending(module));
  }

  #factsOf(gathered: Gathered, plan: ReloadPlan): Omit<ReloadFacts, "files"> {
    const { ran, edited, spared, kept, reset, closed } = gathered;
    const modules = new Set(ran.keys());
    const startsAnew = stateMadeBy(modules, { isKept: false });
    const others = new Set([...gathered.added.values(), ...gathered.gone.values()]);
    const unloaded = plan.routes.filter((route) => !others.has(route) && !this.#ports.isUsed(route));
    return {
      reason: explainOutcome(plan, {
        ran,
        edited,
        sparedCount: spared.size,
        unloadedCount: unloaded.length,
      }),
      routes: plan.routes,
      ran: [...modules],
      kept: [...stateMadeBy(modules, { isKept: true }), ...kept].filter((name) => !reset.has(name)),
      reset: [
        ...startsAnew.map((name) => ({ name, why: "preserveState is off" })),
        ...[...reset].map(([name, why]) => ({ name, why })),
      ],
      closed: [...closed],
    };
  }

  #count(strategy: Strategy): void {
    this.counts.byStrategy[strategy]++;
    if (strategy === "none") this.counts.skipped++;
  }

  #noteDuration(ms: number): void {
    this.reloadMs.push(ms);
    if (this.reloadMs.length > REMEMBERED_DURATIONS) this.reloadMs.shift();
  }
}

function changesOf(kind: Exclude<Change["kind"], "settings">, files: Iterable<string>): readonly Change[] {
  return [...files].map((file) => ({ kind, file }));
}

/** What runs is known to reach these routes; what does not run yet is known by the graph alone. */
function reachOf({ routes, added, gone }: Gathered, foreseen: Reach): Reach {
  const all = new Set([...routes, ...added.values(), ...gone.values(), ...foreseen.routes]);
  return { routes: [...all].toSorted(), isCut: foreseen.isCut };
}

/** Whether a module's newest text does something else than what runs. */
function isPending({ live, source, isOutdated }: ModuleRecord): boolean {
  if (live === undefined || source === undefined) return false;
  return isOutdated || !("fingerprint" in source) || source.fingerprint !== live.source?.fingerprint;
}

const REMEMBERED_DURATIONS = 500;
