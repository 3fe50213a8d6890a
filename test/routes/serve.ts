import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { toNodeListener } from "../../src/routes/node-adapter.ts";
import type { WebRequestOptions } from "../../src/routes/node-request.ts";
import type { RouteRequest } from "../../src/routes/types.ts";

export type Answer = (request: RouteRequest) => Response | Promise<Response>;

export type Served = { readonly url: string; readonly port: number; readonly errors: readonly unknown[] };

/** A real server on a free port, closed with the test. */
export async function serve(
  answer: Answer,
  options: WebRequestOptions & {
    readonly before?: ((incoming: IncomingMessage) => Promise<void>) | undefined;
  } = {},
): Promise<Served> {
  const errors: unknown[] = [];
  const listener = toNodeListener(answer, { ...options, onError: (error) => errors.push(error) });
  const server = createServer((incoming, outgoing) => {
    if (options.before === undefined) void listener(incoming, outgoing);
    else void options.before(incoming).then(async () => listener(incoming, outgoing));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, errors };
}

/** A connection on which every byte is the test's own. */
export class RawConnection {
  readonly #socket: Socket;
  #received = "";

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding("latin1");
    socket.on("data", (text: string) => (this.#received += text));
    socket.on("error", () => undefined); // a reset is one of the ways a connection closes
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    onTestFinished(() => void socket.destroy());
    return new RawConnection(socket);
  }

  send(...lines: readonly string[]): void {
    this.#socket.write(lines.join("\r\n"));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Stop reading, so that the other side's writes pile up. */
  stall(): void {
    this.#socket.pause();
  }

  leave(): void {
    this.#socket.destroy();
  }

  /** Wait until the text has come; resolves with everything since the last call. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) await once(this.#socket, "data");
    const received = this.#received;
    this.#received = "";
    return received;
  }

  /** Wait until the other side has closed; resolves with everything since the last call. */
  async closed(): Promise<string> {
    if (!this.#socket.closed) await new Promise((resolve) => this.#socket.once("close", resolve));
    return this.#received;
  }
}

/** A promise and the function that resolves it. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const settle: { resolve?: (value: T) => void } = {};
  const promise = new Promise<T>((resolve) => {
    settle.resolve = resolve;
  });
  return { promise, resolve: (value) => settle.resolve?.(value) };
}
