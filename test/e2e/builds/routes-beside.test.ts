import { expect, test } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import { BuiltSite, says } from "./built-site.ts";

// The output is what is served, the project is what runs: two roots, one server.

const ROUTES = {
  "pages/api/count.ts": `import { step } from "../../lib/step.ts";
let count = 0;
export const GET = () => Response.json({ count, greeting: process.env.GREETING ?? "none" });
export const POST = () => Response.json({ count: (count += step) });
`,
  "lib/step.ts": "export const step: number = 1;\n",
  ".env": "GREETING=hello\n",
};

test("API routes beside a build keep their state, and an edit of them builds nothing", async () => {
  const site = await BuiltSite.start(ROUTES);
  await expect.poll(() => site.builds, soon).toEqual(["completed"]);
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.mark();
  const post = async (): Promise<unknown> => site.server.fetchJson("api/count", { method: "POST" });
  expect(await post()).toEqual({ count: 1 });
  site.project.edit("pages/api/count.ts", "{ count: (", "{ mended: true, count: (");
  expect(await post()).toEqual({ mended: true, count: 2 });
  expect(await site.server.fetchJson("api/count")).toEqual({ count: 2, greeting: "hello" });
  site.project.write(".env", "GREETING=good evening\n");
  expect(await site.server.fetchJson("api/count")).toEqual({ count: 2, greeting: "good evening" });
  expect(await tab.isStillMarked()).toBe(true);
  expect(site.builds).toEqual(["completed"]);
});

test("a save of code that both use is live in both, and the state of the route stays", async () => {
  const site = await BuiltSite.start({
    ...ROUTES,
    "build.js": `
      import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
      mkdirSync("dist", { recursive: true });
      const [, step] = /= (\\d+)/.exec(readFileSync("lib/step.ts", "utf8"));
      writeFileSync("dist/index.html", "<!doctype html><html><body><h1>step " + step + "</h1></body></html>");
    `,
  });
  const tab = await site.open();
  await says(tab.page, "step 1");
  const post = async (): Promise<unknown> => site.server.fetchJson("api/count", { method: "POST" });
  expect(await post()).toEqual({ count: 1 });
  site.project.edit("lib/step.ts", "= 1", "= 10");
  await says(tab.page, "step 10");
  expect(await post()).toEqual({ count: 11 });
});

test("an error of a route and one of the build stand over the page side by side", async () => {
  const site = await BuiltSite.start(ROUTES);
  const tab = await site.open();
  await says(tab.page, "one");
  await site.server.fetchJson("api/count");
  site.project.edit("lib/step.ts", "number = 1", "number = ");
  await tab.text(/lib\/step\.ts/);
  site.project.write("src/title.txt", "broken");
  await tab.text("1 / 2");
  site.project.write("src/title.txt", "two");
  site.project.edit("lib/step.ts", "number = ", "number = 2");
  await tab.isGone();
  await says(tab.page, "two");
  expect(site.builds).toContain("failed");
});
