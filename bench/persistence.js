import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createStore } from "orbit-hmr/state";
import { readContent } from "../build/keep/state-lines.js";
import { openStateFile } from "../build/keep/state-file.js";
import { createClient } from "./client.js";
import { serveWithOrbit } from "./contenders.js";
import { median, percentile, show, table } from "./measure.js";
import { createProject, routeText, SHARED, fiftyRoutes } from "./project.js";

const KILLS = 200;
const LOSS_LIMIT_MS = 250;
const EDITS = 300;

/**
 * Kill a process that writes state all the time, again and again, and look at what the next one finds; then what keeping
 * state costs a developer who saves a file.
 */
export async function benchPersistence(kills = KILLS) {
  await benchKills(kills);
  await benchCost();
}

async function benchKills(kills) {
  const project = createProject({});
  const folder = path.join(project.root, "node_modules/.cache/orbit-hmr");
  const lost = [];
  let corrupt = 0;
  let backwards = 0;
  let before = 0;
  for (let round = 0; round < kills; round++) {
    const { killedAt, lastSeen } = await writeUntilKilled(project.root, 20 + Math.random() * 400);
    const file = path.join(folder, "state-1.json");
    if (!existsSync(file)) {
      // Killed before its first write was due.
      if (lastSeen !== undefined && killedAt - lastSeen.first > LOSS_LIMIT_MS)
        lost.push(killedAt - lastSeen.first);
      continue;
    }
    const reading = readContent(readFileSync(file, "utf8"), project.root);
    const kept = reading.status === "read" ? timeIn(reading.content) : undefined;
    if (kept === undefined) corrupt++;
    else {
      if (kept < before) backwards++;
      before = kept;
      // What came between the last time that is stored and the end; a process that never got to write has lost all of it.
      if (lastSeen !== undefined) lost.push(lastSeen.last - Math.max(kept, lastSeen.first));
    }
  }
  const asides = readdirSync(folder).filter((name) => name.includes("unreadable")).length;
  table(
    `${kills} kill -9 at random moments under writes`,
    [
      "corrupt stores",
      "moved aside",
      "older than before",
      "lost, median",
      "lost, p99",
      "lost, most",
      `over ${LOSS_LIMIT_MS} ms`,
    ],
    [
      [
        corrupt,
        asides,
        backwards,
        show(median(lost)),
        show(percentile(lost, 0.99)),
        show(Math.max(...lost)),
        lost.filter((ms) => ms > LOSS_LIMIT_MS).length,
      ],
    ],
  );
  project.remove();
}

/** The process says each write, so that the time of the last one is known however it ends. */
function writeUntilKilled(root, aliveMs) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["--write", root], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    let lastSeen;
    let killedAt;
    child.on("message", (at) => {
      if (lastSeen === undefined) setTimeout(() => ((killedAt = Date.now()), child.kill("SIGKILL")), aliveMs);
      lastSeen = { first: lastSeen?.first ?? at, last: at };
    });
    child.on("error", reject);
    child.on("close", () => resolve({ killedAt, lastSeen }));
  });
}

function timeIn({ values }) {
  const text = values.get("store:written")?.text;
  const at = text === undefined ? undefined : /"at",(\d{13})/.exec(text)?.[1];
  return at === undefined ? undefined : Number(at);
}

/** What the killed process does: some state of everyday size, changed every millisecond or so. */
function writeForever(root) {
  openStateFile({ root, report: (message) => console.error(message) }).restore();
  const sessions = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`session-${index}`, { index, tags: ["a", "b"] }]),
  );
  const store = createStore("written", { at: 0, sessions });
  const write = () => {
    const at = Date.now();
    store.update((previous) => ({ ...previous, at }));
    process.send(at);
    setTimeout(write, 1);
  };
  write();
}

/**
 * Save to fresh answer in two servers, one with the state file and one that never looks at it. Each edit is made in both,
 * in random order, so that whatever else the machine does meets both alike.
 */
async function benchCost() {
  const contenders = { on: await startServer("on"), off: await startServer("off") };
  const times = { on: [], off: [] };
  for (let edit = -20; edit < EDITS; edit++) {
    for (const kind of Math.random() < 0.5 ? ["on", "off"] : ["off", "on"]) {
      const took = await timeEdit(contenders[kind], `edit-${edit}`);
      if (edit >= 0) times[kind].push(took);
      // Long enough for the write to fall into an edit now and then, as it does with people.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
    }
  }
  const { ratio, low, high } = pairedRatio(times.on, times.off);
  table(
    `Save to fresh answer, with 1,000 sessions kept and changed by each request (${EDITS} pairs of edits)`,
    ["state over restarts", "median", "p95", "of the other, in pairs (95 % interval)"],
    [
      [
        "kept",
        show(median(times.on)),
        show(percentile(times.on, 0.95)),
        `${ratio.toFixed(2)}x (${low.toFixed(2)} to ${high.toFixed(2)})`,
      ],
      ["never looked at", show(median(times.off)), show(percentile(times.off, 0.95)), "1.00x"],
    ],
  );
  for (const { stop } of Object.values(contenders)) stop();
}

/** The median of the ratios within each pair, and where it would lie for other samples: the bootstrap. */
function pairedRatio(left, right) {
  const ratios = left.map((value, index) => value / right[index]);
  const resampled = Array.from({ length: 2_000 }, () =>
    median(ratios.map(() => ratios[Math.floor(Math.random() * ratios.length)])),
  );
  return {
    ratio: median(ratios),
    low: percentile(resampled, 0.025),
    high: percentile(resampled, 0.975),
  };
}

async function startServer(kind) {
  const project = createProject({ ...fiftyRoutes(), "lib/visits.ts": VISITS });
  const child = fork(fileURLToPath(import.meta.url), ["--serve", project.root, kind]);
  const [origin] = await once(child, "message");
  const client = createClient(origin);
  const stop = () => {
    client.close();
    child.once("close", () => project.remove());
    child.disconnect();
  };
  return { project, client, stop };
}

async function serve(root, kind) {
  if (kind === "off") forgetStateFile(root);
  const { origin, close } = await serveWithOrbit(root);
  process.once("disconnect", () => void close());
  process.send(origin);
}

/** Nobody can ask for this but a bench: state files are opened, and never told that anything has changed. */
function forgetStateFile(root) {
  const file = openStateFile({ root, report: () => undefined });
  Object.assign(Object.getPrototypeOf(file), { touched: () => undefined, flush: () => undefined });
  file.close();
}

const VISITS = `
import { createStore } from "orbit-hmr/state";
export const visits = createStore("visits", new Map(Array.from({ length: 1000 }, (_, id) => ["user-" + id, { id, seen: 0 }])));
`;

async function timeEdit({ project, client }, mark) {
  const head = 'import { visits } from "../../lib/visits.ts";\n';
  const text = routeText(0, mark, SHARED).replace(
    "const url",
    "visits.get().set(mark, { id: 0, seen: 1 });\n  const url",
  );
  project.write("pages/api/r0.ts", head + text);
  const start = performance.now();
  for (;;) {
    const { status, text: answer } = await client.get("/api/r0");
    if (status !== 200) throw new Error(`answered ${status}: ${answer}`);
    if (JSON.parse(answer).mark === mark) return performance.now() - start;
  }
}

if (process.argv[2] === "--write") writeForever(process.argv[3]);
else if (process.argv[2] === "--serve") await serve(process.argv[3], process.argv[4]);
else if (process.argv[2] === "--cost") await benchCost();
else if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await benchPersistence(Number(process.argv[2] ?? KILLS));
