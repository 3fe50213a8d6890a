import { Agent, request } from "node:http";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createGate } from "../support/gate.ts";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import { createSignal } from "../support/signal.ts";

test("of 50 clients that ask all the time while 30 edits are saved, none gets an error or old code", async () => {
  const project = createProject({
    "pages/api/a.ts": route("n", `import { n } from "../../lib/n.ts";`),
    "pages/api/b.ts": route("await late()", `import { late } from "../../lib/late.ts";`),
    "lib/n.ts": "export const n = 0;",
    "lib/late.ts": `import { n } from "./n.ts"; export const late = async () => { const before = n; await null; return before === n ? n : "torn"; };`,
  });
  const { fetch } = await serve(project);
  const seen = { saved: 0, answers: 0, isDone: false };
  const wrong: string[] = [];
  const client = async (path: string): Promise<void> => {
    while (!seen.isDone) {
      const atLeast = seen.saved;
      const { status, text } = await fetch(path);
      seen.answers++;
      if (status !== 200 || !(Number(text) >= atLeast))
        wrong.push(`${path}: ${status} ${text}, saved was ${atLeast}`);
    }
  };
  const clients = Array.from({ length: 50 }, async (_, index) =>
    client(index % 2 === 0 ? "/api/a" : "/api/b"),
  );
  for (let edit = 1; edit <= 30; edit++) {
    const enough = seen.answers + 20;
    project.write("lib/n.ts", `export const n = ${edit};`);
    seen.saved = edit;
    while (seen.answers < enough) await setImmediate();
  }
  seen.isDone = true;
  await Promise.all(clients);
  expect(wrong).toEqual([]);
  expect(seen.answers).toBeGreaterThan(600);
});

test("a request in flight keeps the code it began with, and what that code has open", async () => {
  const gate = createGate();
  const project = createProject({
    "pages/api/a.ts": `import { name } from "../../lib/name.ts";
      import { EventEmitter } from "node:events";
      const emitter = new EventEmitter();
      import.meta.hot?.dispose(() => { emitter.emit("disposed"); });
      let isDisposed = false;
      emitter.on("disposed", () => { isDisposed = true; });
      export const GET = async () => {
        const before = name;
        await ${gate.wait};
        return new Response([before, name, isDisposed].join());
      };`,
    "lib/name.ts": `export const name = "old";`,
  });
  const { get } = await serve(project);
  const early = get("/api/a");
  await gate.reached;
  project.write("lib/name.ts", `export const name = "new";`);
  const late = get("/api/a");
  gate.open();
  expect(await early).toBe("old,old,false");
  expect(await late).toBe("new,new,false");
});

test("a body that the handler does not read leaves the connection usable", async () => {
  const project = createProject({
    "pages/api/a.ts": `export const POST = () => new Response("unread");`,
    "pages/api/b.ts": route(`"next"`),
  });
  const { url } = await serve(project);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = async (path: string, body?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        url + path,
        { agent, method: body === undefined ? "GET" : "POST" },
        (incoming) => {
          let text = "";
          incoming.on("data", (chunk) => (text += String(chunk))).on("end", () => resolve(text));
        },
      );
      outgoing.on("error", reject).end(body);
    });
  expect(await ask("/api/a", "x".repeat(300_000))).toBe("unread");
  expect(await ask("/api/b")).toBe("next");
});

test("a client that leaves early aborts the request of the handler", async () => {
  const project = createProject({
    "pages/api/a.ts": `export const GET = (request: Request) => new Promise(() => {
      orbitTestSeen("waiting");
      request.signal.addEventListener("abort", () => orbitTestSeen("aborted"));
    });`,
    "pages/api/b.ts": route(`"b"`),
  });
  const waiting = createSignal();
  const aborted = createSignal();
  Object.assign(globalThis, {
    orbitTestSeen: (what: string) => (what === "waiting" ? waiting : aborted).resolve(),
  });
  const { url, get } = await serve(project);
  const controller = new AbortController();
  const asked = globalThis
    .fetch(`${url}/api/a`, { signal: controller.signal })
    .catch((error: Error) => error.name);
  await waiting.promise;
  controller.abort();
  await aborted.promise;
  expect(await asked).toBe("AbortError");
  expect(await get("/api/b")).toBe("b");
});
