import { fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";
import workers from "node:worker_threads";
import { median, percentile, settledHeap, show } from "./measure.js";

const PAIRS = 11;
const MB = 2 ** 20;
const own = fileURLToPath(import.meta.url);

/** What the thread that watches the event loop costs: the memory of a server's process with it and without it, in turn. */
export async function benchLoopThread() {
  const rss = { with: [], without: [] };
  for (let pair = 0; pair <= PAIRS; pair++) {
    for (const mode of pair % 2 === 0 ? ["with", "without"] : ["without", "with"]) {
      const measured = await measureServer(mode);
      // The first pair reads everything from the disk.
      if (pair > 0) rss[mode].push(measured);
    }
  }
  const [more, less] = [median(rss.with), median(rss.without)];
  console.log(
    `\nThe thread that watches the event loop costs ${show(more - less, "MB")} of RSS: ${show(more, "MB")} with it ` +
      `(half of the runs: ${spread(rss.with)}), ${show(less, "MB")} without (${spread(rss.without)}); medians of ${PAIRS} runs each, in turn.`,
  );
}

function spread(numbers) {
  return `${show(percentile(numbers, 0.25), "")}to ${show(percentile(numbers, 0.75), "MB")}`;
}

async function measureServer(mode) {
  const child = fork(own, [mode], { execArgv: ["--expose-gc"] });
  const [[rss]] = await Promise.all([once(child, "message"), once(child, "exit")]);
  return rss / MB;
}

/** Stands for the thread where there is none. */
class NoThread extends EventEmitter {
  constructor() {
    super();
    // When somebody can hear it.
    process.nextTick(() => this.emit("online"));
  }
  unref() {}
  async terminate() {}
}

/** The process that is measured: one server that has answered once. */
async function serve(mode) {
  const threads = [];
  workers.Worker = new Proxy(workers.Worker, {
    construct(Worker, [program, options]) {
      if (!options?.name?.includes("watches the event loop")) return new Worker(program, options);
      const thread = mode === "with" ? new Worker(program, options) : new NoThread();
      threads.push(once(thread, "online"));
      return thread;
    },
  });
  syncBuiltinESMExports();
  const [{ createClient }, { serveWithOrbit }, { createProject }] = await Promise.all(
    ["./client.js", "./contenders.js", "./project.js"].map((name) => import(name)),
  );
  const project = createProject({ "pages/api/index.ts": `export const GET = () => Response.json("ok");\n` });
  const { origin, close } = await serveWithOrbit(project.root);
  const client = createClient(origin);
  await client.get("/api");
  if (threads.length !== 1) throw new Error(`Expected one thread that watches, got ${threads.length}.`);
  await threads[0];
  // Its first looks at the clock are made.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await settledHeap();
  const { rss } = process.memoryUsage();
  client.close();
  await close();
  project.remove();
  process.send(rss, () => process.exit());
}

if (process.argv[1] === own) {
  if (process.send === undefined) await benchLoopThread();
  else await serve(process.argv[2]);
}
