import { expect, test, vi } from "vitest";
import { serve } from "../support/serve.ts";
import { createAppProject } from "./support/node-apps.ts";

const form = "application/x-www-form-urlencoded";

test("a Next handler finds query, body and cookies on its request, and status, json, send, redirect on its response", async () => {
  const project = createAppProject({
    "pages/api/users/[id].ts": `
      export default function handler(req, res) {
        const { query, body, cookies, method } = req;
        if (query.go) return res.redirect("/there");
        if (query.moved) return res.redirect(301, "/there");
        if (query.text) return res.status(202).send("text");
        if (query.bytes) return res.send(Buffer.from("bytes"));
        res.status(201).json({ query, body, cookies, method });
      }`,
    "pages/api/files/[[...path]].ts": `export default (req, res) => res.json(req.query);`,
  });
  const { fetch } = await serve(project);
  const plain = await fetch("/api/users/7?a=1&b=2&b=3", { headers: { cookie: "s=a%20b; t=1=2" } });
  expect(plain.status).toBe(201);
  expect(plain.json()).toEqual({
    query: { id: "7", a: "1", b: ["2", "3"] },
    cookies: { s: "a b", t: "1=2" },
    method: "GET",
  });
  const post = async (type: string, body: string): Promise<unknown> =>
    (await fetch("/api/users/7", { method: "POST", headers: { "content-type": type }, body })).json()["body"];
  expect(await post("application/json", `{"a":1}`)).toEqual({ a: 1 });
  expect(await post("application/vnd.api+json; charset=utf-8", `[1]`)).toEqual([1]);
  expect(await post(form, "a=1&b=2&b=3")).toEqual({ a: "1", b: ["2", "3"] });
  expect(await post("text/plain", "words")).toBe("words");
  expect(await post("application/octet-stream", "bytes")).toBeUndefined();
  const manual = { redirect: "manual" } as const;
  expect((await fetch("/api/users/7?go=1", manual)).headers.get("location")).toBe("/there");
  expect((await fetch("/api/users/7?moved=1", manual)).status).toBe(301);
  const text = await fetch("/api/users/7?text=1");
  expect([text.status, text.text, text.headers.get("content-type")]).toEqual([
    202,
    "text",
    "text/html; charset=utf-8",
  ]);
  expect((await fetch("/api/users/7?bytes=1")).text).toBe("bytes");
  expect((await fetch("/api/files/a/b")).json()).toEqual({ path: ["a", "b"] });
});

test("a function that has neither answered nor called next is told once, with its file", async () => {
  const project = createAppProject({
    "pages/api/silent.ts": `export default function handler(req, res) { res.statusCode = 201; return { lost: true }; }`,
  });
  const { url, reports } = await serve(project, { tuning: { silenceMs: 20 } });
  const left = new AbortController();
  const asked = fetch(`${url}/api/silent?a=1`, { signal: left.signal }).catch(() => "left");
  await vi.waitFor(() => expect(reports).toHaveLength(1));
  left.abort();
  expect(await asked).toBe("left");
  expect(reports).toEqual([
    {
      event: "notice",
      level: "warn",
      message: expect.stringMatching(
        /^\[orbit\] pages\/api\/silent\.ts has not answered GET \/api\/silent for 0\.02 s, and has not called next\(\)\. /,
      ) as unknown,
    },
  ]);
});

