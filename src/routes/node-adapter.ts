import { isFarewell } from "./node-exchange.ts";
import type { NodeExchange, NodeIncoming, NodeOutgoing } from "./node-exchange.ts";
import { isKnownToFetch, toWebRequest } from "./node-request.ts";
import type { WebRequestOptions } from "./node-request.ts";
import { sendWebResponse } from "./node-response.ts";
import { problemResponse } from "./problem.ts";
import type { RouteRequest } from "./types.ts";

/** Where the listener's failures go. They are not shown to the client. */
export type NodeListenerOptions = WebRequestOptions & {
  readonly onError: (error: unknown, incoming: NodeIncoming) => void;
};

/**
 * Make a listener for Node's http, https and http2 servers of a function that answers web requests.
 *
 * It never rejects: what goes wrong is reported to `onError`, and the client gets a 500 or, if half of an answer is
 * already out, a closed connection.
 */
export function toNodeListener(
  answer: (request: RouteRequest) => Response | Promise<Response>,
  { onError, ...options }: NodeListenerOptions,
): (incoming: NodeIncoming, outgoing: NodeOutgoing) => Promise<void> {
  return async (incoming, outgoing) => {
    const exchange = { incoming, outgoing };
    try {
      const isKnown = isKnownToFetch(incoming.method ?? "");
      const response = isKnown ? await answer(toWebRequest(exchange, options)) : notImplemented(incoming);
      await sendWebResponse(response, exchange);
    } catch (error) {
      if (isFarewell(error, outgoing)) return;
      onError(error, incoming);
      await sendFailure(exchange, onError);
    }
  };
}

async function sendFailure(exchange: NodeExchange, onError: NodeListenerOptions["onError"]): Promise<void> {
  const { incoming, outgoing } = exchange;
  if (outgoing.headersSent) return;
  const detail = "The server could not answer. The reason is in its log.";
  const problem = { type: "about:blank", title: "Internal Server Error", status: 500, detail };
  try {
    await sendWebResponse(problemResponse(problem, { accept: incoming.headers.accept ?? null }), exchange);
  } catch (error) {
    onError(error, incoming);
  }
}

function notImplemented(incoming: NodeIncoming): Response {
  const detail = `This server does not know the method ${incoming.method}.`;
  const problem = { type: "about:blank", title: "Not Implemented", status: 501, detail };
  return problemResponse(problem, { accept: incoming.headers.accept ?? null });
}
