import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createServer, type InlineConfig, type ViteDevServer } from "vite";
import { describe, expect, onTestFinished, test } from "vitest";
import { keepSourcesPrivate, letOptionsThrough, refuseBrokenTargets } from "../../src/vite/access-rules.ts";
import { isSameOrigin } from "../../src/session/own-endpoint.ts";

const secret = "the password of the database";
const files = {
  "pages/api/users.ts": `export const secret: string = "${secret}";`,
  "pages/api/[id].ts": `export const secret: string = "${secret}";`,
  "pages/api/notes.txt": secret,
  "pages/api/help.html": `<p>${secret}</p>`,
  "pages/index.ts": `export const page = "public";`,
  "lib/db.ts": `export const db = "shared";`,
  "main.ts": `import { secret } from "./pages/api/users.ts"; console.log(secret);`,
  "index.html": "<p>home</p>",
};

async function start(config: InlineConfig = {}, links: Record<string, string> = {}): Promise<Running> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "orbit-access-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  for (const [name, target] of Object.entries(links)) await symlink(target, join(root, name));
  const server = await createServer({
    ...config,
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [config.plugins, keepSourcesPrivate(() => join(root, "pages/api"))],
    server: { port: 0, host: "127.0.0.1", watch: null, ...config.server },
  });
  onTestFinished(() => server.close());
  refuseBrokenTargets(server);
  await server.listen();
  const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
  return { server, root, port };
}

type Running = { server: ViteDevServer; root: string; port: number };
type Answer = { status: number; head: string; body: string };

/** One request with the target as it stands: `fetch` would tidy it up. */
async function ask(
  port: number,
  target: string,
  lines: readonly string[] = [],
  method = "GET",
): Promise<Answer> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString("utf8")));
  const host = lines.some((line) => line.startsWith("Host:")) ? [] : [`Host: localhost:${port}`];
  socket.write([`${method} ${target} HTTP/1.1`, ...host, "Connection: close", ...lines, "\r\n"].join("\r\n"));
  await once(socket, "close");
  const [head = "", body = ""] = text.split("\r\n\r\n");
  return { status: Number(head.slice(9, 12)), head: head.toLowerCase(), body };
}

const preflight = (origin: string): string[] => [`Origin: ${origin}`, "Access-Control-Request-Method: PUT"];
const asDocument = ["Sec-Fetch-Dest: document", "Accept: text/html"];

describe("the source of a route is not served, however it is asked for", () => {
  const targets = [
    "/pages/api/users.ts",
    "/pages/api/users.ts?raw",
    "/pages/api/users.ts?import&raw",
    "/pages/api/users.ts?raw??",
    "/pages/api/users.ts?url&inline",
    "/pages/api/users.ts?t=1#x",
    "/pages/api/users.ts?worker_file&type=module",
    "/pages/api/[id].ts",
    "/pages/api/%5Bid%5D.ts",
    "/pages/%61pi/users%2Ets",
    "/pages//api/users.ts",
    "/pages/./api/users.ts",
    "/lib/../pages/api/users.ts",
    "/pages/api/notes.txt",
    "/pages/api/notes.txt?raw",
    "/pages/api/help.html",
    "/pages/api/help",
    "/@fs/ROOT/pages/api/users.ts",
    "/@fs/ROOT/lib/%2e%2e/pages/api/users.ts",
    "/@fs//ROOT/pages/api/users.ts?raw",
    "/@id/ROOT/pages/api/users.ts",
    "/@id/__x00__/ROOT/pages/api/users.ts",
    "/ROOT/pages/api/users.ts",
    "/linked/users.ts",
    "/linked/notes.txt",
    "/linked-file.ts?raw",
    "/server/users.ts",
    "/server/notes.txt",
    "/@id/@server/users.ts",
  ];
  test.for(targets.flatMap((target) => [[target, []] as const, [target, asDocument] as const]))(
    "%s %j",
    async ([target, lines]) => {
      const links = { linked: "pages/api", "linked-file.ts": "pages/api/users.ts" };
      const alias = { "/server": "/pages/api", "@server": "/pages/api" };
      const { root, port } = await start({ resolve: { alias } }, links);
      const answer = await ask(port, target.replace("/ROOT", root), lines);
      expect(answer.body).not.toContain(secret);
      expect(answer.status === 200).toBe(answer.body.includes("<p>home</p>"));
    },
  );
});

test.for([
  ["the usual rules", {}],
  ["another base", { base: "/site/" }],
  ["file rules switched off", { server: { fs: { strict: false } } }],
] as const)("a refusal says which file and why: %s", async ([, config]) => {
  const { port } = await start(config);
  const prefix = "base" in config ? "/site" : "";
  for (const [name, lines] of [
    ["pages/api/users.ts", []],
    ["pages/api/users.ts", asDocument],
    ["pages/api/notes.txt", []],
  ] as const) {
    const answer = await ask(port, `${prefix}/${name}`, lines);
    expect(answer).toMatchObject({ status: 403 });
    expect(answer.head).toContain("cache-control: no-store");
    expect(answer.body).toContain(`${name} is code of the server`);
  }
});

