import { expect, test } from "vitest";
import { describeBoth, expectNoComplaints, nextName, serveClients } from "./support/client-project.ts";
import { hasPostgres, usePostgres } from "./support/postgres.ts";
import { hasRedis, useRedis } from "./support/redis.ts";
import { soon } from "./support/soon.ts";

const EDITS = 6;

const postgres = usePostgres();
const redis = useRedis();

const pooling = (application: string, n: number, max = 2): string => `
  import { Pool } from "pg";
  import { database } from "../../lib/config.ts";
  const pool = new Pool({ ...database, application_name: "${application}", max: ${max} });
  pool.on("error", (error) => console.error(error.message));
  export const GET = async () => {
    const { rows: [{ pid }] } = await pool.query("select pg_backend_pid() as pid");
    return new Response("${n} " + pid);
  };`;

const config = (timeout: number): string =>
  `export const database = { ...${postgres.connection}, idleTimeoutMillis: ${timeout} };
   export const other = ${timeout};`;

const connecting = (application: string, n: number): string => `
  import { Client } from "pg";
  import { database } from "../../lib/config.ts";
  const client = new Client({ ...database, application_name: "${application}" });
  await client.connect();
  export const GET = async () => new Response("${n} " + client.processID);`;

const counting = (name: string, n: number): string => `
  import { Redis } from "ioredis";
  const redis = new Redis({ path: "${redis.path}", connectionName: "${name}" });
  redis.on("error", (error) => console.error(error.message));
  export const GET = async () => new Response("${n} " + (await redis.client("ID")));`;

/** Edit a route some times; returns what came after the number of the edit, each time. */
async function answersOver(
  served: Awaited<ReturnType<typeof serveClients>>,
  text: (n: number) => string,
): Promise<readonly string[]> {
  const answers = [];
  for (let n = 1; n <= EDITS; n++) {
    served.project.write("pages/api/a.ts", text(n));
    const [edit, answer = ""] = (await served.get("/api/a")).split(" ");
    expect(edit).toBe(String(n));
    answers.push(answer);
  }
  return answers;
}

describeBoth("a pool of pg", hasPostgres, (propagation) => {
  test("stays open when another line of its file is edited, and keeps its connections", async () => {
    const application = nextName();
    const files = { "lib/config.ts": config(60_000), "pages/api/a.ts": pooling(application, 0) };
    const served = await serveClients(files, { propagation });
    const [, pid] = (await served.get("/api/a")).split(" ");
    const pids = await answersOver(served, (n) => pooling(application, n));
    expect(new Set(pids)).toEqual(new Set([pid]));
    expect(await postgres.connectionsOf(application)).toBe(1);
    await expect.poll(() => served.reports.at(-1), soon).toMatchObject({ kept: ["pages/api/a.ts:pool"] });
    expectNoComplaints(served);
    served.project.remove("pages/api/a.ts");
    expect((await served.fetch("/api/a")).status).toBe(404);
    await expect.poll(() => postgres.connectionsOf(application), soon).toBe(0);
  });

  test("is opened again when its own statement is edited, or what that reads in another file", async () => {
    const application = nextName();
    const files = { "lib/config.ts": config(60_000), "pages/api/a.ts": pooling(application, 0) };
    const served = await serveClients(files, { propagation });
    const pids = [await served.get("/api/a")];
    served.project.write("pages/api/a.ts", pooling(application, 0, 3));
    pids.push(await served.get("/api/a"));
    served.project.write("lib/config.ts", config(50_000));
    pids.push(await served.get("/api/a"));
    expect(new Set(pids).size).toBe(3);
    await expect.poll(() => postgres.connectionsOf(application), soon).toBe(1);
    expectNoComplaints(served);
  });

  test("is closed with the server, however many generations it has lived through", async () => {
    const application = nextName();
    const files = { "lib/config.ts": config(60_000), "pages/api/a.ts": pooling(application, 0) };
    const served = await serveClients(files, { propagation });
    await answersOver(served, (n) => pooling(application, n));
    await served.server.close();
    await expect.poll(() => postgres.connectionsOf(application), soon).toBe(0);
  });
});

describeBoth("a client of pg that a statement connects", hasPostgres, (propagation) => {
  test("is opened anew with each edit: it would be connected twice", async () => {
    const application = nextName();
    const files = { "lib/config.ts": config(60_000), "pages/api/a.ts": connecting(application, 0) };
    const served = await serveClients(files, { propagation });
    const pids = await answersOver(served, (n) => connecting(application, n));
    expect(new Set(pids).size).toBe(EDITS);
    await expect.poll(() => postgres.connectionsOf(application), soon).toBe(1);
    expectNoComplaints(served);
  });
});

describeBoth("a client of ioredis", hasRedis, (propagation) => {
  test("stays open when another line of its file is edited", async () => {
    const name = nextName();
    const served = await serveClients({ "pages/api/a.ts": counting(name, 0) }, { propagation });
    const [, id] = (await served.get("/api/a")).split(" ");
    const ids = await answersOver(served, (n) => counting(name, n));
    expect(new Set(ids)).toEqual(new Set([id]));
    expect(await redis.connectionsOf(name)).toHaveLength(1);
    expectNoComplaints(served);
  });

  test("that has lost its connection connects again after edits, for the code that has it now", async () => {
    const name = nextName();
    const served = await serveClients({ "pages/api/a.ts": counting(name, 0) }, { propagation });
    const [, id] = (await served.get("/api/a")).split(" ");
    await answersOver(served, (n) => counting(name, n));
    await redis.cut(name);
    await expect.poll(() => served.get("/api/a").then((text) => text.split(" ")[1]), soon).not.toBe(id);
    expect(await redis.connectionsOf(name)).toHaveLength(1);
    served.project.remove("pages/api/a.ts");
    await served.fetch("/api/a");
    await expect.poll(async () => (await redis.connectionsOf(name)).length, soon).toBe(0);
  });
});
