import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { settled } from "../support/log.ts";
import { ownedProject } from "./support/owned-project.ts";

const after = `export const GET = () => "after";`;

test("a watcher is closed with its generation", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "orbit-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const watching = `import fs from "node:fs"; import { watch } from "node:fs"; export const w = watch("${folder}", () => 0); fs.watchFile("${folder}/x", () => 0); export const GET = () => w;`;
  const { project, ownership, closed } = ownedProject({ "a.ts": watching });
  const watcher = (await project.ask("a.ts")) as fs.FSWatcher;
  expect(ownership.list()).toMatchObject([{ kind: "watcher" }, { kind: "watcher" }]);
  const ended = once(watcher, "close");
  await project.edit({ "a.ts": after });
  await ended;
  await settled();
  expect(closed).toMatchObject([{ status: "closed" }, { status: "closed" }]);
});

test("a worker is terminated with its generation", async () => {
  const working = `import { Worker } from "node:worker_threads"; const worker = new Worker("setInterval(() => 0, 1000)", { eval: true }); export const GET = () => worker;`;
  const { project, ownership, settled: allClosed } = ownedProject({ "a.ts": working });
  const worker = (await project.ask("a.ts")) as NodeJS.EventEmitter;
  expect(ownership.list()).toMatchObject([{ kind: "worker", module: "a.ts" }]);
  const ended = once(worker, "exit");
  await project.edit({ "a.ts": after });
  await ended;
  await allClosed();
  expect(ownership.list()).toEqual([]);
});

test("a child process ends with its generation, by force if need be", async () => {
  const spawning = `import { spawn } from "node:child_process";
    const script = 'process.on("SIGTERM", () => 0); console.log("up"); setInterval(() => 0, 1000)';
    const child = spawn(process.execPath, ["-e", script]);
    export const GET = () => child;`;
  const { project, ownership, closed, settled: allClosed } = ownedProject({ "a.ts": spawning });
  const child = (await project.ask("a.ts")) as ChildProcess;
  expect(ownership.list()).toMatchObject([{ kind: "child" }]);
  if (child.stdout !== null) await once(child.stdout, "data");
  const ended = once(child, "exit");
  await project.edit({ "a.ts": after });
  expect((await ended)[1]).toBe("SIGKILL");
  await allClosed();
  expect(closed).toMatchObject([{ kind: "child", status: "failed" }]);
});

const greet = (socket: net.Socket): void => void socket.on("error", () => 0).write("hi");

test("a socket that a module connects is closed with it", async () => {
  const server = net.createServer(greet).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const connecting = `import net from "node:net"; const socket = net.connect(${port}, "127.0.0.1"); export const GET = () => socket;`;
  const { project } = ownedProject({ "a.ts": connecting });
  const socket = (await project.ask("a.ts")) as net.Socket;
  const ended = once(socket, "close");
  await project.edit({ "a.ts": after });
  await expect(ended).resolves.toBeDefined();
});

test("a datagram socket is closed with its module", async () => {
  const binding = `import dgram from "node:dgram"; const socket = dgram.createSocket("udp4"); socket.bind(0, "127.0.0.1"); export const GET = () => socket;`;
  const { project } = ownedProject({ "a.ts": binding });
  const socket = (await project.ask("a.ts")) as NodeJS.EventEmitter;
  const ended = once(socket, "close");
  await project.edit({ "a.ts": after });
  await expect(ended).resolves.toBeDefined();
});

test("fetch's connections belong to nobody", async () => {
  const server = (await import("node:http")).createServer((_request, response) => response.end("ok"));
  server.listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const fetching = `const text = await (await fetch("http://127.0.0.1:${port}")).text(); export const GET = () => text;`;
  const { project, ownership } = ownedProject({ "a.ts": fetching });
  expect(await project.ask("a.ts")).toBe("ok");
  expect(ownership.list()).toEqual([]);
});
