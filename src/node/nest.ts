import { clientFaultOf } from "./client-fault.ts";
import { hasMethods } from "./listener.ts";
import type { Next, NodeListener } from "./listener.ts";

/** Whether an object is a Nest application. */
export function isNestApp(value: object): value is NestApp {
  return hasMethods(value, "getHttpAdapter", "init");
}

/** What of a Nest application is used. */
export interface NestApp {
  init(): Promise<unknown>;
  getHttpAdapter(): { getInstance(): object };
  /** Where global filters are kept: not public, and missing at worst. */
  readonly config?: { getGlobalFilters?(): object[] };
}

interface NestHost {
  getType(): string;
  getArgByIndex(index: number): object;
}

/**
 * A Nest application, with `next`: what it answers by its own defaults, a path without a route and an error of the program,
 * is left to others. Filters of the program stay, and those of an application that is initialised already.
 *
 * @param listenerOf the listener of what the adapter wraps, Express or Fastify
 */
export function nestListener(
  app: NestApp,
  listenerOf: (instance: object) => NodeListener | undefined,
): NodeListener {
  const nextOf = new WeakMap<object, Next>();
  let ready: Promise<NodeListener> | undefined;
  const start = async (): Promise<NodeListener> => {
    // The last of all filters: the first ones of the list are asked last.
    app.config?.getGlobalFilters?.().unshift(new LeavingFilter((request) => nextOf.get(request)));
    await app.init();
    const listener = listenerOf(app.getHttpAdapter().getInstance());
    if (listener === undefined)
      throw new TypeError("[orbit] Expected a Nest application on Express or Fastify.");
    return listener;
  };
  return async (incoming, outgoing, next, params) => {
    nextOf.set(incoming, next);
    ready ??= start();
    const listener = await ready;
    return listener(incoming, outgoing, next, params);
  };
}

/** Takes what Nest would answer with 404 because no route is there, and with 500. */
class LeavingFilter {
  readonly #nextOf: (request: object) => Next | undefined;

  constructor(nextOf: (request: object) => Next | undefined) {
    this.#nextOf = nextOf;
    // What `@Catch(LEFT)` would write. Nest has loaded what defines metadata.
    const metadata: object = Reflect;
    if (!hasMethods(metadata, "defineMetadata")) return;
    for (const target of [LeavingFilter, LeavingFilter.prototype])
      metadata.defineMetadata(CATCHES, [LEFT], target);
  }

  catch(exception: unknown, host: NestHost): void {
    if (host.getType() !== "http") throw exception;
    const [request, response] = [host.getArgByIndex(0), host.getArgByIndex(1)];
    // Fastify has requests and replies of its own.
    if (hasMethods(response, "hijack")) response.hijack();
    const raw: unknown = Reflect.get(request, "raw");
    const next = this.#nextOf(typeof raw === "object" && raw !== null ? raw : request);
    next?.(isUnmatched(exception) ? undefined : exception);
  }
}

const CATCHES = "__filterCatchExceptions__";

/** The class of all that is left to others: Nest chooses a filter by `instanceof`. */
const LEFT = {
  [Symbol.hasInstance]: (exception: unknown): boolean =>
    isUnmatched(exception) || clientFaultOf(exception) === undefined,
};

/** What Nest throws itself where no route is, in these words. */
function isUnmatched(exception: unknown): boolean {
  const fault = clientFaultOf(exception)?.problem;
  return fault?.status === 404 && /^Cannot [A-Z-]+ \//.test(fault.detail);
}
