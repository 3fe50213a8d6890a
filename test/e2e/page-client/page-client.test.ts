import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { build } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";
import { apiRoutes } from "../../../src/vite/index.ts";
import type { PageEventName, PageEvents } from "../../../src/protocol/page-events.ts";
import type { ApiHmr } from "../../../src/client/page-hub.ts";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served, ServeOptions } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";

type Seen = {
  [Name in PageEventName]: { readonly name: Name; readonly detail: PageEvents[Name] };
}[PageEventName];

declare global {
  interface Window {
    apiHMR: ApiHmr;
    seen: Seen[];
    isFirstLoad: boolean;
    problem: string;
  }
}

/** What people write in a classic script of their page: nothing of it waits for anything. */
const LISTENING = `window.seen = []; window.isFirstLoad = true;
  for (const name of ["connected", "disconnected", "route-updated", "dependency-updated", "config-updated", "env-updated", "reload-error", "recovered"])
    window.apiHMR.on(name, (detail) => window.seen.push({ name, detail }));`;

const page = (script: string): string =>
  `<!doctype html><html><head><title>Shop</title><script>${script}</script></head><body><h1>Shop</h1></body></html>`;

const FILES = {
  "index.html": page(LISTENING),
  "lib/price.ts": `export const price: number = 1;`,
  "pages/api/price.ts": `import { price } from "../../lib/price.ts"; let calls = 0; export const GET = () => Response.json([price, ++calls]);`,
  "pages/api/users/[id].ts": `let asked = 0; export const GET = () => Response.json(["user", ++asked]);`,
};

async function open(
  files: Readonly<Record<string, string>> = FILES,
  options: ServeOptions = {},
  path = "/",
): Promise<{ readonly project: Project; readonly served: Served; readonly tab: Page }> {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...files });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, ...options });
  const tab = await openPage(served.url + path);
  await tab.waitForFunction(() => window.seen.some(({ name }) => name === "connected"));
  return { project, served, tab };
}

/** Messages of one kind, as soon as there are some. */
async function told<Name extends PageEventName>(tab: Page, name: Name): Promise<readonly PageEvents[Name][]> {
  await tab.waitForFunction((wanted) => window.seen.some((each) => each.name === wanted), name);
  const seen = await tab.evaluate(() => window.seen.splice(0));
  return seen.filter((each) => each.name === name).map(({ detail }) => detail as PageEvents[Name]);
}

test("a page hears which route answers anew, what was saved and what was kept, and is not reloaded", async () => {
  const { project, served, tab } = await open();
  await served.get("/api/price");
  await served.get("/api/users/7");
  project.write("pages/api/price.ts", FILES["pages/api/price.ts"].replace("[price", "[2 * price"));
  const [first] = await told(tab, "route-updated");
  expect(first).toMatchObject({
    routePath: "/api/price",
    filePath: "pages/api/price.ts",
    files: ["pages/api/price.ts"],
    kept: ["pages/api/price.ts:calls"],
    reset: [],
    version: served.session.runtime.version,
    ms: expect.any(Number),
    build: expect.stringMatching(/^\w{10,}$/),
    seq: expect.any(Number),
  });
  project.write("lib/price.ts", `export const price: number = 5;`);
  await tab.waitForFunction(() => window.seen.length > 1);
  const both = await tab.evaluate(() => window.seen.splice(0));
  expect(both.map(({ name }) => name)).toEqual(["dependency-updated", "route-updated"]);
  expect(both[0]?.detail).toMatchObject({ dependency: "lib/price.ts", affectedRoutes: ["/api/price"] });
  expect(both[1]?.detail).toMatchObject({
    routePath: "/api/price",
    files: ["lib/price.ts"],
    build: first?.build,
  });
  expect(await tab.evaluate(() => window.isFirstLoad)).toBe(true);
  expect(served.lines.join("\n")).not.toMatch(/@orbit/);
});

test("a page hears which keys of the environment have other values, and no value", async () => {
  const route = `const name = process.env["SHOP_NAME"]; export const GET = () => Response.json(name);`;
  const files = { ...FILES, ".env": "SHOP_NAME=one\nSHOP_KEY=secret", "pages/api/name.ts": route };
  // With a watcher Vite restarts for it, and loads its pages again.
  const { project, served, tab } = await open(files, { watch: false });
  await served.get("/api/name");
  project.write(".env", "SHOP_NAME=two\nSHOP_KEY=secret");
  expect(await served.get("/api/name")).toBe('"two"');
  await tab.waitForFunction(() => window.seen.some(({ name }) => name === "route-updated"));
  const heard = await tab.evaluate(() => window.seen.filter(({ name }) => name !== "connected"));
  expect(heard).toMatchObject([
    { name: "env-updated", detail: { filePath: ".env", keys: ["SHOP_NAME"] } },
    { name: "route-updated", detail: { routePath: "/api/name", files: [".env"] } },
  ]);
  expect(JSON.stringify(heard)).not.toMatch(/two|secret/);
});

