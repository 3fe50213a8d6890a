import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request as Node's servers give it, over HTTP/1 or HTTP/2. */
export type NodeIncoming = IncomingMessage | Http2ServerRequest;

/** A response as Node's servers give it, over HTTP/1 or HTTP/2. */
export type NodeOutgoing = ServerResponse | Http2ServerResponse;

/** Whether nothing that is written would reach the client any more. */
export function isClosed(outgoing: NodeOutgoing): boolean {
  return "stream" in outgoing ? outgoing.stream.destroyed : outgoing.destroyed;
}
