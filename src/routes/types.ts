import type { NodeExchange } from "./node-exchange.ts";

/** What a parameter can be: one segment, the segments of a catch-all, or absent (an optional catch-all that matched nothing). */
export type RouteParam = string | readonly string[] | undefined;

/** The parameters of a matched route by name, decoded. The object has no prototype, so every key is the route's own. */
export type RouteParams = { readonly [name: string]: RouteParam };

/**
 * The request a route answers: a web `Request` that also knows who asked.
 *
 * A request made from this one by `new Request(request, init)` follows the client's abort only if `init` has
 * `signal: request.signal`; `request.clone()` and `new Request(url, request)` always follow it.
 */
export interface RouteRequest extends Request {
  /** The address at the other end of the socket, or what a trusted proxy says it is. `undefined` once the socket is gone. */
  readonly ip: string | undefined;
}

/**
 * The parameters of a route by its path, spelled as its file is: `"/api/users/[id]/files/[...path]"` has
 * `{ id: string; path: readonly string[] }`. Folders in parentheses may be in it or not.
 */
export type ParamsOf<Path extends string> = Path extends `${infer Segment}/${infer Rest}`
  ? ParamOf<Segment> & ParamsOf<Rest>
  : ParamOf<Path>;

type ParamOf<Segment extends string> = Segment extends `[[...${infer Name}]]`
  ? { readonly [Key in Name]?: readonly string[] | undefined }
  : Segment extends `[...${infer Name}]`
    ? { readonly [Key in Name]: readonly string[] }
    : Segment extends `[${infer Name}]`
      ? { readonly [Key in Name]: string }
      : unknown;

/** What a handler learns beside the request. `Of` is the path of the route, as for {@link ParamsOf}, or its parameters. */
export type RouteContext<Of extends string | Record<keyof Of, RouteParam> = RouteParams> = {
  readonly params: Of extends string ? ParamsOf<Of> : Of;
};

/**
 * Answers one method of a route, or every method as the default export.
 *
 * A `Response` that is thrown, here or in what it calls, is the answer too: `throw new Response("no", { status: 401 })`.
 * There is no transaction around a request: what was written before stays written. Anything else that is thrown is
 * answered with 500.
 *
 * `Of` is the path of the route, which types `params`, or the parameters themselves.
 *
 * @example
 * ```ts
 * // pages/api/users/[id].ts
 * export const GET: RouteHandler<"/api/users/[id]"> = async (request, { params }) => {
 *   return Response.json({ id: params.id, ip: request.ip });
 * };
 * ```
 */
export type RouteHandler<Of extends string | Record<keyof Of, RouteParam> = RouteParams> = (
  request: RouteRequest,
  context: RouteContext<Of>,
) => Response | Promise<Response>;

/**
 * An app that answers every method itself, such as a Hono or an H3 app.
 *
 * Its bindings (Hono's `c.env`) are the environment, by each key, with the route's `params`, and with Node's own `incoming`
 * and `outgoing`, as Hono's adapter for Node has them.
 */
export type FetchApp<Bindings = AppBindings> = {
  fetch(request: RouteRequest, bindings: Bindings): Response | Promise<Response>;
};

/** What an app with `fetch` gets beside the request. */
export type AppBindings = RouteContext & NodeExchange & { readonly [key: string]: unknown };

/**
 * An app that answers on Node's response: a function of Express, Connect or Next's kind, or an app of Koa, Fastify or
 * NestJS. It is known by what it is, and needs no marks.
 */
export type NodeApp =
  | ((incoming: never, outgoing: never, next: never) => unknown)
  | { callback(): (incoming: never, outgoing: never) => unknown }
  | { routing(incoming: never, outgoing: never): void }
  | { getHttpAdapter(): object };

/** The methods that have a handler type. A route may export others (`PROPFIND`): any name in capitals counts. */
export type RouteMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** What a route file exports: handlers by method, and a default for the methods that have none. */
export type RouteModule = {
  readonly [Method in RouteMethod]?: RouteHandler;
} & {
  readonly default?: RouteHandler | FetchApp | NodeApp;
};