test.each([
  ["json", "application/json", JSON.stringify({ text: "x".repeat(200_000) })],
  ["json of another length", "application/json", "{}"],
  ["none", "application/json", ""],
  ["too long to be read ahead", "application/json", `"${"x".repeat(3_000_000)}"`],
  ["an upload", "multipart/form-data; boundary=b", "--b--"],
  ["bytes", "application/octet-stream", "x".repeat(3_000_000)],
])("a handler that reads the stream itself finds all of the body: %s", async (_what, type, body) => {
  const project = createAppProject({
    "pages/api/hook.ts": `
      import { createHash } from "node:crypto";
      export default (req, res) => {
        const hash = createHash("sha256");
        req.on("data", (chunk) => hash.update(chunk));
        req.on("end", () => res.end(hash.digest("hex")));
      };`,
    "pages/api/iterate.ts": `
      export default async (req, res) => {
        let size = 0;
        for await (const chunk of req) size += chunk.length;
        res.end(String(size));
      };`,
  });
  const { url, get } = await serve(project);
  const { createHash } = await import("node:crypto");
  const init = (sent: BodyInit): RequestInit =>
    ({ method: "POST", headers: { "content-type": type }, body: sent, duplex: "half" }) as RequestInit;
  const hash = createHash("sha256").update(body).digest("hex");
  expect(await (await fetch(`${url}/api/hook`, init(body))).text()).toBe(hash);
  expect(await (await fetch(`${url}/api/iterate`, init(body))).text()).toBe(String(body.length));
  // In pieces, without a length.
  const pieces = new ReadableStream({
    async start(controller) {
      const bytes = new TextEncoder().encode(body);
      const half = Math.floor(bytes.length / 2);
      controller.enqueue(bytes.slice(0, half));
      await get("/api/hook");
      controller.enqueue(bytes.slice(half));
      controller.close();
    },
  });
  expect(await (await fetch(`${url}/api/hook`, init(pieces))).text()).toBe(hash);
});

test("JSON that is none is the client's fault", async () => {
  const project = createAppProject({ "pages/api/a.ts": `export default (req, res) => res.json(req.body);` });
  const { fetch } = await serve(project);
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/api/a", { method: "POST", headers, body: "{" });
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ title: "Bad Request", detail: "Expected the body to be JSON." });
});

test("a method's own function may be of that kind too, and a response it returns is sent", async () => {
  const project = createAppProject({
    "pages/api/a.ts": `
      export const GET = (req, res) => { res.end("by node " + req.method); };
      export const POST = (request, { params }) => new Response("web");
      export const PUT = (req, res) => req.url === "/api/a?late" ? res.end("late") : new Response("returned");`,
  });
  const { get, fetch } = await serve(project);
  expect(await get("/api/a")).toBe("by node GET");
  expect((await fetch("/api/a", { method: "HEAD" })).status).toBe(200);
  expect((await fetch("/api/a", { method: "POST" })).text).toBe("web");
  expect((await fetch("/api/a", { method: "PUT" })).text).toBe("returned");
  expect((await fetch("/api/a", { method: "DELETE" })).status).toBe(405);
});

test("nodeHandler mounts an app below a path, and what lies elsewhere or is left finds its URL as it was", async () => {
  const project = createAppProject({
    "pages/api/old/[[...path]].ts": `
      import express from "express";
      import { nodeHandler } from "orbit-hmr/node";
      const app = express();
      app.get("/hello", (req, res) => res.json([req.url, req.baseUrl, req.originalUrl]));
      export default nodeHandler(app, { base: "/api/old" });`,
    "pages/api/else/[[...path]].ts": `
      import { nodeHandler } from "orbit-hmr/node";
      export default nodeHandler((req, res) => answer(res), { base: "/api/elsewhere" });
      const answer = (res) => res.end("never");`,
    "pages/api/wrapped.ts": `
      import { nodeHandler } from "orbit-hmr/node";
      const withUser = (handler) => (...args) => handler(...args);
      export default nodeHandler(withUser((req, res) => res.json({ id: req.query.id })));`,
    "public/api/old/file.txt": "public",
  });
  const { fetch } = await serve(project);
  expect((await fetch("/api/old/hello?a=1")).json()).toEqual([
    "/hello?a=1",
    "/api/old",
    "/api/old/hello?a=1",
  ]);
  expect((await fetch("/api/old/file.txt")).text).toBe("public");
  expect((await fetch("/api/old")).json()).toMatchObject({ detail: "No route answers /api/old." });
  expect((await fetch("/api/else/x")).status).toBe(404);
  expect((await fetch("/api/wrapped?id=3")).json()).toEqual({ id: "3" });
});

