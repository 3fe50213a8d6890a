import { clientFaultOf } from "./client-fault.ts";
import { hasMethods } from "./listener.ts";
import type { Next, NodeListener } from "./listener.ts";

/** Whether an object is a Fastify instance. */
export function isFastifyApp(value: object): value is FastifyApp {
  return hasMethods(value, "routing", "ready");
}

/** What of a Fastify instance is used. */
export interface FastifyApp {
  ready(): PromiseLike<unknown>;
  routing(incoming: unknown, outgoing: unknown): void;
  readonly errorHandler: { readonly name: string };
  setNotFoundHandler(handler: (request: FastifyRequest, reply: FastifyReply) => void): unknown;
  setErrorHandler(
    handler: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown,
  ): unknown;
}

interface FastifyRequest {
  readonly raw: object;
}

interface FastifyReply {
  hijack(): void;
}

/**
 * A Fastify instance, with `next`: what it answers by its own defaults, a path without a route and an error of the
 * program, is left to others. Handlers that the program has set stay, and so do those of an instance that is ready already.
 */
export function fastifyListener(app: FastifyApp): NodeListener {
  const nextOf = new WeakMap<object, Next>();
  let ready: Promise<unknown> | undefined;
  return async (incoming, outgoing, next) => {
    nextOf.set(incoming, next);
    ready ??= makeReady(app, (request) => nextOf.get(request.raw));
    await ready;
    app.routing(incoming, outgoing);
  };
}

async function makeReady(
  app: FastifyApp,
  nextOf: (request: FastifyRequest) => Next | undefined,
): Promise<void> {
  const leave = (request: FastifyRequest, reply: FastifyReply, error?: unknown): void => {
    reply.hijack();
    nextOf(request)?.(error);
  };
  unlessRefused(() => app.setNotFoundHandler((request, reply) => leave(request, reply)));
  if (app.errorHandler.name === "defaultErrorHandler") {
    unlessRefused(() =>
      app.setErrorHandler((error, request, reply) => {
        // An error with a status of the client's is an answer in Fastify's own words, which the next handler gives.
        if (clientFaultOf(error) !== undefined) throw error;
        leave(request, reply, error);
        return undefined;
      }),
    );
  }
  await app.ready();
}

/** Fastify refuses a second handler, and any once it is ready: then the program's own one answers. */
function unlessRefused(set: () => unknown): void {
  try {
    set();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
