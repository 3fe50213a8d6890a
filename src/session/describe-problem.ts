import { firstProjectFrame, mapStackText, problemBehind } from "../runtime/index.ts";
import type { ModuleProblem } from "../runtime/index.ts";
import type { ProblemDetails, Route } from "../routes/index.ts";
import { withoutLabel } from "../protocol/orbit-error.ts";
import { messageOf } from "../protocol/message-of.ts";
import { frameOf } from "./code-frame.ts";
import type { Session } from "./session.ts";

/** Tell users what a handler threw, and describe it for the client. */
export function noteThrown(
  session: Session,
  error: unknown,
  { method, route }: { readonly method: string; readonly route: Route },
): ProblemDetails {
  // What it has asked for cannot be loaded, and it has not caught that.
  const problem = problemBehind(error);
  if (problem !== undefined) session.lateProblems.review();
  if (problem === undefined || !session.lateProblems.isReported(problem))
    session.noteThrown(error, route.path, `${method} ${route.path} threw`);
  return problem === undefined ? describeThrown(session, error) : describeProblem(session, problem);
}

/** What was told of a route's exports: new code has other ones. */
const faultsTold = new WeakMap<object, Set<string>>();

/** Tell users once that a route's code answers in a way that cannot be sent. */
export function noteFault(
  session: Session,
  { detail, file = "" }: ProblemDetails,
  { namespace, route }: { readonly namespace: object; readonly route: Route },
): void {
  const told = faultsTold.get(namespace) ?? new Set();
  faultsTold.set(namespace, told);
  const topic = `${session.runtime.version} ${detail}`;
  if (told.has(topic)) return;
  told.add(topic);
  const problem = { message: withoutLabel(detail), file, offersRestart: false, routes: [] };
  session.log.append({ type: "threw", at: Date.now(), route: route.path, problem });
}

const TITLES: Readonly<Record<ModuleProblem["kind"], string>> = {
  transform: "The code has an error",
  unresolved: "An import cannot be found",
  "missing-export": "An import is not exported",
  evaluation: "The code throws while it loads",
  deadline: "The code does not finish loading",
};

/** What keeps a route from being answered at all. */
export function describeProblem(session: Session, problem: ModuleProblem): ProblemDetails {
  const { names, runtime } = session;
  return {
    type: `urn:orbit-hmr:${problem.kind}`,
    title: TITLES[problem.kind],
    status: 500,
    detail: names.withoutRoot(problem.message),
    file: problem.file === undefined ? undefined : names.relative(problem.file),
    line: problem.line,
    column: problem.column,
    frame: problem.frame ?? frameOf(problem.file, problem),
    version: runtime.version,
  };
}

function describeThrown(session: Session, error: unknown): ProblemDetails {
  const { names, runtime } = session;
  const position = firstProjectFrame(error);
  const stack =
    error instanceof Error && error.stack !== undefined ? mapStackText(error.stack) : messageOf(error);
  return {
    type: "urn:orbit-hmr:handler-threw",
    title: "The handler threw",
    status: 500,
    detail: names.publicStack(stack),
    file: position && names.relative(position.file),
    line: position?.line,
    column: position?.column,
    frame: frameOf(position?.file, position),
    version: runtime.version,
  };
}
