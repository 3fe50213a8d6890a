import type { ModuleRecord } from "../model/module-record.ts";
import type { TopLevelWaits } from "../model/top-level-waits.ts";
import type { Wait } from "./disposal.ts";
import type { Evaluation } from "./evaluation.ts";

interface ScheduleInit<F> {
  readonly evaluationOf: (module: ModuleRecord) => Evaluation | undefined;
  /** Run the top level of a module. */
  readonly run: (evaluation: Evaluation) => Promise<void> | void;
  readonly failureOf: (evaluation: Evaluation, error: unknown) => F;
}

/** Modules that somebody has asked for, dependencies first. */
export interface Sequence {
  readonly order: readonly ModuleRecord[];
  readonly waits: TopLevelWaits;
}

/** What is left of a sequence. */
interface Demand<F> {
  /** Those that are not done. */
  readonly left: Set<ModuleRecord>;
  readonly waits: TopLevelWaits;
  failure: F | undefined;
  /** Called when there is nothing left to do for it. */
  onMet: () => void;
}

/**
 * Runs the modules of one transaction as the language does: those that wait at top level side by side, and who imports
 * one of them when it is done. Whoever has asked first, a plan or code that runs, goes on first.
 */
export class Schedule<F extends object> {
  readonly #init: ScheduleInit<F>;
  /** Modules that wait at top level. */
  readonly #underWay = new Set<ModuleRecord>();
  readonly #failures = new Map<ModuleRecord, F>();
  readonly #demands = new Set<Demand<F>>();

  constructor(init: ScheduleInit<F>) {
    this.#init = init;
  }

  /**
   * Run what has not run. Resolves as soon as one has failed, with its failure: others may still be under way.
   *
   * @param wait is told while there is nothing to do but to wait
   */
  async run({ order, waits }: Sequence, wait: Wait): Promise<F | undefined> {
    const resting = order.flatMap((module) => this.#init.evaluationOf(module)?.rested ?? []);
    if (resting.length > 0) await Promise.all(resting);
    const demand: Demand<F> = { left: new Set(order), waits, failure: undefined, onMet: ignore };
    this.#demands.add(demand);
    this.#advance(demand);
    if (this.#demands.has(demand)) {
      const met = new Promise<void>((resolve) => {
        demand.onMet = resolve;
      });
      await wait(met);
    }
    return demand.failure;
  }

  /** A module is about to run that may have failed before. */
  forget(module: ModuleRecord): void {
    this.#failures.delete(module);
  }

  /** Begin what is ready. */
  #advance(demand: Demand<F>): void {
    const { left, waits } = demand;
    for (const module of left) {
      const awaited = [...(waits.get(module) ?? [])];
      if (this.#isToRun(module) && !awaited.some((each) => this.#isOpen(each))) this.#begin(module);
      demand.failure = this.#failures.get(module);
      if (demand.failure !== undefined) break;
      if (!this.#isToRun(module) && !this.#underWay.has(module)) left.delete(module);
    }
    if (left.size > 0 && demand.failure === undefined) return;
    this.#demands.delete(demand);
    demand.onMet();
  }

  #isToRun(module: ModuleRecord): boolean {
    return this.#init.evaluationOf(module)?.generation.phase === "linked";
  }

  /** Whether it has a top-level await, and is not done. */
  #isOpen(module: ModuleRecord): boolean {
    const source = this.#init.evaluationOf(module)?.generation.source;
    return this.#underWay.has(module) || (source?.analysis.topLevelAwait === true && this.#isToRun(module));
  }

  #begin(module: ModuleRecord): void {
    const evaluation = this.#init.evaluationOf(module);
    if (evaluation === undefined) return;
    try {
      const running = this.#init.run(evaluation);
      if (running !== undefined) void this.#follow(evaluation, running);
    } catch (error) {
      this.#failures.set(module, this.#init.failureOf(evaluation, error));
    }
  }

  async #follow(evaluation: Evaluation, running: Promise<void>): Promise<void> {
    const { module } = evaluation.generation;
    this.#underWay.add(module);
    try {
      await running;
    } catch (error) {
      this.#failures.set(module, this.#init.failureOf(evaluation, error));
    }
    this.#underWay.delete(module);
    for (const demand of this.#demands) this.#advance(demand);
  }
}

function ignore(): void {}
