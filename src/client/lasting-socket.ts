/** What a socket tells whoever keeps it connected. */
export interface SocketNews {
  /** It is open, for the first time or again: the first thing to be said. Nothing else has been sent yet. */
  onOpen(send: (text: string) => void): void;
  /** It could not be opened. */
  onUnreached(): void;
  /** It may have died while nobody looked: a computer that sleeps closes no connection. */
  onDoubt(send: (text: string) => void): void;
  /** It was open, and is not any more. */
  onLost(): void;
  /** A message has come. Returns whether whoever owns the socket is to have it. */
  onMessage(text: string): boolean;
  /** The server is there, and does not take this page any more. */
  onRefused(): void;
}

/** The first wait after a lost connection, in milliseconds; each further one is twice as long. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;
/** So much is kept while nobody is there to be told. */
const MAX_WAITING = 100;

/**
 * A socket under which connections come and go: whoever has it does not notice that the server was gone. Until it has been
 * open once, it fails as any other does.
 */
export class LastingSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly #make: (protocol?: string) => WebSocket;
  readonly #news: SocketNews;
  readonly #waiting: string[] = [];
  #socket: WebSocket;
  #wasOpen = false;
  #isEnded = false;
  #failures = 0;
  #refusals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param make opens a connection, with the protocol of the page or another one */
  constructor(make: (protocol?: string) => WebSocket, news: SocketNews) {
    super();
    this.#make = make;
    this.#news = news;
    this.#socket = this.#connect();
    addEventListener("online", () => this.hurry());
    addEventListener("pageshow", ({ persisted }) => persisted && this.hurry());
    document.addEventListener("visibilitychange", () => this.hurry());
    // A page with an open connection would not be kept for the way back.
    addEventListener("pagehide", ({ persisted }) => persisted && this.#socket.close());
  }

  get url(): string {
    return this.#socket.url;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(text: string): void {
    if (this.readyState === this.OPEN) this.#socket.send(text);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(text);
  }

  close(code?: number, reason?: string): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#socket.close(code, reason);
  }

  /** Do not wait any longer: somebody looks, or the network is back. */
  hurry(): void {
    if (document.hidden || !this.#wasOpen || this.#isEnded) return;
    if (this.readyState === this.OPEN) this.#news.onDoubt((text) => this.#socket.send(text));
    else if (this.readyState === this.CLOSED) this.#connectNow();
  }

  /** Let go of a connection that does not answer. */
  reconnect(): void {
    const silent = this.#socket;
    this.#news.onLost();
    this.#connectNow();
    silent.close();
  }

  #connectNow(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#socket = this.#connect();
  }

  /** Give a message to whoever has the socket. */
  deliver(text: string): void {
    this.dispatchEvent(new MessageEvent("message", { data: text }));
  }

  get #isAway(): boolean {
    return this.#wasOpen && !this.#isEnded && this.#socket.readyState === this.CLOSED;
  }

  #connect(): WebSocket {
    const socket = this.#make();
    let isOpened = false;
    socket.addEventListener("open", () => {
      isOpened = true;
      this.#failures = 0;
      this.#refusals = 0;
      this.#news.onOpen((text) => socket.send(text));
      for (const text of this.#waiting.splice(0)) socket.send(text);
      if (!this.#wasOpen) this.dispatchEvent(new Event("open"));
      this.#wasOpen = true;
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.#socket) return;
      if (typeof data === "string" && this.#news.onMessage(data)) this.deliver(data);
    });
    socket.addEventListener("error", () => this.#wasOpen || this.dispatchEvent(new Event("error")));
    socket.addEventListener("close", ({ code, reason, wasClean }) => {
      if (socket !== this.#socket) return;
      if (!this.#wasOpen && !this.#isEnded) this.#news.onUnreached();
      if (!this.#wasOpen || this.#isEnded)
        this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean }));
      else if (isOpened) {
        this.#news.onLost();
        this.#wait();
      } else this.#askWhy();
    });
    return socket;
  }

  #wait(): void {
    // Whoever is not seen comes back when it is: the server has others to answer first.
    if (document.hidden) return;
    const longest = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        if (this.#isAway) this.#socket = this.#connect();
      },
      longest * (0.5 + Math.random() / 2),
    );
  }

  /** A server that answers whoever asks whether it is there, and not this page, has another token. */
  #askWhy(): void {
    const probe = this.#make("vite-ping");
    probe.addEventListener("open", () => {
      probe.close();
      this.#refusals++;
      // It may have come up in between.
      if (this.#refusals > 1) this.#news.onRefused();
      else this.#wait();
    });
    probe.addEventListener("error", () => this.#wait());
  }
}