test("a browser module that imports a route does not make it readable", async () => {
  const { port } = await start();
  expect((await ask(port, "/main.ts")).status).toBe(200);
  expect((await ask(port, "/pages/api/users.ts")).status).toBe(403);
  expect((await ask(port, "/pages/api/users.ts.map")).body).not.toContain(secret);
});

test("everything else is served as before", async () => {
  const { port } = await start();
  for (const target of ["/", "/pages/index.ts", "/lib/db.ts", "/lib/db.ts?raw", "/main.ts", "/pages/api/"]) {
    expect(await ask(port, target)).toMatchObject({ status: 200 });
  }
});

test("modules on the server may import what is in the folder", async () => {
  const { server } = await start();
  expect(await server.ssrLoadModule("/pages/api/users.ts")).toMatchObject({ secret });
});

test("a target that Connect cannot parse is refused, and the next request answered", async () => {
  const { port } = await start();
  expect(await ask(port, "http://[/")).toMatchObject({ status: 400 });
  expect(await ask(port, `http://localhost:${port}/lib/db.ts`)).toMatchObject({ status: 200 });
});

describe("OPTIONS", () => {
  const routes = {
    name: "test:routes",
    configureServer({ middlewares }: ViteDevServer) {
      middlewares.use("/api", (request, response) => void response.end(`route answered ${request.method}`));
    },
  };
  const startRoutes = (server: InlineConfig["server"] = {}): Promise<Running> =>
    start({ server, plugins: [letOptionsThrough((url) => url.startsWith("/api/")), routes] });

  test.for([
    [undefined],
    [true],
    [false],
    [{ origin: "http://a.test" }],
    [{ preflightContinue: true }],
  ] as const)("reaches the route with cors: %j", async ([cors]) => {
    const { port } = await startRoutes(cors === undefined ? {} : { cors });
    expect((await ask(port, "/api/x", [], "OPTIONS")).body).toContain("route answered OPTIONS");
  });

  test("keeps the cors headers that Vite gives to allowed origins", async () => {
    const { port } = await startRoutes();
    const allowed = await ask(port, "/api/x", preflight("http://localhost:3000"), "OPTIONS");
    expect(allowed.head).toContain("access-control-allow-origin: http://localhost:3000");
    const foreign = await ask(port, "/api/x", preflight("http://evil.test"), "OPTIONS");
    expect(foreign.head).not.toContain("access-control-allow-origin");
  });

  test("outside the prefix is answered as Vite does", async () => {
    const { port } = await startRoutes({ cors: { optionsSuccessStatus: 200 } });
    const answer = await ask(port, "/main.ts", preflight("http://localhost:3000"), "OPTIONS");
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(answer.head).toContain("content-length: 0");
  });

  test("from an unknown host stops at Vite's host check", async () => {
    const { port } = await startRoutes();
    expect(await ask(port, "/api/x", ["Host: evil.test"], "OPTIONS")).toMatchObject({ status: 403 });
  });
});

describe("a request is of the same origin", () => {
  test.for([
    [true, {}],
    [true, { host: "localhost:5173" }],
    [true, { host: "localhost:5173", origin: "http://localhost:5173" }],
    [true, { host: "LOCALHOST:80", origin: "http://localhost" }],
    [true, { host: "[::1]:5173", origin: "http://[::1]:5173" }],
    [true, { "sec-fetch-site": "same-origin", host: "localhost" }],
    [true, { "sec-fetch-site": "none" }],
    [true, { "sec-fetch-site": "same-origin", origin: "http://proxied.test", host: "localhost" }],
    [false, { "sec-fetch-site": "same-site", host: "localhost", origin: "http://localhost" }],
    [false, { "sec-fetch-site": "cross-site" }],
    [false, { "sec-fetch-site": "same-origin, cross-site" }],
    [false, { host: "localhost:5173", origin: "http://localhost:5174" }],
    [false, { host: "localhost:5173", origin: "http://evil.test" }],
    [false, { host: "localhost", origin: "null" }],
    [false, { host: "localhost", origin: "" }],
    [false, { host: "", origin: "file://" }],
    [false, { origin: "http://localhost" }],
    [false, { host: "%%", origin: "http://localhost" }],
    [false, { host: "localhost", origin: "not a url" }],
  ] as const)("%s %j", ([expected, headers]) => {
    expect(isSameOrigin(headers)).toBe(expected);
  });
});
