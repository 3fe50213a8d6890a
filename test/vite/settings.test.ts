import { utimesSync } from "node:fs";
import { resolve } from "node:path";
import { createServer } from "vite";
import type { ViteDevServer } from "vite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ReloadReport, Report } from "../../src/protocol/report.ts";
import { nextReload } from "./support/next-reload.ts";
import { createProject, route } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { askOf, serve, sessionOf } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

const evaluations = `let n = 0; export const GET = () => new Response(String(++n));`;

const manifest = (rest: object): string => JSON.stringify({ type: "module", ...rest });

const quick = { plugin: { hmr: { debounceMs: 20 } } };

describe.for([
  { watch: true, how: "unasked" },
  { watch: false, how: "asked" },
])("with the watcher $watch, $how", ({ watch, how }) => {
  const start = async (project: Project): Promise<Served & { saved: () => Promise<ReloadReport> }> => {
    const served = await serve(project, { watch, ...quick });
    await served.get("/api/a");
    return {
      ...served,
      saved: async () => {
        if (how === "asked") await served.get("/api/a");
        return nextReload(served);
      },
    };
  };

  test("a script or a version in package.json evaluates nothing, and the version stays", async () => {
    const project = createProject({
      "package.json": manifest({ version: "1.0.0" }),
      "pages/api/a.ts": evaluations,
    });
    const { saved, status, session } = await start(project);
    project.write("package.json", manifest({ version: "1.0.1", scripts: { dev: "vite" } }));
    await expect(saved()).resolves.toMatchObject({
      strategy: "none",
      reason: "package.json changed (version, scripts): nothing that runs depends on it",
      ran: [],
      version: 1,
    });
    expect([...session.runtime.records].some(({ isOutdated }) => isOutdated)).toBe(false);
    expect((await status()).hmr).toMatchObject({ commits: 1, skipped: 1 });
  });

  test("options of the type checker compile nothing again; others do, and what compiles to the same stays", async () => {
    const project = createProject({ "tsconfig.json": "{}", "pages/api/a.ts": evaluations });
    const { saved, get } = await start(project);
    project.write("tsconfig.json", `{ "compilerOptions": { "strict": true, "noEmit": true } }`);
    await expect(saved()).resolves.toMatchObject({ strategy: "none" });
    project.write("tsconfig.json", `{ "compilerOptions": { "jsx": "react" } }`);
    await expect(saved()).resolves.toMatchObject({
      strategy: "config",
      files: ["tsconfig.json"],
      reason: "tsconfig.json changed (compilerOptions.jsx): modules are compiled again",
      ran: [],
    });
    // The same module, with its state.
    expect(Number(await get("/api/a"))).toBeGreaterThan(1);
  });

  test("settings that are half written wait until they can be read", async () => {
    const project = createProject({
      "package.json": manifest({ imports: { "#n": "./one.ts" } }),
      "one.ts": `export const n = "one";`,
      "two.ts": `export const n = "two";`,
      "pages/api/a.ts": route("n", `import { n } from "#n";`),
    });
    const { get, saved, reports } = await start(project);
    project.write("package.json", `{ "type": "module", "imports": { "#n": `);
    expect(await get("/api/a")).toBe("one");
    project.write("package.json", manifest({ imports: { "#n": "./two.ts" } }));
    expect(await saved()).toMatchObject({
      strategy: "config",
      reason: expect.stringContaining(
        "package.json changed (imports): imports are resolved again",
      ) as unknown,
    });
    expect(await get("/api/a")).toBe("two");
    expect(reports).toEqual([]);
  });

  test("a package.json that code imports is code, and settings as well", async () => {
    const project = createProject({
      "package.json": manifest({ version: "1", imports: { "#n": "./one.ts" } }),
      "one.ts": `export const n = "one";`,
      "two.ts": `export const n = "two";`,
      "pages/api/a.ts": route(
        "[version, n]",
        `import { version } from "../../package.json"; import { n } from "#n";`,
      ),
    });
    const { get } = await start(project);
    project.write("package.json", manifest({ version: "2", imports: { "#n": "./one.ts" } }));
    expect(await get("/api/a")).toBe("2,one");
    project.write("package.json", manifest({ version: "3", imports: { "#n": "./two.ts" } }));
    expect(await get("/api/a")).toBe("3,two");
  });

  test("a file of data is code, and no setting, whatever its name ends with", async () => {
    const project = createProject({
      "site.config.json": `{ "title": "a" }`,
      "pages/api/a.ts": `import site from "../../site.config.json"; export const GET = () => new Response(site.title);`,
      "pages/api/b.ts": evaluations,
    });
    const { saved, get, session } = await start(project);
    await get("/api/b");
    project.write("site.config.json", `{ "title": "b" }`);
    await expect(saved()).resolves.toMatchObject({ strategy: "single", files: ["site.config.json"] });
    expect(await get("/api/a")).toBe("b");
    expect([...session.runtime.records].some(({ isOutdated }) => isOutdated)).toBe(false);
  });

  test("other packages are told once, with what somebody has to do", async () => {
    const project = createProject({
      "package.json": manifest({}),
      "package-lock.json": `{ "packages": {} }`,
      "pages/api/a.ts": evaluations,
    });
    const { saved, status } = await start(project);
    project.write("package.json", manifest({ dependencies: { pad: "1.0.0" } }));
    project.write("package-lock.json", `{ "packages": { "node_modules/pad": { "version": "1.0.0" } } }`);
    const report = await saved();
    expect(report).toMatchObject({ strategy: "config", requiresRestart: true, ran: [] });
    expect(report.reason).toMatch(/: restart the server when they are installed$/);
    expect(report.reason).toContain("package.json changed (dependencies)");
    expect(report.reason).toContain("package-lock.json changed (pad 1.0.0 is new)");
    expect((await status()).hmr.lastReload).toMatchObject({ strategy: "config", requiresRestart: true });
  });
});

