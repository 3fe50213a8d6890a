import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Report } from "../../src/protocol/report.ts";
import { createDevServer } from "../../src/index.ts";
import type { DevServer, DevServerOptions } from "../../src/vite/dev-server.ts";
import { createProject, route } from "./support/project.ts";
import { askOf } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

async function start(options: DevServerOptions): Promise<DevServer & Pick<Served, "get" | "fetch">> {
  const server = await createDevServer({ port: 0, host: "127.0.0.1", onReport: () => {}, ...options });
  onTestFinished(async () => server.close());
  const [local = ""] = server.urls.local;
  const { get, fetch } = askOf(local.replace(/\/$/, ""));
  return Object.assign(server, { get, fetch });
}

test("a project without any config is served, its page and its routes", async () => {
  const project = createProject({ "pages/api/a.ts": route("1"), "index.html": "<p>page</p>" });
  const { get, routes } = await start({ root: project.root });
  expect(await get("/api/a")).toBe("1");
  expect(await get("/")).toContain("<p>page</p>");
  expect(routes).toMatchObject([{ path: "/api/a", file: "pages/api/a.ts" }]);
});

test.for([
  ["lacks it", "[]"],
  ["has it", "[[Promise.resolve(apiRoutes())]]"],
])("a project whose Vite config %s gets the plugin once", async ([, plugins = ""]) => {
  const project = createProject({
    "package.json": `{ "type": "module" }`,
    "vite.config.js": `import { apiRoutes } from "orbit-hmr/vite";
      export default { plugins: ${plugins}, define: { __DEFINED__: "7" }, optimizeDeps: { noDiscovery: true }, used: apiRoutes.name };`,
    "pages/api/a.ts": route("__DEFINED__"),
  });
  project.link(resolve("node_modules/vite"), "node_modules/vite");
  const { get } = await start({ root: project.root });
  expect(await get("/api/a")).toBe("7");
});

test("a folder that is not there, or has nothing to serve, is an error that says what to do", async () => {
  const project = createProject({ "readme.txt": "" });
  await expect(start({ root: project.path("nowhere") })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(start({ root: project.root })).rejects.toMatchObject({
    code: "NO_ROUTES",
    message: expect.stringContaining("pages/api/hello.js") as unknown,
  });
  const plugin = { apiDir: "server/routes" };
  await expect(start({ root: project.root, plugin })).rejects.toMatchObject({
    code: "NO_ROUTES",
    message: expect.stringContaining(
      "no server/routes and no index.html. Create server/routes/hello.js",
    ) as unknown,
  });
});

test("a busy port means the next one, and with strictPort an error", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const blocker = createTcpServer().listen(0, "127.0.0.1");
  onTestFinished(() => void blocker.close());
  await vi.waitFor(() => expect(blocker.listening).toBe(true));
  const { port } = blocker.address() as AddressInfo;
  await expect(start({ root: project.root, port, strictPort: true })).rejects.toMatchObject({
    code: "PORT_IN_USE",
  });
  const { get } = await start({ root: project.root, port });
  expect(await get("/api/a")).toBe("1");
});

test("reload runs everything in use again, keeps state, and is told once", async () => {
  let evaluations = 0;
  Object.assign(globalThis, { orbitTestReload: () => ++evaluations });
  const project = createProject({
    "pages/api/a.ts": `import { createStore } from "orbit-hmr/state";
      const store = createStore("orbit-test-reload", 0);
      const evaluation = orbitTestReload();
      export const GET = () => new Response([evaluation, store.update((n: number) => n + 1)].join());`,
    "pages/api/never.ts": `orbitTestReload();`,
  });
  const reports: Report[] = [];
  const served = await start({ root: project.root, onReport: (report) => reports.push(report) });
  expect(await served.get("/api/a")).toBe("1,1");
  await served.reload();
  expect(await served.get("/api/a")).toBe("2,2");
  expect(evaluations).toBe(2);
  await vi.waitFor(() => expect(reports).toHaveLength(1));
  expect(reports[0]).toMatchObject({ event: "reload", ran: ["pages/api/a.ts"], routes: ["/api/a"] });
});
