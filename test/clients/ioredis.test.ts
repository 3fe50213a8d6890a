import { expect, test, vi } from "vitest";
import {
  describeBoth,
  expectNoComplaints,
  nextName,
  openResources,
  serveClients,
} from "./support/client-project.ts";
import { hasRedis, useRedis } from "./support/redis.ts";
import { soon } from "./support/soon.ts";

const EDITS = 12;

const redis = useRedis();

async function open(name: string): Promise<number> {
  return (await redis.connectionsOf(name)).length;
}

const client = (name: string, n: number, binding = "redis"): string => `
  import { Redis } from "ioredis";
  export const ${binding} = new Redis({ path: "${redis.path}", connectionName: "${name}", connectTimeout: ${10_000 + n} });`;

const counting = (name: string, n: number, tail = ""): string => `${client(name, n)}
  export const GET = async () => new Response("${n} " + (await redis.incr("${name}")));
  ${tail}`;

const subscribing = (name: string, n: number): string => `${client(name, n, "subscriber")}
  await subscriber.subscribe("${name}");
  subscriber.on("message", (_channel, text) => globalThis.orbitTestLog?.push("${n} " + text));
  export const GET = () => new Response("${n}");`;

/** A worker that waits for jobs as long as it lives. */
const working = (name: string, n: number): string => `${client(name, n, "queue")}
  const work = async () => {
    for (;;) {
      const [, job] = await queue.blpop("${name}", 0);
      globalThis.orbitTestLog?.push("${n} " + job);
    }
  };
  void work();
  export const GET = () => new Response("${n}");`;

const usingClient = (n: number): string => `
  import { redis } from "../../lib/redis.ts";
  await redis.ping();
  export const GET = async () => new Response("${n} " + (await redis.client("ID")));`;

