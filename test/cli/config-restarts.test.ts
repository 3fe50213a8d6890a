import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { text as textOf } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { DevProgram, type JsonEvent, soon } from "./orbiton.ts";
import { createProject, type Project } from "./project.ts";

const counter = `import { version } from "pad";
import { createStore } from "orbit-hmr/state";
const store = createStore("count", 0);
export const POST = () => Response.json({ version, count: store.update((n) => n + 1), pid: process.pid });
`;

const manifest = (version: string, rest: object = {}): string =>
  JSON.stringify({ private: true, type: "module", dependencies: { pad: version }, ...rest });

const lock = (version: string): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { "node_modules/pad": { version } } });

/** A project with one installed package. */
function createInstalled(files: Readonly<Record<string, string>> = {}): Project {
  const project = createProject({ "pages/api/counter.js": counter, ...files });
  install(project, "1.0.0");
  return project;
}

/** What an installation leaves behind. */
function install(project: Project, version: string): void {
  project.write(
    "node_modules/pad/package.json",
    JSON.stringify({ name: "pad", version, exports: "./pad.mjs" }),
  );
  project.write("node_modules/pad/pad.mjs", `export const version = ${JSON.stringify(version)};`);
  project.write("package.json", manifest(version));
  project.write("package-lock.json", lock(version));
}

interface Counted {
  readonly version: string;
  readonly count: number;
  readonly pid: number;
}

async function count(server: DevProgram): Promise<Counted> {
  return (await server.fetchJson("/api/counter", { method: "POST" })) as Counted;
}

async function untilReady(server: DevProgram, times: number): Promise<void> {
  await vi.waitFor(
    () => expect(server.events.filter(({ event }) => event === "ready")).toHaveLength(times),
    soon,
  );
}

/** What was told of the newest save. */
async function nextReload(server: DevProgram, file: string): Promise<JsonEvent> {
  return vi.waitFor(() => {
    const told = server.events.findLast(
      ({ event, files }) => event === "reload" && String(files).includes(file),
    );
    if (told === undefined) throw new Error(`Nothing was told of ${file}: ${server.stdout}${server.stderr}`);
    return told;
  }, soon);
}

test("installed packages are used by a new process: 50 clients that ask all the time notice nothing else", async () => {
  const project = createInstalled();
  const server = await DevProgram.start(project.root);
  const first = await count(server);
  const asking = new AbortController();
  onTestFinished(() => asking.abort());
  const answers: Counted[] = [];
  const clients = Array.from({ length: 50 }, async () => {
    while (!asking.signal.aborted) answers.push(await count(server));
  });
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(200), soon);
  install(project, "2.0.0");
  await vi.waitFor(() => expect(answers.at(-1)?.version).toBe("2.0.0"), soon);
  asking.abort();
  await Promise.all(clients);
  // Every request was answered once, by one state.
  expect(answers.map((answer) => answer.count).toSorted((a, b) => a - b)).toEqual(
    answers.map((_, index) => first.count + 1 + index),
  );
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
  expect(new URL(String(server.events.findLast(({ event }) => event === "ready")?.["url"])).href).toBe(
    server.url,
  );
  await expect(nextReload(server, "package-lock.json")).resolves.toMatchObject({
    strategy: "config",
    reason: expect.stringContaining(
      "(pad 1.0.0 → 2.0.0): the server restarts when they are installed",
    ) as unknown,
  });
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
if (!hasOpenssl) process.stderr.write("SKIPPED: the test of restarts with https needs `openssl`.\n");

test.runIf(hasOpenssl)("with https, a new process answers as well, and no request fails", async () => {
  const project = createInstalled({
    "vite.config.js": `import { readFileSync } from "node:fs";
      const read = (name) => readFileSync(new URL(name, import.meta.url));
      export default { server: { https: { key: read("key.pem"), cert: read("cert.pem") } } };`,
  });
  const names = [
    "-keyout",
    project.path("key.pem"),
    "-out",
    project.path("cert.pem"),
    "-subj",
    "/CN=localhost",
  ];
  spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...names]);
  const server = await DevProgram.start(project.root);
  expect(server.url).toMatch(/^https:/);
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  onTestFinished(() => agent.destroy());
  const ask = async (): Promise<Counted> => {
    const answer = await new Promise<string>((resolve, reject) => {
      const url = new URL("/api/counter", server.url);
      request(url, { method: "POST", agent }, (response) => resolve(textOf(response)))
        .on("error", reject)
        .end();
    });
    return JSON.parse(answer) as Counted;
  };
  const asking = new AbortController();
  onTestFinished(() => asking.abort());
  const answers: Counted[] = [];
  const clients = Array.from({ length: 10 }, async () => {
    while (!asking.signal.aborted) answers.push(await ask());
  });
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(50), soon);
  install(project, "2.0.0");
  await vi.waitFor(() => expect(answers.at(-1)?.version).toBe("2.0.0"), soon);
  asking.abort();
  await Promise.all(clients);
  expect(Math.max(...answers.map((answer) => answer.count))).toBe(answers.length);
});

