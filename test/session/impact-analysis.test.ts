import type { Plugin } from "vite";
import { expect, test, vi } from "vitest";
import type { ReloadReport, Report } from "../../src/protocol/report.ts";
import { settle } from "../../src/session/settle.ts";
import { createProject, route } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { serve } from "../vite/support/serve.ts";
import type { Served, ServeOptions } from "../vite/support/serve.ts";

const importing = (name: string): string => route("n", `import { n } from "../../lib/${name}.ts";`);

const files = {
  "pages/api/a.ts": importing("shared"),
  "pages/api/b.ts": importing("shared"),
  "pages/api/c.ts": importing("own"),
  "lib/shared.ts": `export { n } from "./deep.ts";`,
  "lib/deep.ts": "export const n = 1;",
  "lib/own.ts": "export const n: number = 1;",
};

/** A served project whose graph is there. */
async function serveWithGraph(
  texts: Readonly<Record<string, string>> = files,
  { plugin, ...options }: ServeOptions = {},
): Promise<Served & { project: Project; reloads: () => readonly ReloadReport[] }> {
  const project = createProject(texts);
  const served = await serve(project, { plugin: { ...plugin, hmr: { debounceMs: 20 } }, ...options });
  await served.session.impact.build();
  if (options.watch !== false) await untilWatching(served, project);
  return { project, ...served, reloads: () => served.reports.filter(isReload) };
}

/** What is saved before the watcher has looked around is no event, and what it sees first is no save. */
async function untilWatching({ server, session, reports }: Served, project: Project): Promise<void> {
  let isSeen = false;
  server.watcher.once("all", () => (isSeen = true));
  await vi.waitFor(() => {
    project.write("seen.txt", String(performance.now()));
    expect(isSeen).toBe(true);
  });
  await settle(session);
  reports.splice(0, reports.length, ...reports.filter((report) => !isReload(report)));
}

function isReload(report: Report): report is ReloadReport {
  return report.event === "reload";
}

test("a save of code that nobody has asked for is told, runs nothing, and is fresh when somebody asks", async () => {
  const { project, reloads, session, get } = await serveWithGraph();
  project.write("lib/deep.ts", "export const n = 2;");
  await expect.poll(reloads).toMatchObject([
    {
      strategy: "selective",
      routes: ["/api/a", "/api/b"],
      summary: "lib/deep.ts changed; nobody has asked for them yet → /api/a, /api/b",
      ran: [],
      version: 0,
    },
  ]);
  expect([...session.runtime.records]).toEqual([]);
  expect(await get("/api/a")).toBe("2");
});

test("a save that reaches loaded routes and others names both", async () => {
  const { project, reloads, get } = await serveWithGraph();
  await get("/api/a");
  project.write("lib/deep.ts", "export const n = 2;");
  await expect.poll(reloads).toMatchObject([
    {
      strategy: "selective",
      routes: ["/api/a", "/api/b"],
      reason: "lib/deep.ts changed; 1 of them not loaded yet",
      ran: ["lib/deep.ts"],
    },
  ]);
});

test.for([
  ["a comment", "// new\nexport const n: number = 1;"],
  ["a type", "export const n: 1 | 2 = 1;"],
])("%s is nothing for code that nobody has asked for, too", async ([, text = ""]) => {
  const { project, reloads } = await serveWithGraph();
  project.write("lib/own.ts", text);
  await expect
    .poll(reloads)
    .toMatchObject([{ strategy: "none", routes: [], reason: "nothing that runs changed in lib/own.ts" }]);
});

test.for(["index.html", "public/logo.svg"])("%s is the browser's", async (file) => {
  const { project, reloads, session } = await serveWithGraph({ ...files, [file]: "<p>1</p>" });
  project.write(file, "<p>2</p>");
  await expect.poll(reloads).toMatchObject([{ strategy: "asset", files: [file], routes: [], version: 0 }]);
  expect(session.log.view.statistics.byStrategy.asset).toBeGreaterThan(0);
});

test("another name in a folder is no change of what is beside it", async () => {
  const { project, reloads } = await serveWithGraph({
    ...files,
    "index.html": "<p>1</p>",
    "lib/data.json": "{}",
  });
  project.write("notes.txt", "a");
  project.write("lib/more.json", "{}");
  project.write("lib/own.ts", "export const n: number = 2;");
  await expect.poll(reloads).toHaveLength(1);
  expect(reloads()).toMatchObject([{ files: ["lib/own.ts"] }]);
});

test("a module of a plugin is neither new nor gone when it is loaded, and its errors have its name", async () => {
  let text = "export const n = 1;";
  const virtual: Plugin = {
    name: "virtual-n",
    resolveId: (id) => (id === "virtual:n" ? `\0${id}` : undefined),
    load: (id) => (id === "\0virtual:n" ? text : undefined),
  };
  const { get, fetch, session, reports, server } = await serveWithGraph(
    { "pages/api/a.ts": importing("n").replace("../../lib/n.ts", "virtual:n") },
    { watch: false, config: { plugins: [virtual] } },
  );
  expect(await get("/api/a")).toBe("1");
  await settle(session);
  expect(reports.filter(isReload)).toEqual([]);
  text = "nonsense(";
  await server.restart();
  expect((await fetch("/api/a")).json()).toMatchObject({ file: "virtual:n" });
});

