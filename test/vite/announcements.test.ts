import { build, createLogger, preview } from "vite";
import type { Logger } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { createPlugins } from "../../src/vite/plugin.ts";
import { createProject, route } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { serve } from "./support/serve.ts";

const files = {
  "index.html": "<h1>Page</h1>",
  "pages/api/a.ts": route("1"),
  "pages/api/b/[id].ts": route("2"),
  "pages/api/_helper.ts": "export {};",
};
const WORDS = "the 2 API routes of pages/api: they are served in development only.";

function recording(lines: string[]): Logger {
  const note = (line: string): unknown => lines.push(line);
  return { ...createLogger("silent"), warn: note, warnOnce: note };
}

function configOf({ root }: Project, lines: string[]): Parameters<typeof build>[0] & object {
  return { root, configFile: false, plugins: [createPlugins({})], customLogger: recording(lines) };
}

test("a build says once, in one line, which routes it leaves out", async () => {
  const lines: string[] = [];
  const config = configOf(createProject(files), lines);
  await build({ ...config, builder: {}, environments: { other: { build: { outDir: "other" } } } });
  expect(lines.filter((line) => line.includes("[orbit]"))).toEqual([
    `[orbit] vite build leaves out ${WORDS}`,
  ]);
});

test("a preview says so as well", async () => {
  const lines: string[] = [];
  const project = createProject({ ...files, "dist/index.html": "<h1>Built</h1>" });
  const server = await preview({ ...configOf(project, lines), preview: { port: 0 } });
  onTestFinished(async () => server.close());
  expect(lines.filter((line) => line.includes("[orbit]"))).toEqual([
    `[orbit] vite preview leaves out ${WORDS}`,
  ]);
});

test("a project without routes has nothing that is left out", async () => {
  const lines: string[] = [];
  await build(configOf(createProject({ "index.html": "<h1>Page</h1>" }), lines));
  expect(lines.filter((line) => line.includes("[orbit]"))).toEqual([]);
});

test("a development server names its routes below its own URLs", async () => {
  const { server, lines, url } = await serve(createProject(files));
  server.printUrls();
  expect(lines.at(-1)).toContain(`API:     ${url.replace(/\/$/, "")}/api (2 routes)`);
});
