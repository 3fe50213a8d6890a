import { clientFaultOf } from "./client-fault.ts";
import { hasMethods } from "./listener.ts";
import type { Next, NodeListener } from "./listener.ts";

/** Whether an object is a Koa app. */
export function isKoaApp(value: object): value is KoaApp {
  return typeof value === "object" && hasMethods(value, "callback", "use");
}

/** What of a Koa app is used. */
export interface KoaApp {
  readonly callback: () => (incoming: unknown, outgoing: unknown) => unknown;
  readonly onerror: (error: unknown) => void;
  createContext(incoming: unknown, outgoing: unknown): KoaContext;
  handleRequest(context: KoaContext, middleware: KoaMiddleware): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  listeners(event: "error"): readonly unknown[];
  listenerCount(event: "error"): number;
  emit(event: "error", error: unknown, context: KoaContext): boolean;
}

interface KoaContext {
  readonly req: object;
  readonly res: { readonly headersSent: boolean };
  readonly status: number;
  readonly body: unknown;
  respond?: boolean;
}

type KoaMiddleware = (context: KoaContext) => Promise<unknown>;

/**
 * A Koa app, with `next`. Koa answers for itself what no middleware answered and what one threw; it does so after its
 * middleware has run, and that is where this looks first.
 */
export function koaListener(app: KoaApp): NodeListener {
  const nextOf = new WeakMap<object, Next>();
  const handleRequest: KoaApp["handleRequest"] = (context, middleware) =>
    app.handleRequest(context, async () => {
      const next = nextOf.get(context.req);
      try {
        await middleware(context);
      } catch (error) {
        // An error with a status of the client's is an answer in Koa's own words.
        if (clientFaultOf(error) !== undefined) throw error;
        context.respond = false;
        tell(app, error, context);
        return next?.(error);
      }
      if (!isLeft(context)) return;
      context.respond = false;
      next?.();
    });
  // The app itself stays as it is: middleware may have been given it, and compares or extends it.
  const own: Partial<KoaApp> = {
    handleRequest,
    createContext: (incoming, outgoing) => app.createContext(incoming, outgoing),
    on: (event, listener) => app.on(event, listener),
    listenerCount: (event) => app.listenerCount(event),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has all of the app by its prototype
  const callback = (Object.assign(Object.create(app), own) as KoaApp).callback();
  return (incoming, outgoing, next) => {
    nextOf.set(incoming, next);
    return callback(incoming, outgoing);
  };
}

/** Nobody has set a status or a body. */
function isLeft({ status, body, respond, res }: KoaContext): boolean {
  return status === 404 && (body === undefined || body === null) && respond !== false && !res.headersSent;
}

/** Those who listen for errors hear of them; Koa's own listener only prints, and that is done elsewhere. */
function tell(app: KoaApp, error: unknown, context: KoaContext): void {
  if (app.listeners("error").some((listener) => listener !== app.onerror)) app.emit("error", error, context);
}
