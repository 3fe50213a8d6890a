import { expect, test, vi } from "vitest";
import { createProject, route } from "../vite/support/project.ts";
import { serve } from "../vite/support/serve.ts";

test("the document has the shape that programs rely on", async () => {
  const project = createProject({
    ".env": "ORBIT_T_STATUS=environment-value\n",
    "pages/api/a.ts": route(
      "n + more",
      `import { n } from "../../lib/n.ts"; import { createCache, createStore, createSingleton } from "orbit-hmr/state";
       const cache = createCache("orbit-status-cache"); cache.set("key", "cached-value"); cache.get("key"); cache.get("nothing");
       createStore("orbit-status-store", "stored-value"); createSingleton("orbit-status-pool", () => ({ secret: "pool-value" }));
       import { more } from "../../lib/more.ts";`,
    ),
    "pages/api/never.ts": route(`"never asked"`),
    "pages/api/broken.ts": "nonsense(",
    "lib/n.ts": `import "./more.ts"; export const n = 1;`,
    "lib/more.ts": `import "./n.ts"; export const more = 1;`,
  });
  const { get, fetch, status } = await serve(project);
  expect((await status()).routes.map(({ status: state }) => state)).toEqual([
    "unloaded",
    "unloaded",
    "unloaded",
  ]);
  expect(await get("/api/a")).toBe("2");
  expect((await fetch("/api/broken")).status).toBe(500);
  const document = await status();
  expect(document).toEqual({
    version: 1,
    hmr: {
      preserveState: true,
      debounceMs: 100,
      commits: 1,
      failures: 1,
      retries: 0,
      skipped: 0,
      byStrategy: { none: 0, asset: 0, single: 0, selective: 0, full: 0, config: 0 },
      lastReload: null,
      reloadMs: { p50: 0, p95: 0, max: 0 },
    },
    dependencies: { modules: 3, edges: 4, files: 3, cycles: 1 },
    routes: [
      {
        path: "/api/a",
        file: "pages/api/a.ts",
        methods: ["GET"],
        version: 1,
        status: "fresh",
        dependencies: 2,
      },
      {
        path: "/api/broken",
        file: "pages/api/broken.ts",
        methods: [],
        version: 0,
        status: "broken",
        dependencies: 0,
        error: expect.any(String) as unknown,
      },
      {
        path: "/api/never",
        file: "pages/api/never.ts",
        methods: [],
        version: 0,
        status: "unloaded",
        dependencies: 0,
      },
    ],
    cache: [{ key: "orbit-status-cache", size: 1, hits: 1, misses: 1 }],
    state: [
      { id: "orbit-status-store", kind: "store", kept: true },
      { id: "orbit-status-pool", kind: "singleton", kept: true },
    ],
    resources: [],
    build: null,
    clients: 0,
    tabs: [],
    errors: [
      {
        route: "/api/broken",
        file: "pages/api/broken.ts",
        message: expect.any(String) as unknown,
        at: expect.any(Number) as unknown,
      },
    ],
  });
  const { text } = await fetch("/__hmr_status");
  for (const secret of [project.root, "cached-value", "stored-value", "pool-value", "environment-value"]) {
    expect(text).not.toContain(secret);
  }
});

test("counts are right after a series of edits", async () => {
  const project = createProject({
    "pages/api/a.ts": route("n", `import { n } from "../../lib/n.ts";`),
    "pages/api/b.ts": route("n", `import { n } from "../../lib/n.ts";`),
    "lib/n.ts": "export const n = 1;",
  });
  const { get, fetch, status, reports } = await serve(project, { plugin: { hmr: { debounceMs: 5 } } });
  const settle = async (count: number): Promise<void> =>
    vi.waitFor(() => expect(reports).toHaveLength(count));
  await get("/api/a");
  await get("/api/b");
  project.write("lib/n.ts", "export const n = 2;");
  expect(await get("/api/a")).toBe("2");
  await settle(1);
  project.write("pages/api/b.ts", route(`"b"`, `import { n } from "../../lib/n.ts";`));
  expect(await get("/api/b")).toBe("b");
  await settle(2);
  project.write("pages/api/b.ts", route(`"b"`, `// said\nimport { n } from "../../lib/n.ts";`));
  expect(await get("/api/b")).toBe("b");
  await settle(3);
  project.write("pages/api/b.ts", "nonsense(");
  expect((await fetch("/api/b")).status).toBe(500);
  await settle(4);
  project.write("pages/api/b.ts", route(`"healed"`));
  expect(await get("/api/b")).toBe("healed");
  await settle(6);
  const { hmr, version, routes } = await status();
  expect(hmr).toMatchObject({ failures: 1, skipped: 1, byStrategy: { none: 1, single: 2, selective: 1 } });
  expect(hmr.commits).toBe(version);
  expect(hmr.lastReload).toMatchObject({ strategy: "single", files: ["pages/api/b.ts"], routes: ["/api/b"] });
  expect(hmr.reloadMs.max).toBeGreaterThan(0);
  expect(routes.map(({ status: state }) => state)).toEqual(["fresh", "fresh"]);
});

test("it is read with GET and HEAD only", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const { fetch } = await serve(project);
  expect(await fetch("/__hmr_status", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    const answer = await fetch("/__hmr_status", { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }
  const { headers } = await fetch("/__hmr_status?x=1");
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
});

test("pages of other sites do not get it", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const { fetch, url } = await serve(project);
  const foreign = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://localhost:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of foreign) expect((await fetch("/__hmr_status", { headers })).status).toBe(403);
  for (const headers of [
    { origin: url },
    { "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
  ]) {
    expect((await fetch("/__hmr_status", { headers })).status).toBe(200);
  }
});

test("what was wrong with a route goes with it", async () => {
  const project = createProject({ "pages/api/a.ts": "nonsense(", "pages/api/b.ts": route("1") });
  const { fetch, get, status, reports } = await serve(project, { watch: false });
  expect((await fetch("/api/a")).status).toBe(500);
  expect((await status()).errors).toHaveLength(1);
  project.remove("pages/api/a.ts");
  expect(await get("/api/b")).toBe("1");
  expect((await status()).errors).toEqual([]);
  expect(JSON.stringify(reports)).not.toContain("nobody has asked");
});

test("two files for one route are an error in it", async () => {
  const project = createProject({ "pages/api/a.ts": route("1"), "pages/api/a.js": route("1") });
  const { status } = await serve(project);
  const [error] = (await status()).errors;
  expect(error?.message).toMatch(/^Two files claim .*pages\/api\/a\.js.*pages\/api\/a\.ts/);
  expect(error?.file).toBe("pages/api/a.js");
  expect((await status()).errors).toEqual([error]);
});
