import { createRequire } from "node:module";
import { requiredValue } from "./commonjs.ts";
import { unrecorded } from "../inputs/index.ts";
import type { Linker } from "../link/linker.ts";
import { PackageLoadError } from "../link/external.ts";
import { notFound } from "../link/link-problems.ts";
import { firstProjectFrame } from "../link/stack-traces.ts";
import { currentContext, liveSnapshot } from "../model/context.ts";
import type { Generation, LateRequest } from "../model/generation.ts";
import { noteExternal } from "../model/external-values.ts";
import { errorGivenFor, importError } from "../model/given-errors.ts";
import { noteRequest } from "../model/late-requests.ts";
import { importsOf, reach, staticOrder } from "../model/edges.ts";
import { Binding } from "../model/module-record.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { ModuleProblem } from "../model/problems.ts";
import { apart, evaluatingGeneration } from "../model/late-evaluation.ts";
import { EVERYTHING, recordRead } from "../model/reads.ts";
import { hasTopLevelAwait, topLevelWaits } from "../model/top-level-waits.ts";
import { Transaction } from "./transaction.ts";
import type { Failed } from "./transaction.ts";

export interface LateImportsInit {
  readonly linker: Linker;
  /** Evaluate a module that has never run, with all that it needs, and nothing else. Returns why that failed. */
  readonly load: (module: ModuleRecord) => Promise<ModuleProblem | undefined>;
  /** The same at once: what has not run of it, dependencies first. */
  readonly loadNow: (order: readonly ModuleRecord[]) => ModuleProblem | undefined;
  /** Why a module cannot be had, as far as its newest texts and earlier attempts tell. */
  readonly problemOf: (module: ModuleRecord) => ModuleProblem | undefined;
  /** An evaluation has failed while others go on. Returns its problem: found once more it is the one of before. */
  readonly noteFailure: (failure: Failed["failure"]) => ModuleProblem;
  /** A request on this entry has met a failure that may pass. */
  readonly onFailureMet: (entry: string) => void;
}

/** What code asks for while it runs, `import()` and `require` alike: who asks depends on what comes of it. */
export class LateImports {
  readonly #init: LateImportsInit;

  constructor(init: LateImportsInit) {
    this.#init = init;
  }

  async import(from: Generation, specifier: string): Promise<object> {
    const { linker } = this.#init;
    const asked = new PendingRequest(from, specifier, "import");
    const known = linker.known(specifier, from.module);
    const target = await asked.during(
      async () => apart(async () => linker.resolve(specifier, from.module)),
      (error) => whyNot(from, specifier, error),
    );
    if (target.kind === "external") return target.namespace;
    const isFirst = asked.noteTarget(target);
    const snapshot = currentContext()?.snapshot;
    await asked.during(async () => {
      if (snapshot instanceof Transaction && snapshot.phase === "open")
        return this.#loadInside(snapshot, target);
      // Others have loaded it, and nobody has looked since whether it is still what they have found.
      if (isFirst && target === known) lookAgain(target);
      return this.#loadForRequest(target);
    });
    return target.namespace;
  }

  require(from: Generation, specifier: string): unknown {
    const file = from.module.file ?? from.module.id;
    const asked = new PendingRequest(from, specifier, "require");
    const target = asked.at(() => unrecorded(() => this.#init.linker.require(specifier, file)));
    if (target.kind === "native") {
      const exports = asked.at(() => unrecorded(() => createRequire(file)(target.name) as unknown));
      noteExternal(exports);
      return exports;
    }
    asked.noteTarget(target);
    const snapshot = currentContext()?.snapshot ?? liveSnapshot;
    try {
      asked.at(() => {
        if (snapshot instanceof Transaction && snapshot.phase === "open")
          this.#requireInside(snapshot, target);
        else this.#requireForRequest(target);
      });
    } finally {
      // What it has made itself while it ran is not the doing of who has asked for it.
      recordRead(new Binding(target, EVERYTHING), from, snapshot);
    }
    return requiredValue(target, snapshot);
  }

  /** Part of a transaction: a top level waits for it. */
  async #loadInside(transaction: Transaction, target: ModuleRecord): Promise<void> {
    await apart(async () => this.#init.linker.linkClosure([target]));
    if (transaction.phase !== "open") return this.#loadForRequest(target);
    this.#throwKnown(target);
    const order = staticOrder([target]);
    const added = new Set(order.filter((module) => transaction.generationOf(module) === undefined));
    transaction.add(added);
    const ordered = { order, waits: topLevelWaits(order) };
    const attempt = await transaction.evaluate(ordered, async (running) => running);
    if (attempt.status === "failed") this.#giveUp(transaction, attempt.failure, { target, order, added });
  }

  async #loadForRequest(target: ModuleRecord): Promise<void> {
    const known = target.unloadable;
    const problem = known ?? (target.live === undefined ? await this.#init.load(target) : undefined);
    if (problem !== undefined) this.#refuse(target, problem);
  }

  #requireInside(transaction: Transaction, target: ModuleRecord): void {
    this.#throwKnown(target);
    const order = orderAtOnce(target);
    if (target.live !== undefined && !transaction.pending.has(target)) return;
    const isUnderWay = (module: ModuleRecord): boolean =>
      transaction.pending.get(module)?.phase === "evaluating";
    if (!target.isCommonJs && order.some(isUnderWay)) throw inCycle(target);
    const added = new Set(order.filter((module) => transaction.generationOf(module) === undefined));
    const left = order.filter((module) => added.has(module) || transaction.pending.has(module));
    const failure = transaction.evaluateNow(left);
    if (failure !== undefined) this.#giveUp(transaction, failure, { target, order, added });
  }

  #requireForRequest(target: ModuleRecord): void {
    const known = this.#init.problemOf(target);
    if (known !== undefined) this.#refuse(target, known);
    const left = orderAtOnce(target).filter(({ live }) => live === undefined);
    const problem = target.live === undefined ? this.#init.loadNow(left) : undefined;
    if (problem !== undefined) this.#refuse(target, problem);
  }

