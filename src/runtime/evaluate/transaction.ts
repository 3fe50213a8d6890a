import { Journal } from "../effects/journal.ts";
import { trackReads } from "../model/context.ts";
import type { Snapshot } from "../model/context.ts";
import { findOutOfOrder } from "../model/out-of-order.ts";
import { disposedAmong, Disposal } from "./disposal.ts";
import type { Wait } from "./disposal.ts";
import { evaluationProblem } from "./evaluation-problem.ts";
import type { Failure } from "./evaluation-problem.ts";
import { Evaluation } from "./evaluation.ts";
import type { EvaluationPort } from "./evaluation.ts";
import { Schedule } from "./schedule.ts";
import type { Sequence } from "./schedule.ts";
import { succeed } from "./succession.ts";
import { KeepPolicy } from "./keep-policy.ts";
import type { KeepRules } from "./keep-policy.ts";
import type { RuntimeHost } from "../host.ts";
import { Generation } from "../model/generation.ts";
import { staticOrder } from "../model/edges.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import type { ModuleSource } from "../model/module-source.ts";
import type { EvaluationPlan } from "../model/evaluation-plan.ts";
import type { RunReason } from "../model/run-reason.ts";
import { carriedResourcesOf } from "../effects/carried-resources.ts";
import { cellsOf } from "../effects/cells.ts";
import { emptyFilledGlobals } from "../effects/filled-globals.ts";
import { globalsOf } from "../effects/globals-watch.ts";

/** Where a transaction stands. Code that it started may run on after it: it sees what became of its snapshot. */
type TransactionPhase = "open" | "committed" | "abandoned";

/** How an attempt to evaluate went. */
export type Attempt = { readonly status: "ready" } | Failed;

/** An attempt that one of the modules has ended. */
export interface Failed {
  readonly status: "failed";
  readonly failure: Failure;
  /** Open values of before that the failed module went on with: it may be that it cannot. */
  readonly carried: readonly string[];
}

/** One module has failed. */
type ModuleFailure = Omit<Failure, "before"> & Pick<Failed, "carried">;

