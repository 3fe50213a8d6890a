import { Server } from "node:net";
import type { AddressInfo } from "node:net";
import type { ViteDevServer } from "vite";
import type { ListeningPort, ListenOptions } from "../../protocol/server-messages.ts";
import { handleOf, setHandle } from "../../runtime/ownership/listening-handle.ts";
import type { ListeningHandle } from "../../runtime/ownership/listening-handle.ts";
import { ENVIRONMENT } from "../../protocol/environment-name.ts";
import { OpenConnections, takeConnection } from "./open-connections.ts";
import type { GiveConnection, HttpServer } from "./open-connections.ts";
import { processSlot } from "../../protocol/process-slot.ts";

/** A port that is open, with nobody behind it at times. */
export interface OpenPort extends ListeningPort {
  /** Absent where it could not cross to this process: then the port is opened anew. */
  readonly handle: ListeningHandle | undefined;
}

interface Listening {
  readonly server: HttpServer;
  readonly asked: ListenOptions;
}

interface Arrival {
  readonly vite: ViteDevServer;
  readonly server: HttpServer;
  /** As Vite does it. */
  readonly listen: ViteDevServer["listen"];
}

/** How long what is being answered may hold up the next process. */
const ANSWER_DEADLINE_MS = 2000;

/**
 * The port of a dev server and its connections, which outlive the servers behind it. When Vite restarts, the next
 * server listens with the handle of the last one, and no connection is refused or cut off; requests that come in
 * between wait for it. Between two processes the supervisor holds the handle, and the system queues who connects.
 */
export class ListenerHandoff {
  readonly #connections = new OpenConnections();
  readonly #listeners = new Set<(port: OpenPort) => void>();
  #restarts = 0;
  #listening: Listening | undefined;
  #inherited: OpenPort | undefined;
  /** Sends what waits to the next server. */
  #announce: (next: HttpServer) => void = () => undefined;

  /** Be the handoff of a server that is configured, and has yet to listen. */
  attach(vite: ViteDevServer): void {
    const { httpServer: server } = vite;
    if (server === null) return;
    this.#connections.watch(server);
    const restart = vite.restart.bind(vite);
    vite.restart = async (forceOptimize) => {
      this.#restarts++;
      try {
        await restart(forceOptimize);
      } finally {
        this.#restarts--;
      }
    };
    const listen = vite.listen.bind(vite);
    vite.listen = async (port, isRestart) => this.#listen({ vite, server, listen }, port, isRestart);
    // Environments are closed in the same turn as the HTTP server, and before it.
    const environment = vite.environments[ENVIRONMENT];
    if (environment === undefined) return;
    const close = environment.close.bind(environment);
    environment.close = async () => {
      if (this.#restarts > 0 && server.listening) this.#keepOpen(server);
      await close();
    };
  }

  /** A server is closed. Nobody follows it but in a restart. */
  detach(): void {
    if (this.#restarts === 0) this.#connections.destroyRetired();
  }

  /** Listen on a port that another process has opened, if it is still the one that is wanted. */
  inherit(port: OpenPort): void {
    this.#inherited = port;
  }

  /** Told of the port that is open, and of each that is opened later. */
  onListening(listener: (port: OpenPort) => void): void {
    this.#listeners.add(listener);
    const open = this.#listening && openPortOf(this.#listening);
    if (open !== undefined) listener(open);
  }

  /** Go on with a connection that another process has given away, by its handle. */
  take(connection: object): void {
    if (this.#listening !== undefined) takeConnection(this.#listening.server, connection);
  }

  /** Let go of the port, which another process holds open, and of everybody who is connected. */
  async giveAway(give: GiveConnection): Promise<void> {
    const server = this.#listening?.server;
    // An HTTP server would end the connections that rest.
    if (server !== undefined) Server.prototype.close.call(server);
    await this.#connections.giveAway(give, ANSWER_DEADLINE_MS);
  }

  async #listen(
    arrival: Arrival,
    ...[port, isRestart]: Parameters<ViteDevServer["listen"]>
  ): Promise<ViteDevServer> {
    const { vite, server, listen } = arrival;
    const before = this.#listening?.server === server ? undefined : this.#listening;
    const asked = { port: port ?? vite.config.server.port, host: vite.config.server.host };
    const taken = this.#portFor(asked);
    this.#inherited = undefined;
    try {
      if (taken?.handle === undefined) {
        // It would be in the way where the same port is wanted on other addresses.
        if (before !== undefined) Server.prototype.close.call(before.server);
        await listen(taken?.port ?? port, isRestart);
      } else {
        await listenWith(taken.handle, arrival, isRestart);
        if (before !== undefined) setHandle(before.server, null);
      }
      this.#listening = { server, asked };
      this.#announce(server);
      this.#tell(server, asked);
      return vite;
    } finally {
      if (before !== undefined) this.#connections.retire(before.server);
      // Nobody is there to answer what waits.
      if (!server.listening) this.#connections.destroyRetired();
    }
  }

  /** The port that is open already, if it is the one that is wanted; without its handle for another address. */
  #portFor({ port, host }: ListenOptions): OpenPort | undefined {
    const open = this.#listening === undefined ? this.#inherited : openPortOf(this.#listening);
    if (open?.asked.port !== port) return undefined;
    return open.asked.host === host ? open : { ...open, handle: undefined };
  }

  /** Vite closes a server, and another one follows: it listens on, and what arrives waits for the next one. */
  #keepOpen(server: HttpServer): void {
    this.#connections.outliveThisTurn(server);
    Reflect.set(server, "close", (closed?: () => void) => {
      closed?.();
      return server;
    });
    queueMicrotask(() => Reflect.deleteProperty(server, "close"));
    const next = new Promise<HttpServer>((resolve) => {
      this.#announce = resolve;
    });
    for (const event of ["request", "upgrade"]) {
      server.removeAllListeners(event);
      server.on(event, (...exchange: readonly unknown[]) => {
        void next.then((successor) => successor.emit(event, ...exchange));
      });
    }
  }

  #tell(server: HttpServer, asked: ListenOptions): void {
    const open = openPortOf({ server, asked });
    if (open !== undefined) for (const listener of this.#listeners) listener(open);
  }
}

/** Vite looks for a port that is free; asked for any, it does not look at the one that is open here. */
async function listenWith(
  handle: ListeningHandle,
  { vite, server, listen }: Arrival,
  isRestart: boolean | undefined,
): Promise<void> {
  const original: Server["listen"] = server.listen.bind(server);
  Reflect.set(server, "listen", () => original(handle));
  // A server that was asked for any port before goes back to the one it got.
  Reflect.set(vite, "_configServerPort", undefined);
  await listen(0, isRestart);
  Reflect.set(server, "listen", original);
}

function openPortOf({ server, asked }: Listening): OpenPort | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- dev servers listen on ports, not on paths
  const address = server.address() as AddressInfo | null;
  return address === null ? undefined : { asked, port: address.port, handle: handleOf(server) ?? undefined };
}

/**
 * The handoff of a dev server and of those that Vite replaces it with: they have one inline config. It is kept on the
 * process, because a restart may evaluate the plugin's module anew.
 */
export function handoffOf({ config }: ViteDevServer): ListenerHandoff {
  const handoffs = processSlot("doors@1", () => new WeakMap<object, ListenerHandoff>());
  const handoff = handoffs.get(config.inlineConfig) ?? new ListenerHandoff();
  handoffs.set(config.inlineConfig, handoff);
  return handoff;
}
