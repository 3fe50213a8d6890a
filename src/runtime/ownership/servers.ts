import net from "node:net";
import type { Generation } from "../model/generation.ts";
import { isHandedOver, takeOver } from "./hand-over.ts";
import { Http2Sessions } from "./http2-sessions.ts";
import { findOpener, own, ownableContext } from "./opener.ts";
import { patchMethod } from "./patch.ts";
import type { Closing, OwnedResource } from "./resource.ts";
import { boundHandleOf, park } from "./parking.ts";
import { addressOf } from "./server-address.ts";

/** How long a port waits for code that listens some time after its evaluation. */
const TAKE_OVER_MS = 1000;

/** Who listens where. An entry is true as long as its server listens. */
const listening = new Map<string, { readonly resource: OwnedServer; readonly generation: Generation }>();

/** Let generations own their servers, and hand listening ports over. Returns the undo. */
export function ownServers(): () => void {
  const undo = patchMethod(net.Server.prototype, "listen", (server, args, original, callee) => {
    const listen = (): unknown => Reflect.apply(original, server, args);
    const context = ownableContext();
    if (context === undefined || !(server instanceof net.Server) || server.listening) return listen();
    const opener = findOpener({ context, callee, throughPackages: true });
    if (opener === undefined) return listen();
    if (opener.kind === "gone") {
      listen();
      server.close();
      return server;
    }
    const { owned } = opener;
    const { generation } = owned;
    const resource = new OwnedServer(server);
    own(owned, resource);
    const address = addressOf(args);
    if (address === undefined) return listen();
    const holder = listening.get(address);
    const nowHeld = (): void => void listening.set(address, { resource, generation });
    // A server of a module that stays is in the way, and Node says so.
    const isInTurn =
      holder !== undefined &&
      boundHandleOf(holder.resource.subject) !== null &&
      holder.generation !== generation &&
      context.snapshot.generationOf(holder.generation.module) !== holder.generation;
    if (!isInTurn) {
      nowHeld();
      return listen();
    }
    const taken = (): void => {
      nowHeld();
      resource.takeOver(holder.resource);
    };
    takeOver({ from: holder.resource.subject, to: server, generation, args, listen, taken });
    return server;
  });
  return () => {
    undo();
    listening.clear();
  };
}

function forget(server: net.Server): void {
  for (const [address, holder] of listening)
    if (holder.resource.subject === server) listening.delete(address);
}

/** Whose connection a socket is: it may change hands many times. */
const holders = new WeakMap<net.Socket, Set<net.Socket>>();

/** The port of a server that has been handed over belongs to another one: closing it only lets connections end. */
class OwnedServer implements OwnedResource {
  readonly kind = "server";
  readonly since: number = Date.now();
  readonly subject: net.Server;
  /** Upgraded connections are here too: HTTP servers forget those. */
  readonly #sockets = new Set<net.Socket>();
  readonly #sessions: Http2Sessions;
  #isTakenLater: Promise<boolean> | undefined;

  constructor(server: net.Server) {
    this.subject = server;
    server.prependListener("connection", (socket: net.Socket) => this.#note(socket));
    this.#sessions = new Http2Sessions(server);
  }

  /** The port of a server has come to this one, and so do those connections that no client would notice to end. */
  takeOver(before: OwnedServer): void {
    if (!isHttp2(before.subject) || !isHttp2(this.subject)) return;
    this.#sessions.adopt(before.#sessions);
    for (const socket of before.#sockets) this.#note(socket);
    before.#sockets.clear();
  }

  isOpen(): boolean {
    return boundHandleOf(this.subject) !== null;
  }

  /** What wraps a server closes it as well, and is closed first. */
  prepare({ deadlineMs, reason }: Closing): void {
    if (reason !== "replaced" || isHandedOver(this.subject)) return;
    this.#isTakenLater = park(this.subject, Math.min(TAKE_OVER_MS, deadlineMs / 2));
  }

  async close({ deadlineMs }: Closing): Promise<void | "handed-over"> {
    const server = this.subject;
    const isTaken = isHandedOver(server) || (await this.#isTakenLater) === true;
    if (!server.listening) return isTaken ? "handed-over" : undefined;
    const ended = new Promise<void>((resolve) => {
      server.once("close", resolve);
    });
    const patience = setTimeout(() => this.force(), deadlineMs).unref();
    void ended.then(() => clearTimeout(patience));
    server.close();
    this.#sessions.end();
    // An HTTP server has closed what is idle. Others cannot know when a conversation is over.
    const isConversing = !("closeIdleConnections" in server) && !isHttp2(server);
    if (isConversing) for (const socket of this.#sockets) socket.end();
    // Connections bring their requests to the new server; they end with the next answer, or the deadline.
    if (isTaken) return "handed-over";
    await ended;
    forget(server);
    return undefined;
  }

  force(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #note(socket: net.Socket): void {
    if (!holders.has(socket)) socket.once("close", () => holders.get(socket)?.delete(socket));
    holders.set(socket, this.#sockets);
    this.#sockets.add(socket);
  }
}

function isHttp2(server: net.Server): boolean {
  return "updateSettings" in server;
}
