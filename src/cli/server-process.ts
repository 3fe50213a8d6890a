import type { DevServer } from "../index.ts";
import { globalStateManager } from "../state/index.ts";
import { failureOf } from "./failure.ts";
import type { ServerNews, ServerOrder, ServerSettings } from "./server-messages.ts";

// The process with the server. The supervisor forks it, and can end it when code that it runs never comes back.

/** How long dispose handlers may take, so that nobody is left behind when the supervisor is gone, too. */
const CLOSE_DEADLINE_MS = 5000;

let starting: Promise<DevServer> | undefined;
let closing: Promise<void> | undefined;

async function obey(order: ServerOrder): Promise<void> {
  switch (order.type) {
    case "start":
      await start(order.settings, order.state);
      break;
    case "reload":
      await withServer((server) => server.reload());
      break;
    case "open":
      await withServer((server) => server.open());
      break;
    case "close":
      await close();
      break;
  }
}

async function start(settings: ServerSettings, state: unknown): Promise<void> {
  starting = createServer(settings, state);
  try {
    const { urls, routes } = await starting;
    await tell({ type: "ready", urls, routes });
  } catch (error) {
    await tell({ type: "failed", ...failureOf(error) });
    process.exit();
  }
}

async function createServer(settings: ServerSettings, state: unknown): Promise<DevServer> {
  // Loaded late: without Vite it does not load, and that has to become a sentence.
  const { createDevServer } = await import("../index.ts");
  // Before anything is evaluated, so that no module ever sees its initial state.
  if (state !== undefined) globalStateManager.import(state);
  return createDevServer({ ...settings, onReport: (report) => void tell({ type: "report", report }) });
}

async function withServer(act: (server: DevServer) => void | Promise<void>): Promise<void> {
  try {
    if (starting !== undefined) await act(await starting);
  } catch (error) {
    await tell({ type: "failed", ...failureOf(error) });
  }
}

/** Close once, whoever asks: the supervisor, a signal to the whole group, or the end of the supervisor. */
function close(): Promise<void> {
  closing ??= closeServer().finally(() => process.exit());
  return closing;
}

async function closeServer(): Promise<void> {
  setTimeout(() => process.exit(), CLOSE_DEADLINE_MS);
  // Before, because closing may never end; after, because the last requests and dispose handlers may have written.
  await tellState();
  await withServer((server) => server.close());
  await tellState();
}

async function tellState(): Promise<void> {
  try {
    await tell({ type: "state", state: globalStateManager.export() });
  } catch (error) {
    await tell({ type: "failed", ...failureOf(error) });
  }
}

/** Resolves when the message is on its way: whoever exits before loses it. */
function tell(news: ServerNews): Promise<void> {
  return new Promise((resolve) => {
    // A supervisor that is gone needs no news.
    if (process.connected) process.send?.(news, undefined, undefined, () => resolve());
    else resolve();
  });
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is our own supervisor
process.on("message", (order) => void obey(order as ServerOrder));
process.on("disconnect", () => void close());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void close());
// The terminal may leave while a server module prints.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
