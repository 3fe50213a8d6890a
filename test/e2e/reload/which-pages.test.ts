import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { createServer as createViteServer } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { findNewestVite } from "../../../scripts/newest-vite.js";
import { apiRoutes } from "../../../src/vite/index.ts";
import { packageRoot } from "../../cli/project.ts";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
import { openPage } from "../browser.ts";
import { connected, hasValue, htmlOf, openSite, reloaded } from "./reloading.ts";

const FILES = {
  "index.html": htmlOf(`<input>index`),
  "about.html": htmlOf(`<input>about`),
  "docs/index.html": htmlOf(`<input>docs`),
  "docs/api.html": htmlOf(`<input>api`),
};

/** Mark pages that are there, and say later which of them still are. */
async function marked(tabs: readonly Page[]): Promise<void> {
  for (const tab of tabs) await tab.evaluate(() => Reflect.set(window, "isOld", true));
}

async function isOld(tab: Page): Promise<boolean> {
  return tab.evaluate(() => Reflect.has(window, "isOld"));
}

/** By the address of a page, the file that it shows. */
const PAGES: Readonly<Record<string, keyof typeof FILES>> = {
  "/": "index.html",
  "/index.html": "index.html",
  "/any/path/of/an/app": "index.html",
  "/about": "about.html",
  "/about.html?query#hash": "about.html",
  "/docs/": "docs/index.html",
  "/docs/api": "docs/api.html",
};

test.each(["/", "/shop/"])(
  "below %s an edit of a page loads the tabs again that show it, at whatever address, and no others",
  { timeout: 60_000 },
  async (base) => {
    const { served, project, tab: first } = await openSite(FILES, { config: { base } }, base);
    const tabs = new Map<string, Page>([["/", first]]);
    for (const path of Object.keys(PAGES).slice(1))
      tabs.set(path, await openPage(served.url + base.slice(0, -1) + path));
    for (const tab of tabs.values()) {
      await connected(tab);
      await tab.fill("input", "typed");
    }
    for (const file of Object.keys(FILES)) {
      await marked([...tabs.values()]);
      const own = [...tabs].flatMap(([path, tab]) => (PAGES[path] === file ? [tab] : []));
      project.write(file, htmlOf(`<input><p id="edited">${file}`));
      for (const tab of own) {
        await tab.waitForFunction(() => !Reflect.has(window, "isOld"));
        expect(await tab.textContent("#edited")).toBe(file);
        await hasValue(tab, "input", "typed");
      }
      for (const tab of tabs.values()) expect(await isOld(tab)).toBe(!own.includes(tab));
    }
    // What was told to any of them before this has come.
    const route = `export const GET = () => new Response("1")`;
    project.write("pages/api/a.ts", route);
    await served.get(`${base}api/a`);
    await marked([...tabs.values()]);
    for (const tab of tabs.values())
      await tab.evaluate(() => window.apiHMR.on("route-updated", () => Reflect.set(window, "isTold", true)));
    project.write("pages/api/a.ts", `${route};let a;`);
    for (const tab of tabs.values()) {
      await tab.waitForFunction(() => Reflect.get(window, "isTold") === true);
      expect(await isOld(tab)).toBe(true);
    }
  },
);

const viteFolders = [
  join(packageRoot, "node_modules/vite"),
  join(packageRoot, "node_modules/vite-oldest"),
  findNewestVite(),
].filter((folder) => folder !== undefined);

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

