import { constants } from "node:http2";
import type { Writable } from "node:stream";
import type { ReadableStreamReadResult } from "node:stream/web";
import { isClosed } from "./node-exchange.ts";
import type { NodeExchange, NodeIncoming, NodeOutgoing } from "./node-exchange.ts";
import { discardRequestBody } from "./request-body.ts";
import { reasonNotSendable } from "./response.ts";

/** The asynchronous context of a handler: what it answers with may be a stream, and that is made of its code. */
export type HandlerScope = { run<T>(body: () => T): T };

const RIGHT_HERE: HandlerScope = { run: (body) => body() };

/**
 * Send a web response, as fast as the client takes it. Resolves when all of it is handed to Node or the client is gone; a
 * client that leaves cancels the response's stream.
 *
 * Rejects if the response cannot be sent. As long as nothing was sent another answer still can be; otherwise the
 * connection is cut, because ending it would make half an answer look whole.
 *
 * @param scope where the response's stream runs @default right here
 */
export async function sendWebResponse(
  response: Response,
  exchange: NodeExchange,
  scope: HandlerScope = RIGHT_HERE,
): Promise<void> {
  const reason = reasonNotSendable(response);
  if (reason !== undefined) throw new TypeError(`[orbit] Expected ${reason}.`);

  const { incoming, outgoing } = exchange;
  const { body } = response;
  if (body === null || incoming.method === "HEAD" || isClosed(outgoing)) {
    if (body !== null) await scope.run(async () => body.cancel());
    if (isClosed(outgoing)) return;
    setHead(response, outgoing);
    discardRequestBody(incoming);
    outgoing.end();
  } else {
    await new BodySender(response, exchange, { scope, reader: body.getReader() }).send();
  }
}

/**
 * Sends a body in one piece, with its length, or as a stream. A body that was made of a text or of bytes gives them all
 * before the turn of the event loop is over. Whatever takes longer is sent as it comes: an event stream may be silent for
 * minutes, and its client takes the head as the sign that it is connected.
 */
class BodySender {
  readonly #response: Response;
  readonly #incoming: NodeIncoming;
  readonly #outgoing: NodeOutgoing;
  readonly #scope: HandlerScope;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array | undefined;
  /** There is room for the next bytes of a stream. */
  #streaming: Promise<void> | undefined;

  constructor(
    response: Response,
    { incoming, outgoing }: NodeExchange,
    body: { readonly scope: HandlerScope; readonly reader: ReadableStreamDefaultReader<Uint8Array> },
  ) {
    this.#response = response;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#scope = body.scope;
    this.#reader = body.reader;
  }

  async send(): Promise<void> {
    const outgoing = this.#outgoing;
    const turn = setImmediate(() => void this.#stream());
    try {
      let next = await this.#scope.run(this.#read);
      if (!next.done && this.#streaming === undefined) {
        this.#held = next.value;
        next = await this.#scope.run(this.#read);
      }
      if (next.done && this.#streaming === undefined) return this.#sendWhole(this.#held ?? NOTHING);
      await this.#stream();
      while (!next.done && !isClosed(outgoing)) {
        await this.#write(next.value);
        next = await this.#scope.run(this.#read);
      }
    } catch (error) {
      this.#cancel();
      if (outgoing.headersSent) cutResponse(outgoing);
      throw error;
    } finally {
      clearImmediate(turn);
    }
    discardRequestBody(this.#incoming);
    outgoing.end();
  }

  readonly #read = (): Promise<ReadableStreamReadResult<Uint8Array>> => this.#reader.read();

  #sendWhole(bytes: Uint8Array): void {
    setHead(this.#response, this.#outgoing);
    discardRequestBody(this.#incoming);
    // Node puts a text into the buffer of the head, and bytes into one of their own.
    if (bytes.byteLength > ONE_BUFFER) this.#outgoing.end(bytes);
    else this.#outgoing.end(asBuffer(bytes).toString("latin1"), "latin1");
  }

  /** There may be more: send the head and what is held. */
  #stream(): Promise<void> {
    this.#streaming ??= this.#beginStream();
    return this.#streaming;
  }

  async #beginStream(): Promise<void> {
    const outgoing = this.#outgoing;
    if (isClosed(outgoing)) return this.#cancel();
    outgoing.once("close", () => this.#cancel());
    setHead(this.#response, outgoing);
    if (this.#held === undefined) flushHead(outgoing);
    else await this.#write(this.#held);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const writable: Writable = this.#outgoing;
    if (!writable.write(bytes)) await drained(this.#outgoing);
  }

  #cancel(): void {
    // A source that fails to stop has nobody left to tell.
    this.#scope.run(async () => this.#reader.cancel()).catch(() => undefined);
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
    outgoing.on("drain", proceed).on("close", proceed);
  });
}

/** End a connection in the middle of an answer: ending the answer would make half of it look whole. */
export function cutResponse(outgoing: NodeOutgoing): void {
  if ("stream" in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}
