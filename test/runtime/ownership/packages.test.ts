import { once } from "node:events";
import { createRequire } from "node:module";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { moduleLog, settled } from "../support/log.ts";
import { freePort } from "./support/free-port.ts";
import { ownedProject } from "./support/owned-project.ts";

const file = (name: string): string =>
  fileURLToPath(new URL(`./support/packages/${name}.cjs`, import.meta.url));
const packages = new Map(["cron", "socket-server"].map((name) => [name, file(name)]));

const scheduling = (text: string): string =>
  `import { schedule } from "cron"; schedule(1, () => globalThis.orbitLog?.push("${text}")); export const GET = () => 1;`;

test("a job of a scheduler that nobody holds ends with its generation", async () => {
  const log = moduleLog();
  const { project, ownership } = ownedProject({ "a.ts": scheduling("one") }, { packages });
  await project.ask("a.ts");
  await settled(10);
  expect(log).toContain("one");
  for (const text of ["two", "three"]) await project.edit({ "a.ts": scheduling(text) });
  await settled(10);
  log.length = 0;
  await settled(20);
  expect(new Set(log)).toEqual(new Set(["three"]));
  expect(ownership.list().filter(({ kind }) => kind === "timer")).toHaveLength(1);
  await project.edit({ "a.ts": `export const GET = () => 1;` });
  await settled();
  log.length = 0;
  await settled(20);
  expect(log).toEqual([]);
});

const schedulingAgain = (ms: number): string =>
  `import { schedule } from "cron"; export const job = schedule(${ms}, () => 0); export const GET = () => job;`;

test("what a package does once in the life of the process stays", async () => {
  const { heartbeat } = createRequire(import.meta.url)(file("cron")) as { readonly heartbeat: object };
  const { project } = ownedProject({ "a.ts": schedulingAgain(1000) }, { packages });
  const listeners = process.listenerCount("orbit-cron-exit");
  await project.ask("a.ts");
  await project.edit({ "a.ts": schedulingAgain(2000) });
  await project.edit({ "a.ts": `export const GET = () => 1;` });
  await settled();
  expect(heartbeat).toMatchObject({ _destroyed: false });
  expect(process.listenerCount("orbit-cron-exit")).toBe(Math.max(1, listeners));
});

test("upgraded connections are asked to come back, and meet the new code", async () => {
  const port = await freePort();
  const greeting = (text: string): string =>
    `import { createServer } from "node:http";
     import { SocketServer } from "socket-server";
     const server = createServer().listen(${port}, "127.0.0.1");
     const sockets = new SocketServer({ server });
     sockets.on("connection", (client) => client.send("${text}"));
     export const GET = () => sockets.clients.size;`;
  const { project } = ownedProject({ "a.ts": greeting("old") }, { packages });
  await project.ask("a.ts");
  const before = await connect(port);
  expect(before.text()).toContain("old");
  const ended = once(before.socket, "end");
  await project.edit({ "a.ts": greeting("new") });
  await ended;
  expect(before.text()).toContain("close 1012");
  const after = await connect(port);
  expect(after.text()).toContain("new");
  after.socket.destroy();
});

async function connect(port: number): Promise<{ readonly socket: net.Socket; text(): string }> {
  const socket = net.connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (data) => (text += String(data)));
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n");
  while (!/\r\n\r\n\w/.test(text)) await once(socket, "data");
  return { socket, text: () => text };
}
