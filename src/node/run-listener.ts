import { outsideHandlers } from "../routes/index.ts";
import type { NodeExchange, NodeIncoming, RouteParams } from "../routes/index.ts";
import type { Next, NodeListener } from "./listener.ts";

/** How a request ended for a listener. */
export type ListenerOutcome =
  /** It has been answered, or its client has left. */
  | { readonly kind: "answered" }
  /** Nothing of the answer has been sent: others may give it. */
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Hand Node's own request and response to a listener. Resolves when the answer is complete, streams included, or when the
 * listener has left the request or failed; then both are as it found them, as far as nothing was sent.
 */
export function runListener(
  listener: NodeListener,
  exchange: NodeExchange,
  params: RouteParams,
): Promise<ListenerOutcome> {
  const { incoming, outgoing } = exchange;
  const restore = remember(exchange);
  return new Promise((resolve) => {
    const settle = (outcome: ListenerOutcome): void => {
      outgoing.off("close", answered);
      resolve(outcome);
    };
    const answered = (): void => settle({ kind: "answered" });
    const fail = (error: unknown): void => {
      restore();
      settle({ kind: "failed", error });
    };
    const next: Next = (error) => {
      // Express: `next("route")` only skips handlers.
      if (error !== undefined && error !== null && error !== "route" && error !== "router")
        return fail(error);
      // Whoever has begun to answer goes on, whatever else it calls.
      if (outgoing.headersSent) return;
      restore();
      settle({ kind: "left" });
    };
    outsideHandlers(() => outgoing.once("close", answered));
    // A listener that throws and one that rejects are the same.
    const run = async (): Promise<unknown> => listener(incoming, outgoing, next, params);
    run().catch(fail);
  });
}

/** What a listener may have changed before somebody else answers. */
function remember({ incoming, outgoing }: NodeExchange): () => void {
  const { url = "/" } = incoming;
  const { originalUrl, baseUrl } = incoming as MountedIncoming;
  const headers = outgoing.getHeaders();
  const { statusCode } = outgoing;
  // An app sees the whole URL, wherever the server itself is mounted.
  incoming.url = originalUrl ?? url;
  return () => {
    Object.assign(incoming, { url, originalUrl, baseUrl });
    if (outgoing.headersSent) return;
    outgoing.statusCode = statusCode;
    for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) outgoing.setHeader(name, value);
  };
}

/** Names that Express and Connect use. */
type MountedIncoming = NodeIncoming & {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
};
