import { importsOf, reach } from "../model/edges.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { NewestSource } from "../model/module-source.ts";
import type { ModuleProblem } from "../model/problems.ts";

/** An evaluation that failed. */
export interface Failure {
  readonly module: ModuleRecord;
  readonly problem: ModuleProblem;
  /** What ran before it in the same transaction, and did not fail. */
  readonly before: ReadonlySet<ModuleRecord>;
}

interface KnownFailure extends Failure {
  readonly circumstances: ReadonlyMap<ModuleRecord, Circumstance>;
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

  note(failure: Failure): void {
    const { module, problem } = failure;
    const known = this.#byModule.get(module);
    // The same failure on behalf of different entries: what ran before it is the sum of both.
    const isKnown = known !== undefined && known.problem.message === problem.message && holds(known);
    const before = new Set([...failure.before, ...(isKnown ? known.before : [])]);
    const involved = [...before, ...reach([module], importsOf)];
    const circumstances = new Map(involved.map((each) => [each, circumstanceOf(each)]));
    this.#byModule.set(module, { module, problem, before, circumstances });
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
