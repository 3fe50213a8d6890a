import { isClosed, outsideHandlers } from "./node-exchange.ts";
import type { NodeIncoming, NodeOutgoing } from "./node-exchange.ts";
import { openRequestBody } from "./request-body.ts";
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
 * @throws {TypeError} if `fetch` has no such request, as for the method `TRACE`.
 */
export function toWebRequest(
  incoming: NodeIncoming,
  outgoing: NodeOutgoing,
  options: WebRequestOptions = {},
): RouteRequest {
  const { method = "GET" } = incoming;
  const mayHaveBody = method !== "GET" && method !== "HEAD";
  const body = mayHaveBody ? openRequestBody(incoming, options.bodyLimit ?? 1024 * 1024) : undefined;
  const init = { method, headers: headersOf(incoming) };
  return new NodeBackedRequest(
    urlOf(incoming, options),
    body === undefined ? init : { ...init, body: body.stream, duplex: "half" },
    { outgoing, body, ip: addressOf(incoming, options) },
  );
}

type Backing = {
  readonly outgoing: NodeOutgoing;
  readonly body: RequestBody | undefined;
  readonly ip: string | undefined;
};

// What Request is at run time: its types declare fields, which could neither be overridden by getters nor read by `super`.
type Overridable = { get signal(): AbortSignal; get body(): Request["body"]; clone(): Request };
type WebRequest = Omit<Request, keyof Overridable> & Overridable;
const WebRequest: new (url: string, init: RequestInit) => WebRequest = Request;

// A real Request, not one that looks like it: only a real one can be given to `new Request(request)` and `fetch`, and the
// alternative, a patched global Request, would change the program for everybody else in it. What costs most of a real
// one is its signal (25 of 35 µs, Node 20), so that is made when a handler asks for it.
class NodeBackedRequest extends WebRequest implements RouteRequest {
  readonly ip: string | undefined;
  readonly #outgoing: NodeOutgoing;
  readonly #body: RequestBody | undefined;
  #signal: AbortSignal | undefined;

  constructor(url: string, init: RequestInit, { outgoing, body, ip }: Backing) {
    super(url, init);
    this.ip = ip;
    this.#outgoing = outgoing;
    this.#body = body;
  }

  override get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#outgoing));
  }

  /** Whoever asks for the stream reads in pieces; `json()` and the others do not come this way. */
  override get body(): Request["body"] {
    this.#body?.liftLimit();
    return super.body;
  }

  override clone(): Request {
    return new Request(super.clone(), { signal: this.signal });
  }
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
