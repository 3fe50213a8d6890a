import type { FetchApp, RouteContext, RouteHandler, RouteRequest } from "./types.ts";

/** What a module can answer, read from its exports at one moment. */
export type RouteExports = {
  /** The handlers by method, in the order of the module's exports. */
  readonly byMethod: ReadonlyMap<string, RouteHandler>;
  /** Answers the methods that have no handler of their own. */
  readonly fallback: RouteHandler | undefined;
  /** Every exported name, for the message when none is a handler. */
  readonly names: readonly string[];
};

// Registered methods are letters and hyphens (`M-SEARCH`). Names with a digit or `_` are the constants of the file.
const METHOD_NAME = /^[A-Z]+(?:-[A-Z]+)*$/;

/**
 * Read the handlers of a module's namespace, each export once: behind a name may be a getter whose answer changes when
 * an edit becomes live, and one request is answered by one version.
 *
 * Only own exports count, so a request with the method `constructor` finds nothing.
 */
export function readExports(namespace: object): RouteExports {
  const byMethod = new Map<string, RouteHandler>();
  let fallback: RouteHandler | undefined;
  const names = Object.keys(namespace);
  for (const name of names) {
    if (name !== "default" && !METHOD_NAME.test(name)) continue;
    const value: unknown = Reflect.get(namespace, name);
    if (name === "default") fallback = toHandler(value);
    else if (isHandler(value)) byMethod.set(name, value);
  }
  return { byMethod, fallback, names };
}

/** The handler of a method: its own export, GET for HEAD, then the default export. */
export function handlerFor({ byMethod, fallback }: RouteExports, method: string): RouteHandler | undefined {
  const own = byMethod.get(method);
  if (own !== undefined) return own;
  return (method === "HEAD" ? byMethod.get("GET") : undefined) ?? fallback;
}

/** The value of `Allow`: the exported methods and those that come with them. */
export function allowedMethods({ byMethod }: RouteExports): string {
  const methods = new Set(byMethod.keys());
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods.add("OPTIONS")].join(", ");
}

function toHandler(value: unknown): RouteHandler | undefined {
  if (isHandler(value)) return value;
  if (!isFetchApp(value)) return undefined;
  return (request: RouteRequest, context: RouteContext) => value.fetch(request, context);
}

// What a function takes and returns cannot be seen from outside; what it returned is checked after the call.
function isHandler(value: unknown): value is RouteHandler {
  return typeof value === "function";
}

function isFetchApp(value: unknown): value is FetchApp {
  return typeof value === "object" && value !== null && "fetch" in value && typeof value.fetch === "function";
}
