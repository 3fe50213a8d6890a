import type { IncomingMessage, ServerResponse } from "node:http";
import { appBindings } from "../node/app-bindings.ts";
import { hintOnMisread } from "../node/misread.ts";
import { listenerOf } from "../node/recognise.ts";
import {
  cutResponse,
  dispatchRequest,
  exportFor,
  isKnownToFetch,
  methodAsInFetch,
  pathnameOf,
  problemOfMatch,
  problemResponse,
  refuseMethod,
  sendWebResponse,
  toWebRequest,
  urlOf,
} from "../routes/index.ts";
import type { RouteMatch } from "../routes/index.ts";
import type { ModuleProblem } from "../runtime/index.ts";
import { answerByListener } from "./answer-by-listener.ts";
import { withPageClient } from "./page-client.ts";
import { describeProblem, noteFault, noteThrown } from "./describe-problem.ts";
import type { RequestView } from "./request-view.ts";
import type { Session } from "./session.ts";
import { unmatchedProblem } from "./unmatched-problem.ts";

/** Whether a pathname lies under the prefix of the routes. */
export function isApiPath(pathname: string, prefix: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** A request under the prefix, and who takes it when no route does. */
export interface RoutedExchange extends Exchange {
  readonly leave: () => void;
}

/**
 * Answer one request under the prefix: match, bring the route up to date, run its handler, send what it returns. What no
 * route answers, and what an app that is a route leaves, is left to others.
 */
export async function answerRoute(session: Session, exchange: RoutedExchange): Promise<void> {
  const { href } = urlOf(exchange.incoming, session.options);
  const pathname = pathnameOf(href);
  const look = await session.arrive();
  const match = look.table.match(pathname);
  if (match.kind === "none") return exchange.leave();
  if (match.kind === "route") return answerMatched(session, match, { exchange, href, look });
  await sendProblem(session, exchange, problemResponse(problemOfMatch(match, pathname), { accept: null }));
}

/** Answer a request that no route has answered and nobody else has taken. */
export async function answerUnmatched(session: Session, exchange: Exchange): Promise<void> {
  const pathname = pathnameOf(urlOf(exchange.incoming, session.options).href);
  const { routes } = session.routes.table();
  const problem = unmatchedProblem(session, pathname);
  const response = problemResponse(problem, { ...acceptOf(exchange.incoming), routes });
  await sendProblem(session, exchange, response);
}

interface Arrived {
  readonly exchange: RoutedExchange;
  readonly href: string;
  readonly look: RequestView;
}

async function answerMatched(
  session: Session,
  match: RouteMatch & { kind: "route" },
  { exchange, href, look }: Arrived,
): Promise<void> {
  const { incoming, outgoing, leave } = exchange;
  const entry = session.routes.entryOf(match.route);
  const found = look.ready(entry);
  // Nearly always it is known by now, and nothing has to wait.
  const readiness = found instanceof Promise ? await session.preparations.during(found) : found;
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
  let isLeft = false;
  try {
    const method = methodAsInFetch(incoming.method ?? "GET");
    const listener = open.run(() => listenerOf(exportFor(module.namespace, method)));
    if (listener === undefined) {
      const answer = await open.run(() => answerWith(session, module.namespace, match, { exchange, href }));
      const response = withPageClient(session, incoming, answer);
      // What is sent is Node's business, and only what is streamed is the handler's.
      await sendWebResponse(response, exchange, open);
    } else isLeft = await answerByListener(session, listener, { exchange, match, open });
  } finally {
    open.close();
    session.noteAnswered();
  }
  if (!isLeft) return;
  // A proxy would wait for a body that is not there any more.
  if (incoming.readableEnded) return answerUnmatched(session, exchange);
  for (const name of ["x-orbit-version", "x-orbit-stale"]) outgoing.removeHeader(name);
  leave();
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
    const bindings = (): object => appBindings(exchange, match.params);
    return await dispatchRequest(namespace, toWebRequest(exchange, session.options, href), {
      ...match,
      bindings,
      onFault: (problem) => noteFault(session, problem, { namespace, route: match.route }),
    });
  } catch (error) {
    const problem = noteThrown(session, error, { method, route: match.route });
    const hint = hintOnMisread(exportFor(namespace, method), error);
    const detail = hint === undefined ? problem.detail : `${problem.detail}\n\n${hint}`;
    return problemResponse({ ...problem, detail }, acceptOf(incoming));
  }
}

async function sendProblem(session: Session, exchange: Exchange, problem: Response): Promise<void> {
  exchange.outgoing.setHeader("x-orbit-version", String(session.runtime.version));
  await sendWebResponse(withPageClient(session, exchange.incoming, problem), exchange);
}

function acceptOf({ headers }: IncomingMessage): { readonly accept: string | null } {
  return { accept: headers.accept ?? null };
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
