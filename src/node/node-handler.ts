import type { RouteHandler } from "../routes/index.ts";
import { listenerOfNodeStyle } from "./recognise.ts";
import { MARK } from "./mark.ts";

/** How {@link nodeHandler} hands requests over. */
export interface NodeHandlerOptions {
  /**
   * The path below which the app is mounted, such as `/api/legacy`: the app sees `req.url` without it, and finds it in
   * `req.baseUrl`; `req.originalUrl` is the whole. What does not lie below it is left to others.
   * @default "" (the app sees the whole URL)
   */
  readonly base?: string;
}

/**
 * Make a route of something that answers on Node's response: an app to be mounted below a path, or a function that is not
 * recognised as such. Express, Connect, Koa, Fastify, NestJS and `(req, res)` functions are, and need this only for `base`.
 *
 * It works where a request comes from Node itself: on the development server.
 *
 * @throws {TypeError} for what is neither a function nor such an app, and for a `base` that is not a path.
 * @example
 * ```ts
 * // pages/api/legacy/[[...path]].ts
 * import { nodeHandler } from "orbit-hmr/node";
 * import { app } from "../../../server/app.ts";
 *
 * export default nodeHandler(app, { base: "/api/legacy" });
 * ```
 */
export function nodeHandler(app: object, options: NodeHandlerOptions = {}): RouteHandler {
  const { base = "" } = options;
  if (listenerOfNodeStyle(app) === undefined)
    throw new TypeError(
      `[orbit] Expected nodeHandler to get an Express, Connect, Koa, Fastify or NestJS app or a (req, res) function, got ${describe(app)}.`,
    );
  if (typeof base !== "string" || !/^(?:\/[^/?#\s]+)*$/.test(base))
    throw new TypeError(
      `[orbit] Expected the base of nodeHandler to be a path that begins with "/" and does not end with it, got ${describe(base)}.`,
    );
  return Object.assign(() => refuseWebRequest(), { [MARK]: { app, base } });
}

function refuseWebRequest(): never {
  throw new TypeError(
    "[orbit] What nodeHandler returns was called with a web request; it needs Node's own. Export it from the route as it is.",
  );
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value !== null && typeof value === "object")
    return "fetch" in value ? "an app with fetch, which is a route as it is" : "an object";
  return value === null ? "null" : typeof value;
}
