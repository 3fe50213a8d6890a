import type { InlineConfig, ViteDevServer } from "vite";
import { describe, expect, test } from "vitest";
import { letOptionsThrough, refuseBrokenTargets } from "../../src/vite/access-rules.ts";
import { isSameOrigin } from "../../src/session/own-endpoint.ts";
import { askRaw, serveBare } from "./support/bare-server.ts";
import type { BareServer } from "./support/bare-server.ts";

const site = {
  files: { "index.html": "<p>home</p>", "main.ts": "", "lib/db.ts": `export const db = "shared";` },
};
const preflight = (origin: string): string[] => [`Origin: ${origin}`, "Access-Control-Request-Method: PUT"];

test("a target that Connect cannot parse is refused, and the next request answered", async () => {
  const { port, server } = await serveBare(site, () => ({}));
  refuseBrokenTargets(server);
  expect(await askRaw(port, "http://[/")).toMatchObject({ status: 400 });
  expect(await askRaw(port, `http://localhost:${port}/lib/db.ts`)).toMatchObject({ status: 200 });
});

describe("OPTIONS", () => {
  const routes = {
    name: "test:routes",
    configureServer({ middlewares }: ViteDevServer) {
      middlewares.use("/api", (request, response) => void response.end(`route answered ${request.method}`));
    },
  };
  const startRoutes = (server: InlineConfig["server"] = {}): Promise<BareServer> =>
    serveBare(site, () => ({
      server,
      plugins: [routes, letOptionsThrough()],
    }));

  test.for([
    [undefined],
    [true],
    [false],
    [{ origin: "http://a.test" }],
    [{ preflightContinue: true }],
  ] as const)("reaches the route with cors: %j", async ([cors]) => {
    const { port } = await startRoutes(cors === undefined ? {} : { cors });
    expect((await askRaw(port, "/api/x", [], "OPTIONS")).body).toContain("route answered OPTIONS");
  });

  test("keeps the cors headers that Vite gives to allowed origins", async () => {
    const { port } = await startRoutes();
    const allowed = await askRaw(port, "/api/x", preflight("http://localhost:3000"), "OPTIONS");
    expect(allowed.head).toContain("access-control-allow-origin: http://localhost:3000");
    const foreign = await askRaw(port, "/api/x", preflight("http://evil.test"), "OPTIONS");
    expect(foreign.head).not.toContain("access-control-allow-origin");
  });

  test("outside the prefix is answered as Vite does", async () => {
    const { port } = await startRoutes({ cors: { optionsSuccessStatus: 200 } });
    const answer = await askRaw(port, "/main.ts", preflight("http://localhost:3000"), "OPTIONS");
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(answer.head).toContain("content-length: 0");
  });

  test("from an unknown host stops at Vite's host check", async () => {
    const { port } = await startRoutes();
    expect(await askRaw(port, "/api/x", ["Host: evil.test"], "OPTIONS")).toMatchObject({ status: 403 });
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
