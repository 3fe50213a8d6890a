import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { Server } from "node:net";

interface Tracked {
  readonly session: ServerHttp2Session;
  owner: Http2Sessions;
  /** How many requests it is answering. */
  answering: number;
}

/**
 * The sessions of an HTTP/2 server. They go on with the server that takes the port over, and nobody notices. They are
 * never closed by `session.close()`: it says goodbye, and a request that is on its way at that moment can corrupt the
 * memory of Node (seen in 20.20; https://github.com/nodejs/node/pull/65093).
 */
export class Http2Sessions {
  readonly #open = new Set<Tracked>();
  #isEnding = false;

  constructor(server: Server) {
    server.prependListener("session", (session: ServerHttp2Session) => this.#track(session));
  }

  /** Take over the sessions of another server. */
  adopt(other: Http2Sessions): void {
    for (const tracked of other.#open) {
      tracked.owner = this;
      this.#open.add(tracked);
    }
    other.#open.clear();
  }

  /** End each as soon as it has answered. */
  end(): void {
    this.#isEnding = true;
    for (const tracked of this.#open) this.#endIfIdle(tracked);
  }

  #track(session: ServerHttp2Session): void {
    const tracked: Tracked = { session, owner: this, answering: 0 };
    this.#open.add(tracked);
    session.once("close", () => tracked.owner.#open.delete(tracked));
    session.on("stream", (stream: ServerHttp2Stream) => {
      tracked.answering++;
      stream.once("close", () => {
        tracked.answering--;
        tracked.owner.#endIfIdle(tracked);
      });
    });
  }

  #endIfIdle({ session, answering }: Tracked): void {
    if (this.#isEnding && answering === 0) session.destroy();
  }
}
