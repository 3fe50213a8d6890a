import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { ViteDevServer } from "vite";
import { expect, test } from "vitest";
import { findNewestVite } from "../../../scripts/newest-vite.js";
import { packageRoot } from "../../cli/project.ts";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "../restarts/lasting-page.ts";
import { connected, openSite, patchableHtmlOf, reloaded } from "../reload/reloading.ts";
import { serveByOwner } from "../modes/own-server.ts";
import { openPage } from "../browser.ts";

const html = LASTING_PAGE["index.html"];
const edited = (words: string): string => html.replace("</body>", `<p class="${words}">${words}</p></body>`);

const newest = findNewestVite();
const folders = {
  newest: newest ?? join(packageRoot, "node_modules/vite"),
  oldest: join(packageRoot, "node_modules/vite-oldest"),
};

test.each(Object.entries(folders))(
  "an edit is put into a page with scripts and styles that were updated before, also after a restart, with the %s Vite",
  { timeout: 60_000 },
  async (_which, vite) => {
    const project = createProject(LASTING_PAGE);
    const served = await serveInProcess(project, vite);
    const page = await LastingPage.open(served.url, (file, text) => project.write(file, text));
    expect(await page.ask()).toBe("1");
    project.write("src/word.js", `export const word = "two";`);
    await page.untilShown("one two");
    project.write("style.css", "body { color: rgb(2, 2, 2); }");
    await page.tab.waitForFunction(() => getComputedStyle(document.body).color === "rgb(2, 2, 2)");
    project.write("index.html", edited("first"));
    await page.tab.waitForSelector(".first");
    served.restart();
    await page.untilConnected(2);
    project.write("index.html", edited("second"));
    await page.tab.waitForSelector(".second");
    expect(await page.tab.locator("p").count()).toBe(2);
    expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
    // What stands in the page as a script is no text of it.
    const code = edited("second").replace("show(text);", `show("other code");`);
    const loaded = page.tab.waitForEvent("load");
    project.write("index.html", code);
    await loaded;
    await page.untilShown("other code");
  },
);

test("what a server of one's own has put into the page stays", async () => {
  const project = createProject({
    "package.json": `{ "type": "module" }`,
    "index.html": patchableHtmlOf(`<h1>one</h1><main><!--app--></main>`),
  });
  const render = async (vite: ViteDevServer, response: ServerResponse): Promise<void> => {
    const template = readFileSync(project.path("index.html"), "utf8");
    const finished = await vite.transformIndexHtml("/index.html", template);
    response.setHeader("content-type", "text/html");
    response.end(finished.replace("<!--app-->", `<b>rendered ${Math.random()}</b>`));
  };
  const { url } = await serveByOwner(project, (vite) => (request, response) => {
    vite.middlewares(request, response, () => void render(vite, response));
  });
  const tab = await openPage(`${url}/any`);
  await connected(tab);
  const rendered = await tab.textContent("b");
  project.write("index.html", patchableHtmlOf(`<h1>two</h1><main><!--app--></main>`));
  await tab.waitForFunction(() => document.querySelector("h1")?.textContent === "two");
  expect(await tab.textContent("b")).toBe(rendered);
});

test.each([
  ["a base", { base: "/shop/" }, "/shop/"],
  ["a nonce", { html: { cspNonce: "n" } }, "/"],
])("an edit is put into a page with %s", async (_which, config, path) => {
  const { project, tab } = await openSite({ "index.html": patchableHtmlOf("<p>one</p>") }, { config }, path);
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  project.write("index.html", patchableHtmlOf(`<p>two</p>`, `<style>p { width: 7px }</style>`));
  await tab.waitForFunction(() => document.querySelector("p")?.textContent === "two");
  expect(await tab.evaluate(() => Reflect.has(window, "isOld"))).toBe(true);
  expect(await tab.evaluate(() => getComputedStyle(document.querySelector("p") ?? document.body).width)).toBe(
    "7px",
  );
});

test("where a policy forbids to read HTML the page is loaded again", async () => {
  const policy = `<meta http-equiv="content-security-policy" content="require-trusted-types-for 'script'">`;
  const { project, tab } = await openSite({ "index.html": patchableHtmlOf("<p>one</p>", policy) });
  await reloaded(tab, () => project.write("index.html", patchableHtmlOf("<p>two</p>", policy)));
  expect(await tab.textContent("p")).toBe("two");
});

test("of two edits right after each other the last is what the page has", async () => {
  const { project, tab } = await openSite({ "index.html": patchableHtmlOf("<p>0</p>") });
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  for (let edit = 1; edit <= 10; edit++) {
    project.write("index.html", patchableHtmlOf(`<p>${edit}</p>${"<i></i>".repeat(edit)}`));
    project.write("index.html", patchableHtmlOf(`<p>${edit}, twice</p>`));
    await tab.waitForFunction((text) => document.querySelector("p")?.textContent === text, `${edit}, twice`);
    expect(await tab.locator("i").count()).toBe(0);
  }
  expect(await tab.evaluate(() => Reflect.has(window, "isOld"))).toBe(true);
});
