import { constants } from "node:http2";
import type { Writable } from "node:stream";
import type { ReadableStreamReadResult } from "node:stream/web";
import { isClosed } from "./node-exchange.ts";
import type { NodeIncoming, NodeOutgoing } from "./node-exchange.ts";
import { discardRequestBody } from "./request-body.ts";
import { reasonNotSendable } from "./response.ts";

/**
 * Send a web response, as fast as the client takes it. Resolves when the answer is out or the client is gone; a client
 * that leaves cancels the response's stream.
 *
 * Rejects if the response cannot be sent. As long as nothing was sent another answer still can be; otherwise the
 * connection is cut, because ending it would make half an answer look whole.
 */
export async function sendWebResponse(
  response: Response,
  incoming: NodeIncoming,
  outgoing: NodeOutgoing,
): Promise<void> {
  const reason = reasonNotSendable(response);
  if (reason !== undefined) throw new TypeError(`[orbit] Expected ${reason}.`);

  const { body } = response;
  if (isClosed(outgoing)) return body?.cancel();
  if (body === null || incoming.method === "HEAD") {
    await body?.cancel();
    setHead(response, outgoing);
  } else {
    await sendBody(body, response, outgoing);
  }
  discardRequestBody(incoming);
  await end(outgoing);
}

async function sendBody(
  body: ReadableStream<Uint8Array>,
  response: Response,
  outgoing: NodeOutgoing,
): Promise<void> {
  const reader = body.getReader();
  const writable: Writable = outgoing;
  // A source that fails to stop has nobody left to tell.
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  outgoing.once("close", cancel);
  try {
    let next = await readFirst(reader, response, outgoing);
    while (!next.done && !isClosed(outgoing)) {
      if (!writable.write(next.value)) await drained(outgoing);
      next = await reader.read();
    }
  } catch (error) {
    cancel();
    if (outgoing.headersSent) cutResponse(outgoing);
    throw error;
  } finally {
    outgoing.off("close", cancel);
  }
}

/** Wait for the first chunk before the head is set: a stream that fails at once can still become a problem. */
async function readFirst(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  response: Response,
  outgoing: NodeOutgoing,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  // An event stream may be silent for minutes, and its client takes the head as the sign that it is connected.
  const quiet = setImmediate(() => {
    setHead(response, outgoing);
    flushHead(outgoing);
  });
  try {
    const first = await reader.read();
    setHead(response, outgoing);
    return first;
  } finally {
    clearImmediate(quiet);
  }
}

// Middleware before this one may have set its own, and a list goes on where another ends.
const LISTS: ReadonlySet<string> = new Set(["set-cookie", "vary"]);

function setHead({ status, statusText, headers }: Response, outgoing: NodeOutgoing): void {
  if (outgoing.headersSent || isClosed(outgoing)) return;
  outgoing.statusCode = status;
  // HTTP/2 has no status text.
  if (statusText !== "" && !("stream" in outgoing)) outgoing.statusMessage = statusText;
  for (const [name, value] of headers) {
    if (LISTS.has(name)) outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
}

function flushHead(outgoing: NodeOutgoing): void {
  if (outgoing.headersSent || isClosed(outgoing)) return;
  if ("stream" in outgoing) outgoing.writeHead(outgoing.statusCode);
  else outgoing.flushHeaders();
}

function drained(outgoing: NodeOutgoing): Promise<void> {
  return new Promise((resolve) => {
    const proceed = (): void => {
      outgoing.off("drain", proceed).off("close", proceed);
      resolve();
    };
    outgoing.on("drain", proceed).on("close", proceed);
  });
}

function end(outgoing: NodeOutgoing): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once("close", resolve);
    outgoing.end(() => resolve());
  });
}

/** End a connection in the middle of an answer: ending the answer would make half of it look whole. */
export function cutResponse(outgoing: NodeOutgoing): void {
  if ("stream" in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}
