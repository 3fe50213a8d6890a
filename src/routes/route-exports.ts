import { isKnownToFetch } from "./node-request.ts";
import type { FetchApp, RouteHandler, RouteMethod } from "./types.ts";

/** What a module can answer, read from its exports at one moment. */
export type RouteExports = {
  /** The handlers by method, in the order of the module's exports. */
  readonly byMethod: ReadonlyMap<string, RouteHandler>;
  /** Every exported name, for the message when none is a handler. */
  readonly names: readonly string[];
};

// Registered methods are letters and hyphens (`M-SEARCH`). Names with a digit or `_` are the constants of the file.
const METHOD_NAME = /^[A-Z]+(?:-[A-Z]+)*$/;

/** Read what a module's namespace answers. Only own exports count. */
export function readExports(namespace: object): RouteExports {
  const byMethod = new Map<string, RouteHandler>();
  const names = Object.keys(namespace);
  for (const name of names) {
    const handler = methodHandler(namespace, name);
    if (handler !== undefined) byMethod.set(name, handler);
  }
  return { byMethod, names };
}

/**
 * The handler of a method, read now: its own export, GET for HEAD, then the default export. Behind a name may be a getter
 * whose answer changes when an edit becomes live: each is read once, and one request is answered by one version.
 */
export function handlerFor(namespace: object, method: string): AnyHandler | undefined {
  const value = exportFor(namespace, method);
  // Some apps are functions that are called in another way: `defineHandler` of h3, GraphQL servers.
  if (isFetchApp(value)) return { kind: "app", app: value };
  return isHandler(value) ? { kind: "function", handler: value } : undefined;
}

/** Who answers: a function, or an app, which gets bindings where a function gets its context. */
export type AnyHandler =
  | { readonly kind: "function"; readonly handler: RouteHandler }
  | { readonly kind: "app"; readonly app: FetchApp<object> };

/** What a module exports for a method, be it a handler or not. */
export function exportFor(namespace: object, method: string): unknown {
  return (
    methodHandler(namespace, method) ??
    (method === "HEAD" ? methodHandler(namespace, "GET") : undefined) ??
    Reflect.get(namespace, "default")
  );
}

/** No object inherits a name in capitals, so a request with the method `constructor` finds nothing. */
function methodHandler(namespace: object, method: string): RouteHandler | undefined {
  const value: unknown = METHOD_NAME.test(method) ? Reflect.get(namespace, method) : undefined;
  return isHandler(value) ? value : undefined;
}

/**
 * The value of `Allow`: the exported methods and those that come with them. A default answers every method; listed are
 * those that people use. What no web request can be, no handler answers.
 */
export function allowedMethods({ byMethod, names }: RouteExports): string {
  const methods = new Set([...byMethod.keys()].filter(isKnownToFetch));
  if (names.includes("default")) for (const method of USUAL) methods.add(method);
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods.add("OPTIONS")].join(", ");
}

const USUAL: readonly RouteMethod[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

// What a function takes and returns cannot be seen from outside; what it returned is checked after the call.
function isHandler(value: unknown): value is RouteHandler {
  return typeof value === "function";
}

function isFetchApp(value: unknown): value is FetchApp<object> {
  const mayHave = typeof value === "function" || (typeof value === "object" && value !== null);
  return mayHave && "fetch" in value && typeof value.fetch === "function";
}
