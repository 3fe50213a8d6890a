import { isClosed, outsideHandlers } from "./node-exchange.ts";
import type { NodeExchange, NodeIncoming, NodeOutgoing } from "./node-exchange.ts";
import { lendState, REQUEST_STATE } from "./request-state.ts";
import { mayHaveBody, openRequestBody } from "./request-body.ts";
import type { RequestBody } from "./request-body.ts";
import { addressOf, urlOf } from "./request-target.ts";
import type { RequestTargetOptions } from "./request-target.ts";
import type { RouteRequest } from "./types.ts";

/** How requests from the network become requests for routes. */
export type WebRequestOptions = RequestTargetOptions & {
  /**
   * How many bytes `request.json()`, `text()`, `formData()` and the like read at most. A handler that reads
   * `request.body` in pieces decides for itself.
   * @default 1048576 (1 MiB)
   */
  readonly bodyLimit?: number;
};

/**
 * Make a web request of Node's. Its body is read when a handler asks for it, and its signal aborts when the client
 * leaves before the answer is complete.
 *
 * @param href the URL of the request, where the caller knows it already
 * @throws {TypeError} if `fetch` has no such request, as for the method `TRACE`: see {@link isKnownToFetch}.
 */
export function toWebRequest(
  exchange: NodeExchange,
  options: WebRequestOptions = {},
  href: string = urlOf(exchange.incoming, options).href,
): RouteRequest {
  const { method = "GET" } = exchange.incoming;
  if (!isKnownToFetch(method))
    throw new TypeError(`[orbit] Expected a method that fetch has, got ${method}.`);
  return new NodeBackedRequest(exchange, options, href);
}

/** Whether there can be a web request with a method: `fetch` refuses three, however they are spelled. */
export function isKnownToFetch(method: string): boolean {
  return !REFUSED_BY_FETCH.has(method.toUpperCase());
}

/** A method as a web request spells it: anew where it is one of these in small letters, which HTTP/2 passes on. */
export function methodAsInFetch(method: string): string {
  const upper = method.toUpperCase();
  return method === upper || !SPELLED_ANEW.has(upper) ? method : upper;
}

const SPELLED_ANEW: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
const REFUSED_BY_FETCH: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

// What Request is at run time: its types declare fields, which could neither be overridden by getters nor read by `super`.
type Overridable = {
  get url(): string;
  get method(): string;
  get signal(): AbortSignal;
  get body(): Request["body"];
  clone(): Request;
};
type WebRequest = Omit<Request, keyof Overridable> & Overridable;

function Unmade(): void {
  // What it makes is a request by its prototype, with nothing of one yet.
}
Unmade.prototype = Request.prototype;

const IS_LAZY = REQUEST_STATE.length > 0;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the prototype has all that a request has
const WebRequest = (IS_LAZY ? Unmade : Request) as unknown as new (
  url: string,
  init?: RequestInit,
) => WebRequest;

// A real Request, not one that looks like it: only a real one can be given to `new Request(request)` and `fetch`, and the
// alternative, a patched global Request, would change the program for everybody else in it. Making one costs a quarter of
// a small answer, and most handlers ask for its URL at most: where that is possible, it is made when more is asked for.
class NodeBackedRequest extends WebRequest implements RouteRequest {
  readonly ip: string | undefined;
  readonly #exchange: NodeExchange;
  readonly #url: string;
  readonly #bodyLimit: number | undefined;
  #body: RequestBody | undefined;
  #real: Request | undefined;
  #signal: AbortSignal | undefined;

  static {
    lendState(NodeBackedRequest.prototype, REQUEST_STATE, (request) => (request.#real ??= request.#make()));
  }

  constructor(exchange: NodeExchange, options: WebRequestOptions, url: string) {
    const given = IS_LAZY ? undefined : initOf(exchange.incoming, options.bodyLimit);
    super(url, given?.init);
    this.ip = addressOf(exchange.incoming, options);
    this.#exchange = exchange;
    this.#url = url;
    this.#bodyLimit = options.bodyLimit;
    this.#body = given?.body;
  }

  override get url(): string {
    return this.#url;
  }

  override get method(): string {
    return methodAsInFetch(this.#exchange.incoming.method ?? "GET");
  }

  override get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#exchange.outgoing));
  }

  /** Whoever asks for the stream reads in pieces; `json()` and the others do not come this way. */
  override get body(): Request["body"] {
    const stream = super.body;
    this.#body?.liftLimit();
    return stream;
  }

  override clone(): Request {
    return new Request(super.clone(), { signal: this.signal });
  }

  #make(): Request {
    const { init, body } = initOf(this.#exchange.incoming, this.#bodyLimit);
    this.#body = body;
    return new Request(this.#url, init);
  }
}

function initOf(
  incoming: NodeIncoming,
  bodyLimit = 1024 * 1024,
): { readonly init: RequestInit; readonly body: RequestBody | undefined } {
  const { method = "GET" } = incoming;
  const init = { method, headers: headersOf(incoming) };
  const body = mayHaveBody(method) ? openRequestBody(incoming, bodyLimit) : undefined;
  return { init: body === undefined ? init : { ...init, body: body.stream, duplex: "half" }, body };
}

function signalOf(outgoing: NodeOutgoing): AbortSignal {
  const controller = new AbortController();
  const abortUnlessAnswered = (): void => {
    if (!outgoing.writableEnded) controller.abort(new DOMException("The client left.", "AbortError"));
  };
  if (isClosed(outgoing)) abortUnlessAnswered();
  else outsideHandlers(() => outgoing.once("close", abortUnlessAnswered));
  return controller.signal;
}

function headersOf(incoming: NodeIncoming): Headers {
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = "", value = ""] = [raw[index], raw[index + 1]];
    // HTTP/2 sends the method and the path as headers; `fetch` knows no such names.
    if (!name.startsWith(":")) headers.append(name, value);
  }
  return headers;
}
