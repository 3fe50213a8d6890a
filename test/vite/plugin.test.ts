import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { build, resolveConfig } from "vite";
import type { InlineConfig, Plugin, PluginOption } from "vite";
import { expect, test, vi } from "vitest";
import { apiRoutes } from "../../src/vite/index.ts";
import { connectBrowser } from "./support/browser.ts";
import { serveInOwnedServer } from "./support/owned-server.ts";
import { createProject, route } from "./support/project.ts";
import { serve } from "./support/serve.ts";

test("zero options serve pages/api under /api", async () => {
  const project = createProject({
    "pages/api/users/[id].ts": `export const GET = (_: Request, { params }: any) => Response.json(params);`,
  });
  const { fetch } = await serve(project);
  const answer = await fetch("/api/users/7");
  expect(answer.json()).toEqual({ id: "7" });
  expect(answer.headers.get("x-orbit-version")).toBe("1");
  const unknown = await fetch("/api/nobody");
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get("content-type")).toBe("application/problem+json");
  expect(unknown.headers.get("x-orbit-version")).toBe("1");
});

test("another folder and prefix are options", async () => {
  const project = createProject({ "server/routes/a.ts": route(`"a"`), "pages/api/a.ts": route(`"other"`) });
  const { get, fetch } = await serve(project, { plugin: { apiDir: "server/routes", apiPrefix: "/rpc/v1" } });
  expect(await get("/rpc/v1/a")).toBe("a");
  expect((await fetch("/api/a")).headers.get("x-orbit-version")).toBeNull();
});

test("wrong options are said when the config is read", () => {
  expect(() => apiRoutes({ apiDri: "x", hmr: { debounceMs: "fast" } } as object)).toThrow(
    /apiDri[\s\S]*hmr\.debounceMs/,
  );
});

test("the environment overrides options, from .env as well", async () => {
  const project = createProject({
    ".env": "HMR_DEBOUNCE_MS=7\nHMR_PRESERVE_STATE=false\n",
    "pages/api/a.ts": route("1"),
  });
  const { status } = await serve(project, { plugin: { hmr: { debounceMs: 50, preserveState: true } } });
  expect((await status()).hmr).toMatchObject({ debounceMs: 7, preserveState: false });
});

