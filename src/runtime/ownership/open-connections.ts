import http from "node:http";
import type { Server } from "node:net";

/*
 * Connections outlive their server's port. What still arrives on them is answered by the new code, as soon as there is
 * some.
 */

const REQUESTS: ReadonlySet<string> = new Set([
  "request",
  "upgrade",
  "connect",
  "checkContinue",
  "checkExpectation",
  "stream",
]);

const successors = new WeakMap<Server, Server>();

/** From now on, requests on open connections of `from` are made to `to`, or to whoever follows it. */
export function forwardRequests(from: Server, to: Server): void {
  successors.set(from, to);
  divert(from, {
    isOn: () => true,
    take: (event, args) => {
      // The connection ends with this answer, and the client makes its next one to the new server.
      for (const value of args) if (value instanceof http.ServerResponse) value.shouldKeepAlive = false;
      return latestOf(from).emit(event, ...args);
    },
    countListeners: (event) => latestOf(from).listenerCount(event),
  });
}

/** Connections may outlive many edits: the servers in between are neither held nor passed through. */
function latestOf(server: Server): Server {
  let latest = server;
  for (let next = successors.get(server); next !== undefined; next = successors.get(next)) latest = next;
  if (latest !== server) successors.set(server, latest);
  return latest;
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
  const waiting: (readonly [event: string, args: readonly unknown[]])[] = [];
  const listened = new Map([...REQUESTS].map((event) => [event, server.listenerCount(event)]));
  let isHolding = true;
  divert(server, {
    isOn: () => isHolding,
    take: (event, args) => waiting.push([event, args]) > 0,
    countListeners: (event) => listened.get(event) ?? 0,
  });
  return {
    release: () => {
      isHolding = false;
      // The new server may get its listeners in the lines after it listens.
      process.nextTick(() => {
        for (const [event, args] of waiting.splice(0))
          if (!server.emit(event, ...args)) endConnection(args[0]);
      });
    },
    refuse: () => {
      isHolding = false;
      for (const [, args] of waiting.splice(0)) endConnection(args[0]);
    },
  };
}

interface Diversion {
  readonly isOn: () => boolean;
  readonly take: (event: string, args: readonly unknown[]) => boolean;
  /** Without listeners, Node takes an upgrade for an ordinary request; the old server may have lost its own by now. */
  readonly countListeners: (event: string) => number;
}

/** Stand between a server and the requests that are made to it. */
function divert(server: Server, { isOn, take, countListeners }: Diversion): void {
  const emit = server.emit.bind(server);
  const listenerCount = server.listenerCount.bind(server);
  const isTaken = (event: string): boolean => isOn() && REQUESTS.has(event);
  Object.assign(server, {
    emit: (event: string, ...args: readonly unknown[]) =>
      isTaken(event) ? take(event, args) : emit(event, ...args),
    listenerCount: (event: string) => (isTaken(event) ? countListeners(event) : listenerCount(event)),
  });
  const closeIdle: unknown = Reflect.get(server, "closeIdleConnections");
  if (typeof closeIdle !== "function") return;
  // Closing an HTTP server cuts idle connections, on which the next request may be arriving.
  Object.assign(server, {
    closeIdleConnections: () => (isOn() ? undefined : (Reflect.apply(closeIdle, server, []) as unknown)),
  });
}

function endConnection(request: unknown): void {
  const connection: unknown = request instanceof http.IncomingMessage ? request.socket : request;
  const destroy: unknown = Reflect.get(Object(connection), "destroy");
  if (typeof destroy === "function") Reflect.apply(destroy, connection, []);
}
