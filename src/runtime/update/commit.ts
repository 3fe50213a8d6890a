import { DEFAULT_EXPORT } from "../analysis/index.ts";
import { lostValues } from "../effects/lost-values.ts";
import { carriedResourcesOf } from "../effects/carried-resources.ts";
import { logValues } from "../effects/carry-log.ts";
import { cellsOf } from "../effects/cells.ts";
import type { ResetCell } from "../effects/cells.ts";
import { adoptInstances } from "../effects/class-instances.ts";
import { emptiedFor } from "../effects/filled-globals.ts";
import { findHandedBack } from "../effects/handed-back.ts";
import { findOutdatedMemos } from "../effects/memos.ts";
import { clearOutdatedCaches } from "../effects/outdated-caches.ts";
import type { Generation } from "../model/generation.ts";
import type { RuntimeNotice } from "../host.ts";
import { runClosing } from "../model/context.ts";
import type { HotUpdates } from "./hot-updates.ts";
import type { CloseReason } from "../model/hot-handlers.ts";
import type { Linker } from "../link/linker.ts";
import type { Ownership, ResourceKind } from "../ownership/index.ts";
import { connectLive, disconnect } from "../model/live-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { EvaluationPlan } from "../model/evaluation-plan.ts";
import type { RunReason } from "../model/run-reason.ts";
import type { Requests } from "./requests.ts";
import { evaluationsSoFar } from "../model/clock.ts";
import type { Transaction } from "../evaluate/transaction.ts";

/** What a commit did. */
export interface Commit {
  readonly version: number;
  readonly ran: ReadonlyMap<ModuleRecord, RunReason>;
  readonly spared: ReadonlySet<ModuleRecord>;
  readonly pruned: ReadonlySet<ModuleRecord>;
  /** Top-level bindings of modules that ran again, as `module:name`. */
  readonly kept: readonly string[];
  readonly reset: readonly ResetCell[];
  /** Values that go on although what they were made from says something else now. */
  readonly outdated: readonly ResetCell[];
  /** Resolves when old generations are closed, with what that was: resources by kind, and dispose handlers. */
  readonly closed: Promise<readonly Closed[]>;
}

/** So many things of one kind that belonged to one module. */
interface Closed {
  readonly kind: ResourceKind | "dispose handler";
  readonly module: string;
  readonly count: number;
}

interface CommitterInit {
  readonly linker: Linker;
  readonly hot: HotUpdates;
  readonly requests: Requests;
  readonly drainDeadlineMs: number;
  readonly notice: (notice: RuntimeNotice) => void;
  readonly onCommit: ((commit: Commit) => void) | undefined;
  readonly ownership: Ownership;
}

/** How long one generation's resources may take to close. */
const CLOSE_DEADLINE_MS = 5_000;

/** Makes transactions live, and closes what they replace. */
export class Committer {
  readonly #init: CommitterInit;
  /** Old generations that are being closed. */
  readonly #closing = new Set<Promise<unknown>>();

  constructor(init: CommitterInit) {
    this.#init = init;
  }

