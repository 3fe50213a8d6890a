import { expect, test } from "vitest";
import { serve } from "../support/serve.ts";
import { createAppProject } from "./support/node-apps.ts";

test.each([
  [
    "an H3 app",
    `import { H3 } from "h3"; const app = new H3(); app.get("/api/**", (event) => "h3 " + event.url.pathname); export default app;`,
  ],
  [
    "a handler of h3's, which is a function",
    `import { defineHandler } from "h3"; export default defineHandler((event) => "h3 " + event.url.pathname);`,
  ],
  [
    "such a function for one method",
    `import { defineHandler } from "h3"; export const GET = defineHandler((event) => "h3 " + event.url.pathname);`,
  ],
  [
    "a Hono app",
    `import { Hono } from "hono"; const app = new Hono(); app.all("/api/*", (c) => c.text("h3 " + c.req.path)); export default app;`,
  ],
  [
    "a function with handle, use and fetch, as GraphQL servers are",
    `
    const fetch = (request) => new Response("h3 " + new URL(request.url).pathname);
    export default Object.assign((req, res) => res.end("by node"), { fetch, handle() {}, use() {} });`,
  ],
  [
    "anything with fetch",
    `export default { fetch: (request) => new Response("h3 " + new URL(request.url).pathname) };`,
  ],
])("%s is asked by its fetch", async (_what, text) => {
  const { get } = await serve(createAppProject({ "pages/api/[[...path]].ts": text }));
  expect(await get("/api/x")).toBe("h3 /api/x");
});

test("an app finds the environment, the parameters and Node's own request in its bindings", async () => {
  const project = createAppProject({
    ".env": "GREETING=hello\n",
    "pages/api/[name].ts": `
      import { Hono } from "hono";
      const app = new Hono();
      app.get("*", (c) => {
        const { GREETING, params, incoming, outgoing } = c.env;
        return c.json([GREETING, params, incoming.method, outgoing.headersSent, Object.keys(c.env).sort()]);
      });
      export default app;`,
  });
  const { get } = await serve(project);
  const own = ["incoming", "outgoing", "params"];
  expect(JSON.parse(await get("/api/ada"))).toEqual(["hello", { name: "ada" }, "GET", false, own]);
  expect(process.env["incoming"]).toBeUndefined();
  project.write(".env", "GREETING=goodbye\n");
  expect(JSON.parse(await get("/api/ada"))).toEqual(["goodbye", { name: "ada" }, "GET", false, own]);
});
