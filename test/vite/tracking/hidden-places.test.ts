import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";

/** Places of a package where what a bus is told is kept, and nobody can look. */
const buses: Readonly<Record<string, string>> = {
  "in a variable around it": `export const createBus = () => { const all = []; return { on: (run) => { all.push(run); }, ask: () => all.map((run) => run()) }; };`,
  "in a variable that gets another value": `export const createBus = () => { let all = []; return { on(run) { all = [...all, run]; }, ask() { return all.map((run) => run()); } }; };`,
  "in a linked list": `export const createBus = () => { let last; return { on: (run) => { last = { run, next: last }; }, ask: () => { const all = []; for (let at = last; at; at = at.next) all.unshift(at.run()); return all; } }; };`,
  "by a function around it": `export const createBus = () => { const all = []; const keep = (run) => { all.push(run); }; return { on: (run) => keep(run), ask: () => all.map((run) => run()) }; };`,
  "by a pattern": `export const createBus = () => { let last; return { on: (run) => { [last] = [{ run, next: last }]; }, ask: () => { const all = []; for (let at = last; at; at = at.next) all.unshift(at.run()); return all; } }; };`,
  "by functions that call each other": `export const createBus = () => { const all = []; function add(run, left) { return left > 0 ? again(run, left - 1) : all.push(run); } function again(run, left) { return add(run, left); } return { on: (run) => { again(run, 1); }, off: (run) => { add(run, 0); }, ask: () => all.map((run) => run()) }; };`,
  "by a bound function": `export const createBus = () => { const all = []; return { on: all.push.bind(all), ask: () => all.map((run) => run()) }; };`,
  "as a function": `export const createBus = () => { const all = []; return Object.assign((run) => { all.push(run); }, { on: (run) => { all.push(run); }, ask: () => all.map((run) => run()) }); };`,
};

describe.for([{ format: "ESM" }, { format: "CommonJS" }])("of a package in $format", ({ format }) => {
  const isModule = format === "ESM";
  test.for(Object.entries(buses))(
    "what is kept %s is as new as the module that has put it there",
    async ([, bus]) => {
      const project = createProject({
        "node_modules/bus/package.json": `{ "name": "bus", "type": "${isModule ? "module" : "commonjs"}", "exports": "./index.js" }`,
        "node_modules/bus/index.js": isModule
          ? bus
          : bus.replace("export const createBus =", "exports.createBus ="),
        "lib/bus.ts": `import { createBus } from "bus"; export const bus = createBus();`,
        "lib/one.ts": `import { bus } from "./bus.ts"; bus.on(() => "one");`,
        "lib/two.ts": `import { bus } from "./bus.ts"; bus.on(() => "two");`,
        "pages/api/a.ts": `import "../../lib/one.ts"; import "../../lib/two.ts"; import { bus } from "../../lib/bus.ts";
        export const GET = () => new Response(bus.ask().join());`,
      });
      const { get } = await serve(project, { watch: false });
      expect(await get("/api/a")).toBe("one,two");
      project.write("lib/one.ts", `import { bus } from "./bus.ts"; bus.on(() => "three");`);
      expect(await get("/api/a")).toBe("three,two");
    },
  );
});

/** A part of an app: its handlers, and what composes them. */
const feature = (name: string): Readonly<Record<string, string>> => ({
  [`src/${name}/handlers.ts`]: `import { ${name} } from "../schema.ts"; import { factory } from "../factory.ts";
    export const list = factory.createHandlers((c) => c.json({ ${name}: c.get("db").select(${name}) }));`,
  [`src/${name}/middleware.ts`]: `import { factory } from "../factory.ts"; export const count = { requests: 0 };
    export const counted = factory.createMiddleware(async (_c, next) => { count.requests++; await next(); });`,
  [`src/${name}/routes.ts`]: `import { factory } from "../factory.ts"; import { list } from "./handlers.ts"; import { count, counted } from "./middleware.ts";
    export const app = factory.createApp().use(counted).get("/", ...list).get("/count", (c) => c.json(count.requests));`,
  [`src/${name}/index.ts`]: `export { app as ${name}App } from "./routes.ts";`,
});

test("an app that is composed of others is built anew where it holds what was edited, and nowhere else", async () => {
  const project = createProject({
    "src/env.ts": `export const env = { url: process.env["ORBIT_TEST_URL"] ?? "memory" };`,
    "src/schema.ts": `const tables = new Map(); const table = (name: string) => { tables.set(name, name); return { name }; };
      export const users = table("users"); export const posts = table("posts");`,
    "src/client.ts": `import { EventEmitter } from "node:events"; import { env } from "./env.ts"; import * as schema from "./schema.ts";
      class Client extends EventEmitter { readonly of = schema; readonly url = env.url; query(name: string) { return [name]; } end() { this.emit("end"); } }
      export const client = new Client(); export const db = { select: (table: { name: string }) => client.query(table.name) };`,
    "src/factory.ts": `import { createFactory } from "hono/factory"; import { db } from "./client.ts";
      export const factory = createFactory<{ Variables: { db: typeof db } }>({ initApp: (app) => { app.use(async (c, next) => { c.set("db", db); await next(); }); } });`,
    ...feature("users"),
    ...feature("posts"),
    "src/app.ts": `import { factory } from "./factory.ts"; import { usersApp } from "./users/index.ts"; import { postsApp } from "./posts/index.ts";
      export const app = factory.createApp().basePath("/api").route("/users", usersApp).route("/posts", postsApp);`,
    "pages/api/[[...path]].ts": `import { app } from "../../src/app.ts"; export default (request: Request) => app.fetch(request);`,
  });
  project.link(path.resolve(import.meta.dirname, "../../../node_modules/hono"), "node_modules/hono");
  const { get, reports } = await serve(project, { plugin: { hmr: { debounceMs: 20 } } });
  expect(await get("/api/users")).toBe(`{"users":["users"]}`);
  expect(await get("/api/posts")).toBe(`{"posts":["posts"]}`);
  project.write(
    "src/users/handlers.ts",
    (feature("users")["src/users/handlers.ts"] ?? "").replace("{ users:", "{ all:"),
  );
  expect(await get("/api/users")).toBe(`{"all":["users"]}`);
  expect(await get("/api/users/count")).toBe("3");
  await vi.waitFor(() =>
    expect(reports).toMatchObject([
      { ran: ["src/users/handlers.ts", "src/users/routes.ts", "src/app.ts"], closed: [] },
    ]),
  );
});
