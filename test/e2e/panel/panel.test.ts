import { expect, test } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";
import { FILES, go, isLive, openPanel } from "./support.ts";

test("routes are there with their files and methods, and change as soon as somebody asks for one", async () => {
  const { served, tab } = await openPanel();
  await go(tab, "Routes");
  const users = tab.getByRole("listitem").filter({ hasText: "/api/users/:id" });
  await users.getByText("not asked yet").waitFor();
  await served.get("/api/users/7");
  await users.getByText("fresh").waitFor();
  expect(await users.innerText()).toMatch(/GET\s+DELETE[\s\S]*pages\/api\/users\/\[id\]\.ts/);
});

test("a save is a line of the timeline, in the words of the terminal, with why and what was kept", async () => {
  const { project, served, tab } = await openPanel();
  await served.get("/api/price");
  await go(tab, "Timeline");
  project.write("lib/price.ts", `export const price: number = 5;`);
  const line = tab.getByRole("listitem").filter({ hasText: "lib/price.ts changed → /api/price" });
  await line.getByText("reloaded").waitFor();
  await line.getByText("lib/price.ts changed → /api/price").click();
  await line.getByText("reason").waitFor();
  expect(await line.innerText()).toMatch(/reach\s+single/);
  project.write("lib/price.ts", `export const price: number = ;`);
  await tab.getByRole("listitem").filter({ hasText: "failed" }).waitFor();
  project.write("lib/price.ts", `export const price: number = 6;`);
  await tab.getByRole("listitem").filter({ hasText: "recovered" }).waitFor();
});

test("a line of the timeline says which pages have taken it in, and which have failed with it", async () => {
  const { project, served, tab } = await openPanel();
  await served.get("/api/price");
  const pages = [await openPage(`${served.url}/?one`), await openPage(`${served.url}/?two`)];
  for (const page of pages) await page.evaluate(async () => window.getHMRStatus());
  await pages[1]?.evaluate(() =>
    window.apiHMR.on("route-updated", async () => Promise.reject(new Error("no"))),
  );
  await expect.poll(async () => (await served.status()).clients).toBe(3);
  await go(tab, "Timeline");
  project.write("lib/price.ts", `export const price: number = 5;`);
  await tab.getByText("lib/price.ts changed → /api/price").click();
  const line = tab.getByRole("listitem").filter({ hasText: "lib/price.ts changed → /api/price" });
  await line.getByText("/?one has taken it in").waitFor();
  await line.getByText("/?two has failed with it").waitFor();
});

test("whoever opens the panel later sees what has happened before", async () => {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...FILES });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } } });
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = 5;`);
  await expect.poll(() => served.reports.some(({ event }) => event === "reload")).toBe(true);
  const tab = await openPage(`${served.url}/__hmr_status#/timeline`);
  await tab.getByText("lib/price.ts changed → /api/price").waitFor();
});

test("an error has its place, its code and what leads there, and goes when it is mended", async () => {
  const { project, served, tab } = await openPanel();
  await served.get("/api/price");
  await served.session.impact.build();
  await go(tab, "Errors");
  await tab.getByText("Nothing is broken.").waitFor();
  project.write("lib/price.ts", `export const price: number = ;`);
  const error = tab.getByRole("listitem").filter({ hasText: "lib/price.ts:1" });
  await error.waitFor();
  expect(await error.innerText()).toMatch(
    /> 1 \| export const price[\s\S]*pages\/api\/price\.ts → lib\/price\.ts/,
  );
  expect(await tab.title()).toBe("(1) orbit-hmr");
  project.write("lib/price.ts", `export const price: number = 6;`);
  await tab.getByText("Nothing is broken.").waitFor();
});

test("an error of a page is there with the page", async () => {
  const { served, tab } = await openPanel({
    ...FILES,
    "index.html": `<!doctype html><title>Shop</title><script>setTimeout(() => { throw new Error("no cart"); })</script>`,
  });
  await go(tab, "Errors");
  await openPage(`${served.url}/?cart=1`);
  const error = tab.getByRole("listitem").filter({ hasText: "no cart" });
  await error.waitFor();
  expect(await error.innerText()).toMatch(/while it ran[\s\S]*In the page \/\?cart=1/);
});

test("the panel goes on with a server that has restarted, and has not lost the timeline", async () => {
  const { project, served, tab } = await openPanel();
  await served.get("/api/price");
  await go(tab, "Timeline");
  project.write("lib/price.ts", `export const price: number = 5;`);
  await tab.getByText("lib/price.ts changed → /api/price").waitFor();
  await served.server.restart();
  await isLive(tab);
  await served.get("/api/price");
  project.write("pages/api/price.ts", `export const GET = () => new Response("new");`);
  await tab.getByText("pages/api/price.ts changed → /api/price").waitFor();
  expect(await tab.getByText("lib/price.ts changed → /api/price").count()).toBe(1);
});

test("pages come and go", async () => {
  const { served, tab } = await openPanel();
  await go(tab, "Pages");
  const pages = tab.getByRole("listitem");
  await pages.filter({ hasText: "this page" }).waitFor();
  const other = await openPage(`${served.url}/?cart=1`);
  await expect.poll(() => pages.filter({ hasText: "/?cart=1" }).count()).toBe(1);
  await other.close();
  await expect.poll(() => pages.filter({ hasText: "/?cart=1" }).count()).toBe(0);
});

test("a browser gets the page, and a program JSON, by the rules of the status", async () => {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...FILES });
  const served = await serve(project);
  const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  const page = await served.fetch("/__hmr_status", { headers: html });
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toMatch(/script-src 'self'; style-src 'self'/);
  expect(page.text).not.toMatch(/<script(?! [^>]*src=)|<style/);
  for (const accept of ["*/*", "application/json"]) {
    const { headers, json } = await served.fetch("/__hmr_status", { headers: { accept } });
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("vary")).toBe("accept");
    expect(json()).toMatchObject({ version: 0 });
  }
  const foreign = { ...html, "sec-fetch-site": "cross-site" };
  expect(await served.fetch("/__hmr_status", { headers: foreign })).toMatchObject({ status: 403 });
  expect(await served.fetch("/__hmr_status", { method: "POST", headers: html })).toMatchObject({
    status: 405,
  });
  const head = await served.fetch("/__hmr_status", { method: "HEAD", headers: html });
  expect(head).toMatchObject({ status: 200, text: "" });
});

test("the panel is there below a base", async () => {
  const { served, tab } = await openPanel(FILES, { config: { base: "/shop/" } }, "/shop/__hmr_status");
  await served.get("/shop/api/price");
  await go(tab, "Routes");
  await expect.poll(() => tab.getByText("fresh").count()).toBe(1);
});

test("the page does nothing that its policy forbids", async () => {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...FILES });
  const served = await serve(project);
  const tab = await openPage("about:blank");
  const problems: string[] = [];
  tab.on("console", (line) => line.type() === "error" && problems.push(line.text()));
  tab.on("pageerror", (error) => problems.push(error.message));
  await tab.goto(`${served.url}/__hmr_status`);
  await isLive(tab);
  expect(problems).toEqual([]);
});
