import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StatusDocument } from "../../src/vite/index.ts";
import type { Settlement } from "../../src/protocol/settlement.ts";
import { DevProgram, type Ended, orbiton, Program, soon } from "./orbiton.ts";
import { createProject, emptyFolder, packageRoot, type Project } from "./project.ts";

const files = {
  "pages/api/a.js": `import { n } from "../../lib/n.js";\nexport const GET = () => Response.json(n);\n`,
  "pages/api/never.js": `export const GET = () => Response.json("never");\n`,
  "lib/n.js": "export const n = 1;\n",
};

async function ask(project: Project, ...words: readonly string[]): Promise<Ended> {
  return orbiton([...words, "--dir", project.root]);
}

async function settle(project: Project): Promise<Settlement> {
  const { stdout } = await ask(project, "settle", "--json");
  return JSON.parse(stdout) as Settlement;
}

test("status shows routes, state, resources and reloads of the running server", async () => {
  const project = createProject(files);
  const server = await DevProgram.start(project.root);
  await server.fetch("/api/a");
  const { code, stdout, stderr } = await ask(project, "status");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.replace(/process \d+/, "process N")).toBe(`${server.url} · process N · v1

fresh      /api/a      pages/api/a.js      v1  GET
unloaded   /api/never  pages/api/never.js

state      0 values, 0 caches
resources  none open
reloads    1 commit, 0 failures
`);
});

test("status --json is the status document, and nothing else", async () => {
  const project = createProject(files);
  const server = await DevProgram.start(project.root);
  const { code, stdout, stderr } = await ask(project, "status", "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const served = (await server.fetchJson("/__hmr_status")) as StatusDocument;
  expect(JSON.parse(stdout)).toEqual(served);
});

test("settle right after a save returns when it is live", async () => {
  const project = createProject(files);
  const server = await DevProgram.start(project.root);
  await server.fetch("/api/a");
  project.write("lib/n.js", "export const n = 2;\n");
  const { ok, version, plan, errors } = await settle(project);
  expect({ ok, version, errors }).toEqual({ ok: true, version: 2, errors: [] });
  expect(plan).toMatchObject({ strategy: "single", files: ["lib/n.js"], routes: ["/api/a"] });
  const answer = await server.fetch("/api/a");
  expect([answer.headers.get("x-orbit-version"), await answer.json()]).toEqual(["2", 2]);

  project.write("lib/n.js", "export const n = 3;\n");
  const { code, stdout } = await ask(project, "settle");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^reloaded +lib\/n\.js changed; 1 importer did not have to run again → \/api\/a · \d+ ms · v3\n$/,
  );
});

test("settle outlives the restart that a changed .env brings about", async () => {
  const project = createProject({
    ".env": "NAME=one\n",
    "pages/api/name.js": `const { NAME } = process.env;\nexport const GET = () => Response.json(NAME);\n`,
  });
  const server = await DevProgram.start(project.root);
  expect(await server.fetchJson("/api/name")).toBe("one");
  for (const name of ["two", "three", "four"]) {
    project.write(".env", `NAME=${name}\n`);
    // The second one meets the restart, if the first one was too early for it.
    expect(await settle(project)).toMatchObject({ ok: true });
    expect(await settle(project)).toMatchObject({ ok: true });
    await expect.poll(async () => server.fetchJson("/api/name").catch(() => "restarting"), soon).toBe(name);
  }
});

test("settle fails with the place of what cannot be live", async () => {
  const project = createProject(files);
  const server = await DevProgram.start(project.root);
  await server.fetch("/api/a");
  project.write("lib/n.js", "\nexport const n = ;\n");
  const { code, stdout } = await ask(project, "settle");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^skipped .*\nerror +\S*lib\/n\.js:2:18 Unexpected token\n$/);
  const again = await ask(project, "settle", "--json");
  expect([again.code, again.stderr]).toEqual([1, ""]);
  expect(JSON.parse(again.stdout)).toMatchObject({
    ok: false,
    errors: [{ file: "lib/n.js", line: 2, column: 18, message: "Unexpected token" }],
  });
});

test("settle gives up after its timeout", async () => {
  const project = createProject({ "pages/api/slow.js": `export const GET = () => Response.json(1);\n` });
  const server = await DevProgram.start(project.root);
  await server.fetch("/api/slow");
  project.write("pages/api/slow.js", "await new Promise((resolve) => setTimeout(resolve, 4000));\n");
  const { code, stdout, stderr } = await ask(project, "settle", "--timeout", "300", "--json");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error The server at http:\S+ \(process \d+\) has not answered within 300 ms\.\n$/);
});

test.for(["status", "settle"])("%s without a server is one clear line and exit code 1", async (command) => {
  const project = createProject(files);
  const expected = `error No server of the project in ${project.root} is running. Start one: orbiton dev\n`;
  for (const args of [[], ["--json"]]) {
    expect(await ask(project, command, ...args)).toEqual({ code: 1, stdout: "", stderr: expected });
  }
  // What a killed server has left behind changes nothing.
  const folder = project.path("node_modules/.cache/orbit-hmr");
  mkdirSync(folder, { recursive: true });
  const address = { url: "http://localhost:9/", host: "127.0.0.1", port: 9 };
  const record = { id: "x", pid: process.pid, root: project.root, startedAt: Date.now(), address };
  writeFileSync(join(folder, "server-1.json"), JSON.stringify(record));
  expect(await ask(project, command)).toEqual({ code: 1, stdout: "", stderr: expected });
});

test("a folder that does not exist is wrong usage", async () => {
  const { code, stderr } = await orbiton(["status", "--dir", join(emptyFolder(), "shop")]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error There is no folder .*shop\.\n$/);
});

test("vite dev with the plugin is found as well", async () => {
  const project = createProject({
    ...files,
    "vite.config.js": `import { apiRoutes } from "orbit-hmr/vite";
      export default { plugins: [apiRoutes()], optimizeDeps: { noDiscovery: true }, server: { port: 0 } };`,
  });
  const vite = join(packageRoot, "node_modules/vite/bin/vite.js");
  const server = new Program([process.execPath, vite], { cwd: project.root });
  await server.prints(/ready in/);
  const { code, stdout } = await ask(project, "status");
  expect(code).toBe(0);
  expect(stdout).toContain("unloaded   /api/a ");
  expect(await settle(project)).toMatchObject({ ok: true, version: 0 });
});