/** New generations, evaluated aside: they see each other, everybody else sees what is live. */
export class Transaction implements Snapshot {
  phase: TransactionPhase = "open";
  readonly pending: Map<ModuleRecord, Generation> = new Map();
  readonly journal: Journal<ModuleRecord> = new Journal();
  readonly #evaluations = new Map<ModuleRecord, Evaluation>();
  readonly #schedule = new Schedule<ModuleFailure>({
    evaluationOf: (module) => this.#evaluations.get(module),
    run: (evaluation) => this.#run(evaluation),
    failureOf: ({ generation }, error) => this.#failureOf(generation, error),
  });
  readonly #started: Generation[] = [];
  /** Evaluations that failed while others go on: what they have left behind has to be cleaned up. */
  readonly failed: Generation[] = [];
  readonly #gone = new Set<ModuleRecord>();
  readonly #port: EvaluationPort;
  readonly #deadlineMs: number;
  readonly #endTracking = trackReads();

  readonly #preserveState: boolean;
  readonly #keep: KeepPolicy;
  readonly #disposal: Disposal;
  readonly #sourceOf: (module: ModuleRecord) => ModuleSource | undefined;

  /** @param init.sourceOf which text of a module is evaluated; the newest by default */
  constructor(init: {
    readonly port: EvaluationPort;
    readonly deadlineMs: number;
    readonly keepRules: KeepRules;
    readonly notice: RuntimeHost["notice"];
    readonly sourceOf?: ((module: ModuleRecord) => ModuleSource | undefined) | undefined;
  }) {
    this.#port = init.port;
    this.#sourceOf = init.sourceOf ?? newestSource;
    this.#deadlineMs = init.deadlineMs;
    this.#preserveState = init.keepRules.preserveState;
    this.#keep = new KeepPolicy(init.keepRules, (module) => this.pending.has(module));
    this.#disposal = new Disposal(init);
  }

  /** Kept values that turned out not to outlive this edit. */
  findUnkept(): ReadonlyMap<ModuleRecord, readonly string[]> {
    return new Map(
      [...this.#evaluations]
        .filter(([, { unkept }]) => unkept.length > 0)
        .map(([module, { unkept }]) => [module, unkept]),
    );
  }

  generationOf(module: ModuleRecord): Generation | undefined {
    if (this.phase === "committed") return module.live;
    return this.pending.get(module) ?? (this.#gone.has(module) ? undefined : module.live);
  }

  /**
   * Make room for a new generation of each module, so that all see all from the first statement on.
   *
   * @param gone modules that nothing reaches any more: what they wrote to globals is taken back
   */
  add(modules: Iterable<ModuleRecord>, gone: Iterable<ModuleRecord> = []): void {
    for (const module of gone) {
      this.#gone.add(module);
      if (module.live !== undefined) this.journal.note(module, globalsOf(module.live).takeBack());
    }
    const added: Evaluation[] = [];
    for (const module of modules) {
      const source = this.#sourceOf(module);
      if (source === undefined || this.pending.has(module)) continue;
      const generation = new Generation(module, source, this.#preserveState);
      const evaluation = new Evaluation({
        generation,
        snapshot: this,
        journal: this.journal,
        keep: this.#keep,
        port: this.#port,
      });
      this.pending.set(module, generation);
      this.#schedule.forget(module);
      this.#evaluations.set(module, evaluation);
      added.push(evaluation);
    }
    for (const evaluation of added) evaluation.instantiate();
  }

  /** Evaluate what was added and has not run. `wait` is told while a top-level await is open. */
  async evaluate({ order, waits }: Sequence, wait: Wait): Promise<Attempt> {
    await this.#disposal.begin(this.pending.keys(), wait);
    const added = order.filter((module) => this.#evaluations.has(module));
    const failed = await this.#schedule.run({ order: added, waits }, wait);
    if (failed === undefined) return { status: "ready" };
    const { module, problem, carried } = failed;
    // What comes first fails first, whoever else waits meanwhile.
    const before = new Set(added.slice(0, added.indexOf(module)));
    return { status: "failed", failure: { module, problem, before }, carried };
  }

  /**
   * Evaluate modules that running code requires, there and then. Returns how that failed, if it did.
   *
   * @param order those that have not run, dependencies first; none of them waits at top level
   */
  evaluateNow(order: readonly ModuleRecord[]): Failure | undefined {
    this.add(order);
    const before = new Set<ModuleRecord>();
    for (const module of order) {
      const evaluation = this.#evaluations.get(module);
      if (evaluation?.generation.phase !== "linked") continue;
      try {
        void this.#run(evaluation);
      } catch (error) {
        return { module, problem: evaluationProblem(module, error), before };
      }
      before.add(module);
    }
    return undefined;
  }

  /**
   * The code that has asked for these modules goes on although one of them has failed: it is as if that, and what cannot
   * run without it, had not been begun.
   *
   * @param added those that nobody else has asked for
   */
  drop({ module: failed }: Failure, order: readonly ModuleRecord[], added: ReadonlySet<ModuleRecord>): void {
    for (const module of order) {
      const generation = this.pending.get(module);
      const isUnused = generation?.phase === "linked" && (added.has(module) || needs(module, failed));
      if (generation === undefined || (module !== failed && !isUnused)) continue;
      if (module === failed) {
        this.journal.undo(module);
        this.failed.push(generation);
        module.noteAttempt(generation);
      }
      this.pending.delete(module);
      this.#evaluations.delete(module);
    }
  }

  /**
   * Modules that have to run in this transaction as well, as its evaluations have shown: their objects were changed,
   * or they have run in another order than that of imports.
   */
  findUnplanned({ order, stale }: EvaluationPlan, graph: ModuleGraph): ReadonlyMap<ModuleRecord, RunReason> {
    const unplanned = new Map<ModuleRecord, RunReason>();
    if (order === undefined) return unplanned;
    const { pending } = this;
    const changed = [...this.pending].flatMap(([by, { contributions }]) =>
      [...contributions].map((target): [ModuleRecord, RunReason] => [target, { kind: "contribution", by }]),
    );
    for (const [module, reason] of [
      ...changed,
      ...findOutOfOrder({ order, graph, among: new Set(pending.keys()), pending }),
    ]) {
      const isPlanned = this.pending.has(module) || stale.has(module) || module.live === undefined;
      if (!isPlanned) unplanned.set(module, reason);
    }
    return unplanned;
  }

  /** Whether another transaction has replaced, since a version, what this one has read. */
  isOvertaken(since: number): boolean {
    for (const { reads } of this.pending.values()) {
      for (const read of reads.modules) {
        if (read.kind === "project" && !this.pending.has(read) && (read.live?.liveSince ?? 0) > since)
          return true;
      }
    }
    return false;
  }

  /** Whether something has changed on disk, or in the environment, that its evaluations have read. */
  get isOutdated(): boolean {
    return this.#started.some(({ outside }) => outside?.outdatedBy !== undefined);
  }

  /** It has failed: what its evaluations read is remembered by their modules, for that may be the reason. */
  noteAttempts(): void {
    for (const generation of this.#started) generation.module.noteAttempt(generation);
  }

  /** Everything is live now. */
  settle(version: number): void {
    for (const [module, generation] of this.pending) {
      if (module.live !== undefined) succeed(generation, module.live);
      cellsOf(generation).noteGone(module.live && cellsOf(module.live));
      cellsOf(generation).settle();
      generation.previous = module.live;
      generation.liveSince = version;
      module.live = generation;
      const { outdatedBy } = generation.outside ?? {};
      module.markFresh(outdatedBy && { reason: outdatedBy, since: generation.evaluatedAs });
      module.noteAttempt(undefined);
    }
    for (const { contributions, outside } of this.pending.values()) {
      if (outside !== undefined) for (const { live } of contributions) live?.outside?.include(outside);
    }
    this.phase = "committed";
    this.journal.settle();
    this.#release();
  }

  /** Nothing of it becomes live. Returns what was evaluated and has to be cleaned up. */
  abandon(): Generation[] {
    if (this.phase !== "open") return [];
    this.phase = "abandoned";
    this.journal.undo();
    const started = [...this.#started];
    this.#release();
    return started;
  }

  /** Timers and sockets of its modules hold on to a transaction for as long as they live, so it must hold on to nothing. */
  #release(): void {
    this.#endTracking();
    this.pending.clear();
    this.#evaluations.clear();
    this.#gone.clear();
    this.#started.length = 0;
  }

  #failureOf(generation: Generation, error: unknown): ModuleFailure {
    const { module } = generation;
    const problem = evaluationProblem(module, error, disposedAmong(this.pending.keys()));
    const carried = problem.kind === "evaluation" ? carriedResourcesOf(generation).renewable : [];
    return { module, problem, carried };
  }

  #run(evaluation: Evaluation): Promise<void> | void {
    const { generation } = evaluation;
    const { module } = generation;
    if (module.live !== undefined) {
      this.journal.note(module, globalsOf(module.live).takeBack(generation.source));
      this.journal.note(module, emptyFilledGlobals(module.live, generation));
    }
    this.journal.note(module, { restore: () => generation.abandon() });
    this.#started.push(generation);
    return evaluation.run(this.#deadlineMs);
  }
}

function newestSource({ source }: ModuleRecord): ModuleSource | undefined {
  return linked(source);
}

/** Whether a module imports another one statically, through any number of others. */
function needs(module: ModuleRecord, other: ModuleRecord): boolean {
  return staticOrder([module]).includes(other);
}
