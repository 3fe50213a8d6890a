import type { NativeHandle } from "./native-handle.ts";
import type { ListeningPort, ListenOptions } from "../protocol/server-messages.ts";

/**
 * The port while servers come and go. As long as this process holds its handle, the system queues who connects, and
 * the next server accepts them. Nothing is accepted or read here.
 */
export class KeptPort {
  #port: ListeningPort | undefined;
  #handle: NativeHandle | undefined;
  #connections: NativeHandle[] = [];

  /** What the next server listens with. */
  get kept(): { readonly port: ListeningPort | undefined; readonly handle: NativeHandle | undefined } {
    return { port: this.#port, handle: this.#handle };
  }

  /** A server is about to listen. A handle that it cannot use would be in the way. */
  prepareFor(asked: ListenOptions | undefined): void {
    const before = this.#port?.asked;
    if (asked?.port !== before?.port) this.keep(undefined, undefined);
    else if (asked?.host !== before?.host) this.keep(this.#port, undefined);
  }

  /** A server listens. What the last one listened with is the same, or not needed any more. */
  keep(port: ListeningPort | undefined, handle: NativeHandle | undefined): void {
    this.#handle?.close();
    this.#port = port;
    this.#handle = handle;
  }

  /** A client is connected to a server that is about to end. */
  keepConnection(connection: NativeHandle): void {
    this.#connections.push(connection);
  }

  /** The next server is there. */
  sendConnections(send: (connection: NativeHandle, sent: () => void) => void): void {
    for (const connection of this.#connections.splice(0)) send(connection, () => connection.close());
  }

  /** No server follows. */
  close(): void {
    this.#handle?.close();
    this.#handle = undefined;
    for (const connection of this.#connections.splice(0)) connection.close();
  }
}