  /** One synchronous step: nobody ever sees half of it. */
  commit(transaction: Transaction, plan: EvaluationPlan): Commit {
    const { linker, requests, hot, onCommit } = this.#init;
    const replaced = new Map([...transaction.pending.keys()].map((module) => [module, module.live]));
    // What nothing imported any more may have been imported late by what has run just now.
    const pruned = new Set([...plan.pruned].filter((module) => !replaced.has(module)));
    const old = [...replaced.values(), ...[...pruned].map(({ live }) => live)].filter(isGeneration);
    for (const generation of transaction.failed) void this.#letGo(generation, "abandoned");
    const callAccepted = hot.acceptance.prepare(new Set(replaced.keys()));
    requests.commit(old, (version) => transaction.settle(version));
    markSpoiled(transaction);
    connectLive(replaced, linker.graph);
    for (const module of pruned) {
      linker.forget(module);
      disconnect(module);
      module.noteAttempt(undefined);
    }
    for (const [module, stale] of plan.stale) module.markStale(stale);
    for (const module of replaced.keys()) module.live?.becomeLive();
    const { stateful } = linker.graph.roles;
    const outdated = [
      ...adoptInstances(replaced, { stateful, all: linker.records }),
      ...findHandedBack(replaced),
      ...findOutdatedMemos(plan.spared, replaced),
    ];
    const closed = this.#closeOld(old, pruned);
    this.#closing.add(closed);
    void closed.finally(() => this.#closing.delete(closed));
    const ran = new Map([...late(replaced, plan), ...plan.run].filter(([module]) => replaced.has(module)));
    const { kept, reset } = describeCells(replaced, clearOutdatedCaches(replaced));
    const commit = {
      version: requests.version,
      ran,
      spared: plan.spared,
      pruned,
      kept,
      reset,
      outdated,
      closed,
    };
    logValues(commit);
    onCommit?.(commit);
    callAccepted();
    return commit;
  }

  /** Clean up after a transaction that came to nothing. */
  async abandon(transaction: Transaction): Promise<void> {
    const started = transaction.abandon();
    markSpoiled(transaction);
    for (const generation of started.toReversed()) await this.#letGo(generation, "abandoned");
  }

  /** Let everything go, last evaluated first. */
  async close(): Promise<void> {
    this.#init.requests.stopWaiting();
    await Promise.all(this.#closing);
    const live = [...this.#init.linker.records].flatMap((module) => module.live ?? []);
    for (const generation of live.toSorted((a, b) => b.evaluatedAs - a.evaluatedAs)) {
      await this.#letGo(generation, "closing");
    }
  }

  async #closeOld(old: readonly Generation[], pruned: ReadonlySet<ModuleRecord>): Promise<Closed[]> {
    const { requests, drainDeadlineMs } = this.#init;
    const outlive = await requests.drained(new Set(old.map(({ module }) => module)), drainDeadlineMs);
    const isPruned = ({ module }: Generation): boolean => pruned.has(module);
    // Last opened, first closed.
    const lastFirst = old.toSorted((a, b) => b.evaluatedAs - a.evaluatedAs);
    await this.#init.hot.events.beginPrune(lastFirst.filter(isPruned));
    for (const generation of lastFirst)
      await generation.hot?.disposeAll(isPruned(generation) ? "pruned" : "replaced");
    for (const generation of lastFirst.filter(isPruned)) await generation.hot?.pruneAll();
    const closing = new Set<ModuleRecord>();
    const all: Closed[] = [];
    for (const generation of lastFirst) {
      const closed = await this.#letGo(generation, isPruned(generation) ? "pruned" : "replaced");
      if (closed.length > 0) closing.add(generation.module);
      all.push(...closed);
    }
    outlive(closing);
    return all;
  }

  /** Close what a generation leaves behind: its own handlers first, then what it still owns. Returns what that was. */
  #letGo(generation: Generation, reason: CloseReason): Promise<readonly Closed[]> {
    return runClosing(generation.module.displayName, async () => this.#close(generation, reason));
  }

  async #close(generation: Generation, reason: CloseReason): Promise<readonly Closed[]> {
    generation.letGo();
    if (generation.module.attempted !== generation.outside) generation.outside?.release();
    await generation.hot?.disposeAll(reason);
    const resources = await this.#init.ownership.closeAll(generation, {
      deadlineMs: CLOSE_DEADLINE_MS,
      reason,
    });
    const counts = new Map<Closed["kind"], number>();
    for (const resource of resources) {
      const { kind, module, status } = resource;
      if (status === "closed") counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (status === "failed") this.#init.notice({ kind: "dispose-failed", module, error: resource.error });
    }
    const handlers = generation.hot?.handlersRun ?? 0;
    if (handlers > 0) counts.set("dispose handler", handlers);
    return [...counts].map(([kind, count]) => ({ kind, module: generation.module.displayName, count }));
  }
}

/** What an evaluation that failed has changed for good has to be built anew. */
function markSpoiled({ journal }: Transaction): void {
  const since = evaluationsSoFar();
  for (const [module, by] of journal.notRestored)
    module.markStale({ reason: { kind: "contribution", by }, since });
}

/** What the replaced generations handed on, and what begins anew. */
function describeCells(
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
  cleared: readonly ResetCell[],
): Pick<Commit, "kept" | "reset"> {
  // Of data that a file says nothing is state: it is what the file says now.
  const both = [...replaced].flatMap(([module, before]) =>
    before === undefined || isData(module.file) ? [] : [{ module, before }],
  );
  const modules = both.map(({ module }) => module);
  const livedBefore = (module: ModuleRecord): Generation | undefined => replaced.get(module) ?? module.live;
  const lost = both.flatMap(({ module: { displayName, live }, before }) =>
    live === undefined
      ? []
      : lostValues(before, live, livedBefore).map(({ name, why }) => ({
          name: toldName(displayName, name),
          why,
        })),
  );
  return {
    kept: modules.flatMap(({ displayName, live }) =>
      [
        ...(live === undefined ? [] : cellsOf(live).kept),
        ...(live === undefined ? [] : carriedResourcesOf(live).carried),
      ].map((name) => toldName(displayName, name)),
    ),
    reset: [
      ...modules.flatMap(({ displayName, live }) =>
        (live === undefined ? [] : cellsOf(live).resets).map(({ name, why }) => ({
          name: toldName(displayName, name),
          why,
        })),
      ),
      ...modules.flatMap(({ displayName, live }) =>
        (live === undefined ? [] : emptiedFor(live)).map((name) => ({
          name: toldName(displayName, name),
          why: "what it was built from changed",
        })),
      ),
      ...lost,
      ...cleared,
    ],
  };
}

function toldName(module: string, name: string): string {
  return `${module}:${name === DEFAULT_EXPORT ? "default" : name}`;
}

function isData(file: string | undefined): boolean {
  return file?.endsWith(".json") === true;
}

/** What a plan could not know: modules that its evaluations imported while running. */
function* late(
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
  plan: EvaluationPlan,
): Iterable<[ModuleRecord, RunReason]> {
  for (const [module, live] of replaced) {
    if (!plan.run.has(module)) yield [module, { kind: live === undefined ? "new" : "requested" }];
  }
}

function isGeneration(live: Generation | undefined): live is Generation {
  return live !== undefined;
}
