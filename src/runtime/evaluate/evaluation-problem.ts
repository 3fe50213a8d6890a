import { firstProjectFrame, wasThrownByPackage } from "../link/stack-traces.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { messageOf } from "../../protocol/message-of.ts";
import { ModuleProblem } from "../model/problems.ts";

/** An evaluation that failed. */
export interface Failure {
  readonly module: ModuleRecord;
  readonly problem: ModuleProblem;
  /** What ran before it in the same transaction, and did not fail. */
  readonly before: ReadonlySet<ModuleRecord>;
}

/** Why an evaluation of a module has failed. */
export function evaluationProblem(module: ModuleRecord, error: unknown): ModuleProblem {
  if (error instanceof ModuleProblem) return error;
  const remembers = module.live !== undefined && wasThrownByPackage(error);
  const hint = remembers ? " This package remembers the previous evaluation: dispose of it, or restart." : "";
  return new ModuleProblem({
    kind: "evaluation",
    message: `${messageOf(error)}${hint}`,
    file: module.file,
    position: firstProjectFrame(error),
    // Also what a package throws: its service may be down just now.
    mayPass: true,
    offersRestart: remembers,
    cause: error,
  });
}
