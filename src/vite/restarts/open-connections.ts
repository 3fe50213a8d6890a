import type { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { ViteDevServer } from "vite";

export type HttpServer = NonNullable<ViteDevServer["httpServer"]>;

/** The libuv handle below a connection. */
export interface ConnectionHandle {
  readStop(): void;
  close(): void;
}

/** Sends a connection to another process; `sent` is called when it is there. */
export type GiveConnection = (connection: ConnectionHandle, sent: () => void) => void;

/** How long a request may be on its way. */
const REST_MS = 300;

interface Conversation {
  readonly server: HttpServer;
  requests: number;
  /** How much had been read when the last answer ended: more than that is the beginning of another request. */
  readAtRest: number;
  isGiven: boolean;
}

/** What is connected to the HTTP servers of a project, and what of it waits for an answer. */
export class OpenConnections {
  readonly #conversations = new Map<Socket, Conversation>();
  readonly #answers = new Set<ServerResponse>();
  readonly #sessions = new Set<{ close(): void }>();
  readonly #retired = new Set<HttpServer>();
  #give: GiveConnection | undefined;
  #noteEnd: () => void = () => {};

  /** Know who is connected to a server, from its first connection on. */
  watch(server: HttpServer): void {
    server.on("connection", (socket: Socket) => {
      this.#conversations.set(socket, { server, requests: 0, readAtRest: 0, isGiven: false });
      socket.once("close", () => this.#forget(socket));
    });
    server.prependListener("request", this.#noteRequest);
    // A connection of HTTP/2 is told that it ends, and ends with its last answer.
    server.on("session", (session: { close(): void; once(event: "close", listener: () => void): void }) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
    });
  }

  /** Vite ends the connections of a server in this very turn: let them stay. */
  outliveThisTurn(server: HttpServer): void {
    const sockets = this.#of(server);
    for (const socket of sockets) socket.destroy = () => socket;
    queueMicrotask(() => {
      for (const socket of sockets) Reflect.deleteProperty(socket, "destroy");
    });
  }

  /** A server listens no more; it closes with the last of its connections. */
  retire(server: HttpServer): void {
    this.#retired.add(server);
    this.#closeUnused(server);
  }

  /**
   * Answer what has been asked, and give everything else away: a connection at rest, with all that its client writes
   * meanwhile, goes on in another process. Encrypted ones cannot; they end with their next answer, which may have been
   * asked for already.
   */
  async giveAway(give: GiveConnection, deadlineMs: number): Promise<void> {
    this.#give = give;
    for (const session of this.#sessions) session.close();
    for (const answer of this.#answers) answer.shouldKeepAlive = false;
    for (const socket of this.#conversations.keys()) this.#giveAtRest(socket);
    let isPatient = true;
    await new Promise<void>((resolve) => {
      this.#noteEnd = () => {
        const conversations = [...this.#conversations.values()];
        const isGiving = conversations.some(({ isGiven }) => isGiven);
        const mayAsk = isPatient && conversations.some(({ server }) => isEncrypting(server));
        if (this.#answers.size === 0 && !isGiving && !mayAsk) resolve();
      };
      setTimeout(() => {
        isPatient = false;
        this.#noteEnd();
      }, REST_MS);
      setTimeout(resolve, deadlineMs);
      this.#noteEnd();
    });
  }

  /** End the connections of servers that have retired. */
  destroyRetired(): void {
    for (const server of this.#retired) for (const socket of this.#of(server)) socket.destroy();
  }

  readonly #noteRequest = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    const conversation = this.#conversations.get(socket);
    if (conversation !== undefined) conversation.requests++;
    this.#answers.add(response);
    if (this.#give !== undefined) response.shouldKeepAlive = false;
    response.once("close", () => {
      this.#answers.delete(response);
      if (conversation !== undefined) {
        conversation.requests--;
        conversation.readAtRest = socket.bytesRead;
      }
      if (this.#give === undefined) return;
      // The parser has to end its own business with the answer first.
      setImmediate(() => {
        this.#giveAtRest(socket);
        this.#noteEnd();
      });
    });
  };

  #giveAtRest(socket: Socket): void {
    const conversation = this.#conversations.get(socket);
    if (this.#give === undefined || conversation === undefined) return;
    const { requests, readAtRest, isGiven, server } = conversation;
    const isAtRest = requests === 0 && readAtRest === socket.bytesRead && !socket.writableEnded;
    const handle = handleOf(socket);
    if (isGiven || !isAtRest || isEncrypting(server) || handle === null) return;
    conversation.isGiven = true;
    // What comes from now on is for whoever has the connection next.
    handle.readStop();
    this.#give(handle, () => socket.destroy());
  }

  #forget(socket: Socket): void {
    const server = this.#conversations.get(socket)?.server;
    this.#conversations.delete(socket);
    if (server !== undefined) this.#closeUnused(server);
    this.#noteEnd();
  }

  #closeUnused(server: HttpServer): void {
    if (this.#of(server).length === 0 && this.#retired.delete(server)) server.close();
  }

  #of(server: HttpServer): Socket[] {
    return [...this.#conversations]
      .filter(([, conversation]) => conversation.server === server)
      .map(([socket]) => socket);
  }
}

/** Go on with a connection that another process has given away. */
export function takeConnection(server: HttpServer, connection: object): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's types leave the handle out
  const options = { handle: connection, allowHalfOpen: true, readable: true, writable: true } as object;
  server.emit("connection", new Socket(options));
}

function handleOf(socket: Socket): ConnectionHandle | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an undocumented field that `cluster` relies on, too
  return (Reflect.get(socket, "_handle") as ConnectionHandle | null | undefined) ?? null;
}

function isEncrypting(server: HttpServer): boolean {
  return "setSecureContext" in server;
}
