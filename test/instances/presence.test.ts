import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer as createViteServer } from "vite";
import { describe, expect, onTestFinished, test } from "vitest";
import { findLivingServers } from "../../src/instances/liveness.ts";
import { createServerFile } from "../../src/instances/server-files.ts";
import { readRecord } from "../../src/instances/server-record.ts";
import type { ServerRecord } from "../../src/instances/server-record.ts";
import { apiRoutes } from "../../src/vite/plugin.ts";
import { createProject, route } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { serve } from "../vite/support/serve.ts";

const FOLDER = "node_modules/.cache/orbit-hmr";
const FILE = `${FOLDER}/server-1.json`;

const record: ServerRecord = {
  id: "an-id",
  pid: process.ppid,
  root: "/project",
  startedAt: Date.now(),
  address: { url: "http://localhost:1/", host: "127.0.0.1", port: 1 },
};

function createRoot(): Project {
  return createProject({ "pages/api/a.ts": route("1") });
}

function leave(project: Project, content: object | string): void {
  mkdirSync(project.path(FOLDER), { recursive: true });
  writeFileSync(project.path(FILE), typeof content === "string" ? content : JSON.stringify(content));
}

/** The process id of a process that is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

/** A program that listens and answers with the id of some server. */
async function listen(id: string | undefined): Promise<ServerRecord["address"]> {
  const server: Server = createServer((_request, response) => {
    if (id === "silent") return;
    response.writeHead(200, id === undefined ? {} : { "x-orbit-server": id }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, host: "127.0.0.1", port };
}

test("a server is known from the moment it listens until it is closed, to its user alone", async () => {
  const project = createRoot();
  const before = Date.now();
  const { server, url } = await serve(project);
  const text = readFileSync(project.path(FILE), "utf8");
  expect(JSON.parse(text)).toEqual({
    id: expect.any(String) as unknown,
    pid: process.pid,
    root: project.root,
    startedAt: expect.any(Number) as unknown,
    address: { url: `${url}/`, host: "127.0.0.1", port: Number(new URL(url).port) },
  });
  expect(readRecord(text)?.startedAt).toBeGreaterThanOrEqual(before);
  expect(statSync(project.path(FILE)).mode & 0o777).toBe(0o600);
  expect(await findLivingServers(project.root)).toEqual([
    { place: 1, path: project.path(FILE), record: readRecord(text) },
  ]);
  await server.close();
  expect(readdirSync(project.path(FOLDER)).filter((name) => name.startsWith("server-"))).toEqual([]);
});

test("a server that starts again for a new config stays known", async () => {
  const project = createRoot();
  const { server, get } = await serve(project);
  const before = readFileSync(project.path(FILE), "utf8");
  await server.restart();
  expect(await get("/api/a")).toBe("1");
  expect(readFileSync(project.path(FILE), "utf8")).toBe(before);
  expect(await findLivingServers(project.root)).toHaveLength(1);
});

test("servers of one process share a place, and have it until the last one closes", async () => {
  const project = createRoot();
  const first = await serve(project);
  const second = await serve(project);
  expect(await findLivingServers(project.root)).toMatchObject([
    { record: { address: { url: `${second.url}/` } } },
  ]);
  await second.server.close();
  expect(await findLivingServers(project.root)).toMatchObject([
    { record: { address: { url: `${first.url}/` } } },
  ]);
  expect([...first.reports, ...second.reports]).toEqual([]);
});

test("a server under another base, and one in another program's server, are known as well", async () => {
  const project = createRoot();
  const { url } = await serve(project, { config: { base: "/site/" } });
  expect(await findLivingServers(project.root)).toMatchObject([
    { record: { address: { url: `${url}/site/` } } },
  ]);
  const embedded = createRoot();
  const server = await createViteServer({
    root: embedded.root,
    configFile: false,
    logLevel: "silent",
    plugins: [apiRoutes()],
    server: { middlewareMode: true, ws: false },
  });
  onTestFinished(() => server.close());
  expect(readRecord(readFileSync(embedded.path(FILE), "utf8"))).toMatchObject({
    pid: process.pid,
    address: undefined,
  });
});

test("a new installation that deletes the folder does not keep a server from being found for good", async () => {
  const project = createRoot();
  const { server } = await serve(project);
  rmSync(project.path(FOLDER), { recursive: true });
  expect(await findLivingServers(project.root)).toEqual([]);
  await server.restart();
  await expect.poll(async () => findLivingServers(project.root)).toHaveLength(1);
});

test("a server whose project was deleted does not make its folder anew", async () => {
  const project = createRoot();
  const { server } = await serve(project);
  rmSync(project.path("node_modules"), { recursive: true });
  await server.close();
  expect(existsSync(project.path("node_modules"))).toBe(false);
});

test("where nothing can be written the server serves, and says that it cannot be found", async () => {
  const project = createRoot();
  project.write("node_modules/.cache", "not a folder");
  project.write(".orbit-hmr", "not a folder");
  const { get, lines } = await serve(project, { listens: false });
  expect(await get("/api/a")).toBe("1");
  expect(lines.filter((line) => line.includes("cannot find this server"))).toHaveLength(1);
});

describe("what a server that is dead has left behind is removed", () => {
  test.for<[string, () => Promise<object | string>]>([
    ["its process is gone", async () => ({ ...record, pid: await deadPid(), address: undefined })],
    ["nobody listens, though another process has its id", async () => record],
    ["another program listens there", async () => ({ ...record, address: await listen(undefined) })],
    ["another server listens there", async () => ({ ...record, address: await listen("another-id") })],
    [
      "it is from before the machine was started",
      async () => ({ ...record, startedAt: 0, address: undefined }),
    ],
    ["its process id is ours by now", async () => ({ ...record, pid: process.pid, address: undefined })],
    [
      "it does not answer, and its process is gone",
      async () => ({ ...record, pid: await deadPid(), address: await listen("silent") }),
    ],
    [
      "it names another machine",
      async () => ({ ...record, pid: await deadPid(), address: { ...record.address, host: "192.0.2.1" } }),
    ],
    ["it is cut off", async () => JSON.stringify(record).slice(0, -9)],
    ["it is empty", async () => ""],
  ])("%s", async ([, content]) => {
    const project = createRoot();
    leave(project, await content());
    expect(await findLivingServers(project.root)).toEqual([]);
    expect(existsSync(project.path(FILE))).toBe(false);
  });
});

describe("a server is alive", () => {
  test.for<[string, () => Promise<object>]>([
    [
      "that answers with its id, wherever its process is",
      async () => ({ ...record, pid: await deadPid(), address: await listen(record.id) }),
    ],
    ["that is busy", async () => ({ ...record, address: await listen("silent") })],
    ["that does not listen yet", async () => ({ ...record, address: undefined })],
  ])("%s", async ([, content]) => {
    const project = createRoot();
    leave(project, await content());
    expect(await findLivingServers(project.root)).toHaveLength(1);
    expect(existsSync(project.path(FILE))).toBe(true);
  });
});

test("a place is given to one server only, and nothing else is left in the folder", () => {
  const project = createRoot();
  const taken = Array.from({ length: 20 }, (_, index) =>
    createServerFile(project.root, 1, { ...record, id: String(index) }),
  );
  expect(taken.filter((file) => file !== undefined)).toEqual([project.path(FILE)]);
  expect(readdirSync(join(project.root, FOLDER))).toEqual(["server-1.json"]);
  expect(readRecord(readFileSync(project.path(FILE), "utf8"))?.id).toBe("0");
});

test.for([
  ["no object", "[]"],
  ["no pid", { ...record, pid: "7" }],
  ["a negative pid", { ...record, pid: -1 }],
  ["no root", { ...record, root: undefined }],
])("a record with %s is none", ([, content]) => {
  expect(readRecord(typeof content === "string" ? content : JSON.stringify(content))).toBeUndefined();
});

test.for([
  ["a url of another kind", { ...record.address, url: "javascript:alert(1)" }],
  ["a host that is no IP address", { ...record.address, host: "evil.example" }],
  ["a port that is none", { ...record.address, port: 70_000 }],
])("an address with %s is none", ([, address]) => {
  expect(readRecord(JSON.stringify({ ...record, address }))).toMatchObject({ address: undefined });
});
