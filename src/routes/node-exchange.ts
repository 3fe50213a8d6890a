import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request as Node's servers give it, over HTTP/1 or HTTP/2. */
export type NodeIncoming = IncomingMessage | Http2ServerRequest;

/** A response as Node's servers give it, over HTTP/1 or HTTP/2. */
export type NodeOutgoing = ServerResponse | Http2ServerResponse;

/** A request and its answer. */
export type NodeExchange = { readonly incoming: NodeIncoming; readonly outgoing: NodeOutgoing };

/** Whether nothing that is written would reach the client any more. */
export function isClosed(outgoing: NodeOutgoing): boolean {
  return "stream" in outgoing ? outgoing.stream.destroyed : outgoing.destroyed;
}

/** A handler that stops because its client left has done what it should. */
export function isFarewell(error: unknown, outgoing: NodeOutgoing): boolean {
  return isClosed(outgoing) && error instanceof DOMException && error.name === "AbortError";
}

/**
 * Runs what adds this library's own listeners to an exchange. Who keeps account of what handlers open goes by their
 * asynchronous context; these listeners are not theirs, and the account of each costs more than a small answer does.
 */
export const outsideHandlers: <T>(add: () => T) => T = AsyncLocalStorage.snapshot();
