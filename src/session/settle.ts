import type { IncomingMessage, ServerResponse } from "node:http";
import { SETTLED_FIELDS, WITH_TABS } from "../protocol/settlement.ts";
import type { SettledPlan, SettledTab, SettleError, Settlement } from "../protocol/settlement.ts";
import type { Diagnostic } from "../protocol/build.ts";
import { errorsOfBuild } from "./build-view.ts";
import type { ShownProblem } from "./events.ts";
import { admit, sendJson } from "./own-endpoint.ts";
import type { EndpointRules } from "./own-endpoint.ts";
import { pick } from "./pick.ts";
import type { PublicNames } from "./public-names.ts";
import { describeRefusal } from "./served-routes.ts";
import type { SessionView } from "./session-view.ts";
import type { Session } from "./session.ts";
import { messageOf } from "../protocol/message-of.ts";

/** How long closing replaced generations may hold up the answer. What is closed later is reported then. */
const CLOSING_MS = 100;

/**
 * Make every saved change of code that is in use live, or find out why it cannot be. Routes that nobody has asked for
 * yet are not loaded: they are fresh when somebody does.
 */
export async function settle(session: Session): Promise<Settlement> {
  const startedAt = performance.now();
  // Errors of deleted routes go first.
  session.routes.table();
  await session.builds?.settled();
  await session.reloads.settle();
  await session.closings.settled(CLOSING_MS);
  session.conclude();
  const { version } = session.runtime;
  const found = settlementOf(session.log.view, {
    names: session.names,
    refusals: session.routes.table().problems.map(describeRefusal),
  });
  session.log.append({ type: "settled" });
  return {
    ok: found.errors.length === 0,
    version,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    ...found,
  };
}

/** The part of the answer that follows from the events of a session. */
export function settlementOf(
  { lastReload, isSettled, problems, build }: SessionView,
  { names, refusals }: { readonly names: PublicNames; readonly refusals: readonly SettleError[] },
): Pick<Settlement, "plan" | "errors"> {
  const broken = [...problems.broken.values()].map(({ problem }) => describeError(problem, names));
  // Each error once, however many routes it breaks.
  const byText = new Map(
    [...broken, ...refusals, ...errorsOfBuild(build).map(settleError)].map((error) => [
      JSON.stringify(error),
      error,
    ]),
  );
  const errors = [...byText.values()];
  const isNews = lastReload !== undefined && !isSettled;
  return { plan: isNews ? pick(lastReload.report, SETTLED_FIELDS) : nothingNew(errors), errors };
}

/** Answer a request to settle. */
export async function answerSettle(
  session: Session,
  { incoming, outgoing }: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
  askTabs: () => Promise<readonly SettledTab[]>,
): Promise<void> {
  if (!admit(incoming, outgoing, RULES)) return;
  try {
    const settlement = await settle(session);
    const tabs = incoming.url?.endsWith(WITH_TABS) === true ? await askTabs() : undefined;
    const isApplied = tabs?.every(({ result }) => result === "applied" || result === "reloaded") ?? true;
    const body: Settlement = {
      ...settlement,
      ok: settlement.ok && isApplied,
      ...(tabs !== undefined && { tabs }),
    };
    sendJson(incoming, outgoing, { status: 200, body });
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

function describeError({ file, line, column, message }: ShownProblem, names: PublicNames): SettleError {
  return { file, line, column, message: names.withoutRoot(message) };
}

function settleError({ file = "", line, column, message }: Diagnostic): SettleError {
  return { file, line, column, message };
}

function nothingNew(errors: readonly SettleError[]): SettledPlan {
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
