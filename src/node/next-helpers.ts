import type { NodeExchange, NodeOutgoing, RouteParams } from "../routes/index.ts";
import { grouped, readBodyAhead } from "./body-ahead.ts";

/**
 * Give a request and its response what Next's API routes have, where nobody else has defined it: `query` with the route's
 * parameters, `body`, `cookies`; `status()`, `json()`, `send()` and `redirect()`.
 *
 * Rejects with an error of status 400 if the body says that it is JSON and is none.
 */
export async function addNextHelpers(
  { incoming, outgoing }: NodeExchange,
  params: RouteParams,
): Promise<void> {
  const { headers, url = "/" } = incoming;
  const body = await readBodyAhead(incoming);
  define(incoming, {
    query: { ...grouped(new URL(url, "http://localhost").searchParams), ...params },
    cookies: Object.fromEntries(cookiesIn(headers.cookie ?? "")),
    body,
  });
  define(outgoing, {
    status: (status: number) => {
      outgoing.statusCode = status;
      return outgoing;
    },
    json: (value: unknown) => sendJson(outgoing, value),
    send: (value: unknown) => send(outgoing, value),
    redirect: (...[first, second]: readonly [number | string, string?]) => {
      const [status, target] = typeof first === "number" ? [first, second] : [307, first];
      outgoing.statusCode = status;
      outgoing.setHeader("location", target ?? "/");
      outgoing.end();
      return outgoing;
    },
  });
}

function define(target: object, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    if (name in target) continue;
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  }
}

function cookiesIn(header: string): readonly (readonly [string, string])[] {
  return header.split(";").flatMap((pair): (readonly [string, string])[] => {
    const end = pair.indexOf("=");
    if (end === -1) return [];
    return [
      [
        pair.slice(0, end).trim(),
        decoded(
          pair
            .slice(end + 1)
            .trim()
            .replaceAll(/^"|"$/g, ""),
        ),
      ],
    ];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // it was never encoded
  }
}

function sendJson(outgoing: NodeOutgoing, value: unknown): NodeOutgoing {
  if (!outgoing.hasHeader("content-type"))
    outgoing.setHeader("content-type", "application/json; charset=utf-8");
  outgoing.end(JSON.stringify(value));
  return outgoing;
}

function send(outgoing: NodeOutgoing, value: unknown): NodeOutgoing {
  if (value === undefined || value === null) outgoing.end();
  else if (typeof value === "string") {
    if (!outgoing.hasHeader("content-type")) outgoing.setHeader("content-type", "text/html; charset=utf-8");
    outgoing.end(value);
  } else if (value instanceof Uint8Array) {
    if (!outgoing.hasHeader("content-type")) outgoing.setHeader("content-type", "application/octet-stream");
    outgoing.end(value);
  } else return sendJson(outgoing, value);
  return outgoing;
}
