import type { Committer } from "./commit.ts";
import type { EvaluationPort } from "../evaluate/evaluation.ts";
import { ActiveTransactions } from "./active-transactions.ts";
import { Failures } from "./failures.ts";
import { PackageMemory } from "./package-memory.ts";
import type { Repetition } from "./package-memory.ts";
import { rememberedProblem } from "../evaluate/evaluation-problem.ts";
import type { Failure } from "../evaluate/evaluation-problem.ts";
import type { RuntimeHost } from "../host.ts";
import type { HotUpdates } from "./hot-updates.ts";
import { findLinkProblem } from "../link/link-problems.ts";
import type { Linker } from "../link/linker.ts";
import { staticOrder } from "../model/edges.ts";
import { Findings } from "./findings.ts";
import { findProblem, reviewRequests } from "./late-review.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { ModuleSource } from "../model/module-source.ts";
import { isNothingToDo, planEvaluation, planOfNew } from "./planner.ts";
import type { EvaluationPlan } from "../model/evaluation-plan.ts";
import type { PlanRequest } from "./planner.ts";
import { ModuleProblem } from "../model/problems.ts";
import type { Propagation } from "./propagation.ts";
import { Transaction } from "../evaluate/transaction.ts";
import type { Failed } from "../evaluate/transaction.ts";
import type { KeepRules } from "../evaluate/keep-policy.ts";
import { logAgain, logPlan } from "./update-log.ts";
import { AGAIN, failed, stepAfter } from "./step.ts";
import type { Outcome, Step } from "./step.ts";
import { Mutex } from "./mutex.ts";
import type { Turn } from "./mutex.ts";

/** What to bring up to date, and how. */
export interface UpdateRequest {
  readonly entries: readonly ModuleRecord[];
  /** `load` only adds modules that have not run: it never replaces anything. */
  readonly mode: "reload" | "load";
  /** Evaluate again what failed, although nothing changed. */
  readonly isRetry: boolean;
}

interface UpdatesInit {
  readonly linker: Linker;
  readonly committer: Committer;
  readonly hot: HotUpdates;
  readonly port: EvaluationPort;
  readonly notice: RuntimeHost["notice"];
  /** Counts commits. */
  readonly version: () => number;
  readonly propagation: Propagation;
  readonly preserveState: boolean;
  readonly restoreCell: KeepRules["restore"];
  readonly evaluationDeadlineMs: number;
}

/** An attempt begins again because it found modules to add or to leave out. That can happen to each only once. */
const MAX_ATTEMPTS = 100;

/** Brings modules to what their files say: link, plan, evaluate aside, commit; again from the start if need be. */
export class Updates {
  readonly #init: UpdatesInit;
  readonly #turns = new Mutex();
  readonly #failures = new Failures(() => this.#graph);
  readonly #memory = new PackageMemory();
  readonly #active = new ActiveTransactions();
  #isClosed = false;
  /** By entry: the outcome that holds as long as nothing changes. */
  readonly #settled = new WeakMap<ModuleRecord, { readonly revision: number; readonly outcome: Outcome }>();

  constructor(init: UpdatesInit) {
    this.#init = init;
  }

