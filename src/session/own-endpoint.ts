import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

/** Who may use an endpoint of the server's own, and for what. */
export interface EndpointRules {
  readonly methods: readonly string[];
  /** Said to those who use another method. */
  readonly wrongMethod: string;
  /** Said to pages of other sites. */
  readonly wrongOrigin: string;
}

/**
 * Refuse requests that may not use one of the server's own endpoints: a page of another site learns and changes nothing.
 * An endpoint that changes something takes a POST of JSON, which no page can send to another site without a preflight.
 *
 * @returns Whether the request may be answered.
 */
export function admit(incoming: IncomingMessage, outgoing: ServerResponse, rules: EndpointRules): boolean {
  outgoing.setHeader("cache-control", "no-store");
  outgoing.setHeader("x-content-type-options", "nosniff");
  outgoing.setHeader("cross-origin-resource-policy", "same-origin");
  const { method = "" } = incoming;
  const refuse = (status: number, error: string): boolean => {
    sendJson(incoming, outgoing, { status, body: { error } });
    return false;
  };
  if (!rules.methods.includes(method)) {
    outgoing.setHeader("allow", rules.methods.join(", "));
    return refuse(405, rules.wrongMethod);
  }
  if (!isSameOrigin(incoming.headers)) return refuse(403, rules.wrongOrigin);
  if (method === "POST" && !/^application\/json\b/i.test(incoming.headers["content-type"] ?? ""))
    return refuse(415, "Expected the content type application/json.");
  return true;
}

/** Answer with JSON. */
export function sendJson(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, body }: { readonly status: number; readonly body: object },
): void {
  incoming.resume(); // a body that nobody reads would hold up the next request on the connection
  outgoing.statusCode = status;
  outgoing.setHeader("content-type", "application/json");
  outgoing.end(incoming.method === "HEAD" ? undefined : JSON.stringify(body));
}

/**
 * Did a page of this very server, or no page at all, ask? For endpoints that a foreign page must neither read nor use.
 * What the browser says about itself decides; without it, the origin has to be the host that was asked.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (host === undefined || !URL.canParse(origin)) return false; // includes `Origin: null`
  const { protocol, host: originHost } = new URL(origin);
  const asked = `${protocol}//${host}`;
  return originHost !== "" && URL.canParse(asked) && new URL(asked).host === originHost;
}
