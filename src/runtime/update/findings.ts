import type { ModuleRecord } from "../model/module-record.ts";
import type { ModuleProblem } from "../model/problems.ts";
import type { RunReason } from "../model/run-reason.ts";
import type { Failure } from "../evaluate/evaluation-problem.ts";
import type { AnnouncedUpdate } from "./update-events.ts";
import { findProblem } from "./late-review.ts";

/** What earlier attempts of one update have found out, for the next one. */
export class Findings {
  /** Modules that have to run as well. */
  readonly seeds: Map<ModuleRecord, RunReason> = new Map();
  /** Not asked for, but they fill the same objects as what runs. */
  readonly coupledModules: Set<ModuleRecord> = new Set();
  /** Failed, although the entries do not need them. */
  readonly excluded: Map<ModuleRecord, ModuleProblem> = new Map();
  /** Kept values that do not outlive this edit. */
  readonly unkept: Map<ModuleRecord, Set<string>> = new Map();
  /** Whether it has been forgotten already what failed before. */
  isRetried = false;
  /** What listeners were told is about to happen. */
  announced: AnnouncedUpdate | undefined;

  noteUnplanned(unplanned: Iterable<readonly [ModuleRecord, RunReason]>): void {
    for (const [module, reason] of unplanned) this.seeds.set(module, reason);
  }

  noteUnkept(unkept: Iterable<readonly [ModuleRecord, readonly string[]]>): void {
    for (const [module, names] of unkept)
      this.unkept.set(module, new Set([...(this.unkept.get(module) ?? []), ...names]));
  }

  /**
   * The entries fail with a module that they need: its problem is returned. Any other one only kept a shared object
   * complete, or running code imports it: whoever needs it will be told, and it is left out.
   */
  noteFailure({ module, problem }: Failure, needed: readonly ModuleRecord[]): ModuleProblem | undefined {
    if (needed.includes(module)) return problem;
    this.excluded.set(module, problem);
    this.leaveOutUnlinked();
    return undefined;
  }

  /** Companions that cannot run, or that need something that cannot. Returns whether there were any. */
  leaveOutUnlinked(): boolean {
    const before = this.coupledModules.size;
    for (const companion of this.coupledModules) {
      const problem = findProblem(companion, this.excluded);
      if (problem === undefined) continue;
      this.coupledModules.delete(companion);
      this.excluded.set(companion, problem);
    }
    return this.coupledModules.size < before;
  }
}
