import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DevProgram } from "../../cli/orbiton.ts";
import { createProject, packageRoot } from "../../cli/project.ts";
import type { Project } from "../../cli/project.ts";
import { openPage } from "../browser.ts";

/** The guide's code, word for word. */
const SNIPPETS = [
  ...readFileSync(join(packageRoot, "test/fixtures/guide-snippets.md"), "utf8").matchAll(
    /^```\w+\n([^]*?)^```$/gm,
  ),
].map(([, code = ""]) => code);

/** The one snippet that has this. */
function snippet(part: string): string {
  const [found, another] = SNIPPETS.filter((code) => code.includes(part));
  if (found === undefined || another !== undefined)
    throw new Error(`The guide has no one snippet with ${part}.`);
  return found;
}

/** What is named in the guide by its place in a project, and what it takes for granted. */
function guideProject(): Project {
  const example = join(packageRoot, "examples/api-routes/src/hmr");
  const project = createProject({
    "index.html": `<!doctype html><html><head><script>${snippet("Automatically available")
      .replace("const status = await", "window.asked =")
      .replace("window.clearApiCache();", "window.cleared = window.clearApiCache();")}</script></head>
      <body><script type="module" src="/main.js"></script></body></html>`,
    "main.js": `${snippet("Handle dependency update")}
      hmrClient.on("route-updated", ({ routePath }) => document.title = routePath);
      hmrClient.on("dependency-updated", ({ dependency }) => document.body.id = dependency);`,
    "vite.config.js": `import { defineConfig } from "vite";\nimport { apiRoutes } from "orbit-hmr/vite";\n${snippet("maxDepth: 10")}`,
    ".env": snippet("HMR_PRESERVE_STATE"),
    "src/hmr/state-manager.js": readFileSync(join(example, "state-manager.js"), "utf8"),
    "src/hmr/client-hmr.js": readFileSync(join(example, "client-hmr.js"), "utf8"),
    "pages/api/counter.js": snippet("// pages/api/counter.js"),
    "pages/api/cached-data.js": `let asked = 0; const fetchExpensiveData = async (key) => key + ++asked;\n${snippet("// pages/api/cached-data.js")}`,
    "pages/api/rate-limited.js": snippet("// pages/api/rate-limited.js"),
    "pages/api/lost.js": snippet("Lost on reload"),
    "pages/api/kept.js": snippet("counter: prev.counter + 1"),
    "pages/api/theme.js": `import { createStore } from "../../src/hmr/state-manager.js";\n${snippet("app-config")}\nexport const GET = () => Response.json(store.get());`,
  });
  symlinkSync(join(packageRoot, "node_modules/vite"), project.path("node_modules/vite"), "junction");
  return project;
}

test("the guide's code runs as it stands", async () => {
  const project = guideProject();
  const server = await DevProgram.start(project.root);
  const ask = async (path: string, method = "GET"): Promise<unknown> => server.fetchJson(path, { method });
  await ask("/api/counter", "POST");
  expect(await ask("/api/counter", "POST")).toEqual({ count: 2 });
  expect(await ask("/api/cached-data?key=a")).toEqual({ data: "a1", cached: true });
  expect(await ask("/api/cached-data?key=a")).toEqual({ data: "a1", cached: true });
  expect(await ask("/api/rate-limited")).toEqual({ remaining: 99 });
  expect(await ask("/api/theme")).toEqual({ theme: "light", language: "en" });
  for (const path of ["/api/lost", "/api/kept"]) await ask(path);
  // All of it goes on when its file is edited.
  for (const name of ["counter", "cached-data", "rate-limited", "lost", "kept"])
    project.edit(`pages/api/${name}.js`, "export", "const edited = true;\nexport");
  expect(await ask("/api/counter", "GET")).toEqual({ count: 2 });
  expect(await ask("/api/cached-data?key=a")).toEqual({ data: "a1", cached: true });
  expect(await ask("/api/rate-limited")).toEqual({ remaining: 98 });
  expect(await ask("/api/lost")).toEqual({ counter: 1 });
  expect(await ask("/api/kept")).toEqual({ counter: 2 });
});

test("the guide's code in a page hears what is saved, both ways", async () => {
  const project = guideProject();
  const server = await DevProgram.start(project.root);
  await server.fetchJson("/api/counter");
  const page = await openPage(server.url);
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  expect(await page.evaluate(() => Reflect.get(window, "asked") as Promise<unknown>)).toMatchObject({
    routes: expect.arrayContaining([expect.objectContaining({ path: "/api/counter" })]),
  });
  expect(await page.evaluate(() => Reflect.get(window, "cleared") as Promise<unknown>)).toEqual({
    browser: 0,
    server: 0,
  });
  project.edit("pages/api/counter.js", "export", "const edited = true;\nexport");
  await page.waitForFunction(() => document.title === "/api/counter");
  await expect.poll(() => said).toEqual(expect.arrayContaining(["Route updated: /api/counter"]));
  project.edit("src/hmr/state-manager.js", "export", "export const edited = true;\nexport");
  await page.waitForFunction(() => document.body.id === "src/hmr/state-manager.js");
});
