import type { Failure } from "../evaluate/evaluation-problem.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { NewestSource } from "../model/module-source.ts";
import { isSameProblem } from "../model/problems.ts";
import type { ModuleProblem } from "../model/problems.ts";

interface KnownFailure extends Failure {
  readonly circumstances: ReadonlyMap<ModuleRecord, Circumstance>;
  /** As the evaluation ended, before anything else was found out about it. */
  readonly found: ModuleProblem;
}

interface Circumstance {
  readonly source: NewestSource;
  readonly live: Generation | undefined;
  readonly outsideChanges: number;
}

/**
 * Evaluations that failed, with what they failed on. As long as nothing of that has changed the same answer holds,
 * for every route that needs the module, and nothing is evaluated again to find it out.
 */
export class Failures {
  readonly #byModule = new Map<ModuleRecord, KnownFailure>();
  readonly #graph: () => ModuleGraph;

  constructor(graph: () => ModuleGraph) {
    this.#graph = graph;
  }

  /** @returns the failure as it is known: found once more it is the one of before */
  note(failure: Failure): Failure {
    const { module } = failure;
    const known = this.#byModule.get(module);
    // The same failure on behalf of different entries: what ran before it is the sum of both.
    const isKnown = known !== undefined && isSameProblem(known.found, failure.problem) && holds(known);
    const problem = isKnown ? known.problem : failure.problem;
    const before = new Set([...failure.before, ...(isKnown ? known.before : [])]);
    const involved = [...before, ...this.#graph().watchedFrom([module])];
    const circumstances = new Map(involved.map((each) => [each, circumstanceOf(each)]));
    const noted = { module, problem, before, circumstances, found: isKnown ? known.found : problem };
    this.#byModule.set(module, noted);
    return noted;
  }

  /** More was found out about a failure that was noted. Returns it as it is known now. */
  explain(failure: Failure, problem: ModuleProblem): Failure {
    const known = this.#byModule.get(failure.module);
    const explained = { ...failure, problem };
    if (known !== undefined && known.problem === failure.problem)
      this.#byModule.set(failure.module, { ...known, problem });
    return explained;
  }

  /** Why one of these modules cannot be evaluated, as far as that is known. */
  problemOf(modules: Iterable<ModuleRecord>): ModuleProblem | undefined {
    for (const module of modules) {
      const failure = this.#byModule.get(module);
      if (failure !== undefined && holds(failure)) return failure.problem;
    }
    return undefined;
  }

  /**
   * The failure that evaluating these modules in this order would end with, if that is known. What comes first fails
   * first: a failure counts only when just what ran before it would run before it again.
   */
  find(modules: Iterable<ModuleRecord>): Failure | undefined {
    const order = [...modules];
    for (const [index, module] of order.entries()) {
      const failure = this.#byModule.get(module);
      if (failure === undefined) continue;
      const isSameOrder = order.every(
        (each, at) => each === module || failure.before.has(each) === at < index,
      );
      if (!holds(failure)) this.#byModule.delete(module);
      else if (isSameOrder) return failure;
    }
    return undefined;
  }

  forget(modules: Iterable<ModuleRecord>): void {
    for (const module of modules) this.#byModule.delete(module);
  }
}

function holds({ circumstances }: KnownFailure): boolean {
  for (const [module, { source, live, outsideChanges }] of circumstances) {
    if (module.isOutdated || module.source !== source || module.live !== live) return false;
    if (module.outsideChanges !== outsideChanges) return false;
  }
  return true;
}

function circumstanceOf({ source, live, outsideChanges }: ModuleRecord): Circumstance {
  return { source, live, outsideChanges };
}
