import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "../client.js";
import { createProject } from "../project.js";

/**
 * @typedef {object} Served A contender that serves a project of its own in a process of its own.
 * @property {string} name
 * @property {number} pid
 * @property {number} port
 * @property {number} startMs From the spawn to the first answer.
 * @property {ReturnType<typeof createProject>} project
 * @property {ReturnType<typeof createClient>} client
 * @property {(question?: { isCollected: boolean }) => Promise<{ cpuMs: number, rss: number, heapUsed?: number }>} usage
 * @property {() => Promise<void>} stop
 */

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 5_000;
const sideChannel = fileURLToPath(new URL("side-channel.js", import.meta.url));

/** What has to end when this process does, however it ends. */
const running = new Map();
const folders = new Set();
process.on("exit", () => {
  for (const child of running.values()) child.kill("SIGKILL");
  for (const project of folders) project.remove();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/**
 * Write the project, start the contender in it, and wait until it answers.
 *
 * @param {import("./contenders.js").Contender} contender
 * @param {Record<string, string>} files The project.
 * @param {{ firstPath: string }} options
 * @returns {Promise<Served>}
 */
export async function serve(contender, files, { firstPath }) {
  const project = createProject({ ...files, ...contender.files(Object.keys(files)) });
  folders.add(project);
  for (const [name, target] of Object.entries(contender.links ?? {})) project.link(name, target);
  const started = await start(contender, project, { firstPath });
  return {
    ...started,
    project,
    async stop() {
      await started.stop();
      folders.delete(project);
      project.remove();
    },
  };
}

/**
 * Start a contender in a folder that is there already.
 *
 * @param {import("./contenders.js").Contender} contender
 * @param {ReturnType<typeof createProject>} project
 * @param {{ firstPath: string }} options
 */
export async function start(contender, project, { firstPath }) {
  const port = await freePort();
  const { program, args, env } = contender.command({ root: project.root, port });
  const logFile = path.join(project.root, "node_modules/server.log");
  const log = openSync(logFile, "w");
  const began = performance.now();
  const preload = contender.hasSideChannel ? ["--expose-gc", "--import", sideChannel] : [];
  const child = spawn(program, [...preload, ...args], {
    cwd: project.root,
    env: { ...process.env, ...env },
    stdio: ["ignore", log, log, ...(contender.hasSideChannel ? ["ipc"] : [])],
  });
  closeSync(log);
  running.set(child.pid, child);
  child.on("error", () => undefined);
  const ended = once(child, "close").then(() => running.delete(child.pid));
  const client = createClient(`http://127.0.0.1:${port}`);
  const stop = async () => {
    client.close();
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    if (running.has(child.pid)) await ended;
    clearTimeout(timer);
  };
  try {
    await firstAnswer(client, firstPath, () => running.has(child.pid));
  } catch (error) {
    await stop();
    throw new Error(
      `${contender.name} did not start: ${error.message}\n${readFileSync(logFile, "utf8").slice(-2_000)}`,
      { cause: error },
    );
  }
  const startMs = performance.now() - began;
  return {
    name: contender.name,
    pid: child.pid,
    port,
    startMs,
    client,
    usage: (question) => ask(child, question),
    stop,
  };
}

/** Ask until there is an answer; a server that listens is not yet one that answers. */
async function firstAnswer(client, firstPath, isRunning) {
  const deadline = performance.now() + START_DEADLINE_MS;
  let last = "no answer";
  while (performance.now() < deadline) {
    try {
      const { status, text } = await client.get(firstPath);
      if (status === 200) return;
      last = `answered ${status}: ${text.slice(0, 500)}`;
    } catch (error) {
      last = error.message;
    }
    if (!isRunning()) throw new Error(`the process ended (${last})`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(last);
}

async function ask(child, question = { isCollected: false }) {
  child.send({ type: "usage", ...question });
  for (;;) {
    const [message] = await once(child, "message");
    if (message?.type === "usage") return message;
  }
}

/** @returns {Promise<number>} A port that nobody listens on now. */
async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * What a process and all that it has started hold and have used.
 *
 * @param {number} pid
 * @returns {{ processes: number, rssMb: number, cpuMs: number }} The CPU in steps of 10 ms, and only where Linux tells it.
 */
export function usageOfTree(pid) {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([pid]);
  for (let before = 0; before < tree.size;) {
    before = tree.size;
    for (const [each, parent] of rows) if (tree.has(parent)) tree.add(each);
  }
  const ofTree = rows.filter(([each]) => tree.has(each));
  return {
    processes: tree.size,
    rssMb: ofTree.reduce((sum, [, , kilobytes]) => sum + kilobytes, 0) / 1_024,
    cpuMs: ofTree.reduce((sum, [each]) => sum + cpuOf(each), 0),
  };
}

function cpuOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program stands in parentheses and may hold anything.
    const [user, system] = text
      .slice(text.lastIndexOf(") ") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return (user + system) * 10;
  } catch {
    return Number.NaN;
  }
}
