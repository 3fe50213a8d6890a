import { firstProjectFrame } from "../link/stack-traces.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { problemBehind } from "../model/given-errors.ts";
import { messageOf } from "../../protocol/message-of.ts";
import { ModuleProblem, withHint } from "../model/problems.ts";

/** An evaluation that failed. */
export interface Failure {
  readonly module: ModuleRecord;
  readonly problem: ModuleProblem;
  /** What ran before it in the same transaction, and did not fail. */
  readonly before: ReadonlySet<ModuleRecord>;
}

/**
 * Why an evaluation of a module has failed.
 *
 * @param disposed modules that have cleaned up for it, and cannot take that back
 */
export function evaluationProblem(
  module: ModuleRecord,
  error: unknown,
  disposed: readonly string[] = [],
): ModuleProblem {
  const behind = problemBehind(error);
  if (behind !== undefined) return behind;
  const consequence =
    disposed.length === 0
      ? ""
      : ` The dispose handlers of ${disposed.join(", ")} have run: what they closed stays closed until this is mended.`;
  return new ModuleProblem({
    kind: "evaluation",
    message: `${messageOf(error)}${consequence}`,
    file: module.file,
    position: firstProjectFrame(error),
    // Also what a package throws: its service may be down just now.
    mayPass: true,
    cause: error,
  });
}

/** What was thrown, without what is said about it besides. */
export function thrownBy({ cause }: ModuleProblem): string {
  return messageOf(cause);
}

/** The same problem, where it is proven that only the memory of a package is in the way. */
export function rememberedProblem(problem: ModuleProblem): ModuleProblem {
  const { message, cause, file, line, column, kind, mayPass, frame } = problem;
  return new ModuleProblem({
    kind,
    message: withHint(message, "This package remembers the previous evaluation: dispose of it, or restart."),
    file,
    position: { line, column },
    frame,
    mayPass,
    offersRestart: true,
    cause,
  });
}