describeBoth("ioredis", hasRedis, (propagation) => {
  test("after many edits there is one generation's connection", async () => {
    const name = nextName();
    const served = await serveClients({ "pages/api/a.ts": counting(name, 0) }, { propagation });
    expect(await served.get("/api/a")).toBe("0 1");
    for (let n = 1; n <= EDITS; n++) {
      served.project.write("pages/api/a.ts", counting(name, n));
      expect(await served.get("/api/a")).toBe(`${n} ${n + 1}`);
    }
    await expect.poll(() => open(name), soon).toBe(1);
    expect(await openResources(served)).toEqual(["client pages/api/a.ts"]);
    expectNoComplaints(served);
  });

  test("a command that an edit overtakes is answered", async () => {
    const name = nextName();
    const waiting = `export const POST = async () => new Response(String(await redis.blpop("${name}-list", 0)));`;
    const served = await serveClients({ "pages/api/a.ts": counting(name, 1, waiting) }, { propagation });
    expect(await served.get("/api/a")).toBe("1 1");
    const waited = served.fetch("/api/a", { method: "POST" });
    await expect.poll(() => redis.connectionsOf(name), soon).toEqual(["blpop"]);
    served.project.write("pages/api/a.ts", counting(name, 2, waiting));
    expect(await served.get("/api/a")).toBe("2 2");
    expect(await open(name)).toBe(2);
    await redis.push(`${name}-list`, "late");
    expect(await waited).toMatchObject({ status: 200, text: `${name}-list,late` });
    await expect.poll(() => open(name), soon).toBe(1);
    expectNoComplaints(served);
  });

  test("commands that nobody waits for are sent before the connection ends", async () => {
    const name = nextName();
    const flushing = (n: number): string =>
      counting(
        name,
        n,
        `import.meta.hot?.dispose(() => { for (let i = 0; i < 100; i++) void redis.incr("${name}"); });`,
      );
    const served = await serveClients({ "pages/api/a.ts": flushing(1) }, { propagation });
    expect(await served.get("/api/a")).toBe("1 1");
    served.project.write("pages/api/a.ts", flushing(2));
    await served.get("/api/a");
    await expect.poll(() => open(name), soon).toBe(1);
    expect(await served.get("/api/a")).toBe("2 103");
    expectNoComplaints(served);
  });

  test("a message is handled once, by the new code", async () => {
    const name = nextName();
    globalThis.orbitTestLog = [];
    const served = await serveClients({ "pages/api/a.ts": subscribing(name, 1) }, { propagation });
    await served.get("/api/a");
    for (let n = 2; n < 6; n++) {
      served.project.write("pages/api/a.ts", subscribing(name, n));
      await served.get("/api/a");
      await expect.poll(() => open(name), soon).toBe(1);
      await redis.publish(name, "hello");
      await vi.waitFor(() => expect(globalThis.orbitTestLog).toContain(`${n} hello`), soon);
    }
    expect(globalThis.orbitTestLog).toEqual([2, 3, 4, 5].map((n) => `${n} hello`));
    expectNoComplaints(served);
  });

  test("a worker that waits for jobs ends without a word, and the new one gets the next job", async () => {
    const name = nextName();
    globalThis.orbitTestLog = [];
    const served = await serveClients({ "pages/api/a.ts": working(name, 1) }, { propagation });
    await served.get("/api/a");
    for (let n = 2; n < 5; n++) {
      await expect.poll(() => redis.connectionsOf(name), soon).toEqual(["blpop"]);
      served.project.write("pages/api/a.ts", working(name, n));
      await served.get("/api/a");
      await expect.poll(() => open(name), soon).toBe(1);
      await redis.push(name, "job");
      await vi.waitFor(() => expect(globalThis.orbitTestLog).toContain(`${n} job`), soon);
    }
    expect(globalThis.orbitTestLog).toEqual([2, 3, 4].map((n) => `${n} job`));
    expectNoComplaints(served);
  });

  test("the connection of a deleted route is closed", async () => {
    const name = nextName();
    const served = await serveClients({ "pages/api/a.ts": counting(name, 1) }, { propagation });
    await served.get("/api/a");
    served.project.remove("pages/api/a.ts");
    expect((await served.fetch("/api/a")).status).toBe(404);
    await expect.poll(() => open(name), soon).toBe(0);
    expectNoComplaints(served);
  });

  test("connections are closed with the server, subscribers' and workers' too", async () => {
    const name = nextName();
    const served = await serveClients(
      {
        "pages/api/a.ts": counting(name, 1),
        "pages/api/b.ts": subscribing(name, 1),
        "pages/api/c.ts": working(name, 1),
      },
      { propagation },
    );
    for (const route of ["a", "b", "c"]) await served.get(`/api/${route}`);
    await expect.poll(() => open(name), soon).toBe(3);
    await served.server.close();
    await expect.poll(() => open(name), soon).toBe(0);
  });

  test("a broken edit leaves the connection open, and nothing of its own", async () => {
    const name = nextName();
    const served = await serveClients(
      { "pages/api/a.ts": counting(name, 1) },
      { propagation, plugin: { hmr: { propagation, onError: "last-good", maxRetries: 1 } } },
    );
    expect(await served.get("/api/a")).toBe("1 1");
    for (let n = 2; n < 5; n++) {
      const broken = `await redis.ping(); throw new Error("no ${n}");`;
      served.project.write("pages/api/a.ts", counting(name, n, broken));
      expect(await served.get("/api/a")).toBe(`1 ${n}`);
      await expect.poll(() => open(name), soon).toBe(1);
    }
    served.project.write("pages/api/a.ts", counting(name, 5));
    expect(await served.get("/api/a")).toBe("5 5");
    await expect.poll(() => open(name), soon).toBe(1);
  });

  test("a client of its own module is not opened again when a route that uses it is edited", async () => {
    const name = nextName();
    const served = await serveClients(
      { "pages/api/a.ts": usingClient(1), "lib/redis.ts": client(name, 1) },
      { propagation },
    );
    const [, id] = (await served.get("/api/a")).split(" ");
    for (let n = 2; n < 6; n++) {
      served.project.write("pages/api/a.ts", usingClient(n));
      expect(await served.get("/api/a")).toBe(`${n} ${id}`);
    }
    expect(await open(name)).toBe(1);
    expectNoComplaints(served);
  });
});
