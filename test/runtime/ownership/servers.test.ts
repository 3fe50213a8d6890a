import { once } from "node:events";
import net from "node:net";
import { tmpdir } from "node:os";
import { expect, test, vi } from "vitest";
import { moduleGate, settled } from "../support/log.ts";
import { freePort } from "./support/free-port.ts";
import { get, hammer } from "./support/hammer.ts";
import { ownedProject } from "./support/owned-project.ts";

const server = (port: number, text: string, extra = ""): string =>
  `import { createServer } from "node:http";
   export const server = createServer((request, response) => response.end("${text}")).listen(${port}, "127.0.0.1");
   export const GET = () => "${text}";
   ${extra}`;

test("a port is handed over: nobody is refused, and later answers are the new code's", async () => {
  const port = await freePort();
  const { project, closed, ownership } = ownedProject({ "a.ts": server(port, "0") });
  await project.ask("a.ts");
  for (const keepAlive of [true, false]) {
    const clients = hammer(port, { keepAlive });
    for (let edit = 1; edit <= 25; edit++) {
      await project.edit({ "a.ts": server(port, `${keepAlive} ${edit}`) });
      expect(await get(port)).toBe(`${keepAlive} ${edit}`);
      await settled();
    }
    await clients.stop();
    expect(clients.errors).toEqual([]);
    expect(clients.answers.length).toBeGreaterThan(50);
    expect(clients.answers.at(-1)).toBe(`${keepAlive} 25`);
  }
  expect(new Set(closed.map(({ kind, status }) => `${kind} ${status}`))).toEqual(
    new Set(["server handed-over"]),
  );
  expect(ownership.list()).toMatchObject([{ kind: "server", module: "a.ts" }]);
});

test("while new code is evaluated, the old server answers", async () => {
  const port = await freePort();
  const gate = moduleGate();
  const { project } = ownedProject({ "a.ts": server(port, "old") });
  await project.ask("a.ts");
  const editing = project.edit({ "a.ts": server(port, "new", "await globalThis.orbitGate;") });
  await settled(20);
  expect(await get(port)).toBe("old");
  gate.open();
  await editing;
  expect(await get(port)).toBe("new");
});

test("new code sees its server listen while it is evaluated", async () => {
  const port = await freePort();
  const waiting = `import { once } from "node:events"; await once(server, "listening"); export const where = () => server.address();`;
  const { project } = ownedProject({ "a.ts": server(port, "old", waiting) });
  await project.ask("a.ts");
  await project.edit({ "a.ts": server(port, "new", waiting) });
  expect(await project.ask("a.ts", "where")).toMatchObject({ port, address: "127.0.0.1" });
  expect(await get(port)).toBe("new");
});

test("an evaluation that fails leaves the old server as it was", async () => {
  const port = await freePort();
  const { project } = ownedProject({ "a.ts": server(port, "old") });
  await project.ask("a.ts");
  for (let edit = 1; edit < 4; edit++) {
    await project.edit({ "a.ts": server(port, "broken", `throw new Error("no ${edit}");`) });
    await settled();
    expect(await get(port)).toBe("old");
  }
  await project.edit({ "a.ts": server(port, "mended") });
  expect(await get(port)).toBe("mended");
});

test("the port is free when the server is gone from the text", async () => {
  const port = await freePort();
  const { project, closed, settled: allClosed } = ownedProject({ "a.ts": server(port, "old") });
  await project.ask("a.ts");
  await project.edit({ "a.ts": server(port, "new") });
  await project.edit({ "a.ts": `export const GET = () => 1;` });
  await settled();
  await allClosed();
  await expect(get(port)).rejects.toThrow("ECONNREFUSED");
  expect(closed.map(({ status }) => status)).toEqual(["handed-over", "closed"]);
});

