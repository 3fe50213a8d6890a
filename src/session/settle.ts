import type { IncomingMessage, ServerResponse } from "node:http";
import { SETTLED_FIELDS } from "../protocol/settlement.ts";
import type { SettledPlan, SettleError, Settlement } from "../protocol/settlement.ts";
import { messageOf } from "../runtime/index.ts";
import type { ModuleProblem } from "../runtime/index.ts";
import { admit, sendJson } from "./own-endpoint.ts";
import type { EndpointRules } from "./own-endpoint.ts";
import { pick } from "./pick.ts";
import { describeRefusal } from "./served-routes.ts";
import type { Session } from "./session.ts";

/** How many reloads were told when a session was settled before. */
const reloadsSeen = new WeakMap<Session, number>();

/**
 * Make every saved change of code that is in use live, or find out why it cannot be. Routes that nobody has asked for
 * yet are not loaded: they are fresh when somebody does.
 */
export async function settle(session: Session): Promise<Settlement> {
  const startedAt = performance.now();
  // A route that was deleted is nobody's problem any more.
  session.routes.table();
  await session.reloads.settle();
  // What replaced code had opened is closed right after the commit, and belongs to what is told.
  await new Promise((resolve) => setImmediate(resolve));
  session.reporter.tell();
  const errors = errorsOf(session);
  return {
    ok: errors.length === 0,
    version: session.runtime.version,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    plan: planOf(session, errors),
    errors,
  };
}

/** Answer a request to settle. */
export async function answerSettle(
  session: Session,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!admit(incoming, outgoing, RULES)) return;
  try {
    sendJson(incoming, outgoing, { status: 200, body: await settle(session) });
  } catch (error) {
    const message = session.names.withoutRoot(messageOf(error));
    sendJson(incoming, outgoing, { status: 500, body: { error: message } });
  }
}

const RULES: EndpointRules = {
  methods: ["POST"],
  wrongMethod: "The server is asked to settle with POST.",
  wrongOrigin: "The server is asked by its own pages and by programs only.",
};

/** Each error once, however many routes it breaks. */
function errorsOf(session: Session): SettleError[] {
  const { routes, problems } = session.routes.table();
  const broken = routes.flatMap((route) => {
    const readiness = session.reloads.readinessOf(session.routes.entryOf(route));
    return readiness?.status === "broken" ? [describeProblem(session, readiness.problem)] : [];
  });
  const errors = [...broken, ...problems.map(describeRefusal)];
  const byText = new Map(errors.map((error) => [JSON.stringify(error), error]));
  return [...byText.values()];
}

function describeProblem({ names }: Session, problem: ModuleProblem): SettleError {
  const { file = "", line, column, message } = problem;
  return { file: names.relative(file), line, column, message: names.withoutRoot(message) };
}

function planOf(session: Session, errors: readonly SettleError[]): SettledPlan {
  const { lastReload, told } = session.reporter;
  if (lastReload === undefined || told === reloadsSeen.get(session)) {
    const reason = errors.length === 0 ? "nothing that runs has changed" : "nothing new could go live";
    return {
      strategy: "none",
      reason,
      files: [],
      routes: [],
      ms: 0,
      kept: [],
      reset: [],
      closed: [],
      summary: reason,
    };
  }
  reloadsSeen.set(session, told);
  return pick(lastReload, SETTLED_FIELDS);
}
