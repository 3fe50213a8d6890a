import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import inspector from "node:inspector";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { blockedLoopText } from "../protocol/blocked-loop.ts";
import type { BlockedLoop } from "../protocol/blocked-loop.ts";
import type { EndingSignal } from "../protocol/ending-signal.ts";
import type { Counters } from "../protocol/counters.ts";
import type { PageMemories } from "../protocol/page-memory.ts";
import type { Report } from "../protocol/report.ts";

import { LOOP_REPORTS } from "../protocol/server-messages.ts";
import { asNativeHandle, asSendHandle, type NativeHandle } from "./native-handle.ts";
import type {
  ReportedFailure,
  ListeningPort,
  ListenOptions,
  ServedProject,
  ServerMessage,
  SupervisorMessage,
  ServerSettings,
} from "../protocol/server-messages.ts";

/** What one server tells while it runs. */
export type ServerChildEvent =
  | { readonly type: "ready"; readonly project: ServedProject; readonly ms: number }
  | { readonly type: "report"; readonly report: Report }
  | { readonly type: "failed"; readonly failure: ReportedFailure }
  | { readonly type: "restart-needed" }
  | { readonly type: "listening"; readonly port: ListeningPort; readonly handle: NativeHandle | undefined }
  | { readonly type: "connection"; readonly handle: NativeHandle };

/** What a server begins with. */
export interface ServerStart {
  readonly state: unknown;
  readonly counters: Partial<Counters>;
  readonly pages: PageMemories;
  readonly port: ListeningPort | undefined;
  readonly handle: NativeHandle | undefined;
  /** Where it lets debuggers attach. */
  readonly inspectPort: number | undefined;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** Sending the state comes first and takes no time: a server that has not done so by now never will. */
const ANSWER_DEADLINE_MS = 2000;
/** A little longer than the server takes to give up on answers and dispose handlers. */
const CLOSE_DEADLINE_MS = 8000;
const serverFile = fileURLToPath(new URL("server-process.js", import.meta.url));

/** One process with a server in it. */
export class ServerChild {
  /** Resolves when the configs have been read, with the failure if they could not. */
  readonly prepared: Promise<ReportedFailure | undefined>;
  /** Resolves with the reason, should it not have been asked to end. */
  readonly ended: Promise<ReportedFailure>;
  /** All explicit state, once it is asked to close. */
  state: unknown;
  /** What it counts messages by; of one that has to be killed, all that it has told. */
  counters: Partial<Counters> = {};
  /** What it knew of its pages when it said so last. */
  pages: PageMemories = new Map();
  /** Known when it is prepared. */
  listen: ListenOptions | undefined;
  isReady = false;
  #failure: ReportedFailure | undefined;
  #startedAt = 0;
  #notePrepared: () => void = () => undefined;
  readonly #child: ChildProcess;
  readonly #onEvent: (event: ServerChildEvent) => void;

  constructor(init: {
    readonly settings: ServerSettings;
    /** Where the output of server modules goes. */
    readonly output: "stdout" | "stderr";
    readonly onEvent: (event: ServerChildEvent) => void;
  }) {
    this.#onEvent = init.onEvent;
    // A debugger is meant for the code that is served: it finds the port free.
    if (inspector.url() !== undefined) inspector.close();
    this.#child = fork(serverFile, {
      serialization: "advanced",
      stdio: ["ignore", init.output === "stdout" ? "inherit" : process.stderr, "inherit", "ipc", "pipe"],
    });
    const loopReports = this.#child.stdio[LOOP_REPORTS];
    if (loopReports instanceof Readable)
      createInterface(loopReports).on("line", (line) => this.#noteLoop(line));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is our own server process
    this.#child.on("message", (news, handle) => this.#hear(news as ServerMessage, asNativeHandle(handle)));
    this.ended = this.#untilEnded();
    const isPrepared = new Promise<undefined>((resolve) => {
      this.#notePrepared = () => resolve(undefined);
    });
    this.prepared = Promise.race([isPrepared, this.ended]);
    this.tell({ type: "prepare", settings: init.settings });
  }

  start({ state, counters, pages, port, handle, inspectPort, startedAt }: ServerStart): void {
    this.#startedAt = startedAt;
    const { version } = counters;
    this.counters = version === undefined ? {} : { version };
    this.tell({ type: "start", state, counters, pages, port, inspectPort }, handle);
  }

  /** `sent` is called when a handle has left this process, or never will. */
  tell(order: SupervisorMessage, handle?: NativeHandle, sent: () => void = () => undefined): void {
    // Its end is heard of by itself.
    if (this.#child.connected) this.#child.send(order, asSendHandle(handle), {}, sent);
    else sent();
  }

  /** Let another server follow, or end as a signal asks. */
  close(how: "followed" | EndingSignal): void {
    if (how === "followed") this.tell({ type: "close", isFollowed: true });
    else this.tell({ type: "close", isFollowed: false, signal: how });
    setTimeout(() => this.state === undefined && this.kill(), ANSWER_DEADLINE_MS).unref();
    setTimeout(() => this.kill(), CLOSE_DEADLINE_MS).unref();
  }

  /** The only thing that an endless loop listens to. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #untilEnded(): Promise<ReportedFailure> {
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

  /** A line of another thread: the one that sends messages is busy. */
  #noteLoop(line: string): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is our own server process
    const blocked = JSON.parse(line) as BlockedLoop;
    const message = blockedLoopText(blocked, "Press R to restart it with its state.");
    this.#onEvent({
      type: "report",
      report: { event: "notice", level: blocked.isOver ? "info" : "warn", message },
    });
  }

  #hear(news: ServerMessage, handle: NativeHandle | undefined): void {
    switch (news.type) {
      case "prepared":
        this.listen = news.listen;
        this.#notePrepared();
        break;
      case "ready":
        this.isReady = true;
        this.pages = news.pages;
        this.#onEvent({ type: "ready", project: news, ms: performance.now() - this.#startedAt });
        break;
      case "state":
        // Before it is ready it may not have read the state it was given.
        if (this.isReady) this.state = news.state;
        this.counters = news.counters;
        this.pages = news.pages;
        break;
      case "failed":
        if (this.isReady) this.#onEvent({ type: "failed", failure: news });
        else this.#failure = news;
        break;
      case "listening":
        this.#onEvent({ ...news, handle });
        break;
      case "connection":
        if (handle !== undefined) this.#onEvent({ type: "connection", handle });
        break;
      case "report":
        if ("version" in news.report) this.counters = { version: news.report.version };
        this.#onEvent(news);
        break;
      case "restart-needed":
        this.#onEvent(news);
        break;
    }
  }
}