  #refuse(target: ModuleRecord, problem: ModuleProblem): never {
    target.unloadable = problem;
    const entry = currentContext()?.request?.entry;
    if (problem.mayPass && entry !== undefined) this.#init.onFailureMet(entry);
    throw problem;
  }

  #throwKnown(target: ModuleRecord): void {
    const problem = this.#init.problemOf(target);
    if (problem !== undefined) throw problem;
  }

  /** The code that has asked goes on, or fails, without it. */
  #giveUp(transaction: Transaction, failure: Failed["failure"], { target, order, added }: Loading): never {
    transaction.drop(failure, order, added);
    const problem = this.#init.noteFailure(failure);
    target.unloadable = problem;
    throw problem;
  }
}

/** What has been begun for one request. */
interface Loading {
  readonly target: ModuleRecord;
  readonly order: readonly ModuleRecord[];
  /** What nobody else has asked for. */
  readonly added: ReadonlySet<ModuleRecord>;
}

/** One request while it is answered. */
class PendingRequest {
  readonly #from: Generation;
  readonly #specifier: string;
  readonly #by: LateRequest["by"];
  readonly #isOfEvaluation = evaluatingGeneration() !== undefined;
  #target: ModuleRecord | undefined;

  constructor(from: Generation, specifier: string, by: LateRequest["by"]) {
    this.#from = from;
    this.#specifier = specifier;
    this.#by = by;
  }

  /** It leads to this module. Returns whether that is news. */
  noteTarget(target: ModuleRecord): boolean {
    const { lateImports, module } = this.#from;
    this.#target = target;
    this.#note(target);
    if (lateImports.get(this.#specifier) === target) return false;
    lateImports.set(this.#specifier, target);
    target.observer.structureChanged();
    if (module.live === this.#from) target.importers.add(module);
    return true;
  }

  async during<T>(answer: () => Promise<T>, explain: (error: unknown) => unknown = asIs): Promise<T> {
    try {
      return await answer();
    } catch (error) {
      throw this.#failed(explain(error));
    }
  }

  at<T>(answer: () => T): T {
    try {
      return answer();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): unknown {
    const isNews = this.#target === undefined && !this.#from.requests.has(this.#specifier);
    this.#note(error instanceof ModuleProblem && this.#target !== undefined ? error : undefined);
    if (isNews) this.#from.module.observer.structureChanged();
    return error instanceof ModuleProblem ? errorGivenFor(error) : error;
  }

  #note(answer: LateRequest["answer"]): void {
    const request = { by: this.#by, target: this.#target, answer, isOfEvaluation: this.#isOfEvaluation };
    noteRequest(this.#from, this.#specifier, request);
  }
}

/** All that a module needs, dependencies first, if nothing of it waits at top level, be it done by now. */
function orderAtOnce(target: ModuleRecord): readonly ModuleRecord[] {
  if (target.isCommonJs) return [target];
  const order = staticOrder([target]);
  const waiting = order.find(hasTopLevelAwait);
  if (waiting === undefined) return order;
  throw importError(
    `require() cannot wait for the top-level await of ${waiting.displayName}. Use import().`,
    "ERR_REQUIRE_ASYNC_MODULE",
  );
}

function inCycle({ displayName }: ModuleRecord): Error {
  const message = `require() cannot give ${displayName}: it imports what is being loaded, which asks for it.`;
  return importError(message, "ERR_REQUIRE_CYCLE_MODULE");
}

/** Read anew what has never run: somebody else has found it broken. */
function lookAgain(target: ModuleRecord): void {
  const unused = [...reach([target], importsOf)].filter(({ live }) => live === undefined);
  for (const module of unused) module.isOutdated = true;
  if (unused.length > 0) target.unloadable = undefined;
}

function whyNot({ module }: Generation, specifier: string, error: unknown): unknown {
  if (error instanceof PackageLoadError) return error.cause;
  if (error instanceof ModuleProblem && error.kind !== "unresolved") return error;
  return notFound({ module, specifier, error, position: firstProjectFrame(error) });
}

function asIs(error: unknown): unknown {
  return error;
}