test("a vite.config.ts of a user, with TypeScript and other plugins, is all it takes", () => {
  const project = createProject({
    "package.json": `{ "type": "module" }`,
    "vite.config.ts": `
      import type { Plugin, UserConfig } from "vite";
      import { apiRoutes } from "orbit-hmr/vite";
      const other: Plugin = { name: "other", transform: (code, id) => id.endsWith(".ts") ? code.replace("__OTHER__", '"other"') : undefined };
      export default { plugins: [other, apiRoutes()], logLevel: "silent", optimizeDeps: { noDiscovery: true } } satisfies UserConfig;
    `,
    "pages/api/a.ts": route("__OTHER__"),
  });
  project.link(resolve("node_modules/vite"), "node_modules/vite");
  const vite = resolve("node_modules/vite/dist/node/index.js");
  const program = `
    const { prepareStackTrace } = Error;
    const { createServer } = await import(${JSON.stringify(vite)});
    const server = await createServer({ root: process.cwd(), server: { port: 0, host: "127.0.0.1" } });
    await server.listen();
    const url = "http://127.0.0.1:" + server.httpServer.address().port;
    console.log(await (await fetch(url + "/api/a")).text());
    const before = server.config;
    await server.restart();
    console.log(server.config !== before, await (await fetch(url + "/api/a")).text());
    await server.close();
    console.log(Error.prepareStackTrace === prepareStackTrace, typeof globalStateManager, process.listenerCount("uncaughtException"));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: project.root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(stdout.trim().split("\n")).toEqual(["other", "true other", "true undefined 0"]);
});

test("a build and a preview know nothing of the plugin", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const inline: InlineConfig = {
    root: project.root,
    configFile: false,
    logLevel: "silent",
    plugins: [apiRoutes()],
  };
  for (const [command, isPreview] of [
    ["build", false],
    ["serve", true],
  ] as const) {
    const config = await resolveConfig(inline, command, "development", "development", isPreview);
    expect(config.plugins.filter(({ name }) => name.startsWith("orbit"))).toEqual([]);
    expect(Object.keys(config.environments)).not.toContain("orbit_api");
  }
});

test("what is built, for browsers and for servers, is the same with the plugin as without it", async () => {
  const project = createProject({
    "pages/api/a.ts": `import { createStore } from "orbit-hmr/state"; const store = createStore("s", 0);
      let hits = 0; const seen = new Map<string, number>(); setInterval(() => hits++, 1000);
      export const GET = () => Response.json([++hits, seen.size, store.get()]);`,
    "main.ts":
      "let clicks = 0; const seen = new Set<number>(); addEventListener('click', () => seen.add(++clicks));",
    "index.html": `<script type="module" src="/main.ts"></script>`,
  });
  const buildWith = async (ssr: string | false, plugins: PluginOption[]): Promise<string> => {
    const built = await build({
      root: project.root,
      configFile: false,
      logLevel: "silent",
      plugins,
      build: { write: false, ssr },
    });
    return JSON.stringify([built].flat().map((result) => ("output" in result ? result.output : [])));
  };
  for (const ssr of [false, "pages/api/a.ts"] as const) {
    const text = await buildWith(ssr, [apiRoutes()]);
    expect(text).toBe(await buildWith(ssr, []));
    expect(text).not.toContain("orbit_");
  }
});

test("client and ssr environments load the same files as if the plugin were not there", async () => {
  const seen: string[] = [];
  const spy: Plugin = {
    name: "spy",
    transform(_, id) {
      if (id.endsWith("/lib/shared.ts")) seen.push(this.environment.name);
    },
  };
  const project = createProject({
    "pages/api/a.ts": route("next()", `import { next } from "../../lib/shared.ts";`),
    "lib/shared.ts": "let n = 0; export const next = () => ++n;",
  });
  const { get, fetch, server } = await serve(project, { config: { plugins: [spy] } });
  expect(await get("/api/a")).toBe("1");
  expect(await get("/api/a")).toBe("2");
  const ssr = await server.ssrLoadModule("/lib/shared.ts");
  expect((ssr["next"] as () => number)()).toBe(1);
  expect((await fetch("/lib/shared.ts")).text).toContain("export const next");
  expect(new Set(seen)).toEqual(new Set(["orbit_api", "ssr", "client"]));
  project.write("lib/shared.ts", "let n = 10; export const next = () => ++n;");
  expect(await get("/api/a")).toBe("11");
  await vi.waitFor(async () => {
    const again = await server.ssrLoadModule("/lib/shared.ts");
    expect((again["next"] as () => number)()).toBeGreaterThan(10);
  });
});

test("browsers get no source of a route, whatever they ask for", async () => {
  const project = createProject({ "pages/api/a.ts": route(`"s3cret"`), "index.html": "<p>page</p>" });
  const { fetch } = await serve(project);
  const urls = [
    "/pages/api/a.ts",
    "/pages/api/a.ts?raw",
    "/pages/api/a.ts?import&raw",
    "/pages/api/a.ts?url",
    `/@fs${project.root}/pages/api/a.ts`,
  ];
  for (const url of urls) expect((await fetch(url)).text).not.toContain("s3cret");
  expect((await fetch("/")).text).toContain("<p>page</p>");
});

test("a route answers OPTIONS itself; elsewhere Vite does", async () => {
  const project = createProject({
    "pages/api/own.ts": `export const OPTIONS = () => new Response("mine", { headers: { "x-mine": "1" } });`,
    "pages/api/get.ts": route("1"),
  });
  const { fetch } = await serve(project);
  expect(await fetch("/api/own", { method: "OPTIONS" })).toMatchObject({ status: 200, text: "mine" });
  const automatic = await fetch("/api/get", { method: "OPTIONS" });
  expect(automatic.status).toBe(204);
  expect(automatic.headers.get("allow")).toContain("GET");
  expect((await fetch("/elsewhere", { method: "OPTIONS" })).status).toBe(204);
});

test("an edit of a server file tells browsers nothing of Vite's; an edit of theirs still does", async () => {
  const project = createProject({
    "index.html": `<script type="module" src="/main.ts"></script>`,
    "main.ts": `import "./page.ts"; import.meta.hot?.accept();`,
    "page.ts": "export const page = 1;",
    "pages/api/a.ts": route("n", `import { n } from "../../lib/n.ts";`),
    "lib/n.ts": "export const n = 1;",
  });
  const { get, fetch, url } = await serve(project);
  const browser = await connectBrowser(url);
  await fetch("/main.ts");
  await fetch("/page.ts");
  expect(await get("/api/a")).toBe("1");
  project.write("lib/n.ts", "export const n = 2;");
  expect(await get("/api/a")).toBe("2");
  project.write("pages/api/a.ts", route("3"));
  expect(await get("/api/a")).toBe("3");
  project.write("pages/api/new.ts", route("4"));
  expect(await get("/api/new")).toBe("4");
  project.write("page.ts", "export const page = 2;");
  await vi.waitFor(() =>
    expect(browser.messages).toContainEqual(expect.objectContaining({ type: "update" })),
  );
  const ofVite = browser.messages.filter(({ type }) => type !== "connected" && type !== "custom");
  expect(ofVite.map(({ type }) => type)).toEqual(["update"]);
  expect(JSON.stringify(ofVite)).not.toContain("lib/n.ts");
});

test("middleware mode serves the routes of somebody else's server", async () => {
  const project = createProject({ "pages/api/a.ts": route(`"one"`) });
  const { get } = await serveInOwnedServer(project);
  expect(await get("/api/a")).toBe("one");
  expect(await get("/else")).toBe("the owner's answer");
  project.write("pages/api/a.ts", route(`"two"`));
  expect(await get("/api/a")).toBe("two");
});

test("a root that is reached through a link is the same project", async () => {
  const project = createProject({
    "real/pages/api/a.ts": route("n", `import { n } from "../../lib/n.ts";`),
    "real/lib/n.ts": "export const n = 1;",
  });
  project.link("real", "linked");
  const { get } = await serve({ ...project, root: join(project.root, "linked") });
  expect(await get("/api/a")).toBe("1");
  project.write("real/lib/n.ts", "export const n = 2;");
  expect(await get("/api/a")).toBe("2");
  project.write("real/pages/api/b.ts", route("3"));
  expect(await get("/api/b")).toBe("3");
});
