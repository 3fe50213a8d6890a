import { expect, test } from "vitest";
import type { Settlement } from "../../src/protocol/settlement.ts";
import { createGate } from "../vite/support/gate.ts";
import { createProject, route } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { serve } from "../vite/support/serve.ts";
import type { Answer, Served } from "../vite/support/serve.ts";

const JSON_TYPE = { "content-type": "application/json" };

async function post({ fetch }: Served, headers: Record<string, string> = JSON_TYPE): Promise<Answer> {
  return fetch("/__hmr_settle", { method: "POST", headers });
}

async function settle(served: Served): Promise<Settlement> {
  const answer = await post(served);
  if (answer.status !== 200) throw new Error(`Settling answered ${answer.status}: ${answer.text}`);
  return answer.json() as unknown as Settlement;
}

const sharing = (name: string): string => route(`"${name}" + n`, `import { n } from "../../lib/n.ts";`);

/** Two routes that share a module, both in use. */
async function serveSharing(): Promise<{ project: Project; served: Served }> {
  const project = createProject({
    "pages/api/a.ts": sharing("a"),
    "pages/api/b.ts": sharing("b"),
    "lib/n.ts": "export const n = 1;",
  });
  const served = await serve(project, { watch: false });
  await served.get("/api/a");
  await served.get("/api/b");
  return { project, served };
}

test("a save is live when settling returns, though nobody watches", async () => {
  const { project, served } = await serveSharing();
  for (let n = 2; n < 12; n++) {
    project.write("lib/n.ts", `export const n = ${n};`);
    const { ok, version, plan, errors } = await settle(served);
    expect({ ok, version, errors }).toEqual({ ok: true, version: n + 1, errors: [] });
    expect(plan).toMatchObject({
      strategy: "selective",
      reason: "lib/n.ts changed; 2 importers did not have to run again",
      files: ["lib/n.ts"],
      routes: ["/api/a", "/api/b"],
    });
    // What is live answers without another look: the version is the one that was said.
    expect((await served.fetch("/api/a")).headers.get("x-orbit-version")).toBe(String(version));
    expect(await served.get("/api/b")).toBe(`b${n}`);
  }
});

/** A route that has a timer and a dispose handler to close. */
const opening = (n: number): string =>
  `setInterval(() => {}, 1e6);\nimport.meta.hot?.dispose(async () => {});\n${route(String(n))}`;

test("what is told of a save, and what its old code had opened, is in the answer", async () => {
  const project = createProject({ "pages/api/a.ts": opening(1) });
  const served = await serve(project, { watch: false });
  await served.get("/api/a");
  project.write("pages/api/a.ts", opening(2));
  const { plan } = await settle(served);
  expect(plan).toMatchObject({
    strategy: "single",
    routes: ["/api/a"],
    closed: [{ kind: "timer" }, { kind: "dispose handler" }],
  });
  expect(served.reports).toEqual([expect.objectContaining(plan)]);
});

test("a reload that was told before is the plan of the next settling, and of no other", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const served = await serve(project, { watch: false });
  await served.get("/api/a");
  project.write("pages/api/a.ts", route("2"));
  expect(await served.get("/api/a")).toBe("2");
  await expect.poll(() => served.reports.length).toBe(1);
  expect((await settle(served)).plan).toMatchObject({ strategy: "single", files: ["pages/api/a.ts"] });
  expect(await settle(served)).toMatchObject({
    ok: true,
    plan: { strategy: "none", reason: "nothing that runs has changed", files: [] },
  });
});

test("a change that cannot be live is an error with its place, once for all routes, until it is mended", async () => {
  const { project, served } = await serveSharing();
  project.write("lib/n.ts", "\nexport const n = ;");
  for (let asked = 0; asked < 2; asked++) {
    expect(await settle(served)).toMatchObject({
      ok: false,
      version: 2,
      plan: { strategy: "none" },
      errors: [{ file: "lib/n.ts", line: 2, column: 18, message: "Unexpected token" }],
    });
  }
  expect((await post(served)).text).not.toContain(project.root);
  project.write("lib/n.ts", "export const n = 3;");
  expect(await settle(served)).toMatchObject({ ok: true, version: 3, errors: [] });
  expect(await served.get("/api/a")).toBe("a3");
});

const failing = (times: number): string =>
  `if (orbitTestTry() < ${times}) throw new Error("not yet");\n${route("2")}`;

test("a failure that may pass has failed only when it was tried again", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const served = await serve(project, { watch: false });
  await served.get("/api/a");
  let tries = 0;
  Object.assign(globalThis, { orbitTestTry: () => ++tries });
  project.write("pages/api/a.ts", failing(3));
  expect(await settle(served)).toMatchObject({ ok: true, errors: [] });
  expect(await served.get("/api/a")).toBe("2");
  project.write("pages/api/a.ts", failing(1_000));
  expect(await settle(served)).toMatchObject({
    ok: false,
    errors: [{ file: "pages/api/a.ts", line: 1, message: "not yet" }],
  });
});

test("a save during an evaluation is live as well", async () => {
  const gate = createGate();
  const project = createProject({ "pages/api/a.ts": route("1") });
  const served = await serve(project, { watch: false });
  await served.get("/api/a");
  project.write("pages/api/a.ts", `await ${gate.wait};\n${route("2")}`);
  const settling = settle(served);
  await gate.reached;
  project.write("pages/api/a.ts", route("3"));
  const second = settle(served);
  gate.open();
  expect(await settling).toMatchObject({ ok: true });
  expect(await second).toMatchObject({ ok: true });
  expect(await served.get("/api/a")).toBe("3");
});

test("a route that nobody has asked for is not loaded, and two files for one route are an error", async () => {
  const project = createProject({ "pages/api/a.ts": "nonsense(", "pages/api/b.ts": route("1") });
  const served = await serve(project, { watch: false });
  expect(await settle(served)).toMatchObject({ ok: true, version: 0, errors: [] });
  project.write("pages/api/b.js", route("2"));
  expect(await settle(served)).toMatchObject({
    ok: false,
    errors: [{ file: "pages/api/b.js", message: expect.stringContaining("pages/api/b.ts") as unknown }],
  });
});

test("a route that was deleted is no error", async () => {
  const project = createProject({ "pages/api/a.ts": route("1"), "pages/api/b.ts": "nonsense(" });
  const served = await serve(project, { watch: false });
  expect((await served.fetch("/api/b")).status).toBe(500);
  project.remove("pages/api/b.ts");
  expect(await settle(served)).toMatchObject({ ok: true, errors: [] });
});

test("it is asked with a POST of JSON by programs and own pages, and by nobody else", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const served = await serve(project);
  await served.get("/api/a");
  project.write("pages/api/a.ts", route("2"));
  for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
    const answer = await served.fetch("/__hmr_settle", { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  }
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ]) {
    expect((await post(served, { ...JSON_TYPE, ...headers })).status).toBe(403);
  }
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    expect((await post(served, { "content-type": type })).status).toBe(415);
  }
  const own = await post(served, { ...JSON_TYPE, origin: served.url });
  expect(own.status).toBe(200);
  expect(Object.fromEntries(own.headers)).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
});
