import { stripVTControlCharacters } from "node:util";
import { prefersHtml } from "./accept.ts";
import type { ProblemDetails } from "./problem-details.ts";
import { renderProblemPage } from "./problem-page.ts";
import type { PageClient } from "./problem-page.ts";
import type { Route } from "./route-claims.ts";

/** What shapes the answer beside the problem itself. */
export type ProblemResponseOptions = {
  /** The request's `Accept` header: it decides between JSON and a page. */
  readonly accept: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** The routes that there are, for a page about a path that has none. */
  readonly routes?: readonly Route[];
};

/**
 * Answer with a problem: `application/problem+json`, or an HTML page for a client that would rather have one.
 *
 * Compilers colour their messages; the answer has no terminal escapes. It is never cached and never sniffed.
 */
export function problemResponse(
  problem: ProblemDetails,
  { accept, headers, routes = [] }: ProblemResponseOptions,
): Response {
  const plain = withoutEscapes(problem);
  const asPage = prefersHtml(accept);
  const response = new Response(asPage ? renderProblemPage(plain, routes) : JSON.stringify(plain), {
    status: problem.status,
    headers: {
      ...headers,
      ...(asPage ? PAGE_HEADERS : { "content-type": "application/problem+json" }),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      vary: "accept",
    },
  });
  if (asPage) pages.set(response, { problem: plain, routes });
  return response;
}

/** What the pages among the answers were made of. */
const pages = new WeakMap<
  Response,
  { readonly problem: ProblemDetails; readonly routes: readonly Route[] }
>();

/** The same answer; a page about a problem gets the client, which brings it up to date. */
export function withClient(response: Response, client: () => PageClient): Response {
  const page = pages.get(response);
  const { scripts, method } = page === undefined ? NOBODY : client();
  if (page === undefined || scripts.length === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("content-security-policy", `${PAGE_HEADERS["content-security-policy"]}; ${CLIENT_SOURCES}`);
  const html = renderProblemPage(page.problem, page.routes, { scripts, method });
  return new Response(html, { status: response.status, headers });
}

const NOBODY: PageClient = { scripts: [], method: "" };

/** The client is the server's own, and its socket may be at another port. */
const CLIENT_SOURCES = "script-src 'self'; connect-src 'self' ws: wss:";

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
};

function withoutEscapes(problem: ProblemDetails): ProblemDetails {
  return {
    ...problem,
    title: stripVTControlCharacters(problem.title),
    detail: stripVTControlCharacters(problem.detail),
    frame: problem.frame === undefined ? undefined : stripVTControlCharacters(problem.frame),
  };
}
