import { expect, test, vi } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served } from "../../vite/support/serve.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "./lasting-page.ts";

async function open(
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly project: Project; readonly served: Served; readonly page: LastingPage }> {
  const project = createProject({ ...LASTING_PAGE, ...files });
  const configFile = "vite.config.js" in files && project.path("vite.config.js");
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, config: { configFile } });
  await served.get("/api/a");
  const page = await LastingPage.open(served.url, (file, text) => project.write(file, text));
  return { project, served, page };
}

test("a page outlives restarts of Vite: what is typed stays, and everything arrives that is saved afterwards", async () => {
  const { served, page } = await open();
  for (let restart = 1; restart <= 3; restart++) {
    await served.server.restart();
    await page.untilConnected(restart + 1);
    expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  }
});

test("many pages of one server outlive its restarts", { timeout: 60_000 }, async () => {
  const { project, served, page } = await open();
  const pages = [page];
  while (pages.length < 4)
    pages.push(await LastingPage.open(served.url, (file, text) => project.write(file, text)));
  for (let restart = 1; restart <= 2; restart++) {
    await served.server.restart();
    for (const each of pages) await each.untilConnected(restart + 1);
  }
  for (const each of pages) expect(await each.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("what is saved while the server restarts arrives", async () => {
  const { project, served, page } = await open();
  const restarted = served.server.restart();
  project.write("src/word.js", `export const word = "meanwhile";`);
  project.write("pages/api/a.js", `export const GET = () => new Response("2");`);
  await restarted;
  await page.untilShown("one meanwhile");
  await page.untilHeard("route-updated/api/a");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("a saved .env restarts nothing, and pages hear of it with the routes that it concerns", async () => {
  const { project, served, page } = await open({
    ".env": "SECRET=1\nVITE_TITLE=shop",
    "pages/api/secret.js": `const secret = process.env.SECRET; export const GET = () => new Response(secret);`,
  });
  expect(await served.get("/api/secret")).toBe("1");
  const { config } = served.server;
  project.write(".env", "SECRET=2\nVITE_TITLE=shop");
  await page.untilHeard("env-updated.env");
  await page.untilHeard("route-updated/api/secret");
  expect(await served.get("/api/secret")).toBe("2");
  expect(served.server.config).toBe(config);
  expect(served.lines.join("\n")).not.toMatch(/restart/);
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("a key that browsers see is one that the page is loaded again for", async () => {
  const { project, page } = await open({
    ".env": "VITE_TITLE=shop",
    "src/text.js": `import "./word.js"; export const text = "title " + import.meta.env.VITE_TITLE;`,
  });
  await page.untilShown("title shop");
  project.write(".env", "VITE_TITLE=store");
  await page.untilShown("title store");
  expect(page.loads).toBe(1);
});

const CONFIG = (define: string, comment = ""): string => `${comment}
  export default { define: ${define} };`;

test("a config that gives browsers what they have restarts the server below the page; another one loads it again", async () => {
  const { project, served, page } = await open({
    "vite.config.js": CONFIG(`{ WORD: '"a"' }`),
    "src/word.js": `export const word = WORD;`,
  });
  await page.untilShown("one a");
  project.write("vite.config.js", CONFIG(`{ WORD: '"a"' }`, `globalThis.isOther = true;`));
  await page.untilConnected(2);
  expect(page.loads).toBe(0);
  project.write("vite.config.js", CONFIG(`{ WORD: '"b"' }`));
  await page.untilShown("one b");
  expect(page.loads).toBe(1);
  expect(served.session.isClosed).toBe(false);
});

const HTML_BY_CONFIG = (words: string): string => `export default { plugins: [{
  name: "footer",
  transformIndexHtml: (html) => html.replace("</body>", \`<footer>${words}</footer></body>\`),
}] };`;

test("a config that makes other HTML, and HTML that is saved while the server restarts, are put into the page", async () => {
  const { project, page } = await open({ "vite.config.js": HTML_BY_CONFIG("one") });
  project.write("vite.config.js", HTML_BY_CONFIG("two"));
  await page.tab.waitForSelector("footer:text('two')");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  project.write("vite.config.js", `${HTML_BY_CONFIG("two")} globalThis.isOther = true;`);
  await page.untilHeard("disconnected", 2);
  project.write("index.html", LASTING_PAGE["index.html"].replace("</body>", "<p>meanwhile</p></body>"));
  await page.tab.waitForSelector("p:text('meanwhile')");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("HTML that is another one each time is no reason to touch a page", async () => {
  const { project, page } = await open({ "vite.config.js": HTML_BY_CONFIG("${Math.random()}") });
  const text = await page.tab.textContent("footer");
  project.write("vite.config.js", `${HTML_BY_CONFIG("${Math.random()}")} globalThis.isOther = true;`);
  await page.untilConnected(2);
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  expect(await page.tab.textContent("footer")).toBe(text);
});

test("a page that is loaded while its server restarts has all of its scripts", async () => {
  const { served, page } = await open();
  await page.tab.route("**/index.html?html-proxy*", async (asked) => {
    await page.tab.unroute("**/index.html?html-proxy*");
    // The page is there, made by this server; its script is asked of the next one.
    await served.server.restart();
    await asked.continue();
  });
  await page.tab.reload();
  await page.untilShown("one word");
  expect(page.loads).toBe(2);
});

test("a config that reads the environment is loaded anew when that has other values", async () => {
  const { project, served } = await open({
    ".env": "PORT_NAME=one",
    "vite.config.js": `import { readFileSync } from "node:fs";
        const loadEnv = () => readFileSync(new URL("./.env", import.meta.url), "utf8").trim().split("=");
        export default { define: { NAME: JSON.stringify(loadEnv()[1]) } };`,
  });
  expect(served.server.config.define?.["NAME"]).toBe(`"one"`);
  project.write(".env", "PORT_NAME=two");
  await vi.waitFor(() => expect(served.server.config.define?.["NAME"]).toBe(`"two"`), { timeout: 15_000 });
});
