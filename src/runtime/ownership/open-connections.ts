import http from "node:http";
import type { Server } from "node:net";

/*
 * Connections outlive their server's port. What still arrives on them is answered by the new code, as soon as there is
 * some.
 */

const REQUESTS: ReadonlySet<unknown> = new Set([
  "request",
  "upgrade",
  "connect",
  "checkContinue",
  "checkExpectation",
  "stream",
]);

type Emit = (event: string, ...args: readonly unknown[]) => boolean;

/** From now on, requests on open connections of `from` are made to `to`. */
export function forwardRequests(from: Server, to: Server): void {
  const { emit, listenerCount } = waysOf(from);
  Object.assign(from, {
    emit: (event: string, ...args: readonly unknown[]): boolean => {
      if (!REQUESTS.has(event)) return emit(event, ...args);
      // The connection ends with this answer, and the client makes its next one to the new server.
      for (const value of args) if (value instanceof http.ServerResponse) value.shouldKeepAlive = false;
      return to.emit(event, ...args);
    },
    // Without listeners an upgrade is an ordinary request, and the old server may have lost its own by now.
    listenerCount: (event: string): number =>
      REQUESTS.has(event) ? to.listenerCount(event) : listenerCount(event),
    // Closing an HTTP server cuts idle connections, on which the next request may be arriving.
    closeIdleConnections: () => undefined,
  });
}

/** Requests that wait for whoever answers them. */
export interface HeldRequests {
  /** Make them to whoever answers now. */
  release(): void;
  /** Nobody does: their connections end. */
  refuse(): void;
}

/** Let requests on open connections of a server wait. */
export function holdRequests(server: Server): HeldRequests {
  const { emit, listenerCount, closeIdleConnections } = waysOf(server);
  const listened = new Map([...REQUESTS].map((event) => [event, listenerCount(String(event))]));
  const waiting: (readonly [event: string, ...args: readonly unknown[]])[] = [];
  let isHolding = true;
  Object.assign(server, {
    emit: (event: string, ...args: readonly unknown[]): boolean => {
      if (!isHolding || !REQUESTS.has(event)) return emit(event, ...args);
      waiting.push([event, ...args]);
      return true;
    },
    listenerCount: (event: string): number => (isHolding && listened.get(event)) || listenerCount(event),
    closeIdleConnections: () => {
      if (!isHolding) closeIdleConnections();
    },
  });
  return {
    release: () => {
      isHolding = false;
      // The new server may get its listeners in the lines after it listens.
      process.nextTick(() => {
        for (const [event, ...args] of waiting.splice(0))
          if (!server.emit(event, ...args)) endRequest(args[0]);
      });
    },
    refuse: () => {
      isHolding = false;
      for (const [, request] of waiting.splice(0)) endRequest(request);
      closeIdleConnections();
    },
  };
}

interface Ways {
  readonly emit: Emit;
  readonly listenerCount: (event: string) => number;
  readonly closeIdleConnections: () => void;
}

/** How a server does now what is about to be done otherwise. Only HTTP servers know which connections are idle. */
function waysOf(server: Server): Ways {
  const closeIdle: unknown = Reflect.get(server, "closeIdleConnections");
  return {
    emit: server.emit.bind(server) as Emit,
    listenerCount: server.listenerCount.bind(server),
    closeIdleConnections: () => {
      if (typeof closeIdle === "function") Reflect.apply(closeIdle, server, []);
    },
  };
}

function endRequest(request: unknown): void {
  const destroy: unknown = Reflect.get(Object(request), "destroy");
  if (typeof destroy === "function") Reflect.apply(destroy, request, []);
}
