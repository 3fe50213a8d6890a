import type { FromPage, Hello, Registration } from "../protocol/page-wire.ts";
import { LastingSocket } from "./lasting-socket.ts";
import { LoadedFiles } from "./loaded-files.ts";
import type { PageHub } from "./page-hub.ts";
import type { Unreachable } from "./unreachable.ts";
import type { Cause } from "./reload/page-storage.ts";

/** How long the modules of a page may take until what has come is handed to it all the same. */
const PATIENCE_MS = 5_000;

/** How long a server may take to say something to a page that was away, before the connection counts as lost. */
const ANSWER_MS = 3_000;

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
  /** Why the document before was loaded again. */
  readonly #cause: Cause | undefined;
  #isNew = true;
  /** Up to where everything has been heard. */
  #build: string | undefined;
  #seq: number | undefined;
  #server: string | undefined;
  /** The scripts of the page have run: before that, nobody there takes an update of what they are made of. */
  #hasRun = document.readyState === "complete";
  /** A script of the page could not be loaded. */
  #hasGap = false;
  /** What has come while it is not known what was missed, or nobody can take it. */
  #early: string[] | undefined = [];
  #hello: Hello | undefined;
  #socket: LastingSocket | undefined;
  /** Runs while it is not known whether the connection is one still. */
  #doubt: ReturnType<typeof setTimeout> | undefined;

  constructor(hub: PageHub, from: Pick<Registration, "build" | "seq" | "server">, cause?: Cause) {
    this.#hub = hub;
    this.#cause = cause;
    this.#build = from.build;
    this.#seq = from.seq;
    this.#server = from.server;
    // Its HTML may be an old text; what the document before has heard was told before this one was asked for.
    if (cause?.build === from.build && (cause?.seq ?? 0) > (from.seq ?? 0)) this.#seq = cause?.seq;
  }

  /** Up to which message everything was heard. */
  get heard(): Omit<Cause, "reason"> {
    return { build: this.#build, seq: this.#seq };
  }

  /**
   * From now on, the first socket that the page opens to Vite's server is one that lasts.
   *
   * @param unreachable hears of attempts to open it
   */
  install(unreachable?: Unreachable): void {
    this.#loaded.watch();
    // Such as the scripts of a page that one server has made, asked of the next one.
    document.addEventListener(
      "error",
      ({ target }) => (this.#hasGap ||= target instanceof HTMLScriptElement),
      true,
    );
    const Native = window.WebSocket;
    window.WebSocket = new Proxy(Native, {
      construct: (target, [url, protocol]: [string, string], newTarget) => {
        if (protocol !== "vite-hmr") return Reflect.construct(target, [url, protocol], newTarget);
        unreachable?.noteAttempt(url);
        this.#socket = new LastingSocket((other = protocol) => new Native(url, other), {
          onUnreached: () => unreachable?.noteFailure(),
          onOpen: (send) => {
            window.WebSocket = Native;
            unreachable?.noteSuccess();
            this.#register(send);
          },
          onDoubt: (send) => {
            this.#register(send);
            clearTimeout(this.#doubt);
            this.#doubt = setTimeout(() => this.#socket?.reconnect(), ANSWER_MS);
          },
          onLost: () => {
            clearTimeout(this.#doubt);
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
    document.addEventListener("DOMContentLoaded", () => {
      this.#hasRun = true;
      this.#release();
    });
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
      html: this.#hub.html,
      text: this.#hub.text,
      ...(this.#isNew && { age: Date.now() - performance.timeOrigin }),
      ...(this.#server !== undefined && { loaded: this.#loaded.list }),
    };
    send(JSON.stringify({ type: "custom", event: "orbit:register", data }));
  }

  /** Returns whether a message goes on at once. */
  #hear(text: string): boolean {
    clearTimeout(this.#doubt);
    const { event, data, seq } = parse(text);
    if (event === "orbit:hello") {
      this.#hello = data;
      this.#early ??= [];
      this.#early.push(text);
      this.#release();
      return false;
    }
    // What Vite says to one page alone waits for nothing; what we say has its place among what all are told.
    if (seq === undefined && event === undefined) return true;
    if (this.#early === undefined) this.#take(text);
    else this.#early.push(text);
    return false;
  }

  /** Hand over what has come, once it is known what was missed and there is somebody to take it. */
  #release(isImpatient = false): void {
    const [early, hello] = [this.#early, this.#hello];
    if (early === undefined || this.#socket === undefined) return;
    const isReady = hello !== undefined && this.#hub.isReached && this.#hasRun;
    if (!isReady && !isImpatient) return;
    this.#early = undefined;
    this.#hello = undefined;
    if (hello !== undefined) this.#catchUp(hello);
    for (const text of early) this.#take(text);
  }

  #catchUp({ missed, build, seq, server, reload }: Hello): void {
    const hasGap = this.#hasGap && this.#server !== undefined && this.#server !== server;
    this.#hasGap = false;
    for (const frame of missed) this.#take(JSON.stringify(frame));
    this.#build = build;
    this.#seq = seq;
    this.#server = server;
    if (hasGap) this.#reload("The server was restarted while the page was loaded.");
    else if (reload !== undefined) this.#reload(reload);
    this.#isNew = false;
  }

  /** What did not help once does not help again. */
  #reload(reason: string): void {
    if (!this.#isNew || this.#cause?.reason !== reason) this.#hub.reload(reason);
  }

  /** Give a message to the page, unless it has had it. */
  #take(text: string): void {
    const { seq } = parse(text);
    if (seq !== undefined && this.#seq !== undefined && seq <= this.#seq) return;
    if (seq !== undefined) this.#seq = seq;
    this.#socket?.deliver(text);
  }
}
