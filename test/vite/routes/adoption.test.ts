import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { InlineConfig, Plugin } from "vite";
import { createServer } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { apiRoutes } from "../../../src/vite/index.ts";
import { serveInOwnedServer } from "../support/owned-server.ts";
import { createProject, route } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { askOf, serve } from "../support/serve.ts";
import type { ServeOptions } from "../support/serve.ts";

const PAGE = { "index.html": "<p>page</p>" };
const ROUTES = {
  ...PAGE,
  "pages/api/here.ts": `
    export const GET = () => new Response("route");
    export const POST = () => new Response("route");`,
};

/** Another server, which says what it was asked. */
async function serveBackend(): Promise<string> {
  const server = createHttpServer((incoming, outgoing) => {
    void text(incoming).then((body) => outgoing.end(`backend ${incoming.method} ${incoming.url} ${body}`));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A plugin with a middleware before Vite's own, or after them. */
function answering(path: string, when: "before" | "after"): Plugin {
  return {
    name: `answers:${path}`,
    configureServer({ middlewares }) {
      const use = (): void =>
        void middlewares.use((incoming, outgoing, next) => {
          if (incoming.originalUrl === path) outgoing.end(`middleware ${when}`);
          else next();
        });
      return when === "before" ? use() : use;
    },
  };
}

test("what no route answers goes to a proxy, with its body, and what a route answers does not", async () => {
  const target = await serveBackend();
  for (const key of ["/api", "^/api/.*"]) {
    const config = { server: { proxy: { [key]: target } } };
    const { get, fetch } = await serve(createProject(ROUTES), { config });
    expect(await get("/api/here")).toBe("route");
    expect(await get("/api/there?a=1")).toBe("backend GET /api/there?a=1 ");
    expect((await fetch("/api/there", { method: "POST", body: "x".repeat(100_000) })).text).toBe(
      `backend POST /api/there ${"x".repeat(100_000)}`,
    );
    // A method that a route lacks is the route's answer all the same.
    expect((await fetch("/api/here", { method: "PUT" })).status).toBe(405);
  }
});

test("what no route answers goes to middlewares of other plugins, wherever they stand", async () => {
  const others = [answering("/api/before", "before"), answering("/api/after", "after")];
  const project = createProject({ ...ROUTES, "public/api/file.txt": "public file" });
  for (const isFirst of [true, false]) {
    const server = await createServer({
      root: project.root,
      configFile: false,
      logLevel: "silent",
      plugins: isFirst ? [apiRoutes(), others] : [others, apiRoutes()],
      optimizeDeps: { noDiscovery: true },
      server: { port: 0, host: "127.0.0.1" },
    });
    onTestFinished(async () => server.close());
    await server.listen();
    const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
    const { get } = askOf(`http://127.0.0.1:${port}`);
    expect(await get("/api/before")).toBe("middleware before");
    expect(await get("/api/after")).toBe("middleware after");
    expect(await get("/api/file.txt")).toBe("public file");
    expect(await get("/api/here")).toBe("route");
  }
});

test.each<[string, InlineConfig]>([
  ["a page for every path", {}],
  ["several pages", { appType: "mpa" }],
  ["no pages", { appType: "custom" }],
])("what nobody takes is a JSON 404 where there is %s", async (_kind, config) => {
  const project = createProject({ ...ROUTES, "api/docs/index.html": "<p>docs</p>" });
  const { fetch } = await serve(project, { config });
  for (const init of [
    {},
    { headers: { accept: "*/*" } },
    { method: "POST", body: "{}" },
    { method: "HEAD" },
  ]) {
    const { status, headers } = await fetch("/api/nobody?a=1", init);
    expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(headers.get("x-orbit-version")).toBe("0");
  }
  const page = await fetch("/api/docs/", { headers: { accept: "text/html" } });
  expect(page.status).toBe(config.appType === "custom" ? 404 : 200);
});

test("who owns the server answers what neither a route nor Vite does", async () => {
  const { get } = await serveInOwnedServer(createProject(ROUTES));
  expect(await get("/api/here")).toBe("route");
  expect(await get("/api/there")).toBe("the owner's answer");
});

async function serveAtBase(project: Project, base: string, apiPrefix?: string): ReturnType<typeof serve> {
  return serve(project, { config: { base }, plugin: apiPrefix === undefined ? {} : { apiPrefix } });
}

test.each(["/app/", "/deep/app/", "/a%C3%A4/"])(
  "routes are below the base of the project: %s",
  async (base) => {
    const project = createProject({ ...ROUTES, "lib/n.ts": "export const n = 1;" });
    const { get, fetch } = await serveAtBase(project, base);
    expect(await get(`${base}api/here`)).toBe("route");
    expect((await fetch(base)).text).toContain("<p>page</p>");
    const nobody = await fetch(`${base}api/nobody`);
    expect([nobody.status, nobody.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(nobody.json()["detail"]).toBe(`No route answers ${base}api/nobody.`);
    // Vite names the path that was meant.
    const elsewhere = await fetch("/api/here");
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.text).toContain(`${base}api/here`);
    project.write("pages/api/here.ts", route(`n`, `import { n } from "../../lib/n.ts";`));
    project.write("lib/n.ts", `export const n = 2;`);
    expect(await get(`${base}api/here`)).toBe("2");
  },
);

test.each(["./", "", "http://cdn.test/"])(
  "a base that says nothing about the server changes nothing: %j",
  async (base) => {
    const { get } = await serveAtBase(createProject(ROUTES), base);
    expect(await get("/api/here")).toBe("route");
  },
);

test("an explicit prefix is taken as it stands, and what nobody answers below it is a JSON 404", async () => {
  const { get, fetch } = await serveAtBase(createProject(ROUTES), "/app/", "/api");
  expect(await get("/api/here")).toBe("route");
  const nobody = await fetch("/api/nobody");
  expect(nobody.json()).toMatchObject({ status: 404, detail: "No route answers /api/nobody." });
  expect((await fetch("/app/api/here", { headers: { accept: "text/html" } })).text).toContain("<p>page</p>");
});

/** What users were told when the server began. */
async function told(
  files: Readonly<Record<string, string>>,
  options: ServeOptions,
): Promise<readonly string[]> {
  const { lines, server, session } = await serve(createProject(files), { ...options, listens: false });
  const messages = (): string[] => {
    session.log.flush();
    return lines.filter((line) => line.includes("[orbit]"));
  };
  const before = messages();
  // What has not changed is not told again.
  await server.restart();
  expect(messages()).toEqual(before);
  return before;
}

const target = "http://127.0.0.1:1";

test.each<[string, string, Readonly<Record<string, string>>, string]>([
  ["a prefix", "/api", { "pages/api/a.ts": "" }, "/api/a (pages/api/a.ts)"],
  ["a part of a name", "/api/us", { "pages/api/users.ts": "" }, "/api/users (pages/api/users.ts)"],
  ["a pattern", "^/api/.*", { "pages/api/a.ts": "" }, "/api/a (pages/api/a.ts)"],
  [
    "a pattern of parameters",
    String.raw`^/api/users/\w+$`,
    { "pages/api/users/[id].ts": "" },
    "/api/users/:id (pages/api/users/[id].ts)",
  ],
  [
    "what a catch-all takes",
    "/api/old",
    { "pages/api/[...rest].ts": "" },
    "/api/:rest+ (pages/api/[...rest].ts)",
  ],
  [
    "what a parameter may be",
    "/api/users/me",
    { "pages/api/users/[id].ts": "" },
    "/api/users/:id (pages/api/users/[id].ts)",
  ],
  ["several", "/api", { "pages/api/a.ts": "", "pages/api/b.ts": "" }, "/api/a (pages/api/a.ts) and 1 more"],
])("a proxy that lies over a route is told when the server begins: %s", async (_how, key, files, routes) => {
  const messages = await told(files, { config: { server: { proxy: { [key]: target } } } });
  expect(messages).toEqual([
    `[orbit] server.proxy "${key}" also takes ${routes}: routes answer first, and the proxy gets what they leave.`,
  ]);
});

test("a proxy beside the routes is no news", async () => {
  const files = { "pages/api/users/[id].ts": "", "pages/api/b.ts": "" };
  const proxy = { "/other": target, "/api/c": target, "^/api/users$": target, "/api/users2": target };
  expect(await told(files, { config: { server: { proxy } } })).toEqual([]);
});

test("an apiDir that does not exist is told when the server begins, and its routes are served once it does", async () => {
  const project = createProject(PAGE);
  const { lines, get, session } = await serve(project, {
    plugin: { apiDir: "server/routes" },
    listens: false,
  });
  session.log.flush();
  expect(lines).toEqual([
    "[orbit] There is no folder server/routes, which apiDir names: no routes are served until it is there.",
  ]);
  project.write("server/routes/a.ts", route(`"a"`));
  expect(await get("/api/a")).toBe("a");
});

test("a project without the default folders is told once what to create, and no more when it is there", async () => {
  const project = createProject(PAGE);
  const { lines, get, session, server } = await serve(project, {
    plugin: { apiPrefix: "/v1" },
    listens: false,
  });
  session.log.flush();
  const said = [
    "[orbit] There is no folder pages/api or src/pages/api, so no API routes are served. Create pages/api/hello.js, and it answers at /v1/hello.",
  ];
  expect(lines).toEqual(said);
  project.write("pages/api/hello.js", route(`"hello"`));
  expect(await get("/v1/hello")).toBe("hello");
  await server.restart();
  session.log.flush();
  expect(lines.filter((line) => line.includes("There is no folder"))).toEqual(said);
});

test.each([
  ["the second of the default folders", { "src/pages/api/a.ts": "" }, {}],
  ["a folder that apiDir names", { "server/routes/a.ts": "" }, { apiDir: "server/routes" }],
])("where routes are found, nothing is said of a missing folder: %s", async (_what, files, plugin) => {
  expect(await told({ ...PAGE, ...files }, { plugin })).toEqual([]);
});

test("a browser that asks for a path without a route gets a page with the routes that there are", async () => {
  const project = createProject({ ...ROUTES, "pages/api/users/[id].ts": "", "pages/api/<b>.ts": "" });
  const { fetch } = await serve(project);
  const {
    status,
    headers,
    text: page,
  } = await fetch("/api/nobody", {
    headers: { accept: "text/html,*/*;q=0.8" },
  });
  expect([status, headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
  expect(page).toContain("No route answers /api/nobody.");
  expect(page).toContain(
    `<a href="/api/here">/api/here</a></code> <span class="place">pages/api/here.ts</span>`,
  );
  expect(page).toContain(`<code>/api/users/:id</code>`);
  expect(page).toContain(`<a href="/api/%3Cb%3E">/api/&lt;b&gt;</a>`);
});

test("a path that is nearly that of a route is told which one was probably meant", async () => {
  const { fetch } = await serve(createProject({ ...ROUTES, "pages/api/users/[id].ts": "" }));
  const { detail } = (await fetch("/api/usres/7")).json();
  expect(detail).toBe("No route answers /api/usres/7. Did you mean /api/users/7?");
  const nothing = await serve(createProject(PAGE));
  expect((await nothing.fetch("/api/here")).json()["detail"]).toBe(
    "No route answers /api/here. There is no pages/api or src/pages/api.",
  );
});
