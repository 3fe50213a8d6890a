import type { Counters } from "../protocol/counters.ts";
import { ECHO_MS } from "../protocol/ending-signal.ts";
import type { EndingSignal } from "../protocol/ending-signal.ts";
import type { PageMemories } from "../protocol/page-memory.ts";
import type { Report } from "../protocol/report.ts";
import { KeptPort } from "./kept-port.ts";
import { onSave } from "./on-save.ts";
import { ServerChild, type ServerChildEvent } from "./server-child.ts";
import type { ReportedFailure, ServedProject, ServerSettings } from "../protocol/server-messages.ts";

/** What happens to the server while it is supervised. */
export type ServerEvent =
  | { readonly type: "ready"; readonly project: ServedProject; readonly ms: number }
  | { readonly type: "report"; readonly report: Report }
  | { readonly type: "failed"; readonly failure: ReportedFailure }
  | { readonly type: "restarting" }
  /** The server had to be killed before it could hand over its state: the next one has what was saved last. */
  | { readonly type: "state-not-sent" };

/** How it ended. */
export type ServerEnding =
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly failure: ReportedFailure };

export interface SupervisorInit {
  readonly settings: ServerSettings;
  /** The project's folder. */
  readonly root: string;
  /** The port for debuggers of the server; 0 for any free one. */
  readonly inspectPort: number | undefined;
  /** Where the output of server modules goes. */
  readonly output: "stdout" | "stderr";
  readonly onEvent: (event: ServerEvent) => void;
}

/**
 * Keeps a server running in a process of its own. A second process costs some 50 ms and 40 MB; for that, a package
 * that remembers can be left behind, an endless loop can be ended, and the terminal answers all the time.
 *
 *     prepare the next one ──> close the old one ──> start the next one
 *     (the old one serves)     (connections wait)    (with its state, port and connections)
 */
export class Supervisor {
  readonly #init: SupervisorInit;
  readonly #port = new KeptPort();
  #goal: "serve" | "restart" | "stop" = "serve";
  #stoppedAt = 0;
  #closedAt = 0;
  /** What the last server that was ready has sent. */
  #state: unknown;
  #counters: Partial<Counters> = {};
  #pages: PageMemories = new Map();
  #server: ServerChild | undefined;
  /** Reads its configs while the old one serves. */
  #next: ServerChild | undefined;
  /** Ends the wait for somebody to ask. */
  #wake: () => void = () => undefined;

  constructor(init: SupervisorInit) {
    this.#init = init;
  }

  /** Resolves when the server has ended for good. */
  async run(): Promise<ServerEnding> {
    const first = (this.#next = this.#fork(this.#init.settings));
    const problem = await first.prepared;
    if (problem !== undefined) return this.#endWith(problem);
    for (let server: ServerChild | undefined = first; ;) {
      this.#begin(server);
      const failure = await server.ended;
      const isReplaced = this.#goal === "restart" || this.#next !== undefined;
      if (this.#isStopping() || (!isReplaced && (server === first || server.isReady)))
        return this.#endWith(failure);
      this.#keepState(server);
      // It was to follow another one, whose state is held until somebody has mended what is wrong.
      if (!isReplaced) this.#init.onEvent({ type: "failed", failure });
      server = await this.#whenPrepared();
      if (server === undefined) return { kind: "stopped" };
    }
  }

  /** Run everything again, state kept. */
  reload(): void {
    this.#server?.tell({ type: "reload" });
  }

  /** Build now, whatever has changed. */
  build(): void {
    this.#server?.tell({ type: "build" });
  }

  /** Open the browser. */
  open(): void {
    this.#server?.tell({ type: "open" });
  }

  /** Start anew in a new process, on the same port and with the explicit state of this one. */
  restart(): void {
    if (this.#isStopping() || this.#server === undefined) return;
    // What it has read may be older than what asks now.
    this.#next?.kill();
    const next = (this.#next = this.#fork({ ...this.#init.settings, open: false, isStateClean: false }));
    this.#wake();
    void this.#replaceWith(next);
  }

  /** Close the server as a signal asks; at once when it is asked for again. */
  stop(signal: EndingSignal): void {
    if (this.#goal === "stop") {
      if (performance.now() - this.#stoppedAt > ECHO_MS) this.#server?.kill();
      return;
    }
    this.#goal = "stop";
    this.#stoppedAt = performance.now();
    this.#port.close();
    this.#next?.kill();
    this.#server?.close(signal);
    this.#wake();
  }

  #fork(settings: ServerSettings): ServerChild {
    const { output } = this.#init;
    const child: ServerChild = new ServerChild({
      settings,
      output,
      onEvent: (event) => this.#hear(child, event),
    });
    return child;
  }

  #begin(server: ServerChild): void {
    this.#server = server;
    this.#next = undefined;
    this.#goal = "serve";
    this.#port.prepareFor(server.listen);
    const { inspectPort } = this.#init;
    server.start({
      state: this.#state,
      counters: this.#counters,
      pages: this.#pages,
      ...this.#port.kept,
      startedAt: this.#closedAt,
      inspectPort,
    });
  }

  /** Only when its configs can be read, the old server is let go. */
  async #replaceWith(next: ServerChild): Promise<void> {
    const problem = await next.prepared;
    if (next !== this.#next || this.#goal !== "serve") return;
    if (problem !== undefined) {
      this.#next = undefined;
      this.#init.onEvent({ type: "failed", failure: problem });
      return;
    }
    this.#goal = "restart";
    this.#closedAt = performance.now();
    this.#init.onEvent({ type: "restarting" });
    this.#server?.close("followed");
  }

  /** The server that follows one that has ended; `undefined` when none is wanted any more. */
  async #whenPrepared(): Promise<ServerChild | undefined> {
    while (!this.#isStopping()) {
      const next = this.#next;
      if (next === undefined) {
        await this.#untilAsked();
        continue;
      }
      const failure = await next.prepared;
      // It was replaced by a newer one, or its failure is told already.
      if (next !== this.#next) continue;
      if (failure === undefined) return next;
      this.#next = undefined;
      this.#init.onEvent({ type: "failed", failure });
    }
    return undefined;
  }

  /** A save may have mended what is wrong, and so does whoever presses a key. */
  async #untilAsked(): Promise<void> {
    const stop = onSave(this.#init.root, () => this.restart());
    await new Promise<void>((resolve) => (this.#wake = resolve));
    stop();
  }

  #keepState(server: ServerChild): void {
    if (!server.isReady) return;
    if (server.state === undefined) this.#init.onEvent({ type: "state-not-sent" });
    this.#state = server.state;
    this.#counters = server.counters;
    this.#pages = server.pages;
  }

  #endWith(failure: ReportedFailure): ServerEnding {
    this.#port.close();
    return this.#isStopping() ? { kind: "stopped" } : { kind: "failed", failure };
  }

  #isStopping(): boolean {
    return this.#goal === "stop";
  }

  #hear(server: ServerChild, event: ServerChildEvent): void {
    switch (event.type) {
      case "listening":
        if (this.#isStopping()) event.handle?.close();
        else this.#port.keep(event.port, event.handle);
        break;
      case "connection":
        this.#port.keepConnection(event.handle);
        break;
      case "restart-needed":
        if (server === this.#server) this.restart();
        break;
      case "ready":
        this.#port.sendConnections((handle, sent) => server.tell({ type: "connection" }, handle, sent));
        this.#init.onEvent(event);
        break;
      case "report":
      case "failed":
        this.#init.onEvent(event);
        break;
    }
  }
}