test("what is not recognised gets an error that says which forms are", async () => {
  const forms = /Hono.*Express, Connect, Koa, Fastify, NestJS.*\(req, res\).*nodeHandler/;
  const project = createAppProject({
    "pages/api/object.ts": `export default { title: "page" };`,
    "pages/api/silent.ts": `
      const answer = (req, res) => { void res; };
      export default (req, res) => answer(req, res);`,
    "pages/api/threw.ts": `
      const answer = (res) => res.setHeader("a", "b");
      export default (req, res) => answer(res);`,
    "pages/api/own.ts": `export const GET = (request) => request.nothing.setHeader("a", "b");`,
  });
  const { fetch } = await serve(project);
  for (const path of ["object", "silent", "threw"]) {
    const { status, text } = await fetch(`/api/${path}`);
    expect([path, status]).toEqual([path, 500]);
    expect(text).toMatch(forms);
  }
  expect((await fetch("/api/own")).text).not.toMatch(forms);
});

test("an answer that breaks off is cut, and the next request is answered", async () => {
  const project = createAppProject({
    "pages/api/half.ts": `export default async (req, res) => { res.write("half"); await null; throw new Error("no more"); };`,
    "pages/api/a.ts": `export default (req, res) => res.end("fine");`,
  });
  const { fetch, get } = await serve(project);
  await expect(fetch("/api/half")).rejects.toThrow(/failed|terminated/);
  expect(await get("/api/a")).toBe("fine");
});

const KEPT = "two 2";
// What CommonJS keeps is told elsewhere.
const FRESH = expect.stringMatching(/^two [12]$/) as string;

test.each<[string, Readonly<Record<string, string>>, string, string]>([
  [
    "from a file of its own",
    {
      "pages/api/[[...path]].ts": `export { default } from "../../server/app.ts";`,
      "server/app.ts": `
        import express from "express";
        let hits = 0;
        const app = express();
        app.get("/api/hit", (req, res) => res.send("one " + ++hits));
        export default app;`,
    },
    "server/app.ts",
    KEPT,
  ],
  [
    "with routers from other files, of which one is edited",
    {
      "pages/api/[[...path]].ts": `
        import express from "express";
        import { router } from "../../server/router.ts";
        export default express().use("/api", router);`,
      "server/router.ts": `
        import { Router } from "express";
        let hits = 0;
        export const router = Router();
        router.get("/hit", (req, res) => res.send("one " + ++hits));`,
    },
    "server/router.ts",
    KEPT,
  ],
  [
    "in CommonJS",
    {
      "pages/api/[[...path]].cjs": `
        const express = require("express");
        let hits = 0;
        const app = express();
        app.get("/api/hit", (req, res) => res.send("one " + ++hits));
        module.exports = app;`,
    },
    "pages/api/[[...path]].cjs",
    FRESH,
  ],
  [
    "in CommonJS, as a function of Next's kind",
    {
      "pages/api/hit.cjs": `
        let hits = 0;
        module.exports = (req, res) => res.send("one " + ++hits);`,
    },
    "pages/api/hit.cjs",
    FRESH,
  ],
])(
  "an app is hot wherever it stands, and nobody needs the watcher: %s",
  async (_where, files, edited, answer) => {
    const project = createAppProject(files);
    const { get } = await serve(project, { watch: false });
    expect(await get("/api/hit")).toBe("one 1");
    project.write(edited, (files[edited] ?? "").replace("one", "two"));
    expect(await get("/api/hit")).toEqual(answer);
  },
);

test("an error after the answer is told, and takes nothing of the answer away", async () => {
  const project = createAppProject({
    "pages/api/a.ts": `export default async (req, res) => { res.end("x".repeat(30_000_000)); throw new Error("too late"); };`,
  });
  const { get, reports } = await serve(project);
  expect((await get("/api/a")).length).toBe(30_000_000);
  await vi.waitFor(() =>
    expect(reports.filter(({ event }) => event === "error")).toMatchObject([
      { message: expect.stringContaining("too late") as string },
    ]),
  );
});
