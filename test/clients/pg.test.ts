import { expect, test, vi } from "vitest";
import { globalStateManager } from "../../src/state/index.ts";
import { createGate } from "../vite/support/gate.ts";
import {
  describeBoth,
  expectNoComplaints,
  nextName,
  openResources,
  serveClients,
} from "./support/client-project.ts";
import { hasPostgres, usePostgres } from "./support/postgres.ts";
import { soon } from "./support/soon.ts";

const EDITS = 12;

const postgres = usePostgres();
const connections = (application: string): Promise<number> => postgres.connectionsOf(application);

const config = (application: string, n: number): string =>
  `{ ...${postgres.connection}, application_name: "${application}", max: 3, idleTimeoutMillis: ${60_000 + n} }`;

const poolText = (application: string, n: number): string => `
  import { Pool } from "pg";
  export const pool = new Pool(${config(application, n)});`;

const pooling = (application: string, n: number, tail = ""): string => `${poolText(application, n)}
  export const GET = async () => {
    const answers = await Promise.all([1, 2, 3].map(() => pool.query("select pg_backend_pid()")));
    return new Response(["${n}", new Set(answers.map(({ rows }) => rows[0].pg_backend_pid)).size].join());
  };
  ${tail}`;

const connecting = (application: string, n: number, tail = ""): string => `
  import { Client } from "pg";
  const client = new Client(${config(application, n)});
  await client.connect();
  export const GET = async () => new Response((await client.query("select '${n}' as n")).rows[0].n);
  ${tail}`;

const kinds = [
  { name: "a pool", binding: "pool", text: pooling, answer: (n: number) => `${n},3`, open: 3 },
  { name: "a connected client", binding: "client", text: connecting, answer: String, open: 1 },
] as const;

const answeringPid = (n: number): string =>
  `export const GET = async () => new Response("${n} " + (await pool.query("select pg_backend_pid() as pid")).rows[0].pid);`;

const usingPool = (n: number): string => `
  import { pool } from "../../lib/db.ts";
  const { rows: [first] } = await pool.query("select pg_backend_pid() as pid");
  ${answeringPid(n)}`;

const singletonPool = (application: string, n: number): string => `
  import { createSingleton } from "orbit-hmr/state";
  import { Pool } from "pg";
  const pool = createSingleton("${application}", () => new Pool(${config(application, n)}), { dispose: (p) => p.end() });
  ${answeringPid(n)}`;

const listening = (application: string, n: number): string =>
  connecting(
    application,
    n,
    `client.on("notification", ({ payload }) => globalThis.orbitTestLog?.push("${n} " + payload));
     await client.query('listen "${application}"');`,
  );

