import { isObjectLike } from "../values/kinds.ts";
import { isResponse, sendWebResponse } from "../routes/index.ts";
import { fastifyListener, isFastifyApp } from "./fastify.ts";
import { isKoaApp, koaListener } from "./koa.ts";
import { hasMethods } from "./listener.ts";
import type { NodeListener } from "./listener.ts";
import { mountedIn } from "./mark.ts";
import { mount } from "./mount.ts";
import { isNestApp, nestListener } from "./nest.ts";
import { addNextHelpers } from "./next-helpers.ts";
import { usesNodeResponse } from "./node-response-use.ts";

type AnyFunction = (...args: readonly unknown[]) => unknown;

const recognised = new WeakMap<object, NodeListener | "other">();

/**
 * The listener of what a route exports, known by what it is; `undefined` for everything that answers web requests. What is
 * exported is looked at once, and an app is made ready by its first request.
 */
export function listenerOf(exported: unknown): NodeListener | undefined {
  if (!isObjectLike(exported)) return undefined;
  let listener = recognised.get(exported);
  if (listener === undefined) {
    listener = recognise(exported) ?? "other";
    recognised.set(exported, listener);
  }
  return listener === "other" ? undefined : listener;
}

/** The listener of an app, or of any function: somebody says that it answers on Node's response. */
export function listenerOfNodeStyle(app: unknown): NodeListener | undefined {
  const listener = listenerOf(app);
  if (listener !== undefined || !isFunction(app) || hasMethods(app, "fetch")) return listener;
  return functionListener(app);
}

// The order counts: a Nest application answers to the names of its adapter as well, and some functions with `handle` and
// `use` answer web requests by `fetch`.
function recognise(value: object): NodeListener | undefined {
  const mounted = mountedIn(value);
  if (mounted !== undefined) {
    const listener = listenerOfNodeStyle(mounted.app);
    return listener && mount(listener, mounted.base);
  }
  if (isNestApp(value)) return nestListener(value, listenerOfNodeStyle);
  if (hasMethods(value, "fetch")) return undefined;
  if (isFastifyApp(value)) return fastifyListener(value);
  if (isKoaApp(value)) return koaListener(value);
  if (!isFunction(value)) return undefined;
  if (hasMethods(value, "handle", "use")) return isExpressApp(value) ? expressListener(value) : value;
  return usesNodeResponse(value) ? functionListener(value) : undefined;
}

/** Express gives requests and responses prototypes of its own, which are made of those of HTTP/1. */
function isExpressApp(value: object): boolean {
  return "request" in value && "response" in value;
}

function expressListener(app: AnyFunction): NodeListener {
  return (incoming, outgoing, next) => {
    if ("stream" in outgoing)
      throw new TypeError(
        "[orbit] Express answers HTTP/1 only, and this request came over HTTP/2, which browsers choose where Vite has `server.https`. Leave that out, or ask over HTTP/1.",
      );
    return app(incoming, outgoing, next);
  };
}

/** A function of Next's kind, or any other that knows Node's request and response alone. */
function functionListener(handler: AnyFunction): NodeListener {
  return async (incoming, outgoing, next, params) => {
    const exchange = { incoming, outgoing };
    await addNextHelpers(exchange, params);
    const answer = await handler(incoming, outgoing, next);
    if (isResponse(answer) && !outgoing.headersSent) await sendWebResponse(answer, exchange);
  };
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === "function";
}
