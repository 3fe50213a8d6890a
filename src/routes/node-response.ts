import { constants } from "node:http2";
import type { Writable } from "node:stream";
import { isClosed, outsideHandlers } from "./node-exchange.ts";
import type { NodeIncoming, NodeOutgoing } from "./node-exchange.ts";
import { discardRequestBody } from "./request-body.ts";
import { reasonNotSendable } from "./response.ts";

/**
 * Send a web response, as fast as the client takes it. Resolves when all of it is handed to Node or the client is gone; a
 * client that leaves cancels the response's stream.
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
  if (body !== null && incoming.method !== "HEAD") return sendBody(body, response, { incoming, outgoing });
  await body?.cancel();
  setHead(response, outgoing);
  discardRequestBody(incoming);
  outgoing.end();
}

interface Exchange {
  readonly incoming: NodeIncoming;
  readonly outgoing: NodeOutgoing;
}

async function sendBody(
  body: ReadableStream<Uint8Array>,
  response: Response,
  { incoming, outgoing }: Exchange,
): Promise<void> {
  const reader = body.getReader();
  const sender = new BodySender(reader, response, outgoing);
  try {
    let next = await reader.read();
    if (!next.done && !sender.isStreaming) {
      sender.hold(next.value);
      next = await reader.read();
    }
    if (next.done && !sender.isStreaming) {
      discardRequestBody(incoming);
      return sender.sendWhole();
    }
    await sender.stream();
    while (!next.done && !isClosed(outgoing)) {
      await sender.write(next.value);
      next = await reader.read();
    }
  } catch (error) {
    sender.cancel();
    if (outgoing.headersSent) cutResponse(outgoing);
    throw error;
  } finally {
    sender.close();
  }
  discardRequestBody(incoming);
  outgoing.end();
}

/**
 * Sends a body in one piece, with its length, or as a stream. A body that was made of a text or of bytes gives them all
 * before the turn of the event loop is over. Whatever takes longer is sent as it comes: an event stream may be silent for
 * minutes, and its client takes the head as the sign that it is connected.
 */
class BodySender {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #response: Response;
  readonly #outgoing: NodeOutgoing;
  readonly #turn: NodeJS.Immediate;
  #held: Uint8Array | undefined;
  #streaming: Promise<void> | undefined;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, response: Response, outgoing: NodeOutgoing) {
    this.#reader = reader;
    this.#response = response;
    this.#outgoing = outgoing;
    this.#turn = setImmediate(() => void this.stream());
  }

  get isStreaming(): boolean {
    return this.#streaming !== undefined;
  }

  /** Keep the first bytes until the turn is over: they may be all. */
  hold(bytes: Uint8Array): void {
    this.#held = bytes;
  }

  /** What is held was all. */
  sendWhole(): void {
    const bytes = this.#held ?? NOTHING;
    setHead(this.#response, this.#outgoing);
    // Node puts a text into the buffer of the head, and bytes into one of their own.
    if (bytes.byteLength > ONE_BUFFER) this.#outgoing.end(bytes);
    else this.#outgoing.end(asBuffer(bytes).toString("latin1"), "latin1");
  }

  /** There may be more: send the head and what is held. Resolves when there is room for the next bytes. */
  stream(): Promise<void> {
    this.#streaming ??= this.#beginStream();
    return this.#streaming;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const writable: Writable = this.#outgoing;
    if (!writable.write(bytes)) await drained(this.#outgoing);
  }

  cancel(): void {
    // A source that fails to stop has nobody left to tell.
    void this.#reader.cancel().catch(() => undefined);
  }

  close(): void {
    clearImmediate(this.#turn);
  }

  async #beginStream(): Promise<void> {
    const outgoing = this.#outgoing;
    if (isClosed(outgoing)) return this.cancel();
    outsideHandlers(() => outgoing.once("close", () => this.cancel()));
    setHead(this.#response, outgoing);
    if (this.#held === undefined) flushHead(outgoing);
    else await this.write(this.#held);
  }
}

const NOTHING = new Uint8Array();

/** As many bytes are copied sooner than they are sent apart. */
const ONE_BUFFER = 16 * 1024;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    outsideHandlers(() => outgoing.on("drain", proceed).on("close", proceed));
  });
}

/** End a connection in the middle of an answer: ending the answer would make half of it look whole. */
export function cutResponse(outgoing: NodeOutgoing): void {
  if ("stream" in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}
