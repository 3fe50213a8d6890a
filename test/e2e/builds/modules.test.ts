import { mkdirSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { soon } from "../../cli/orbiton.ts";
import { BuiltSite, says } from "./built-site.ts";

/** A page with a script of its own, that stays the same. */
const withScript = (script: string): Readonly<Record<string, string>> => ({
  "build.js": `
    import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
    mkdirSync("dist", { recursive: true });
    const title = readFileSync("src/title.txt", "utf8").trim();
    if (title.includes("broken")) process.exit(1);
    writeFileSync("dist/data.json", JSON.stringify({ title }));
    writeFileSync("dist/index.html", "<!doctype html><html><head><script>" + readFileSync("script.js", "utf8") +
      "</script></head><body><h1>" + title + "</h1><label><input id=name></label></body></html>");
  `,
  "script.js": script,
  "src/components/counter.txt": "",
});

const HANDLER = `window.told = [];
  window.__ORBIT_REGISTER_HMR_HANDLER(async (modules, apart) => {
    window.told.push(modules);
    const { title } = await (await fetch("/data.json", { cache: "no-store" })).json();
    if (title === "refused") return false;
    if (title === "thrown") throw new Error("not this one");
    document.querySelector("h1").textContent = title + " by hand";
  });`;

const told = async (page: Page): Promise<unknown> =>
  page.evaluate(() => Reflect.get(window, "told") as unknown);

test("a handler is told which modules have changed, and the page is not touched for them", async () => {
  const site = await BuiltSite.start(withScript(HANDLER));
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.mark();
  await tab.page.fill("#name", "typed");
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two by hand");
  site.project.write("src/components/counter.txt", "1");
  site.project.write("src/title.txt", "three");
  await says(tab.page, "three by hand");
  expect(await tab.isStillMarked()).toBe(true);
  expect(await tab.page.inputValue("#name")).toBe("typed");
  expect(await told(tab.page)).toEqual([["title"], ["components/counter", "title"]]);
});

test.for(["refused", "thrown"])(
  "an update that a handler has %s is a reload that keeps what was typed",
  async (title) => {
    const site = await BuiltSite.start(withScript(HANDLER));
    const tab = await site.open();
    await says(tab.page, "one");
    await tab.mark();
    await tab.page.fill("#name", "typed");
    site.project.write("src/title.txt", title);
    await says(tab.page, title);
    await expect.poll(async () => tab.isStillMarked(), soon).toBe(false);
    await expect.poll(async () => tab.page.inputValue("#name"), soon).toBe("typed");
  },
);

test("modules of a build that failed are told with the next that succeeds, and the status has them until then", async () => {
  const site = await BuiltSite.start(withScript(HANDLER));
  const tab = await site.open();
  await says(tab.page, "one");
  const build = async (): Promise<unknown> =>
    ((await site.server.fetchJson("__hmr_status")) as { readonly build: unknown }).build;
  expect(await build()).toMatchObject({ pending: [], modules: [] });
  // Folders, and files that are gone by the time of the build, are no modules.
  mkdirSync(site.project.path("src/new/folder"), { recursive: true });
  site.project.write("src/new/4913", "");
  rmSync(site.project.path("src/new/4913"));
  site.project.write("src/components/counter.txt", "1");
  site.project.write("src/title.txt", "broken");
  await expect.poll(() => site.builds.at(-1), soon).toBe("failed");
  expect(await build()).toMatchObject({ pending: ["components/counter", "title"] });
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two by hand");
  expect(await told(tab.page)).toEqual([["components/counter", "title"]]);
  expect(await build()).toMatchObject({ pending: [], modules: [{ updated: true }, { updated: true }] });
});

test("a part of a page that accepts a module by name takes it, and others are asked for nothing", async () => {
  const accept = `window.orbit.accept("title", { module: async () => {
      const { title } = await (await fetch("/data.json", { cache: "no-store" })).json();
      document.querySelector("h1").textContent = title + " accepted";
    } });`;
  const site = await BuiltSite.start(withScript(accept));
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.mark();
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two accepted");
  expect(await tab.isStillMarked()).toBe(true);
});

test("pages hear which files were saved, and what becomes of the build", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  const frames: string[] = [];
  const seen = await tab.page.context().newCDPSession(tab.page);
  await seen.send("Network.enable");
  seen.on("Network.webSocketFrameReceived", ({ response }) => frames.push(response.payloadData));
  await tab.page.reload();
  await says(tab.page, "one");
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two");
  const messages = frames
    .map((text) => JSON.parse(text) as { readonly event?: string; readonly data?: Record<string, unknown> })
    .filter(({ event }) => /^orbit:(?:fileChange|rebuild|hmr)$/.test(event ?? ""));
  expect(
    messages.map(({ event, data }) => [event, data?.["status"] ?? data?.["paths"] ?? data?.["modules"]]),
  ).toEqual([
    ["orbit:fileChange", ["src/title.txt"]],
    ["orbit:rebuild", "starting"],
    ["orbit:rebuild", "completed"],
    ["orbit:hmr", { changed: ["title"], dependents: [] }],
  ]);
});
