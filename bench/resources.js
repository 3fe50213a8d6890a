import { EventEmitter } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { symlinkSync } from "node:fs";
import { Client, Pool } from "pg";
import { findPostgres } from "../scripts/find-servers.js";
import { startPostgres } from "../scripts/start-postgres.js";
import { createClient } from "./client.js";
import { freePort } from "./free-port.js";
import { serveWithOrbit } from "./contenders.js";
import { table } from "./measure.js";
import { createProject } from "./project.js";

const EDITS = 1_000;
const WARM_UP = 20;
const CONNECTIONS = 2;
const NAME = "orbit-bench";
const PATIENCE_MS = 20_000;

/** What a thousand edits leave open, of a module that opens a timer, listeners, a server and a pool each time. */
export async function benchResources() {
  globalThis.orbitBench = { shared: new EventEmitter(), pools: new Set() };
  const database = await openDatabase();
  const port = await freePort();
  const plain = await measure(database, (mark) => `export const GET = () => new Response("${mark}");\n`);
  const resources = await measure(database, (mark, index) => resourceText({ database, port, mark, index }));
  const opening = await database.measureOpening();
  await database.stop();
  const { first, last, none } = resources.open;
  table(
    `What is open after ${EDITS} edits of a module that opens a timer, a listener of process, one of an emitter that outlives it, a server and ${database.name} with ${CONNECTIONS} connections`,
    ["in the process", "after 1 edit", `after ${EDITS} edits`, "route deleted"],
    Object.keys(first).map((name) => [name, first[name], last[name], none[name]]),
  );
  const row = (name, { perSecond }) => {
    return [name, perSecond.toFixed(0), `${(perSecond / plain.perSecond).toFixed(2)}x`];
  };
  table(
    `Edits per second, each save followed by a fresh answer (${EDITS} edits)`,
    ["module", "edits/s", "of plain"],
    [
      row("without resources", plain),
      row("all of them opened again by each edit", resources),
      ["no edit: opening and ending such a pool", opening.toFixed(0), ""],
    ],
  );
}

async function measure(database, text) {
  const project = createProject({ "pages/api/index.ts": text("first", 0) });
  const packages = fileURLToPath(new URL("../node_modules", import.meta.url));
  symlinkSync(path.join(packages, "pg"), path.join(project.root, "node_modules/pg"), "dir");
  const { origin, close } = await serveWithOrbit(project.root);
  const client = createClient(origin);
  const edit = async (index) => {
    const mark = `edit-${index}`;
    project.write("pages/api/index.ts", text(mark, index));
    const { status, text: answer } = await client.get("/api");
    if (status !== 200 || answer !== mark) throw new Error(`${mark} was answered ${status}: ${answer}`);
  };
  await client.get("/api");
  await edit(1);
  const first = await settled(database);
  for (let index = 2; index < WARM_UP; index++) await edit(index);
  const start = performance.now();
  for (let index = 0; index < EDITS; index++) await edit(WARM_UP + index);
  const perSecond = EDITS / ((performance.now() - start) / 1_000);
  const last = await settled(database, first);
  project.write("pages/api/index.ts", `export const GET = () => new Response("nothing");\n`);
  await client.get("/api");
  const none = await settled(database);
  client.close();
  await close();
  project.remove();
  return { perSecond, open: { first, last, none } };
}

/** Each edit changes every statement that opens something: nothing can be carried over. */
function resourceText({ database, port, mark, index }) {
  return `
import { createServer } from "node:http";
${database.importText}
setInterval(() => "${mark}", ${60_000 + index});
process.on("${NAME}", () => "${mark}");
globalThis.orbitBench.shared.on("${NAME}", () => "${mark}");
createServer((_request, response) => response.end("${mark}")).listen(${port}, "127.0.0.1");
const pool = new Pool(${database.config(index)});
await Promise.all([pool.query("select 1"), pool.query("select 1")]);
export const GET = () => new Response("${mark}");
`;
}

/** Count what is open when nothing closes any more: when it is as expected, or when it stays the same. */
async function settled(database, expected) {
  const deadline = Date.now() + PATIENCE_MS;
  let same = 0;
  let before = "";
  for (;;) {
    const open = await countOpen(database);
    const now = JSON.stringify(open);
    same = now === before ? same + 1 : 0;
    before = now;
    if (now === JSON.stringify(expected) || same >= 20 || Date.now() > deadline) return open;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function countOpen(database) {
  const kinds = process.getActiveResourcesInfo();
  const countKinds = (pattern) => kinds.filter((kind) => pattern.test(kind)).length;
  return {
    timers: countKinds(/^Timeout$/),
    "listening servers": countKinds(/ServerWrap$/),
    "sockets and pipes": countKinds(/^(?:TCPSocket|TCP|Pipe)Wrap$/),
    "all handles and requests": kinds.length,
    "listeners of process": process.listenerCount(NAME),
    "listeners of the shared emitter": globalThis.orbitBench.shared.listenerCount(NAME),
    "database connections": await database.connections(),
  };
}

/** A PostgreSQL of its own, or what is asked of a pool where there is none. */
async function openDatabase() {
  const bin = findPostgres();
  if (bin === undefined) return imitation;
  const { connection, stop } = await startPostgres(bin);
  const observer = new Client(connection);
  await observer.connect();
  return {
    name: "a pool of pg",
    importText: `import { Pool } from "pg";`,
    config: (index) =>
      JSON.stringify({
        ...connection,
        application_name: NAME,
        max: CONNECTIONS,
        idleTimeoutMillis: 600_000 + index,
      }),
    measureOpening: async () => {
      const start = performance.now();
      for (let index = 0; index < EDITS / 10; index++) {
        const pool = new Pool({ ...connection, max: CONNECTIONS });
        await Promise.all([pool.query("select 1"), pool.query("select 1")]);
        await pool.end();
      }
      return EDITS / 10 / ((performance.now() - start) / 1_000);
    },
    connections: async () => {
      const text = "select count(*)::int as count from pg_stat_activity where application_name = $1";
      return (await observer.query(text, [NAME])).rows[0].count;
    },
    stop: async () => {
      await observer.end();
      await stop();
    },
  };
}

const imitation = {
  name: "an imitation of a pool (PostgreSQL was not found)",
  importText: `class Pool {
  constructor() { globalThis.orbitBench.pools.add(this); }
  async query() {}
  async end() { globalThis.orbitBench.pools.delete(this); }
}`,
  config: String,
  measureOpening: async () => Number.NaN,
  connections: async () => globalThis.orbitBench.pools.size * CONNECTIONS,
  stop: async () => undefined,
};
