import { clientFaultOf } from "../node/client-fault.ts";
import type { NodeListener } from "../node/listener.ts";
import { runListener } from "../node/run-listener.ts";
import { cutResponse, isFarewell, isResponse, problemResponse, sendWebResponse } from "../routes/index.ts";
import type { NodeExchange, RouteMatch } from "../routes/index.ts";
import type { OpenRequest } from "../runtime/index.ts";
import { noteThrown } from "./describe-problem.ts";
import { withPageClient } from "./page-client.ts";
import type { Session } from "./session.ts";

/** A request, and the route that a listener is. */
export interface ListenerRequest {
  readonly exchange: NodeExchange;
  readonly match: RouteMatch & { readonly kind: "route" };
  readonly open: OpenRequest;
}

/**
 * Let an app that answers on Node's response answer. What it throws, or hands on as an error, is answered as if a handler
 * had thrown it; an error that blames the client is answered with its own status.
 *
 * @returns Whether it has left the request to others.
 */
export async function answerByListener(
  session: Session,
  listener: NodeListener,
  { exchange, match, open }: ListenerRequest,
): Promise<boolean> {
  const heard = session.silentListeners.begin(exchange, match.route.file);
  const outcome = await open.run(() => runListener(listener, exchange, match.params)).finally(heard);
  if (outcome.kind !== "failed") return outcome.kind === "left";
  const { incoming, outgoing } = exchange;
  const { error } = outcome;
  if (isFarewell(error, outgoing)) return false;
  if (isResponse(error) && !outgoing.headersSent) {
    await sendWebResponse(error, exchange, open);
    return false;
  }
  const accept = incoming.headers.accept ?? null;
  const fault = clientFaultOf(error);
  const { method = "GET" } = incoming;
  const problem = fault?.problem ?? noteThrown(session, error, { method, route: match.route });
  // A whole answer is on its way.
  if (outgoing.writableEnded) return false;
  // Half an answer must not look whole.
  if (outgoing.headersSent) cutResponse(outgoing);
  else {
    const answer = problemResponse(problem, { accept, headers: fault?.headers ?? {} });
    await sendWebResponse(withPageClient(session, incoming, answer), exchange);
  }
  return false;
}
