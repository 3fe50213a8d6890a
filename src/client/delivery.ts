import type { FromPage, Hello } from "../protocol/page-wire.ts";
import { LastingSocket } from "./lasting-socket.ts";
import { LoadedFiles } from "./loaded-files.ts";
import type { PageHub } from "./page-hub.ts";

/** How long the modules of a page may take until what has come is handed to it all the same. */
const PATIENCE_MS = 5_000;

interface NumberedMessage {
  readonly seq?: number;
  readonly event?: string;
  /** Of the server's answer to a page that is there. */
  readonly data?: Hello;
}

function parse(text: string): NumberedMessage {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server's own
  return JSON.parse(text) as NumberedMessage;
}

/**
 * Nothing that the server tells is lost, told twice or told in another order: each connection begins with what the page has
 * heard, and the server's answer with what it has missed.
 */
export class Delivery {
  readonly #hub: PageHub;
  readonly #loaded = new LoadedFiles();
  /** Up to where everything has been heard. */
  #build: string | undefined;
  #seq: number | undefined;
  #server: string | undefined;
  /** What has come while it is not known what was missed, or nobody can take it. */
  #early: string[] | undefined = [];
  #hello: Hello | undefined;
  #socket: LastingSocket | undefined;

  constructor(hub: PageHub, from: { readonly build: string | undefined; readonly seq: number | undefined }) {
    this.#hub = hub;
    this.#build = from.build;
    this.#seq = from.seq;
  }

  /** From now on, the first socket that the page opens to Vite's server is one that lasts. */
  install(): void {
    this.#loaded.watch();
    const Native = window.WebSocket;
    window.WebSocket = new Proxy(Native, {
      construct: (target, [url, protocol]: [string, string], newTarget) => {
        if (protocol !== "vite-hmr") return Reflect.construct(target, [url, protocol], newTarget);
        this.#socket = new LastingSocket((other = protocol) => new Native(url, other), {
          onOpen: (send) => {
            window.WebSocket = Native;
            this.#register(send);
          },
          onLost: () => {
            this.#early = [];
            this.#hub.emit("disconnected", {});
          },
          onMessage: (text) => this.#hear(text),
          onRefused: () => this.#hub.reload("The server does not know this page any more."),
        });
        return this.#socket;
      },
    });
    void this.#hub.reached.then(() => this.#release());
    setTimeout(() => this.#release(true), PATIENCE_MS);
  }

  #register(send: (text: string) => void): void {
    const data: FromPage["orbit:register"] = {
      tab: this.#hub.tab,
      url: location.pathname + location.search,
      isVisible: !document.hidden,
      build: this.#build,
      seq: this.#seq,
      server: this.#server,
      ...(this.#server !== undefined && { loaded: this.#loaded.list }),
    };
    send(JSON.stringify({ type: "custom", event: "orbit:register", data }));
  }

  /** Returns whether a message goes on at once. */
  #hear(text: string): boolean {
    const frame = parse(text);
    if (frame.event === "orbit:hello") {
      this.#hello = frame.data;
      this.#early?.push(text);
      this.#release();
      return false;
    }
    if (frame.seq === undefined) return true;
    if (this.#early !== undefined) {
      this.#early.push(text);
      return false;
    }
    this.#seq = frame.seq;
    return true;
  }

  /** Hand over what has come, once it is known what was missed and there is somebody to take it. */
  #release(isImpatient = false): void {
    const [hello, early, socket] = [this.#hello, this.#early, this.#socket];
    if (early === undefined || socket === undefined) return;
    if (!isImpatient && (hello === undefined || !this.#hub.isReached)) return;
    this.#early = undefined;
    this.#hello = undefined;
    if (hello !== undefined) {
      for (const frame of hello.missed) socket.deliver(JSON.stringify(frame));
      this.#build = hello.build;
      this.#seq = hello.seq;
      this.#server = hello.server;
    }
    for (const text of early) {
      const { seq } = parse(text);
      // What came before the answer is part of it.
      if (seq !== undefined && hello !== undefined && seq <= hello.seq) continue;
      if (seq !== undefined) this.#seq = seq;
      socket.deliver(text);
    }
  }
}