describeBoth("pg", hasPostgres, (propagation) => {
  test.for(kinds)("after many edits $name has one generation's connections", async (kind) => {
    const application = nextName();
    const served = await serveClients({ "pages/api/a.ts": kind.text(application, 0) }, { propagation });
    expect(await served.get("/api/a")).toBe(kind.answer(0));
    for (let n = 1; n <= EDITS; n++) {
      served.project.write("pages/api/a.ts", kind.text(application, n));
      expect(await served.get("/api/a")).toBe(kind.answer(n));
    }
    await expect.poll(() => connections(application), soon).toBe(kind.open);
    expect(await openResources(served)).toEqual(["client pages/api/a.ts"]);
    expectNoComplaints(served);
  });

  test.for(kinds)("a query of $name that an edit overtakes is answered", async (kind) => {
    const application = nextName();
    const lock = await postgres.lockOf();
    const waiting = `\nexport const POST = async () => {
      const { rows } = await ${kind.binding}.query("${lock.wait}");
      return new Response("waited " + rows.length);
    };`;
    const text = (n: number): string => kind.text(application, n, waiting);
    const served = await serveClients({ "pages/api/a.ts": text(1) }, { propagation });
    expect(await served.get("/api/a")).toBe(kind.answer(1));
    const waited = served.fetch("/api/a", { method: "POST" });
    await expect.poll(() => postgres.runningIn(application), soon).toEqual([lock.wait]);
    served.project.write("pages/api/a.ts", text(2));
    expect(await served.get("/api/a")).toBe(kind.answer(2));
    expect(await connections(application)).toBe(2 * kind.open);
    await lock.release();
    expect(await waited).toMatchObject({ status: 200, text: "waited 1" });
    await expect.poll(() => connections(application), soon).toBe(kind.open);
    expectNoComplaints(served);
  });

  test.for(kinds)("$name of a deleted route is closed", async (kind) => {
    const application = nextName();
    const served = await serveClients({ "pages/api/a.ts": kind.text(application, 1) }, { propagation });
    await served.get("/api/a");
    served.project.remove("pages/api/a.ts");
    expect((await served.fetch("/api/a")).status).toBe(404);
    await expect.poll(() => connections(application), soon).toBe(0);
    expectNoComplaints(served);
  });

  test.for(kinds)("$name is closed with the server", async (kind) => {
    const application = nextName();
    const served = await serveClients({ "pages/api/a.ts": kind.text(application, 1) }, { propagation });
    await served.get("/api/a");
    await served.server.close();
    // The server waits for each connection to be closed; PostgreSQL notices that a moment later.
    await expect.poll(() => connections(application), soon).toBe(0);
  });

  test.for(kinds)("a broken edit leaves $name open, and nothing of its own", async (kind) => {
    const application = nextName();
    const served = await serveClients(
      { "pages/api/a.ts": kind.text(application, 1) },
      {
        propagation,
        plugin: { hmr: { propagation, onError: "last-good", maxRetries: 1 } },
      },
    );
    expect(await served.get("/api/a")).toBe(kind.answer(1));
    for (let n = 2; n <= 4; n++) {
      const broken = `await ${kind.binding}.query("select 1"); throw new Error("no ${n}");`;
      served.project.write("pages/api/a.ts", kind.text(application, n, broken));
      expect(await served.get("/api/a")).toBe(kind.answer(1));
      await expect.poll(() => connections(application), soon).toBe(kind.open);
    }
    served.project.write("pages/api/a.ts", kind.text(application, 5));
    const mended = await served.fetch("/api/a");
    expect([mended.text, mended.headers.get("x-orbit-stale")]).toEqual([kind.answer(5), null]);
    await expect.poll(() => connections(application), soon).toBe(kind.open);
  });

  test("a new client that cannot connect leaves the old one as it was", async () => {
    const application = nextName();
    const served = await serveClients({ "pages/api/a.ts": connecting(application, 1) }, { propagation });
    expect(await served.get("/api/a")).toBe("1");
    const text = connecting(application, 2);
    served.project.write("pages/api/a.ts", text.replace(`"database":"postgres"`, `"database":"nowhere"`));
    const { status, json } = await served.fetch("/api/a");
    expect(status).toBe(500);
    expect(json()["detail"]).toContain(`database "nowhere" does not exist`);
    expect(await connections(application)).toBe(1);
    served.project.write("pages/api/a.ts", text);
    expect(await served.get("/api/a")).toBe("2");
    await expect.poll(() => connections(application), soon).toBe(1);
  });

  test("a pool of its own module is not opened again when a route that uses it is edited", async () => {
    const application = nextName();
    const served = await serveClients(
      { "pages/api/a.ts": usingPool(1), "lib/db.ts": poolText(application, 1) },
      { propagation },
    );
    const [, pid] = (await served.get("/api/a")).split(" ");
    for (let n = 2; n < 6; n++) {
      served.project.write("pages/api/a.ts", usingPool(n));
      expect(await served.get("/api/a")).toBe(`${n} ${pid}`);
    }
    expect(await connections(application)).toBe(1);
    served.project.write("lib/db.ts", poolText(application, 2));
    expect(await served.get("/api/a")).not.toBe(`5 ${pid}`);
    await expect.poll(() => connections(application), soon).toBe(1);
    expectNoComplaints(served);
  });

  test("a pool that is a singleton is kept over edits, until the state is cleared", async () => {
    const application = nextName();
    const served = await serveClients({ "pages/api/a.ts": singletonPool(application, 1) }, { propagation });
    const [, pid] = (await served.get("/api/a")).split(" ");
    for (let n = 2; n < 6; n++) {
      served.project.write("pages/api/a.ts", singletonPool(application, n));
      expect(await served.get("/api/a")).toBe(`${n} ${pid}`);
    }
    expect(await connections(application)).toBe(1);
    globalStateManager.clear();
    await expect.poll(() => connections(application), soon).toBe(0);
  });

  test("a pool that is a singleton is closed with the server", async () => {
    const application = nextName();
    const served = await serveClients({ "pages/api/a.ts": singletonPool(application, 1) }, { propagation });
    await served.get("/api/a");
    await served.server.close();
    await expect.poll(() => connections(application), soon).toBe(0);
  });

  test("a notification is handled once, by the new code", async () => {
    const application = nextName();
    globalThis.orbitTestLog = [];
    const served = await serveClients({ "pages/api/a.ts": listening(application, 1) }, { propagation });
    await served.get("/api/a");
    for (let n = 2; n < 5; n++) {
      served.project.write("pages/api/a.ts", listening(application, n));
      await served.get("/api/a");
      await expect.poll(() => connections(application), soon).toBe(1);
      await postgres.notify(application, "hello");
      await vi.waitFor(() => expect(globalThis.orbitTestLog).toContain(`${n} hello`), soon);
    }
    expect(globalThis.orbitTestLog).toEqual(["2 hello", "3 hello", "4 hello"]);
  });

  test("while new code connects, the old client answers", async () => {
    const application = nextName();
    const gate = createGate();
    const served = await serveClients({ "pages/api/a.ts": connecting(application, 1) }, { propagation });
    expect(await served.get("/api/a")).toBe("1");
    served.project.write("pages/api/a.ts", connecting(application, 2, `await ${gate.wait};`));
    const asked = served.get("/api/a");
    await gate.reached;
    expect(await connections(application)).toBe(2);
    gate.open();
    expect(await asked).toBe("2");
    await expect.poll(() => connections(application), soon).toBe(1);
  });
});
