import { firstProjectFrame, mapStackText, problemBehind } from "../runtime/index.ts";
import type { ModuleProblem } from "../runtime/index.ts";
import type { SourcePosition } from "../protocol/text-position.ts";
import { frameOf } from "./code-frame.ts";
import type { ShownProblem } from "./events.ts";
import type { PublicNames } from "./public-names.ts";
import { messageOf } from "../protocol/message-of.ts";

/** Why an entry cannot be loaded. */
export function showProblem(
  problem: ModuleProblem,
  names: PublicNames,
  routesReaching: (file: string) => readonly string[],
): ShownProblem {
  const { message, file, line, column, offersRestart } = problem;
  const stack = problem.kind === "evaluation" && problem.cause instanceof Error ? problem.cause.stack : "";
  return {
    message,
    file: names.relative(file ?? ""),
    line,
    column,
    get frame() {
      return problem.frame ?? frameOf(file, problem);
    },
    get stack() {
      return mapped(stack);
    },
    offersRestart,
    get routes() {
      return file === undefined ? [] : routesReaching(file);
    },
  };
}

/** An error that a route's code threw, rejected with, or let escape. The message begins with `how`. */
export function showThrown(error: unknown, how: string, names: PublicNames): ShownProblem {
  const problem = problemBehind(error);
  const position = problem === undefined ? firstProjectFrame(error) : placeOf(problem);
  return {
    message: `${how}: ${messageOf(error)}`,
    file: names.relative(position?.file ?? ""),
    line: position?.line,
    column: position?.column,
    get frame() {
      return frameOf(position?.file, position);
    },
    get stack() {
      return mapped(error instanceof Error ? error.stack : undefined);
    },
    offersRestart: false,
    routes: [],
  };
}

function placeOf({ file, line = 1, column = 1 }: ModuleProblem): SourcePosition | undefined {
  return file === undefined ? undefined : { file, line, column };
}

function mapped(stack: string | undefined = ""): string | undefined {
  return stack === "" ? undefined : mapStackText(stack);
}
