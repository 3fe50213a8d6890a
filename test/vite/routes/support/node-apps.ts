import { resolve } from "node:path";
import { createProject } from "../../support/project.ts";
import type { Project } from "../../support/project.ts";

const PACKAGES = resolve(import.meta.dirname, "../../../../node_modules");

/** A project that finds the frameworks of this repository. */
export function createAppProject(files: Readonly<Record<string, string>>): Project {
  const project = createProject(files);
  for (const name of [
    "express",
    "express4",
    "connect",
    "koa",
    "fastify",
    "h3",
    "hono",
    "rxjs",
    "reflect-metadata",
    "@nestjs",
  ])
    project.link(resolve(PACKAGES, name), `node_modules/${name}`);
  return project;
}

/** The same small app in each framework, as the file of the route `/api/[[...path]]`. `word` is what an edit changes. */
export interface Framework {
  readonly name: string;
  readonly files: (word: string) => Readonly<Record<string, string>>;
}

/** Line 3 of `lib/fail.ts` throws; line 4 has a rejection. */
const FAIL = `
export function fail(kind: string): Promise<never> {
  if (kind === "sync") throw new Error("failed at once");
  return Promise.reject(new Error("failed later"));
}`;

const TSCONFIG = `{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }`;

const one =
  (text: (word: string) => string) =>
  (word: string): Readonly<Record<string, string>> => ({
    "lib/fail.ts": FAIL,
    "pages/api/[[...path]].ts": `
      import { fail } from "../../lib/fail.ts";
      ${text(word)}`,
  });

const express = (name: string) => (word: string) =>
  `
  import express from "${name}";
  let hits = 0;
  const app = express();
  app.use(express.json());
  app.get("/api/hit", (_req, res) => res.send("${word} " + ++hits));
  app.post("/api/echo", (req, res) => res.status(201).json({ got: req.body, url: req.originalUrl }));
  app.get("/api/sync", () => fail("sync"));
  app.get("/api/async", (_req, _res, next) => { fail("async").catch(next); });
  app.get("/api/stream", async (_req, res) => { for (const part of ["a", "b", "c"]) { res.write(part); await null; } res.end(); });
  export default app;`;

const nest = (create: string) => (word: string) => ({
  "tsconfig.json": TSCONFIG,
  "lib/fail.ts": FAIL,
  "lib/hits.ts": `let hits = 0; export const hit = () => ++hits;`,
  "pages/api/[[...path]].ts": `
    import "reflect-metadata";
    import { Body, Controller, Get, Module, Post, Req, Res } from "@nestjs/common";
    import { NestFactory } from "@nestjs/core";
    ${create.startsWith("fastify") ? 'import { FastifyAdapter } from "@nestjs/platform-fastify";' : ""}
    import { fail } from "../../lib/fail.ts";
    import { hit } from "../../lib/hits.ts";
    @Controller("api")
    class Api {
      @Get("hit") hit() { return "${word} " + hit(); }
      @Post("echo") echo(@Body() got: unknown, @Req() req: any) { return { got, url: req.originalUrl }; }
      @Get("sync") sync() { return fail("sync"); }
      @Get("async") async later() { await null; return fail("async"); }
      @Get("stream") async stream(@Res() reply: any) {
        const res = reply.raw ?? reply;
        if (reply.raw) reply.hijack();
        for (const part of ["a", "b", "c"]) { res.write(part); await null; }
        res.end();
      }
      id = globalThis.orbitApps?.made("${word}");
      onModuleDestroy() { globalThis.orbitApps?.closed(this.id); }
    }
    @Module({ controllers: [Api] })
    class Root {}
    const app = await NestFactory.create(Root, ${create.startsWith("fastify") ? "new FastifyAdapter(), " : ""}{ logger: false });
    export default app;`,
});

export const FRAMEWORKS: readonly Framework[] = [
  { name: "Express 5", files: one(express("express")) },
  { name: "Express 4", files: one(express("express4")) },
  {
    name: "Connect",
    files: one(
      (word) => `
      import connect from "connect";
      import { text } from "node:stream/consumers";
      let hits = 0;
      const app = connect();
      app.use("/api/hit", (_req, res) => res.end("${word} " + ++hits));
      app.use("/api/echo", async (req, res) => {
        res.statusCode = 201;
        res.end(JSON.stringify({ got: JSON.parse(await text(req)), url: req.originalUrl }));
      });
      app.use("/api/sync", () => { void fail("sync"); });
      app.use("/api/async", (_req, _res, next) => { fail("async").catch(next); });
      app.use("/api/stream", async (_req, res) => { for (const part of ["a", "b", "c"]) { res.write(part); await null; } res.end(); });
      export default app;`,
    ),
  },
  {
    name: "Koa",
    files: one(
      (word) => `
      import Koa from "koa";
      import { Readable } from "node:stream";
      import { json } from "node:stream/consumers";
      let hits = 0;
      const app = new Koa();
      app.use(async (ctx, next) => {
        if (ctx.app !== app) throw new Error("another app");
        switch (ctx.path) {
          case "/api/hit": ctx.body = "${word} " + ++hits; return;
          case "/api/echo": ctx.status = 201; ctx.body = { got: await json(ctx.req), url: ctx.originalUrl }; return;
          case "/api/sync": return fail("sync");
          case "/api/async": await null; return fail("async");
          case "/api/stream": ctx.body = Readable.from(["a", "b", "c"]); return;
          default: return next();
        }
      });
      export default app;`,
    ),
  },
  {
    name: "Fastify",
    files: one(
      (word) => `
      import Fastify from "fastify";
      import { Readable } from "node:stream";
      let hits = 0;
      const app = Fastify();
      const id = globalThis.orbitApps?.made("${word}");
      app.addHook("onClose", async () => { globalThis.orbitApps?.closed(id); });
      app.get("/api/hit", async () => "${word} " + ++hits);
      app.post("/api/echo", async (request, reply) => { reply.code(201); return { got: request.body, url: request.originalUrl }; });
      app.get("/api/sync", () => fail("sync"));
      app.get("/api/async", async () => { await null; return fail("async"); });
      app.get("/api/stream", async () => Readable.from(["a", "b", "c"]));
      export default app;`,
    ),
  },
  { name: "NestJS on Express", files: nest("express") },
  { name: "NestJS on Fastify", files: nest("fastify") },
  {
    name: "a (req, res, next) function",
    files: one(
      (word) => `
      let hits = 0;
      export default async function handler(req, res, next) {
        switch (req.url) {
          case "/api/hit": return res.send("${word} " + ++hits);
          case "/api/echo": return res.status(201).json({ got: req.body, url: req.url });
          case "/api/sync": return fail("sync");
          case "/api/async": await null; return fail("async");
          case "/api/stream": for (const part of ["a", "b", "c"]) { res.write(part); await null; } return res.end();
          default: return next();
        }
      }`,
    ),
  },
];
