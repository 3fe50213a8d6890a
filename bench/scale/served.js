import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "../client.js";
import { createProject } from "../project.js";
import { freePort } from "../free-port.js";

/**
 * @typedef {object} Served A contender that serves a project of its own in a process of its own.
 * @property {string} name
 * @property {boolean} isOurs
 * @property {(file: string) => Record<string, string>} headersFor How it is told of a save.
 * @property {number} pid
 * @property {number} port
 * @property {number} startMs From the spawn to the first answer.
 * @property {ReturnType<typeof createProject>} project
 * @property {ReturnType<typeof createClient>} client
 * @property {((type: string, details?: object) => Promise<any>) | undefined} ask Beside HTTP: one of what `side-channel.js` answers.
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
 * @param {{ firstPath: string, isUnobserved?: boolean }} options Unobserved, nothing of the bench is in its process.
 * @returns {Promise<Served>}
 */
export async function serve(contender, files, options) {
  const project = createProjectFor(contender, files);
  const started = await start(contender, project, options);
  return {
    ...started,
    async stop() {
      await started.stop();
      project.remove();
    },
  };
}

/**
 * A project with what a contender needs in it.
 *
 * @param {import("./contenders.js").Contender} contender
 * @param {Record<string, string>} files
 */
export function createProjectFor(contender, files) {
  const project = createProject({ ...files, ...contender.files(Object.keys(files)) });
  folders.add(project);
  for (const [name, target] of Object.entries(contender.links ?? {})) project.link(name, target);
  return project;
}

/**
 * Ask every route once.
 *
 * @param {ReturnType<typeof createClient>} client
 * @param {readonly string[]} paths
 */
export async function askAll(client, paths) {
  for (const each of paths) {
    const { status, text } = await client.get(each);
    if (status !== 200) throw new Error(`${each} answered ${status}: ${text}`);
  }
}

/**
 * Start a contender in a folder that is there already.
 *
 * @param {import("./contenders.js").Contender} contender
 * @param {ReturnType<typeof createProject>} project
 * @param {{ firstPath: string, isUnobserved?: boolean }} options Unobserved, nothing of the bench is in its process.
 * @returns {Promise<Served>}
 */
export async function start(contender, project, { firstPath, isUnobserved = false }) {
  const port = await freePort();
  const { program, args, env } = contender.command({ root: project.root, port });
  const logFile = path.join(project.root, "node_modules/server.log");
  const log = openSync(logFile, "w");
  const began = performance.now();
  const hasSideChannel = contender.hasSideChannel && !isUnobserved;
  const preload = hasSideChannel ? ["--expose-gc", "--import", sideChannel] : [];
  const child = spawn(program, [...preload, ...args], {
    cwd: project.root,
    env: { ...process.env, ...env },
    stdio: ["ignore", log, log, ...(hasSideChannel ? ["ipc"] : [])],
  });
  closeSync(log);
  running.set(child.pid, child);
  const ended = new Promise((resolve) => {
    child.once("close", resolve).once("error", resolve);
  }).then(() => running.delete(child.pid));
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
    isOurs: contender.isOurs === true,
    headersFor: contender.headersFor ?? (() => ({})),
    project,
    pid: child.pid,
    port,
    startMs,
    client,
    ask: hasSideChannel ? (type, details) => askChild(child, type, details) : undefined,
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

let questions = 0;

async function askChild(child, type, details) {
  const id = ++questions;
  child.send({ ...details, type, id });
  for (;;) {
    const [message] = await once(child, "message");
    if (message?.id === id) return message;
  }
}

/**
 * Do something; with a folder for profiles, write there what each server that has a side channel does meanwhile.
 *
 * @template T
 * @param {string | undefined} folder
 * @param {string} name Of the figure.
 * @param {readonly Served[]} served
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function profiled(folder, name, served, act) {
  const profiles = folder === undefined ? [] : served.filter(({ ask }) => ask !== undefined);
  if (profiles.length > 0) mkdirSync(folder, { recursive: true });
  for (const { ask } of profiles) await ask("startProfile");
  const result = await act();
  for (const { name: contender, ask } of profiles) {
    const file = path.resolve(folder, `${name}-${contender.replaceAll(/\W+/g, "-")}.cpuprofile`);
    await ask("stopProfile", { file });
    console.log(`Profile: ${file}`);
  }
  return result;
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