test("a page hears of an error with its place, and of its end", async () => {
  const { project, served, tab } = await open();
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = ;`);
  const [error] = await told(tab, "reload-error");
  expect(error).toMatchObject({
    filePath: "lib/price.ts",
    routes: ["/api/price"],
    error: { file: "lib/price.ts", line: 1, frame: expect.stringContaining("> 1 |") },
    retries: 0,
  });
  project.write("lib/price.ts", FILES["lib/price.ts"]);
  expect(await told(tab, "recovered")).toMatchObject([{ routes: ["/api/price"] }]);
});

test("more routes than the threshold are one message", async () => {
  const routes = Object.fromEntries(
    ["a", "b", "c"].map((name) => [
      `pages/api/${name}.ts`,
      `import { v } from "../../lib/v.ts"; export const GET = () => new Response(v);`,
    ]),
  );
  const options = { plugin: { hmr: { debounceMs: 10, fullReloadThreshold: 2 } } };
  const { project, served, tab } = await open(
    { ...routes, "index.html": FILES["index.html"], "lib/v.ts": `export const v = "1";` },
    options,
  );
  for (const name of ["a", "b", "c"]) await served.get(`/api/${name}`);
  project.write("lib/v.ts", `export const v = "2";`);
  expect(await told(tab, "route-updated")).toMatchObject([{ routePath: "*", files: ["lib/v.ts"] }]);
});

test("somebody who observes reports takes them away from nobody", async () => {
  const { project, served, tab } = await open(FILES, { listens: false, plugin: { hmr: { debounceMs: 10 } } });
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = 3;`);
  await told(tab, "route-updated");
  expect(served.lines.join("\n")).toContain("lib/price.ts changed");
});

test.each([
  ["below a base", { config: { base: "/shop/" } }, "/shop/"],
  ["at a page of its own", {}, "/about.html"],
])("the client is there %s", async (_where, options, path) => {
  const { project, served, tab } = await open(
    { ...FILES, "about.html": FILES["index.html"] },
    { plugin: { hmr: { debounceMs: 10 } }, ...options },
    path,
  );
  const api = path === "/shop/" ? "/shop/api/price" : "/api/price";
  await served.get(api);
  project.write("lib/price.ts", `export const price: number = 3;`);
  expect(await told(tab, "route-updated")).toMatchObject([{ routePath: api }]);
});

test("the status and the caches of the server can be had from a page, and what is stored of a route goes when it changes", async () => {
  const cached = `import { createCache } from "orbit-hmr/state"; const cache = createCache("page-client"); cache.set("a", 1); cache.set("b", 2); export const GET = () => new Response("cached");`;
  const { project, served, tab } = await open({ ...FILES, "pages/api/cached.ts": cached });
  await served.get("/api/cached");
  await served.get("/api/users/7");
  const status = await tab.evaluate(async () => (await window.getHMRStatus()).routes.map(({ path }) => path));
  expect(status.toSorted()).toEqual(["/api/cached", "/api/price", "/api/users/:id"]);
  await tab.evaluate(async () => {
    const cache = await caches.open("answers");
    for (const path of ["/api/price", "/api/users/7", "/other"]) await cache.put(path, new Response("old"));
  });
  project.write("pages/api/users/[id].ts", `export const GET = () => Response.json("new");`);
  await told(tab, "route-updated");
  await tab.waitForFunction(async () => (await caches.match("/api/users/7")) === undefined);
  expect(await tab.evaluate(async () => (await caches.match("/api/price")) !== undefined)).toBe(true);
  expect(await tab.evaluate(async () => window.clearApiCache())).toEqual({ browser: 1, server: 2 });
  expect(await tab.evaluate(async () => (await caches.match("/other")) !== undefined)).toBe(true);
});

test("what a page asks before it has reached the server waits for it, and is asked once each", async () => {
  const cached = `import { createCache } from "orbit-hmr/state"; const cache = createCache("page-client-early"); cache.set("a", 1); export const GET = () => new Response("cached");`;
  const script = `${LISTENING} window.early = [];
    if (location.search === "?early") window.early = [window.clearApiCache(), window.clearApiCache()];`;
  const { served, tab } = await open({ ...FILES, "pages/api/cached.ts": cached, "index.html": page(script) });
  await served.get("/api/cached");
  await tab.goto(`${served.url}/?early`);
  const early = await tab.evaluate(async () =>
    Promise.all(Reflect.get(window, "early") as Promise<unknown>[]),
  );
  expect(early).toEqual([
    { browser: 0, server: 1 },
    { browser: 0, server: 0 },
  ]);
});

test.each([
  [`apiHMR.on("route-update", () => 0)`, `there is no event "route-update". Did you mean "route-updated"?`],
  [`apiHMR.on("recovered")`, `apiHMR.on("recovered", callback): the callback is undefined and no function.`],
])("%s is an error that says what to write", async (statement, message) => {
  const script = `${LISTENING} try { ${statement}; } catch (error) { window.problem = error.name + ": " + error.message; }`;
  const { tab } = await open({ ...FILES, "index.html": page(script) });
  expect(await tab.evaluate(() => window.problem)).toContain(message);
  expect(await tab.evaluate(() => window.problem)).toMatch(/^TypeError/);
});