test("a file that no route uses is told as that", async () => {
  const { project, reloads } = await serveWithGraph({ ...files, "lib/alone.ts": "export const n = 1;" });
  project.write("lib/alone.ts", "export const n = 2;");
  await expect
    .poll(reloads)
    .toMatchObject([{ strategy: "none", reason: "lib/alone.ts changed: no route uses it" }]);
});

test("data that a route writes is no save", async () => {
  const writing = `import { writeFileSync } from "node:fs";
    export const GET = () => { writeFileSync(new URL("../../db.json", import.meta.url), "[1]"); return new Response("1"); };`;
  const { project, reloads, get } = await serveWithGraph({
    ...files,
    "db.json": "[]",
    "pages/api/w.ts": writing,
  });
  await get("/api/w");
  project.write("lib/own.ts", "export const n = 2;");
  await expect.poll(reloads).not.toHaveLength(0);
  expect(reloads().flatMap((report) => report.files)).toEqual(["lib/own.ts"]);
});

test("data that a route writes into a new file is no save of the folder's other files either", async () => {
  const writing = `import { readFileSync, writeFileSync } from "node:fs";
    const [db, made] = [new URL("../../db.json", import.meta.url), new URL("../../new.json", import.meta.url)];
    const rows = readFileSync(db, "utf8");
    export const GET = () => { writeFileSync(db, "[1]"); writeFileSync(made, "1"); return new Response(rows); };`;
  const { project, reloads, get } = await serveWithGraph({
    ...files,
    "db.json": "[]",
    "pages/api/w.ts": writing,
  });
  expect(await get("/api/w")).toBe("[]");
  project.write("lib/own.ts", "export const n = 2;");
  await expect.poll(reloads).not.toHaveLength(0);
  expect(reloads().flatMap((report) => report.files)).toEqual(["lib/own.ts"]);
});

test("the first request does not wait for the graph", async () => {
  const project = createProject(files);
  const { get, session } = await serve(project);
  expect(await get("/api/a")).toBe("1");
  expect(session.impact.graph?.isBuilt).toBe(false);
});

test("DEPENDENCY_TRACKING=false turns the graph off, and answers are as fresh", async () => {
  const texts = { ...files, ".env": "DEPENDENCY_TRACKING=false" };
  const { project, session, get, reloads } = await serveWithGraph(texts, { watch: false });
  expect(session.impact.graph).toBeUndefined();
  expect(await get("/api/a")).toBe("1");
  project.write("lib/deep.ts", "export const n = 2;");
  expect(await get("/api/a")).toBe("2");
  await expect.poll(reloads).toMatchObject([{ strategy: "single", routes: ["/api/a"] }]);
});

test("without enableASTAnalysis it is said what the graph may miss, and answers are as fresh", async () => {
  const required = `const { n } = require("../../lib/required.cjs"); module.exports.GET = () => new Response(String(n));`;
  const texts = { "pages/api/a.cjs": required, "lib/required.cjs": "exports.n = 1;" };
  const plugin = { dependencyTracking: { enableASTAnalysis: false } };
  const { project, reports, get } = await serveWithGraph(texts, { plugin, watch: false });
  await expect.poll(() => reports).toMatchObject([{ event: "notice", level: "info" }]);
  expect(JSON.stringify(reports)).toContain("`require()`");
  expect(await get("/api/a")).toBe("1");
  project.write("lib/required.cjs", "exports.n = 2;");
  expect(await get("/api/a")).toBe("2");
});

test("an import that nobody can bound is a warning with file and line", async () => {
  const opaque =
    "export const GET = async (request) => new Response(\n  String((await import(request.url)).n));";
  const { reports } = await serveWithGraph({ "pages/api/a.js": opaque });
  await expect.poll(() => reports).toMatchObject([{ event: "notice", level: "warn" }]);
  expect(JSON.stringify(reports)).toContain("pages/api/a.js:2:");
});

test("a search that maxDepth cuts says so", async () => {
  const plugin = { dependencyTracking: { maxDepth: 1 } };
  const { project, reloads } = await serveWithGraph(files, { plugin });
  project.write("lib/deep.ts", "export const n = 2;");
  await expect.poll(reloads).toMatchObject([
    {
      strategy: "full",
      reason: "lib/deep.ts changed: imports were followed to maxDepth only, any route may use it",
    },
  ]);
});

test("a checkout of 200 files is one batch, one commit and one line", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `m${index}`);
  const sum = `${names.map((name) => `import { n as ${name} } from "../../lib/${name}.ts";`).join("\n")}
    export const GET = () => new Response(String(${names.join("+")}));`;
  const texts = { "pages/api/sum.ts": sum };
  for (const name of names) Object.assign(texts, { [`lib/${name}.ts`]: "export const n = 1;" });
  const { project, get, reloads, session } = await serveWithGraph(texts);
  expect(await get("/api/sum")).toBe("200");
  const { version } = session.runtime;
  project.write(".git/index.lock", "");
  for (const name of names) project.write(`lib/${name}.ts`, "export const n = 2;");
  project.remove(".git/index.lock");
  await expect.poll(reloads, { timeout: 5_000 }).toHaveLength(1);
  expect(reloads()[0]?.ran).toHaveLength(200);
  expect(session.runtime.version).toBe(version + 1);
  expect(await get("/api/sum")).toBe("400");
  expect(reloads()).toHaveLength(1);
});
