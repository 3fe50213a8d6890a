import inspector from "node:inspector";
import { handOnCounters, takeCounters } from "../protocol/counters.ts";
import { ENDING_SIGNALS } from "../protocol/ending-signal.ts";
import type { EndingSignal } from "../protocol/ending-signal.ts";
import { handOnEarly, handOnPages, takePages } from "../protocol/page-memory.ts";
import { globalStateManager } from "../state/index.ts";
import type { PreparedServer, StartedServer } from "../vite/dev-server.ts";
import type { GiveConnection } from "../vite/restarts/open-connections.ts";
import { LOOP_REPORTS } from "../protocol/server-messages.ts";
import { superviseLoop } from "../session/blocked-loop.ts";
import { failureOf } from "./failure.ts";
import { asNativeHandle, asSendHandle } from "./native-handle.ts";
import type { NativeHandle } from "./native-handle.ts";
import type { ServerMessage, SupervisorMessage, ServerSettings } from "../protocol/server-messages.ts";

// The process with the server. The supervisor forks it, and can end it when code that it runs never comes back.

/** How long answers and dispose handlers may take, so that nobody is left behind when the supervisor is gone, too. */
const CLOSE_DEADLINE_MS = 7000;

let preparing: Promise<PreparedServer> | undefined;
let starting: Promise<StartedServer> | undefined;
let closing: Promise<void> | undefined;

async function obey(order: SupervisorMessage, handle: NativeHandle | undefined): Promise<void> {
  switch (order.type) {
    case "prepare":
      await orFail(async () => {
        preparing = prepare(order.settings);
        const { listen } = await preparing;
        await tell({ type: "prepared", listen });
      });
      break;
    case "start":
      await orFail(async () => {
        starting = start(order, handle);
        const { urls, routes } = (await starting).server;
        await tell({ type: "ready", urls, routes, pages: handOnEarly() });
      });
      break;
    case "connection":
      await withServer(({ handoff }) => handle && handoff.take(handle));
      break;
    case "reload":
      await withServer(async ({ server }) => server.reload());
      break;
    case "build":
      await withServer(({ server }) => server.build());
      break;
    case "open":
      await withServer(({ server }) => server.open());
      break;
    case "close":
      await close(order.isFollowed ? "followed" : order.signal);
      break;
  }
}

/** Without it there is no server in this process, and there will be none. */
async function orFail(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await tell({ type: "failed", ...failureOf(error) });
    process.exit();
  }
}

async function prepare(settings: ServerSettings): Promise<PreparedServer> {
  // Loaded late: without Vite it does not load, and that has to become a sentence.
  const { prepareDevServer } = await import("../vite/dev-server.ts");
  return prepareDevServer({
    ...settings,
    onReport: (report) => void tell({ type: "report", report }),
    onRestartNeeded: () => void tell({ type: "restart-needed" }),
  });
}

async function start(
  { state, counters, pages, port, inspectPort }: SupervisorMessage & { readonly type: "start" },
  handle: NativeHandle | undefined,
): Promise<StartedServer> {
  const prepared = await preparing;
  if (prepared === undefined) throw new Error("[orbit] A server has to be prepared before it starts.");
  // On this machine only: whoever debugs a program can do what it can.
  if (inspectPort !== undefined && inspector.url() === undefined) inspector.open(inspectPort, "127.0.0.1");
  takeCounters(counters);
  takePages(pages);
  // Before anything is evaluated, so that no module ever sees its initial state.
  if (state !== undefined) globalStateManager.import(state);
  const started = await prepared.start(port && { ...port, handle });
  started.handoff.onListening(
    ({ handle: opened, ...kept }) => void tell({ type: "listening", port: kept }, opened),
  );
  return started;
}

async function withServer(act: (started: StartedServer) => void | Promise<void>): Promise<void> {
  try {
    if (starting !== undefined) await act(await starting);
  } catch (error) {
    await tell({ type: "failed", ...failureOf(error) });
  }
}

/** Close once, whoever asks: the supervisor, a signal to the whole group, or the end of the supervisor. */
function close(how: "followed" | EndingSignal): Promise<void> {
  closing ??= closeServer(how).finally(() => process.exit());
  return closing;
}

async function closeServer(how: "followed" | EndingSignal): Promise<void> {
  setTimeout(() => process.exit(), CLOSE_DEADLINE_MS);
  const isFollowed = how === "followed";
  if (!isFollowed) await withServer(({ runShutdownHandlers }) => runShutdownHandlers(how));
  // Before, because closing may never end; after, because the last requests and dispose handlers may have written.
  await tellState();
  if (isFollowed) await withServer(async ({ handoff }) => handoff.giveAway(sendConnection));
  await withServer(async ({ server }) => server.close());
  await tellState();
}

const sendConnection: GiveConnection = (connection, sent) => {
  void tell({ type: "connection" }, connection).then(sent);
};

async function tellState(): Promise<void> {
  try {
    const state = globalStateManager.export();
    await tell({ type: "state", state, counters: handOnCounters(), pages: handOnPages() });
  } catch (error) {
    await tell({ type: "failed", ...failureOf(error) });
  }
}

/** Resolves when the message is on its way: whoever exits before loses it. */
function tell(news: ServerMessage, handle?: NativeHandle): Promise<void> {
  return new Promise((resolve) => {
    // A supervisor that is gone needs no news.
    if (process.connected) process.send?.(news, asSendHandle(handle), undefined, () => resolve());
    else resolve();
  });
}

process.on("message", (order, handle) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is our own supervisor
  void obey(order as SupervisorMessage, asNativeHandle(handle));
});
superviseLoop(LOOP_REPORTS);
process.on("disconnect", () => void close("SIGTERM"));
for (const signal of ENDING_SIGNALS) process.on(signal, () => void close(signal));
// The terminal may leave while a server module prints.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