  get #graph(): ModuleGraph {
    return this.#init.linker.graph;
  }

  async run(request: UpdateRequest): Promise<Outcome> {
    const entry = onlyEntryOf(request);
    const last = entry === undefined || request.isRetry ? undefined : this.#settled.get(entry);
    if (last?.revision === this.#graph.revision) return last.outcome;
    const findings = new Findings();
    for (let attempts = 0; attempts < MAX_ATTEMPTS;) {
      const before = this.#graph.revision;
      const step = await this.#turns.during(async (turn) => this.#attempt(request, findings, turn));
      if (step.kind === "done") {
        findings.announced?.end();
        // Nothing was read, nothing has run: the same question has the same answer.
        if (entry !== undefined && before === this.#graph.revision) {
          this.#settled.set(entry, { revision: before, outcome: step.outcome });
        }
        return step.outcome;
      }
      if (step.kind === "wait") await step.for;
      else attempts++;
    }
    const files = [...request.entries].map(({ displayName }) => displayName).join(", ");
    throw new Error(
      `[orbit] The modules of ${files} kept scope each other run again: gave up after ${MAX_ATTEMPTS} attempts. NODE_DEBUG=orbit:plan says why.`,
    );
  }

  /** Evaluate a module that has never run, with all that it needs, and nothing else. Returns why that failed. */
  async load(module: ModuleRecord): Promise<ModuleProblem | undefined> {
    const outcome = await this.run({ entries: [module], mode: "load", isRetry: false });
    return outcome.status === "failed" ? outcome.problem : undefined;
  }

  /** Nothing becomes live any more: what is under way may end by itself, and is abandoned after a while. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const transaction of await this.#active.end()) await this.#init.committer.abandon(transaction);
  }

  /** `require` cannot wait: modules that have not run, dependencies first, evaluated and live before it returns. */
  loadNow(order: readonly ModuleRecord[]): ModuleProblem | undefined {
    const { committer } = this.#init;
    const transaction = this.#createTransaction();
    const failure = transaction.evaluateNow(order);
    if (failure !== undefined) {
      transaction.noteAttempts();
      void committer.abandon(transaction);
      return this.noteFailure(failure);
    }
    committer.commit(transaction, planOfNew(transaction.pending.keys()));
    return undefined;
  }

  /** Why a module cannot be had, as far as its newest texts and earlier attempts tell. */
  problemOf(module: ModuleRecord): ModuleProblem | undefined {
    const needed = staticOrder([module]);
    return findLinkProblem(needed) ?? this.#failures.problemOf(needed);
  }

  /** An evaluation has failed while others go on. Returns its problem: found once more it is the one of before. */
  noteFailure(failure: Failure): ModuleProblem {
    return this.#failures.note(failure).problem;
  }

  async #attempt(request: UpdateRequest, findings: Findings, turn: Turn): Promise<Step> {
    const { coupledModules, excluded } = findings;
    const entries = [...request.entries, ...coupledModules];
    const closure = await this.#init.linker.linkClosure(entries);
    const needed = this.#graph.neededBy(request.entries);
    const problem = findLinkProblem(needed);
    if (problem !== undefined) {
      await this.#init.hot.refuse(this.#graph.editedIn(closure), async (running) => turn.lend(running));
      return failed(problem);
    }
    if (findings.leaveOutUnlinked()) return AGAIN;
    // What failed before is tried again, once.
    if (request.isRetry && !findings.isRetried) this.#failures.forget(this.#graph.watchedFrom(entries));
    findings.isRetried = true;
    const problemOf = (target: ModuleRecord): ModuleProblem | undefined =>
      findProblem(target, excluded) ?? this.problemOf(target);
    if (request.mode === "reload" && reviewRequests(closure, problemOf)) return AGAIN;
    const plan = planEvaluation(this.#planRequest({ ...request, entries }, closure, findings));
    if (plan.coupledModules.size > 0) {
      for (const module of plan.coupledModules) coupledModules.add(module);
      return AGAIN;
    }
    const busy = this.#active.findBusy([...closure, ...plan.run.keys()]);
    if (busy !== undefined) return { kind: "wait", for: busy };
    const known = this.#failures.find(plan.run.keys());
    if (known !== undefined) return stepAfter(findings.noteFailure(known, needed));
    this.#init.hot.acceptance.noteSavedAssets(closure);
    if (isNothingToDo(plan)) return { kind: "done", outcome: { status: "unchanged" } };
    logPlan(plan);
    return this.#evaluate({ plan, needed, findings, turn });
  }

  #planRequest(request: UpdateRequest, closure: ReadonlySet<ModuleRecord>, findings: Findings): PlanRequest {
    const { linker, propagation } = this.#init;
    const { seeds, excluded } = findings;
    return { ...request, seeds, excluded, graph: linker.graph, closure, propagation };
  }

  async #evaluate({ plan, needed, findings, turn }: EvaluationInit): Promise<Step> {
    const { committer, version } = this.#init;
    const transaction = this.#createTransaction({ plan, findings });
    const since = version();
    const wait = async (running: Promise<void>): Promise<void> => turn.lend(running);
    const begunWith = [...plan.run.keys(), ...needed].map((module) => ({ module, source: module.source }));
    return this.#active.during(transaction, async () => {
      transaction.add(plan.run.keys(), plan.pruned);
      findings.announced ??= await this.#init.hot.events.begin(plan.run, wait);
      const attempt = await transaction.evaluate({ order: [...plan.run.keys()], waits: plan.waits }, wait);
      if (attempt.status === "failed") {
        // It fails for what it began with: what is newer has to be tried first.
        const isOutdated =
          transaction.isOutdated || begunWith.some(({ module, source }) => module.source !== source);
        const failure = await this.#giveUp(transaction, attempt, { isOutdated, findings, turn });
        return stepAfter(failure && findings.noteFailure(failure, needed));
      }
      if (this.#isClosed) {
        await committer.abandon(transaction);
        return failed(new ModuleProblem({ kind: "evaluation", message: "The dev server is closing." }));
      }
      const unplanned = transaction.findUnplanned(plan, this.#graph);
      const unkept = transaction.findUnkept();
      const isOvertaken = transaction.isOvertaken(since);
      if (unkept.size === 0 && unplanned.size === 0 && !isOvertaken) {
        return {
          kind: "done",
          outcome: { status: "committed", commit: committer.commit(transaction, plan) },
        };
      }
      logAgain({ unplanned, unkept, isOvertaken });
      await committer.abandon(transaction);
      findings.noteUnplanned(unplanned);
      findings.noteUnkept(unkept);
      return AGAIN;
    });
  }

  /** Returns the failure, if trying again as it is would come to the same. */
  async #giveUp(
    transaction: Transaction,
    { failure, carried }: Failed,
    { isOutdated, findings, turn }: GivingUp,
  ): Promise<Failure | undefined> {
    transaction.noteAttempts();
    const isFinal = !isOutdated && carried.length === 0;
    const known = isFinal ? this.#failures.note(failure) : undefined;
    const refused = isFinal ? this.#graph.editedIn(new Set(transaction.pending.keys())) : [];
    await this.#init.committer.abandon(transaction);
    this.#init.hot.acceptance.refuse(refused);
    // Perhaps something was done twice to what goes on: a client that is connected refuses to connect.
    if (!isOutdated && known === undefined) findings.noteUnkept([[failure.module, carried]]);
    if (known === undefined || this.#isClosed) return known;
    const isRemembered = await this.#memory.isToBlame(known, async (body) => this.#repeat(turn, body));
    return isRemembered ? this.#failures.explain(known, rememberedProblem(known.problem)) : known;
  }

  /** What has been live is evaluated once more, aside, and abandoned. */
  async #repeat(turn: Turn, body: Repetition): Promise<boolean> {
    const transaction = this.#createTransaction({ sourceOf: ({ live }) => live?.source });
    return this.#active.during(transaction, async () => {
      try {
        return await body(transaction, async (running) => turn.lend(running));
      } finally {
        await this.#init.committer.abandon(transaction);
      }
    });
  }

  #createTransaction({ plan, findings, sourceOf }: TransactionParts = {}): Transaction {
    const { port, notice, evaluationDeadlineMs, preserveState, restoreCell } = this.#init;
    return new Transaction({
      port,
      notice,
      sourceOf,
      deadlineMs: evaluationDeadlineMs,
      keepRules: {
        preserveState,
        restore: restoreCell,
        unkept: findings?.unkept ?? new Map(),
        reasonOf: (module) => plan?.run.get(module),
        isSpared: (module) => plan?.spared.has(module) === true,
      },
    });
  }
}

interface TransactionParts {
  readonly plan?: EvaluationPlan;
  readonly findings?: Findings;
  /** Which text of a module is evaluated; the newest by default. */
  readonly sourceOf?: (module: ModuleRecord) => ModuleSource | undefined;
}

interface GivingUp {
  readonly isOutdated: boolean;
  readonly findings: Findings;
  readonly turn: Turn;
}

interface EvaluationInit {
  readonly plan: EvaluationPlan;
  /** What the entries cannot do without, dependencies first. */
  readonly needed: readonly ModuleRecord[];
  readonly findings: Findings;
  readonly turn: Turn;
}

/** What a request that serves one entry asks for. */
function onlyEntryOf({ entries, mode }: UpdateRequest): ModuleRecord | undefined {
  return mode === "reload" && entries.length === 1 ? entries[0] : undefined;
}