/** Serve a project as its own Vite config says. */
async function serveConfigured(
  files: Readonly<Record<string, string>>,
  watch: boolean,
): Promise<ReturnType<typeof askOf> & { project: Project; server: ViteDevServer; reports: Report[] }> {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...files });
  project.link(resolve("node_modules/vite"), "node_modules/vite");
  // Long before it is read.
  utimesSync(project.path("vite.config.js"), 1, 1);
  const server = await createServer({
    root: project.root,
    configFile: project.path("vite.config.js"),
    logLevel: "silent",
    server: { port: 0, host: "127.0.0.1", ...(watch ? {} : { watch: null }) },
  });
  onTestFinished(async () => server.close());
  await server.listen();
  const reports: Report[] = [];
  sessionOf(server).reports.listen((report) => reports.push(report));
  const [local = ""] = server.resolvedUrls?.local ?? [];
  return { project, server, reports, ...askOf(local.replace(/\/$/, "")) };
}

const config = (value: string, options = "{ hmr: { debounceMs: 20 } }"): string => `
  import { apiRoutes } from "orbit-hmr/vite";
  export default {
    plugins: [apiRoutes(${options})],
    define: { __VALUE__: ${JSON.stringify(JSON.stringify(value))} },
    optimizeDeps: { noDiscovery: true },
  };`;

describe.for([{ watch: true }, { watch: false }])("Vite's config, with the watcher $watch", ({ watch }) => {
  const files = {
    "vite.config.js": config("one"),
    "pages/api/a.ts": `let n = 0; export const GET = () => new Response([__VALUE__, ++n].join());`,
  };

  test("a comment in it restarts nothing", async () => {
    const { project, server, get, reports } = await serveConfigured(files, watch);
    expect(await get("/api/a")).toBe("one,1");
    const { watcher } = server;
    project.write("vite.config.js", `// what this is for\n${config("one")}`);
    if (!watch) await get("/api/a");
    await expect(nextReload({ reports })).resolves.toMatchObject({
      strategy: "none",
      reason: "vite.config.js changed: nothing that runs depends on it",
    });
    expect(server.watcher).toBe(watcher);
  });

  test("another one is in use at the next request, and modules live on", async () => {
    const { project, get, reports } = await serveConfigured(files, watch);
    expect(await get("/api/a")).toBe("one,1");
    project.write("vite.config.js", config("two"));
    expect(await get("/api/a")).toBe("two,2");
    const report = await nextReload({ reports });
    expect(report).toMatchObject({
      strategy: "config",
      files: expect.arrayContaining(["vite.config.js"]) as unknown,
    });
    expect(report.reason).toContain("vite.config.js changed: Vite restarts its server");
    expect(report.ms).toBeGreaterThan(1);
    expect(report.requiresRestart).toBeUndefined();
  });

  test("other options of the plugin are in use at the next request", async () => {
    const { project, get, fetch } = await serveConfigured(
      {
        ...files,
        "pages/api/echo.ts": `export const POST = async (request: Request) => new Response(await request.text());`,
      },
      watch,
    );
    expect(await get("/api/a")).toBe("one,1");
    const echo = async (prefix: string): Promise<string> =>
      (await fetch(`${prefix}/echo`, { method: "POST", body: "a body" })).text;
    expect(await echo("/api")).toBe("a body");
    project.write("vite.config.js", config("one", `{ apiPrefix: "/api/v2" }`));
    const [found, missing] = await Promise.all([fetch("/api/a"), echo("/api")]);
    expect([found.status, missing]).toEqual([404, ""]);
    expect(await echo("/api/v2")).toBe("a body");
  });

  test("a broken one is told, and the server serves on", async () => {
    const { project, get, reports } = await serveConfigured(files, watch);
    expect(await get("/api/a")).toBe("one,1");
    project.write("vite.config.js", "export default {");
    expect(await get("/api/a")).toBe("one,2");
    await vi.waitFor(() =>
      expect(reports).toMatchObject([{ event: "error", file: "vite.config.js", offersRestart: false }]),
    );
    expect(JSON.stringify(reports)).not.toContain(project.root);
    project.write("vite.config.js", config("two"));
    expect(await get("/api/a")).toBe("two,3");
  });

  test("one that Vite cannot start with is told, and the server serves on", async () => {
    const { project, get, reports } = await serveConfigured(files, watch);
    expect(await get("/api/a")).toBe("one,1");
    const failing = `{ name: "failing", configureServer() { throw new Error("not like this"); } }`;
    project.write("vite.config.js", config("two").replace("plugins: [", `plugins: [${failing}, `));
    expect(await get("/api/a")).toBe("one,2");
    await vi.waitFor(() => expect(reports).toMatchObject([{ event: "error", file: "vite.config.js" }]));
    project.write("vite.config.js", config("two"));
    expect(await get("/api/a")).toBe("two,3");
  });
});
