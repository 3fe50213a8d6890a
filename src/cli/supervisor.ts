import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import inspector from "node:inspector";
import { fileURLToPath } from "node:url";
import type { Report } from "../plan/report.ts";
import type { Failure, ServedProject, ServerNews, ServerOrder, ServerSettings } from "./server-messages.ts";

/** What happens to the server while it is supervised. */
export type ServerEvent =
  | { readonly type: "ready"; readonly project: ServedProject; readonly ms: number }
  | { readonly type: "report"; readonly report: Report }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "restarting" }
  /** The server had to be killed before it could hand over its state: the next one has what was saved last. */
  | { readonly type: "state-not-sent" };

/** How it ended. */
export type ServerEnding =
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface SupervisorInit {
  readonly settings: ServerSettings;
  /** Where the output of server modules goes. */
  readonly output: "stdout" | "stderr";
  /** Somebody can ask for another try after a restart that failed; until then its state is held. */
  readonly canRetry: boolean;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Sending the state comes first and takes no time: a server that has not done so by now never will. */
const ANSWER_DEADLINE_MS = 2000;
/** A little longer than the server takes to give up on dispose handlers. */
const CLOSE_DEADLINE_MS = 6000;
/** npm passes on the SIGINT that the terminal has sent to all: that is no second wish. */
const ECHO_MS = 500;
const serverFile = fileURLToPath(new URL("server-process.js", import.meta.url));

/**
 * Keeps a server running in a process of its own. A second process costs some 50 ms and 40 MB; for that, a package
 * that remembers can be left behind, an endless loop can be ended, and the terminal answers all the time.
 */
export class Supervisor {
  readonly #init: SupervisorInit;
  #goal: "serve" | "restart" | "stop" = "serve";
  #stoppedAt = 0;
  #server: ServerProcess | undefined;
  /** Ends the wait for somebody to ask. */
  #wake: () => void = () => undefined;

  constructor(init: SupervisorInit) {
    this.#init = init;
  }

  /** Resolves when the server has ended for good. */
  async run(): Promise<ServerEnding> {
    // The first start counts from the start of the program, as the user does.
    const first: Start = { settings: this.#init.settings, state: undefined, startedAt: 0 };
    for (let start = first; ; start = this.#startAfter(start)) {
      const server = (this.#server = new ServerProcess(start, this.#init));
      const failure = await server.ended;
      if (this.#goal === "serve") {
        const isRetryable = this.#init.canRetry && start !== first && !server.isReady;
        if (!isRetryable) return { kind: "failed", failure };
        await this.#untilAsked(failure);
      }
      if (this.#goal === "stop") return { kind: "stopped" };
    }
  }

  /** Run everything again, state kept. */
  reload(): void {
    this.#server?.tell({ type: "reload" });
  }

  /** Open the browser. */
  open(): void {
    this.#server?.tell({ type: "open" });
  }

  /** Start anew in a new process, on the same port and with the explicit state of this one. */
  restart(): void {
    if (this.#goal !== "serve") return;
    this.#goal = "restart";
    this.#init.onEvent({ type: "restarting" });
    this.#server?.close();
    this.#wake();
  }

  /** Close the server; at once when it is asked for again. */
  stop(): void {
    if (this.#goal === "stop") {
      if (performance.now() - this.#stoppedAt > ECHO_MS) this.#server?.kill();
      return;
    }
    this.#goal = "stop";
    this.#stoppedAt = performance.now();
    this.#server?.close();
    this.#wake();
  }

  /** The server that was to follow could not start. Its state is held until somebody has mended what is wrong. */
  #untilAsked(failure: Failure): Promise<void> {
    this.#init.onEvent({ type: "failed", failure });
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** The same port, the state that the last server had, and a browser that is open already. */
  #startAfter({ settings, state }: Start): Start {
    const server = this.#server;
    this.#goal = "serve";
    const next = {
      settings: { ...settings, open: false, isStateClean: false },
      state,
      startedAt: performance.now(),
    };
    if (server?.isReady !== true) return next;
    if (server.state === undefined) this.#init.onEvent({ type: "state-not-sent" });
    const { port = settings.port } = server;
    return {
      ...next,
      settings: { ...next.settings, ...(port !== undefined && { port }) },
      state: server.state,
    };
  }
}

interface Start {
  readonly settings: ServerSettings;
  readonly state: unknown;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** One process with a server in it. */
class ServerProcess {
  /** Resolves with the reason, should it not have been asked to end. */
  readonly ended: Promise<Failure>;
  /** All explicit state, once it is asked to close. */
  state: unknown;
  port: number | undefined;
  isReady = false;
  #failure: Failure | undefined;
  readonly #child: ChildProcess;
  readonly #onEvent: SupervisorInit["onEvent"];
  readonly #startedAt: number;

  constructor({ settings, state, startedAt }: Start, { output, onEvent }: SupervisorInit) {
    this.#onEvent = onEvent;
    this.#startedAt = startedAt;
    // A debugger is meant for the code that is served: it finds the port free.
    if (inspector.url() !== undefined) inspector.close();
    this.#child = fork(serverFile, {
      serialization: "advanced",
      stdio: ["ignore", output === "stdout" ? "inherit" : process.stderr, "inherit", "ipc"],
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is our own server process
    this.#child.on("message", (news) => this.#hear(news as ServerNews));
    this.ended = this.#untilEnded();
    this.tell({ type: "start", settings, state });
  }

  tell(order: ServerOrder): void {
    if (this.#child.connected) this.#child.send(order, () => undefined); // its end is heard of by itself
  }

  close(): void {
    this.tell({ type: "close" });
    setTimeout(() => this.state === undefined && this.kill(), ANSWER_DEADLINE_MS).unref();
    setTimeout(() => this.kill(), CLOSE_DEADLINE_MS).unref();
  }

  /** The only thing that an endless loop listens to. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #untilEnded(): Promise<Failure> {
    try {
      const [exitCode, signal] = await once(this.#child, "exit");
      return (
        this.#failure ?? {
          message: `[orbit] The server ended by itself (${signal ?? `exit code ${exitCode}`}).`,
        }
      );
    } catch (error) {
      return { message: `[orbit] The server's process could not be started: ${String(error)}` };
    }
  }

  #hear(news: ServerNews): void {
    switch (news.type) {
      case "ready":
        this.isReady = true;
        this.port = portOf(news.urls.local[0] ?? news.urls.network[0]);
        this.#onEvent({ type: "ready", project: news, ms: performance.now() - this.#startedAt });
        break;
      case "report":
        this.#onEvent({ type: "report", report: news.report });
        break;
      case "state":
        // Before it is ready it may not have read the state it was given.
        if (this.isReady) this.state = news.state;
        break;
      case "failed":
        if (this.isReady) this.#onEvent({ type: "failed", failure: news });
        else this.#failure = news;
        break;
    }
  }
}

function portOf(url: string | undefined): number | undefined {
  if (url === undefined) return undefined;
  const { port, protocol } = new URL(url);
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}
