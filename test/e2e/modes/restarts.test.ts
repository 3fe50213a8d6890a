import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { RequestListener, ServerResponse } from "node:http";
import type { InlineConfig, ViteDevServer } from "vite";
import { expect, test } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "../restarts/lasting-page.ts";
import { sendPage, serveByOwner } from "./own-server.ts";

async function open(project: Project, url: string, route?: string): Promise<LastingPage> {
  const page = await LastingPage.open(url, (file, text) => project.write(file, text), route);
  expect(await page.ask()).toBe("1");
  return page;
}

/** Restart twice below an open page. Returns what people have in it before, and after each. */
async function restarted(page: LastingPage, restart: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [await page.afterAllIsTold()];
  for (let times = 1; times <= 2; times++) {
    await restart();
    await page.untilConnected(times + 1);
    seen.push(await page.afterAllIsTold());
  }
  return seen;
}

const ALWAYS_UNTOUCHED = [UNTOUCHED, UNTOUCHED, UNTOUCHED];

/** A key and a certificate that nobody has signed. */
function certificateIn(project: Project): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = [project.path("key.pem"), project.path("cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "2"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject],
    { stdio: "ignore" },
  );
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** What is used of express, which brings no types. */
interface ExpressApp extends RequestListener {
  use(handler: unknown): void;
  get(
    path: string,
    handler: (request: { readonly originalUrl: string }, response: ServerResponse) => unknown,
  ): void;
}

const express = createRequire(import.meta.url)("express") as () => ExpressApp;

/** Answers every page with a policy: nothing without its nonce runs, and no text becomes code. */
const strict = {
  name: "policy",
  configureServer({ middlewares }: ViteDevServer): void {
    middlewares.use((_request, response, next) => {
      response.setHeader(
        "content-security-policy",
        "default-src 'self'; script-src 'nonce-shop' 'strict-dynamic'; style-src 'self' 'nonce-shop'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      next();
    });
  },
};

test.each<[string, (project: Project) => InlineConfig, string]>([
  ["with https", (project) => ({ server: { https: certificateIn(project) } }), "/"],
  ["below a base", () => ({ base: "/app/" }), "/app/"],
  [
    "under a policy with a nonce and Trusted Types",
    () => ({ plugins: [strict], html: { cspNonce: "shop" } }),
    "/",
  ],
])("a page outlives restarts of its server %s", async (_how, configFor, path) => {
  const project = createProject({
    ...LASTING_PAGE,
    "index.html": LASTING_PAGE["index.html"].replaceAll("<script", `<script nonce="shop"`),
  });
  const config = configFor(project);
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, config });
  const origin = config.server?.https === undefined ? served.url : served.url.replace("http:", "https:");
  const page = await open(project, `${origin}${path}`, `${path}api/a`);
  expect(await restarted(page, async () => served.server.restart())).toEqual(ALWAYS_UNTOUCHED);
});

test.each([
  ["the server", {}],
  ["nobody but Vite", { ws: { port: 24_700 + (process.pid % 200) } }],
])(
  "a page of a server of one's own outlives restarts of Vite, where %s has the websocket",
  async (_who, server) => {
    const project = createProject(LASTING_PAGE);
    const { url, vite } = await serveByOwner(
      project,
      (own) => (request, response) => {
        own.middlewares(request, response, () => void sendPage(own, "/index.html", response));
      },
      server,
    );
    const page = await open(project, url);
    expect(await restarted(page, async () => vite.restart())).toEqual(ALWAYS_UNTOUCHED);
  },
);

test("pages of several entries of an express app outlive restarts of Vite", async () => {
  const project = createProject(LASTING_PAGE);
  const { url, vite } = await serveByOwner(project, (own) => {
    const app = express();
    app.use(own.middlewares);
    app.get("/", (_request, response) => sendPage(own, "/index.html", response));
    app.get("/shop/:id", (request, response) => sendPage(own, request.originalUrl, response));
    return app;
  });
  const write = (file: string, text: string): void => project.write(file, text);
  const [home, shop] = [await open(project, url), await LastingPage.open(`${url}/shop/7`, write)];
  expect(await restarted(home, async () => vite.restart())).toEqual(ALWAYS_UNTOUCHED);
  expect(await shop.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("routes of a server of one's own that were in use before a restart are in use after it", async () => {
  const project = createProject({
    ...LASTING_PAGE,
    "lib/price.js": `export const price = 1;`,
    "pages/api/a.js": `import { price } from "../../lib/price.js"; export const GET = () => new Response(String(price));`,
  });
  const { url, vite } = await serveByOwner(project, (own) => (request, response) => {
    own.middlewares(request, response, () => void sendPage(own, "/", response));
  });
  const page = await open(project, url);
  await vite.restart();
  await page.untilConnected(2);
  project.write("lib/price.js", `export const price = 2;`);
  await page.untilHeard("route-updated/api/a");
  expect(page.loads).toBe(0);
});