test("a listener that throws is logged and stops nobody, and one that has ended hears nothing", async () => {
  const script = LISTENING.replace(
    "window.seen = [];",
    `window.seen = [];
    window.apiHMR.on("route-updated", () => { throw new Error("mine"); });
    window.apiHMR.on("route-updated", () => window.seen.push("ended"))();`,
  );
  const { project, served, tab } = await open({ ...FILES, "index.html": page(script) });
  const logged = tab.waitForEvent("console", (line) => line.type() === "error");
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = 3;`);
  expect(await told(tab, "route-updated")).toHaveLength(1);
  expect((await logged).text()).toContain(`A listener of "route-updated" has thrown`);
});

/** A page whose own module makes a client. */
const OWN_CLIENT = (options: string): Readonly<Record<string, string>> => ({
  ...FILES,
  "main.js": `import { createApiHMRClient } from "orbit-hmr/client";
    window.client = createApiHMRClient(${options});
    window.client.on("route-updated", (detail) => window.seen.push({ name: "mine", detail }));
    try { createApiHMRClient({ enableLogging: true }); } catch (error) { window.problem = error.message; }
    window.isReady = true;`,
  "index.html": page(LISTENING).replace("</body>", `<script type="module" src="/main.js"></script></body>`),
});

const isMine = (): boolean => window.seen.some(({ name }) => (name as string) === "mine");

test("a client of one's own hears the same, and logs it where that is all that it is asked for", async () => {
  const { project, served, tab } = await open(OWN_CLIENT("{ enableConsoleLogging: true }"));
  await tab.waitForFunction(() => Reflect.get(window, "isReady") === true);
  const logged = tab.waitForEvent("console", (line) => line.text().includes("/api/price has new code"));
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = 3;`);
  await tab.waitForFunction(isMine);
  expect((await logged).text()).toMatch(/^\[orbit\] \/api\/price has new code \(lib\/price\.ts, \d+ ms\)$/);
  expect(await tab.evaluate(() => window.problem)).toContain(`there is no option "enableLogging"`);
});

test("a client of one's own connects in a page that the server has not made", async () => {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...OWN_CLIENT("{}") });
  const html = `<!doctype html><script>window.seen = []</script><script type="module" src="/main.js"></script>`;
  const plugin = {
    name: "pages",
    configureServer({ middlewares }: Served["server"]): void {
      middlewares.use("/rendered", (_request, response) => {
        response.setHeader("content-type", "text/html");
        response.end(html);
      });
    },
  };
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, config: { plugins: [plugin] } });
  const tab = await openPage(`${served.url}/rendered`);
  await tab.waitForFunction(() => Reflect.get(window, "isReady") === true);
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = 3;`);
  await tab.waitForFunction(isMine);
  expect(
    await tab.evaluate(() => window.seen.filter(({ name }) => (name as string) === "mine")),
  ).toHaveLength(1);
});

/** Answers every page with a policy; browsers hold scripts without its nonce back, and text that becomes code. */
const strict = {
  name: "policy",
  configureServer({ middlewares }: Served["server"]): void {
    middlewares.use((_request, response, next) => {
      response.setHeader(
        "content-security-policy",
        "script-src 'nonce-shop' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      next();
    });
  },
};

/** Pages of a renderer of one's own, that the server is asked to finish, twice over. */
const rendering = {
  name: "renderer",
  configureServer(server: Served["server"]): void {
    server.middlewares.use("/rendered", (_request, response) => {
      const finish = async (): Promise<void> => {
        const once = await server.transformIndexHtml(
          "/rendered",
          `<h1>Shop</h1><script>${LISTENING}</script>`,
        );
        response.setHeader("content-type", "text/html");
        response.end(await server.transformIndexHtml("/rendered", once));
      };
      void finish();
    });
  },
};

test.each([
  [
    "under a strict policy with a nonce and Trusted Types",
    { plugins: [strict], html: { cspNonce: "shop" } },
    "/",
    1,
  ],
  ["in a fragment of a renderer that is finished twice", { plugins: [rendering] }, "/rendered", 1],
])("the client is there once %s", async (_where, config, path, times) => {
  const files = { ...FILES, "index.html": FILES["index.html"].replace("<script>", `<script nonce="shop">`) };
  const { project, served, tab } = await open(files, { plugin: { hmr: { debounceMs: 10 } }, config }, path);
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = 3;`);
  expect(await told(tab, "route-updated")).toHaveLength(times);
});

test("in a build a client of one's own asks for nothing, and pages have no other", async () => {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...OWN_CLIENT("{}") });
  const plugins = [apiRoutes()];
  // The test runner says that this is a test; a build is one for production unless somebody says otherwise.
  vi.stubEnv("NODE_ENV", "production");
  onTestFinished(() => void vi.unstubAllEnvs());
  await build({ root: project.root, configFile: false, logLevel: "silent", plugins });
  const built = readdirSync(project.path("dist"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:js|html)$/.test(name))
    .map((name) => readFileSync(project.path(`dist/${name}`), "utf8"));
  expect(built.join("\n")).toContain("route-updated");
  expect(built.join("\n")).not.toContain("@orbit/");
});
