import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Settlement } from "../../../src/protocol/settlement.ts";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";
import { LASTING_PAGE, LastingPage } from "../restarts/lasting-page.ts";

async function open(files: Readonly<Record<string, string>> = {}): Promise<{
  readonly project: Project;
  readonly served: Served;
  readonly page: LastingPage;
  readonly settle: () => Promise<Settlement>;
  readonly textOf: (tab: Page) => Promise<string | null>;
}> {
  const project = createProject({ ...LASTING_PAGE, ...files });
  const served = await serve(project);
  await served.get("/api/a");
  const page = await LastingPage.open(served.url, (file, text) => project.write(file, text));
  const settle = async (): Promise<Settlement> => {
    const { json } = await served.fetch("/__hmr_settle?tabs", {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    return json() as unknown as Settlement;
  };
  return { project, served, page, settle, textOf: async (tab) => tab.textContent("#text") };
}

test("who settles with tabs finds in every page what was saved", async () => {
  const { project, served, page, settle, textOf } = await open();
  const other = await LastingPage.open(`${served.url}/?other`, (file, text) => project.write(file, text));
  for (let save = 0; save < 10; save++) {
    project.write("src/word.js", `export const word = "save ${save}";`);
    expect(await settle()).toMatchObject({
      ok: true,
      tabs: [
        { url: "/", result: "applied", errors: [] },
        { url: "/?other", result: "applied", errors: [] },
      ],
    });
    expect([await textOf(page.tab), await textOf(other.tab)]).toEqual([
      `one save ${save}`,
      `one save ${save}`,
    ]);
  }
});

test("a page that has to be loaded again is waited for", async () => {
  const { project, page, settle, textOf } = await open({
    "src/text.js": `import { word } from "./word.js"; import.meta.hot.decline(); export const text = "one " + word;`,
    "index.html": LASTING_PAGE["index.html"].replace("import.meta.hot.accept", "(() => {})"),
  });
  project.write("src/word.js", `export const word = "again";`);
  expect(await settle()).toMatchObject({ ok: true, tabs: [{ url: "/", result: "reloaded" }] });
  expect(await textOf(page.tab)).toBe("one again");
});

test("a page in which what was saved throws says so", async () => {
  const { project, page, settle } = await open();
  // As in a page that has loaded a lot: the browser keeps no more of what is loaded.
  await page.tab.evaluate(() => performance.setResourceTimingBufferSize(0));
  project.write("src/text.js", `export const text = "two"; throw new Error("not like this");`);
  expect(await settle()).toMatchObject({
    ok: false,
    tabs: [
      {
        url: "/",
        result: "failed",
        errors: expect.arrayContaining([expect.stringContaining("not like this")]),
      },
    ],
  });
  project.write("src/text.js", LASTING_PAGE["src/text.js"]);
  expect(await settle()).toMatchObject({ ok: true, tabs: [{ result: "applied" }] });
});

test("what listeners of the page do with an update is waited for", async () => {
  const { project, page, settle } = await open();
  await page.tab.evaluate(() => {
    window.apiHMR.on("route-updated", async () => {
      const answer = await fetch("/api/a");
      await new Promise((resolve) => requestAnimationFrame(resolve));
      document.title = await answer.text();
    });
  });
  project.write("pages/api/a.js", `export const GET = () => new Response("fresh");`);
  expect(await settle()).toMatchObject({ ok: true, tabs: [{ result: "applied" }] });
  expect(await page.tab.title()).toBe("fresh");
});

test("a page in which a listener rejects says so, in its console as well", async () => {
  const { project, page, settle } = await open();
  await page.tab.evaluate(() => {
    window.apiHMR.on("route-updated", async () => {
      await fetch("/api/a");
      throw new Error("not shown");
    });
  });
  const logged = page.tab.waitForEvent("console", (line) => line.type() === "error");
  project.write("pages/api/a.js", `export const GET = () => new Response("fresh");`);
  const errors = [`A listener of "route-updated" has thrown: not shown`];
  expect(await settle()).toMatchObject({ ok: false, tabs: [{ result: "failed", errors }] });
  expect((await logged).text()).toContain("not shown");
});

test("an edit of HTML that is put into the page is applied", async () => {
  const { project, page, settle } = await open();
  const html = LASTING_PAGE["index.html"].replace("</body>", "<p>edited</p></body>");
  expect(html).not.toBe(LASTING_PAGE["index.html"]);
  project.write("index.html", html);
  // Vite has to see it: that is what an edit of HTML waits for.
  await page.tab.waitForSelector("text=edited");
  expect(await settle()).toMatchObject({ ok: true, tabs: [{ result: "applied" }] });
});

test("a page that says nothing is named, and one that nobody sees is not waited for", async () => {
  const { served, page, settle } = await open();
  void page.tab.evaluate(() => {
    const end = performance.now() + 7_000;
    while (performance.now() < end);
  });
  await expect
    .poll(async () => (await settle()).tabs, { timeout: 20_000 })
    .toEqual([{ url: "/", result: "silent", errors: [] }]);
  expect((await served.status()).tabs).toEqual([{ url: "/", isVisible: true }]);
});

test("without a page there is nothing to wait for", async () => {
  const project = createProject(LASTING_PAGE);
  const served = await serve(project);
  const { json } = await served.fetch("/__hmr_settle?tabs", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  expect(json()).toMatchObject({ ok: true, tabs: [] });
  const tab = await openPage(served.url);
  await tab.close();
});
