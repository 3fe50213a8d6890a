import { outsideHandlers } from "./node-exchange.ts";
import type { NodeIncoming } from "./node-exchange.ts";

/** A body was larger than its route may read at once. It becomes the answer 413 unless the handler catches it. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
  /** The HTTP status that says the same. */
  readonly status = 413;

  constructor(limit: number) {
    super(
      `[orbit] Expected a request body of at most ${limit} bytes. Larger ones can be read as a stream (request.body).`,
    );
  }
}

/** Somebody else has taken the body off the socket: nothing can bring it back. */
class BodyReadError extends TypeError {
  constructor() {
    super(
      "[orbit] The request body was read already, before the request reached the routes: perhaps by a body parser such as express.json(). Let it parse other paths only, or put it behind the routes.",
    );
  }
}

/** The bytes of a request, which stay on the socket until somebody reads them. */
export type RequestBody = {
  readonly stream: ReadableStream<Uint8Array>;
  /** From now on the size is the reader's business: it takes the body in pieces. */
  liftLimit(): void;
  /** Let go of the socket. A reader that is not done gets an error. */
  release(): void;
};

/**
 * Open the body of a request, or `undefined` if it has none.
 *
 * `Readable.toWeb` would begin to read at once and stop half-way, and a connection whose request is half read never sees
 * its next one. This stream takes one chunk when one is asked for, and `discardRequestBody` takes the rest.
 */
export function openRequestBody(incoming: NodeIncoming, limit: number): RequestBody | undefined {
  if (!hasBody(incoming)) return undefined;
  const body = streamBody(incoming, limit);
  openBodies.set(incoming, body);
  if (discarded.has(incoming)) body.release();
  return body;
}

/**
 * Take what nobody read off the connection, so that the next request on it is seen. Call it when the answer is complete.
 *
 * A client that is still sending gets its answer first: closing at once would reset the connection, which can take the
 * answer with it. One that goes on past the limit is cut off.
 */
export function discardRequestBody(incoming: NodeIncoming): void {
  if (!hasBody(incoming)) return;
  openBodies.get(incoming)?.release();
  discarded.add(incoming);
  if (incoming.readableEnded || incoming.destroyed) return;

  let size = 0;
  const discard = (chunk: Uint8Array): void => {
    size += chunk.byteLength;
    if (size <= DISCARD_LIMIT) return;
    if ("stream" in incoming) incoming.stream.close();
    else incoming.socket.destroy();
  };
  outsideHandlers(() => incoming.on("data", discard));
  incoming.resume();
}

const DISCARD_LIMIT = 16 * 1024 * 1024;

const openBodies = new WeakMap<NodeIncoming, RequestBody>();
/** Those whose answer is complete. */
const discarded = new WeakSet<NodeIncoming>();

function hasBody({ headers, httpVersionMajor, method = "GET" }: NodeIncoming): boolean {
  const length = headers["content-length"];
  if (length !== undefined) return length !== "0";
  // HTTP/2 has no header that announces a body of unknown length.
  return headers["transfer-encoding"] !== undefined || (httpVersionMajor >= 2 && mayHaveBody(method));
}

/** Whether `fetch` lets a request of this method have a body. HTTP/2 passes methods on as they were spelled. */
export function mayHaveBody(method: string): boolean {
  return !/^(?:GET|HEAD)$/i.test(method);
}

function streamBody(incoming: NodeIncoming, initialLimit: number): RequestBody {
  let limit = initialLimit;
  let received = 0;
  let isListening = false;
  let isDone = false;
  let controller: ReadableStreamDefaultController<Uint8Array>;

  function finish(settle: () => void): void {
    if (isDone) return;
    isDone = true;
    incoming.off("data", takeChunk).off("end", end).off("error", fail).off("close", abandon);
    incoming.pause();
    settle();
  }
  function fail(error: unknown): void {
    finish(() => controller.error(error));
  }
  function end(): void {
    finish(() => controller.close());
  }
  function abandon(): void {
    fail(new DOMException("The client left before the request body was complete.", "AbortError"));
  }
  function takeChunk(chunk: Uint8Array): void {
    incoming.pause();
    received += chunk.byteLength;
    if (received > limit) fail(new BodyTooLargeError(limit));
    else controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  function listen(): void {
    incoming.on("data", takeChunk).on("end", end).on("error", fail).on("close", abandon);
  }
  function readNext(): void {
    if (!isListening && incoming.readableDidRead) return fail(new BodyReadError());
    if (incoming.readableEnded) return end();
    if (incoming.destroyed) return abandon();
    if (!isListening) outsideHandlers(listen);
    isListening = true;
    incoming.resume();
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      pull: readNext,
      cancel: () => finish(() => undefined),
    },
    { highWaterMark: 0 },
  );
  return {
    stream,
    liftLimit() {
      limit = Number.POSITIVE_INFINITY;
    },
    release: () =>
      fail(new DOMException("The answer was complete before the request body was read.", "AbortError")),
  };
}
