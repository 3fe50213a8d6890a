import { createServer as createHttpServer, request as ask } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import type { ViteDevServer } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";
import { LASTING_PAGE } from "../restarts/lasting-page.ts";
import { sendPage, serveByOwner } from "./own-server.ts";

interface Visit {
  readonly tab: Page;
  /** What the page has written to its console. */
  readonly lines: string[];
  readonly ours: () => readonly string[];
  readonly until: (text: string) => Promise<void>;
}

/** Open a page without missing anything that it says. */
async function visit(url: string, prepare?: (tab: Page) => Promise<unknown>): Promise<Visit> {
  const tab = await openPage("about:blank");
  const lines: string[] = [];
  tab.on("console", (line) => lines.push(line.text()));
  await prepare?.(tab);
  await tab.goto(url);
  const until = async (text: string): Promise<void> =>
    expect.poll(() => lines.some((line) => line.includes(text)), { timeout: 15_000 }).toBe(true);
  return { tab, lines, ours: () => lines.filter((line) => line.startsWith("[orbit]")), until };
}

async function listening(http: Server): Promise<number> {
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  return (http.address() as AddressInfo).port;
}

/** A proxy that knows nothing of websockets. */
async function proxyTo(port: number): Promise<string> {
  const http = createHttpServer((incoming, outgoing) => {
    const { method, url } = incoming;
    // They are for the next hop only, unless a proxy knows what they mean.
    const headers = { ...incoming.headers };
    delete headers.connection;
    delete headers.upgrade;
    const onward = ask({ port, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  return `http://127.0.0.1:${await listening(http)}`;
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const http = createHttpServer();
  const port = await listening(http);
  await new Promise((closed) => http.close(closed));
  return port;
}

const policy = {
  name: "policy",
  configureServer({ middlewares }: ViteDevServer): void {
    middlewares.use((_request, response, next) => {
      response.setHeader("content-security-policy", "connect-src https://shop.example");
      next();
    });
  },
};

test("a page whose policy forbids the websocket says which directive has to allow what, once", async () => {
  const served = await serve(createProject(LASTING_PAGE), { config: { plugins: [policy] } });
  const { ours, until } = await visit(served.url);
  await until("hears nothing of the dev server");
  expect(ours()).toHaveLength(1);
  expect(ours()[0]).toContain(
    `its Content-Security-Policy forbids the connection. Let connect-src allow ${served.url.replace("http", "ws")},`,
  );
});

test("a page behind a proxy without websockets says where it has tried, once, and what to do", async () => {
  const port = await closedPort();
  const { url } = await serveByOwner(
    createProject(LASTING_PAGE),
    (vite) => (request, response) => {
      vite.middlewares(request, response, () => void sendPage(vite, "/", response));
    },
    // The websocket is at a server to which no way leads.
    { ws: { server: createHttpServer() }, host: "127.0.0.1", port },
  );
  const { ours, until } = await visit(url);
  await until("hears nothing of the dev server");
  expect(ours()).toHaveLength(1);
  expect(ours()[0]).toContain(
    `no websocket can be opened at ${url.replace("http", "ws")}/ and at ws://127.0.0.1:${port}/.`,
  );
  expect(ours()[0]).toContain("server.ws.clientPort");
  expect(ours()[0]).not.toContain("token");
});

/** Makes time pass in a page, so that whatever would be said later is said now. */
async function passTime(tab: Page): Promise<void> {
  await tab.clock.runFor(10_000);
}

test("a page that reaches its server past the proxy says nothing", async () => {
  // Vite's client knows the port of the config.
  const port = await closedPort();
  await serve(createProject(LASTING_PAGE), { config: { server: { port } } });
  const proxy = await proxyTo(port);
  const { tab, ours } = await visit(proxy, async (page) => page.clock.install());
  await tab.waitForFunction(() => window.toldSoFar.includes("connected"));
  await passTime(tab);
  expect(ours()).toEqual([]);
});

test("a page of a server that is to have no websocket says nothing", async () => {
  const served = await serve(createProject(LASTING_PAGE), { config: { server: { ws: false } } });
  const { tab, ours, until } = await visit(served.url, async (page) => page.clock.install());
  await until("failed to connect to websocket");
  await passTime(tab);
  expect(ours()).toEqual([]);
  expect(
    await tab.evaluate(async () => (await window.getHMRStatus()).routes.map(({ path }) => path)),
  ).toEqual(["/api/a"]);
});

test("where Vite is to update nothing, pages hear of routes all the same", async () => {
  const project = createProject(LASTING_PAGE);
  const served = await serve(project, {
    plugin: { hmr: { debounceMs: 10 } },
    config: { server: { hmr: false } },
  });
  const { tab, ours } = await visit(served.url);
  await tab.waitForFunction(() => window.toldSoFar.includes("connected"));
  await served.get("/api/a");
  project.write("pages/api/a.js", `export const GET = () => new Response("2");`);
  await tab.waitForFunction(() => window.toldSoFar.includes("route-updated/api/a"));
  expect(ours()).toEqual([]);
});
