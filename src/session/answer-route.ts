import type { IncomingMessage, ServerResponse } from "node:http";
import {
  cutResponse,
  dispatchRequest,
  isKnownToFetch,
  pathnameOf,
  problemOfMatch,
  problemResponse,
  refuseMethod,
  sendWebResponse,
  toWebRequest,
  urlOf,
} from "../routes/index.ts";
import type { ProblemDetails, RouteMatch } from "../routes/index.ts";
import { firstProjectFrame, mapStackText, ModuleProblem } from "../runtime/index.ts";
import type { RequestView } from "./request-view.ts";
import type { Session } from "./session.ts";
import { frameOf } from "./code-frame.ts";
import { messageOf } from "../protocol/message-of.ts";

/** Whether a pathname lies under the prefix of the routes. */
export function isApiPath(pathname: string, prefix: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

/** Answer one request under the prefix: match, bring the route up to date, run its handler, send what it returns. */
export async function answerRoute(session: Session, exchange: Exchange): Promise<void> {
  const { href } = urlOf(exchange.incoming, session.options);
  const pathname = pathnameOf(href);
  const look = await session.arrive();
  const match = look.table.match(pathname);
  if (match.kind === "route") {
    await answerMatched(session, match, { exchange, href, look });
  } else {
    // A path without a route is a program's mistake far more often than a person's: JSON, whoever asks.
    await sendProblem(session, exchange, problemResponse(problemOfMatch(match, pathname), { accept: null }));
  }
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

interface Arrived {
  readonly exchange: Exchange;
  readonly href: string;
  readonly look: RequestView;
}

async function answerMatched(
  session: Session,
  match: RouteMatch & { kind: "route" },
  { exchange, href, look }: Arrived,
): Promise<void> {
  const { incoming, outgoing } = exchange;
  const entry = session.routes.entryOf(match.route);
  const found = look.ready(entry);
  // Nearly always it is known by now, and nothing has to wait.
  const readiness = found instanceof Promise ? await found : found;
  // The plugin has other options now, and what they make of the request is another session's business.
  if (session.isClosed) return session.server.answer(incoming, outgoing);
  const module = session.runtime.entry(entry);
  if (readiness.status === "broken") {
    const isServable = session.options.hmr.onError === "last-good" && module?.live !== undefined;
    if (!isServable) {
      const problem = describeProblem(session, readiness.problem);
      return sendProblem(session, exchange, problemResponse(problem, acceptOf(incoming)));
    }
    outgoing.setHeader("x-orbit-stale", staleHeader(session, readiness.problem));
  }
  if (module === undefined) throw new Error(`[orbit] ${match.route.file} is ready but not loaded.`);
  // From here to the first line of the handler nothing is awaited: what was checked is what runs.
  const open = session.runtime.beginRequest(entry, () => cutResponse(outgoing));
  outgoing.setHeader("x-orbit-version", String(open.version));
  try {
    const response = await open.run(() => answerWith(session, module.namespace, match, { exchange, href }));
    // What is sent is Node's business, and only what is streamed is the handler's.
    await sendWebResponse(response, exchange, open);
  } finally {
    open.close();
    session.noteAnswered();
  }
}

async function answerWith(
  session: Session,
  namespace: object,
  match: RouteMatch & { kind: "route" },
  { exchange, href }: Pick<Arrived, "exchange" | "href">,
): Promise<Response> {
  const { incoming } = exchange;
  const { method = "GET" } = incoming;
  if (!isKnownToFetch(method)) return refuseMethod(namespace, { method, ...acceptOf(incoming) }, match.route);
  try {
    return await dispatchRequest(namespace, toWebRequest(exchange, session.options, href), match);
  } catch (error) {
    // What it has asked for cannot be loaded, and it has not caught that.
    const isProblem = error instanceof ModuleProblem;
    if (isProblem) session.lateProblems.review();
    if (!isProblem || !session.lateProblems.isReported(error))
      session.noteThrown(error, match.route.path, `${method} ${match.route.path} threw`);
    const details = isProblem ? describeProblem(session, error) : describeThrown(session, error);
    return problemResponse(details, acceptOf(incoming));
  }
}

async function sendProblem(session: Session, exchange: Exchange, problem: Response): Promise<void> {
  exchange.outgoing.setHeader("x-orbit-version", String(session.runtime.version));
  await sendWebResponse(problem, exchange);
}

function acceptOf({ headers }: IncomingMessage): { readonly accept: string | null } {
  return { accept: headers.accept ?? null };
}

const TITLES: Readonly<Record<ModuleProblem["kind"], string>> = {
  transform: "The code has an error",
  unresolved: "An import cannot be found",
  "missing-export": "An import is not exported",
  evaluation: "The code throws while it loads",
  deadline: "The code does not finish loading",
};

function describeProblem(session: Session, problem: ModuleProblem): ProblemDetails {
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

/** `<file>:<line>:<column> <message>`, on one line and in ASCII, as headers have to be. */
function staleHeader(session: Session, problem: ModuleProblem): string {
  const file = session.names.relative(problem.file ?? "");
  const place = [file, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  const text = `${place} ${session.names.withoutRoot(problem.message)}`;
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[^\x20-\x7E]/g, "?")
    .slice(0, MAX_HEADER);
}

const MAX_HEADER = 500;