test("a dependency that is asked for, and not installed yet, restarts nothing", async () => {
  const project = createInstalled();
  const server = await DevProgram.start(project.root);
  const { pid } = await count(server);
  project.write("package.json", manifest("2.0.0"));
  await expect(nextReload(server, "package.json")).resolves.toMatchObject({
    strategy: "config",
    reason: "package.json changed (dependencies): the server restarts when they are installed",
  });
  await expect(count(server)).resolves.toMatchObject({ pid, count: 2 });
  project.write("package.json", manifest("1.0.0", { scripts: { dev: "orbiton dev" } }));
  await expect(count(server)).resolves.toMatchObject({ pid, count: 3 });
  install(project, "2.0.0");
  await untilReady(server, 2);
  await expect(count(server)).resolves.toMatchObject({ version: "2.0.0", count: 4 });
});

test("another orbiton.config is used by a new process; while it is broken, the old one serves", async () => {
  const project = createInstalled({ "orbiton.config.js": `export default { apiPrefix: "/api" };` });
  const server = await DevProgram.start(project.root);
  const { pid } = await count(server);
  for (const broken of ["export default {", "export default { hmr: { debounceMs: 'x' } };"]) {
    const { length } = server.events;
    project.write("orbiton.config.js", broken);
    await vi.waitFor(() => {
      expect(server.events.slice(length)).toMatchObject([{ event: "error", file: "orbiton.config.js" }]);
    }, soon);
  }
  await expect(count(server)).resolves.toMatchObject({ pid, count: 2 });
  project.write("orbiton.config.js", `export default { apiPrefix: "/v2" };`);
  await untilReady(server, 2);
  await expect(server.fetchJson("/v2/counter", { method: "POST" })).resolves.toMatchObject({ count: 3 });
});

test("another address is listened on, on the same port", async () => {
  const project = createInstalled({ "orbiton.config.js": `export default { host: "localhost" };` });
  const server = await DevProgram.start(project.root);
  await count(server);
  project.write("orbiton.config.js", `export default { host: true };`);
  await untilReady(server, 2);
  const urls = server.events.flatMap(({ event, url }) => (event === "ready" ? [String(url)] : []));
  expect(urls).toEqual([server.url, server.url]);
  await expect(count(server)).resolves.toMatchObject({ count: 2 });
});

test("a vite.config that appears counts, also when it is broken at first", async () => {
  const project = createInstalled();
  const server = await DevProgram.start(project.root);
  await count(server);
  project.write("vite.config.js", "export default {");
  await server.prints(/vite\.config\.js cannot be loaded/, "stderr");
  await expect(count(server)).resolves.toMatchObject({ count: 2 });
  project.write("vite.config.js", "export default {};");
  await untilReady(server, 2);
  await expect(count(server)).resolves.toMatchObject({ count: 3 });
  project.edit("vite.config.js", "{}", "{ server: { headers: { 'x-config': '2' } } }");
  await nextReload(server, "vite.config.js");
  await expect(count(server)).resolves.toMatchObject({ count: 4 });
});

test("an orbiton.config that goes right after the start counts", async () => {
  const project = createInstalled({ "orbiton.config.js": `export default { apiPrefix: "/v2" };` });
  const server = await DevProgram.start(project.root);
  await server.fetchJson("/v2/counter", { method: "POST" });
  rmSync(project.path("orbiton.config.js"));
  await untilReady(server, 2);
  await expect(count(server)).resolves.toMatchObject({ count: 2 });
});

test("an orbiton.config that appears counts", async () => {
  const project = createInstalled();
  const server = await DevProgram.start(project.root);
  await count(server);
  project.write("orbiton.config.json", `{ "apiPrefix": "/v2" }`);
  await untilReady(server, 2);
  await expect(server.fetchJson("/v2/counter", { method: "POST" })).resolves.toMatchObject({ count: 2 });
});

const config = (value: string): string =>
  `export default { define: { __VALUE__: ${JSON.stringify(JSON.stringify(value))} } };`;

test("another Vite config is used in the same process, and a broken one is not", async () => {
  const project = createInstalled({
    "vite.config.js": config("one"),
    "pages/api/value.js": `let n = 0; export const GET = () => Response.json([__VALUE__, ++n, process.pid]);`,
  });
  const server = await DevProgram.start(project.root);
  const [, , pid] = (await server.fetchJson("/api/value")) as unknown[];
  project.write("vite.config.js", "export default {");
  await vi.waitFor(
    () =>
      expect(server.events).toContainEqual(
        expect.objectContaining({ event: "error", file: "vite.config.js" }),
      ),
    soon,
  );
  expect(await server.fetchJson("/api/value")).toEqual(["one", 2, pid]);
  project.write("vite.config.js", config("two"));
  await expect(nextReload(server, "vite.config.js")).resolves.toMatchObject({
    strategy: "config",
    reason: expect.stringContaining("vite.config.js changed: Vite restarts its server") as unknown,
  });
  expect(await server.fetchJson("/api/value")).toEqual(["two", 3, pid]);
  expect(server.events.filter(({ event }) => event === "ready")).toHaveLength(1);
});

test("a server that cannot follow is told, and the one after a save has the state", async () => {
  const project = createInstalled({
    "vite.config.js": `import { version } from "pad";
      const configureServer = () => { if (version === "2.0.0") throw new Error("not this version"); };
      export default { plugins: [{ name: "picky", configureServer }] };`,
  });
  const server = await DevProgram.start(project.root);
  await count(server);
  install(project, "2.0.0");
  await server.prints(/not this version/, "stderr");
  // It waits for a server.
  const answer = count(server);
  install(project, "3.0.0");
  await expect(answer).resolves.toMatchObject({ version: "3.0.0", count: 2 });
});
