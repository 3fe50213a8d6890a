import { expect, test } from "vitest";
import { FILES, open, openTab } from "./overlay-page.ts";

const BROKEN = `export const price: number = ;\n`;

test("what is broken is shown over a restart of the server, and its mending after it takes that away", async () => {
  const { project, served, tab } = await open();
  await served.get("/api/price");
  project.write("lib/price.ts", BROKEN);
  await tab.text("lib/price.ts:1:");
  await tab.mark();
  await served.server.restart();
  await tab.text("lib/price.ts:1:");
  const late = await openTab(served.url);
  await late.text("lib/price.ts:1:");
  project.write("lib/price.ts", FILES["lib/price.ts"]);
  await served.get("/api/price");
  await late.isGone();
  await tab.isGone();
  expect(tab.thrown).toEqual([]);
});

test("what is mended while the server restarts is not shown any more", async () => {
  const { project, served, tab } = await open({}, { watch: false });
  await served.get("/api/price");
  project.write("lib/price.ts", BROKEN);
  expect((await served.fetch("/api/price")).status).toBe(500);
  await tab.text("lib/price.ts:1:");
  project.write("lib/price.ts", FILES["lib/price.ts"]);
  await served.server.restart();
  await served.get("/api/price");
  await tab.isGone();
  expect(await tab.page.locator("orbit-overlay .is-failed").count()).toBe(0);
});

test("two files for one route are shown, also to a tab that comes later, until one is gone", async () => {
  const { project, served, tab } = await open();
  project.write("pages/api/price/index.ts", `export const GET = () => Response.json(2);`);
  expect(await tab.text("pages/api/price")).toContain("pages/api/price/index.ts");
  const late = await openTab(served.url);
  await late.text("pages/api/price/index.ts");
  project.remove("pages/api/price/index.ts");
  await tab.isGone();
  await late.isGone();
});

test("a module that a route asks for while it runs is shown with the route that asks", async () => {
  const { project, served, tab } = await open({
    "pages/api/price.ts": `export const GET = async () => Response.json(await import("../../lib/late.ts").then((m) => m.late, () => 0));`,
    "lib/late.ts": `export const late = 1;`,
  });
  expect(await served.get("/api/price")).toBe("1");
  project.write("lib/late.ts", `export const late = ;`);
  expect(await tab.text("lib/late.ts:1:")).toMatch(
    /Reached by\s+\/api\/price → pages\/api\/price\.ts → lib\/late\.ts/,
  );
  project.write("lib/late.ts", `export const late = 2;`);
  await tab.isGone();
  expect(await served.get("/api/price")).toBe("2");
});

test("a tab that comes after a handler has thrown has the pill, and one that comes after new code has none", async () => {
  const { project, served } = await open({
    "pages/api/price.ts": `export const GET = () => { throw new Error("No price"); };`,
  });
  await served.fetch("/api/price");
  const late = await openTab(served.url);
  await late.pillSays("1 error");
  expect(await late.card.count()).toBe(0);
  await late.pill.getByRole("button").click();
  expect(await late.text("pages/api/price.ts:1")).toContain("GET /api/price threw: No price");
  project.write("pages/api/price.ts", FILES["pages/api/price.ts"]);
  await late.isGone();
  const later = await openTab(served.url);
  await later.isReached();
  expect(await later.page.locator("orbit-overlay .is-failed").count()).toBe(0);
});

test("a config that cannot be loaded is shown until it can be", async () => {
  const text = `export default { define: { SHOP: "1" } };`;
  const files = { "vite.config.mjs": text };
  const { project, tab } = await open(files, (root) => ({
    config: { configFile: `${root}/vite.config.mjs` },
  }));
  project.write("vite.config.mjs", `export default { define: { SHOP: ;`);
  expect(await tab.text("vite.config.mjs:1:")).toContain("The config cannot be loaded");
  const late = await openTab(tab.page.url());
  await late.text("vite.config.mjs:1:");
  project.write("vite.config.mjs", text);
  await tab.isGone();
  await late.isGone();
});

test("while something is built the pill says that, and then what came of it", async () => {
  const { tab } = await open();
  const build = async (what: string | undefined): Promise<void> =>
    tab.page.evaluate((name) => {
      const hub = Reflect.get(window, Symbol.for("orbit-hmr:page@1")) as {
        problems: { setBuilding(what: string | undefined): void };
      };
      hub.problems.setBuilding(name);
    }, what);
  await build("Building the crate");
  await tab.pillSays("Building the crate");
  await build(undefined);
  await expect.poll(async () => tab.pill.textContent()).toBe("");
});
