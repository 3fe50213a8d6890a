import { problemResponse } from "./problem.ts";
import type { ProblemDetails } from "./problem-details.ts";
import { BodyTooLargeError } from "./request-body.ts";
import { isResponse, reasonNotSendable, withoutBody } from "./response.ts";
import type { Route } from "./route-claims.ts";
import { allowedMethods, handlerFor, readExports } from "./route-exports.ts";
import type { RouteExports } from "./route-exports.ts";
import type { RouteHandler, RouteParams, RouteRequest } from "./types.ts";

/** The matched route a request goes to. A `RouteMatch` of kind `route` is one. */
export type DispatchTarget = {
  readonly route: Route;
  readonly params: RouteParams;
  /**
   * Makes what an app with `fetch` gets as its second argument.
   * @default () => ({ params })
   */
  readonly bindings?: () => object;
  /** Told what makes the answer a 500 although nothing was thrown: that is the author's business too. */
  readonly onFault?: (problem: ProblemDetails) => void;
};

/**
 * Answer a request with the exports of a route's module, read now.
 *
 * A `Response` that the handler throws is its answer, as if it had returned it. Anything else it throws is passed on: only
 * the caller can map it to the source. Everything else is an answer: 204 and 405 with `Allow`, 413 for a body over the
 * limit, 500 if the module has no handler or its handler returned no `Response`.
 */
export async function dispatchRequest(
  namespace: object,
  request: RouteRequest,
  { route, params, bindings = () => ({ params }), onFault = () => undefined }: DispatchTarget,
): Promise<Response> {
  const refuse = (problem: ProblemDetails): Promise<Response> | Response => {
    onFault(problem);
    return respond(problem, request);
  };
  const found = handlerFor(namespace, request.method);
  if (found === undefined) {
    const exports = readExports(namespace);
    return exports.byMethod.size === 0
      ? refuse(noHandler(exports, route))
      : answerOtherMethod(exports, request, route);
  }
  let answer: unknown;
  try {
    answer = await (found.kind === "app"
      ? found.app.fetch(request, bindings())
      : found.handler(request, { params }));
  } catch (error) {
    if (error instanceof BodyTooLargeError) return respond(bodyTooLarge(error, route), request);
    if (!isResponse(error)) throw error;
    answer = error;
  }
  if (!isResponse(answer)) {
    const hint = found.kind === "function" && mayBeNodeStyle(found.handler, answer) ? `. ${KNOWN_FORMS}` : "";
    const expectedAndGot = `a Response such as Response.json(value), got ${describe(answer)}${hint}`;
    return refuse(uselessAnswer(request.method, route, expectedAndGot));
  }
  const reason = reasonNotSendable(answer);
  if (reason !== undefined) return refuse(uselessAnswer(request.method, route, reason));
  return request.method === "HEAD" ? withoutBody(answer) : answer;
}

async function answerOtherMethod(
  exports: RouteExports,
  request: RouteRequest,
  route: Route,
): Promise<Response> {
  const allow = allowedMethods(exports);
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  return respond(methodNotAllowed(request.method, allow, route), request, { allow });
}

/** Answer 405 with `Allow` for a method that no web request can have, and so no handler can be asked for. */
export function refuseMethod(
  namespace: object,
  { method, accept }: { readonly method: string; readonly accept: string | null },
  route: Route,
): Response {
  const allow = allowedMethods(readExports(namespace));
  return problemResponse(methodNotAllowed(method, allow, route), { accept, headers: { allow } });
}

function respond(
  problem: ProblemDetails,
  request: RouteRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> | Response {
  const response = problemResponse(problem, { accept: request.headers.get("accept"), headers });
  return request.method === "HEAD" ? withoutBody(response) : response;
}

function methodNotAllowed(method: string, allow: string, { path }: Route): ProblemDetails {
  const detail = `${path} does not answer ${method}. It answers ${allow}.`;
  return { type: "about:blank", title: "Method Not Allowed", status: 405, detail };
}

function noHandler({ names }: RouteExports, { file }: Route): ProblemDetails {
  const came = names.length === 0 ? "no exports" : `the exports ${names.join(", ")}`;
  return {
    type: "urn:orbit-hmr:no-handler",
    title: "The route has no handler",
    status: 500,
    detail: `[orbit] Expected ${file} to export a function named after a method (GET, POST, ...) or a default handler, got ${came}. ${KNOWN_FORMS}.`,
    file,
  };
}

function uselessAnswer(method: string, { file }: Route, expectedAndGot: string): ProblemDetails {
  return {
    type: "urn:orbit-hmr:invalid-response",
    title: "The handler returned no usable response",
    status: 500,
    detail: `[orbit] Expected the handler of ${method} in ${file} to return ${expectedAndGot}.`,
    file,
  };
}

/** What a route may export, for those whose export is none of it. */
export const KNOWN_FORMS: string =
  "Known are functions that return a Response, apps with fetch (Hono, H3), and what answers on Node's response: " +
  "apps of Express, Connect, Koa, Fastify, NestJS and (req, res) functions. Make any other of the last kind known by " +
  "nodeHandler(it) of orbit-hmr/node";

/** A function that returns nothing and has a second parameter may have answered on it: `(req, res) => app(req, res)`. */
function mayBeNodeStyle({ length }: RouteHandler, answer: unknown): boolean {
  return answer === undefined && length >= 2;
}

function bodyTooLarge({ message }: BodyTooLargeError, { file }: Route): ProblemDetails {
  return {
    type: "urn:orbit-hmr:body-too-large",
    title: "Content Too Large",
    status: 413,
    detail: message,
    file,
  };
}

/** A value by its kind only: its content may be private. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return "an array";
  const className: unknown = Reflect.get(value, "constructor");
  if (typeof className !== "function" || className === Object) return "an object";
  return `an instance of ${className.name}`;
}
