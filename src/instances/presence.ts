import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SETTLE_PATH } from "../protocol/settlement.ts";
import { STATUS_PATH } from "../protocol/status.ts";
import { SERVER_ID_HEADER } from "./ask-server.ts";
import { holdPlace } from "./place.ts";
import type { ServerPlace } from "./place.ts";
import type { ServerAddress } from "./server-record.ts";

/** A dev server, as far as others of its project have to find it: Vite's is one. */
export interface FindableServer {
  readonly middlewares: {
    use(
      handler: (
        incoming: IncomingMessage & { readonly originalUrl?: string | undefined },
        outgoing: ServerResponse,
        next: () => void,
      ) => void,
    ): unknown;
  };
  /** `null` in another program's server. */
  readonly httpServer: {
    on(event: "listening", listener: () => void): unknown;
    address(): AddressInfo | string | null;
  } | null;
  readonly resolvedUrls: { readonly local: readonly string[]; readonly network: readonly string[] } | null;
}

/**
 * Make a dev server known to the commands of its user and to other servers of the project.
 *
 * @param root the project's folder
 */
export async function enterProject(server: FindableServer, root: string): Promise<Presence> {
  return new Presence(server, await holdPlace(root));
}

/** One server among those of its project. See {@link enterProject}. */
export class Presence {
  readonly #server: FindableServer;
  readonly #place: ServerPlace;

  constructor(server: FindableServer, place: ServerPlace) {
    this.#server = server;
    this.#place = place;
    // An address may be another program's by now: who asks has to see that it is this server.
    server.middlewares.use((incoming, outgoing, next) => {
      const [pathname] = (incoming.originalUrl ?? "").split("?");
      if (pathname === STATUS_PATH || pathname === SETTLE_PATH)
        outgoing.setHeader(SERVER_ID_HEADER, place.id);
      next();
    });
  }

  /** Whether what the project keeps on disk is this process's to write. */
  get isFirst(): boolean {
    return this.#place.isFirst;
  }

  /** Say where the server is as soon as it listens, and to its user what there is to say about others. */
  announce(tell: (message: string) => void): void {
    const { httpServer } = this.#server;
    const say = (): void => {
      const news = this.#place.takeNews();
      if (news !== undefined) tell(`[orbit] ${news}`);
    };
    // In another program's server, that program knows where it listens.
    if (httpServer === null) return say();
    httpServer.on("listening", () => {
      const address = addressOf(this.#server, httpServer.address());
      if (address !== undefined) this.#place.announce(this, address);
      say();
    });
  }

  /** The server begins to close. */
  withdraw(): void {
    this.#place.withdraw(this);
  }

  /** All that the server has kept is written. */
  leave(): void {
    this.#place.release();
  }
}

function addressOf(server: FindableServer, address: AddressInfo | string | null): ServerAddress | undefined {
  const { local = [], network = [] } = server.resolvedUrls ?? {};
  const url = local[0] ?? network[0];
  if (url === undefined || address === null || typeof address === "string") return undefined;
  return { url, host: reachable(address.address), port: address.port };
}

/** Who listens on all addresses listens on the loopback one. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