test("a server that moves to another file takes its port along", async () => {
  const port = await freePort();
  const { project } = ownedProject({
    "a.ts": server(port, "a"),
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  await project.edit({
    "a.ts": undefined,
    "b.ts": server(port, "b"),
    "entry.ts": `import "./b"; export const GET = () => 1;`,
  });
  expect(await get(port)).toBe("b");
});

test("two modules that want one port conflict as they would in production", async () => {
  const port = await freePort();
  const other = `import { createServer } from "node:http"; import { once } from "node:events";
    const server = createServer().listen(${port}, "127.0.0.1");
    export const GET = async () => 1;
    await once(server, "listening");`;
  const { project } = ownedProject({ "a.ts": server(port, "a"), "b.ts": other });
  await project.ask("a.ts");
  expect(await project.answer("b.ts")).toMatchObject({ error: expect.stringContaining("EADDRINUSE") });
  expect(await get(port)).toBe("a");
});

test("a server that is opened after evaluation takes over as well", async () => {
  const port = await freePort();
  const late = (text: string): string =>
    `import { createServer } from "node:http";
     const main = async () => { await globalThis.orbitGate; createServer((request, response) => response.end("${text}")).listen(${port}, "127.0.0.1"); };
     void main();
     export const GET = () => 1;`;
  const { project } = ownedProject({ "a.ts": late("old") });
  await project.ask("a.ts");
  await settled();
  expect(await get(port)).toBe("old");
  const clients = hammer(port, { keepAlive: true });
  await settled(20);
  await project.edit({ "a.ts": late("new") });
  await settled(20);
  await clients.stop();
  expect(clients.errors).toEqual([]);
  expect(await get(port)).toBe("new");
});

test("a port waits for code that listens some time after its evaluation", async () => {
  const port = await freePort();
  const late = (text: string): string =>
    `import { createServer } from "node:http";
     setTimeout(() => createServer((request, response) => response.end("${text}")).listen(${port}, "127.0.0.1"), 50);
     export const GET = () => 1;`;
  const { project, closed } = ownedProject({ "a.ts": late("old") });
  await project.ask("a.ts");
  await vi.waitFor(async () => expect(await get(port)).toBe("old"));
  const clients = hammer(port, { keepAlive: false });
  await settled(20);
  await project.edit({ "a.ts": late("new") });
  await settled(10);
  expect(await get(port)).toBe("new");
  await clients.stop();
  expect(clients.errors).toEqual([]);
  expect(closed).toMatchObject([{ kind: "server", status: "handed-over" }]);
});

test("a net server is handed over on a path and on a port", async () => {
  const port = await freePort();
  const path = `${tmpdir()}/orbit-hmr-${process.pid}-${port}.sock`;
  const serving = (text: string): string =>
    `import net from "node:net";
import { tmpdir } from "node:os";
     for (const where of [{ port: ${port}, host: "127.0.0.1" }, { path: "${path}" }]) net.createServer((socket) => socket.end("${text}")).listen(where);
     export const GET = () => 1;`;
  const { project } = ownedProject({ "a.ts": serving("old") });
  await project.ask("a.ts");
  await settled();
  expect([await greeting({ port, host: "127.0.0.1" }), await greeting({ path })]).toEqual(["old", "old"]);
  await project.edit({ "a.ts": serving("new") });
  expect([await greeting({ port, host: "127.0.0.1" }), await greeting({ path })]).toEqual(["new", "new"]);
});

test("connections of a net server end with its generation", async () => {
  const port = await freePort();
  const holding = `import net from "node:net";
import { tmpdir } from "node:os"; net.createServer((socket) => socket.write("hi")).listen(${port}, "127.0.0.1");`;
  const { project } = ownedProject({ "a.ts": `${holding} export const GET = () => 1;` });
  await project.ask("a.ts");
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "data");
  await project.edit({ "a.ts": `${holding} export const GET = () => 2;` });
  await expect(once(socket, "close")).resolves.toBeDefined();
});

test("user code that closes its server in a dispose handler is not disturbed", async () => {
  const port = await freePort();
  const disposing = `import.meta.hot?.dispose(() => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))));`;
  const { project } = ownedProject({ "a.ts": server(port, "old", disposing) });
  await project.ask("a.ts");
  await project.edit({ "a.ts": server(port, "new", disposing) });
  await settled(20);
  expect(project.host.notices).toEqual([]);
  expect(await get(port)).toBe("new");
});

async function greeting(where: net.NetConnectOpts): Promise<string> {
  const socket = net.connect(where);
  const chunks: unknown[] = await socket.toArray();
  return chunks.join("");
}