test.each(viteFolders.map((vite) => ({ vite, version: versionOf(vite) })))(
  "what Vite $version loads again keeps what is in the page, and those who listen to Vite hear of it",
  async ({ vite }) => {
    const page = htmlOf(`<input><script type="module" src="/main.js"></script>`);
    const main = `import "./part.js"; import.meta.hot.on("vite:beforeFullReload", (payload) => {
      sessionStorage.setItem("told", JSON.stringify(payload));
    });`;
    const project = createProject({
      "package.json": `{ "type": "module" }`,
      "index.html": page,
      "about.html": page,
      "main.js": main,
      "part.js": "window.part = 1;",
    });
    const served = await serveInProcess(project, vite);
    const [tab, other] = [await openPage(`${served.url}/nowhere`), await openPage(`${served.url}/about`)];
    for (const each of [tab, other]) {
      await connected(each);
      await each.fill("input", "typed");
    }
    const told = async (): Promise<unknown> =>
      tab.evaluate(() => JSON.parse(sessionStorage.getItem("told") ?? "null") as unknown);
    await reloaded(tab, () => project.write("part.js", "window.part = 2;"));
    expect(await tab.evaluate(() => Reflect.get(window, "part"))).toBe(2);
    expect(await told()).toMatchObject({ type: "full-reload", triggeredBy: project.path("part.js") });
    for (const each of [tab, other]) await hasValue(each, "input", "typed");
    await connected(other);
    await marked([other]);
    await reloaded(tab, () => project.write("index.html", `${page}<p id="edited">`));
    expect(await tab.locator("#edited").count()).toBe(1);
    expect(await told()).toMatchObject({ type: "full-reload" });
    await hasValue(tab, "input", "typed");
    expect(await isOld(other)).toBe(true);
  },
);

test("where a page has an HTML file as a text, an edit of the file loads it again", async () => {
  const files = {
    ...FILES,
    "index.html": htmlOf(`<input><script type="module" src="/main.js"></script>`),
    "main.js": `import text from "./card.html?raw"; document.body.append(text);`,
    "card.html": "one",
  };
  const { project, tab } = await openSite(files);
  await tab.fill("input", "typed");
  await reloaded(tab, () => project.write("card.html", "two"));
  expect(await tab.textContent("body")).toContain("two");
  await hasValue(tab, "input", "typed");
});

test("in a server of one's own the pages of a file are loaded again for it, and those of no known file when they have changed", async () => {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...FILES });
  const vite = await createViteServer({
    root: project.root,
    configFile: false,
    logLevel: "silent",
    appType: "custom",
    plugins: [apiRoutes()],
    server: { middlewareMode: true },
  });
  const render = async (asked: string | undefined, response: ServerResponse): Promise<void> => {
    const [url, html] =
      asked === "/rendered"
        ? ["/rendered", htmlOf(readFileSync(project.path("docs/index.html"), "utf8"))]
        : ["/about.html", readFileSync(project.path("about.html"), "utf8")];
    response.setHeader("content-type", "text/html");
    response.end(await vite.transformIndexHtml(url, html));
  };
  const server = createServer((request, response) => {
    vite.middlewares(request, response, () => {
      void render(request.url, response);
    });
  });
  onTestFinished(async () => {
    await vite.close();
    server.close();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [about, rendered] = [await openPage(`${url}/anything`), await openPage(`${url}/rendered`)];
  await connected(about);
  await connected(rendered);
  await marked([about]);
  await reloaded(rendered, () => project.write("docs/index.html", htmlOf("edited")));
  expect(await isOld(about)).toBe(true);
  await marked([rendered]);
  await reloaded(about, () => project.write("about.html", htmlOf("edited")));
  await reloaded(about, () => project.write("about.html", htmlOf("edited again")));
  expect(await isOld(rendered)).toBe(true);
});

test("a page that Vite's own client loads again keeps what is in it", async () => {
  const files = {
    "index.html": htmlOf(`<input autocomplete="off"><script type="module" src="/main.js"></script>`),
    "main.js": `import "./a.js";`,
    "a.js": `import { b } from "./b.js"; import "./c.js"; export const a = b + 1;`,
    // It cannot run before the module that it imports, and would if it were loaded alone.
    "b.js": `import { a } from "./a.js"; export const b = 1; export const use = () => a; import.meta.hot.accept();`,
    "c.js": "window.c = 1;",
  };
  const { project, tab } = await openSite(files);
  await tab.fill("input", "typed");
  await reloaded(tab, () => project.write("c.js", "window.c = 2;"));
  await hasValue(tab, "input", "typed");
  expect(await tab.evaluate(() => Reflect.get(window, "c"))).toBe(2);
});
