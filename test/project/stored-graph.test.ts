import { chmodSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openGraph, openProject } from "./open-graph.ts";
import type { OpenedProject } from "./open-graph.ts";

const route = "pages/api/a.ts";
const CACHE = "node_modules/.cache/orbit-hmr/graph-1.json";
const files = { [route]: `import "../../lib/a";`, "lib/a.ts": "export {};" };

/** Files so old that their stamps can be trusted. */
function age(project: OpenedProject, names: readonly string[] = Object.keys(files)): void {
  for (const name of names) utimesSync(project.path(name), 1_000_000, 1_000_000);
}

/** A project whose stored graph says that the route imports a file which it does not: whoever believes it has read it. */
async function withStoredLie(): Promise<OpenedProject> {
  const project = await openProject(files);
  age(project);
  project.graph.update(Object.keys(files).map((file) => project.path(file)));
  const { graph } = project;
  project.write("lib/b.ts", "export {};");
  utimesSync(project.path("lib/b.ts"), 1_000_000, 1_000_000);
  graph.update([project.path("lib/b.ts")]);
  graph.close();
  const stored = readFileSync(project.path(CACHE), "utf8");
  writeFileSync(
    project.path(CACHE),
    stored.replace('"flib/a.ts"', '"flib/b.ts"').replace('"../../lib/a"', '"../../lib/b"'),
  );
  return project;
}

async function dependencies(project: OpenedProject): Promise<readonly string[]> {
  const graph = await openGraph(project.root);
  return graph.dependenciesOf(route).map(({ file }) => file);
}

test("what was read is stored, and believed by the next start", async () => {
  expect(await dependencies(await withStoredLie())).toEqual(["lib/b.ts"]);
});

test("an edited file is read again", async () => {
  const project = await withStoredLie();
  project.write(route, `import "../../lib/a"; edited();`);
  expect(await dependencies(project)).toEqual(["lib/a.ts"]);
});

test("an edit that keeps the size and happens at once is read again", async () => {
  const project = await openProject(files);
  project.graph.close();
  project.write(route, `import "../../lib/b";`);
  project.write("lib/b.ts", "");
  expect(await dependencies(project)).toEqual(["lib/b.ts"]);
});

test("where files have come or gone, names are resolved again", async () => {
  const project = await withStoredLie();
  project.remove("lib/b.ts");
  project.write("lib/b/index.ts", "");
  expect(await dependencies(project)).toEqual(["lib/b/index.ts"]);
});

test("where a map of names has changed, names are resolved again", async () => {
  const project = await withStoredLie();
  project.write("package.json", `{ "imports": { "#x": "./x.ts" } }`);
  const stored = readFileSync(project.path(CACHE), "utf8");
  writeFileSync(project.path(CACHE), stored.replace('"flib/b.ts"', '"flib/a.ts"'));
  expect(await dependencies(project)).toEqual(["lib/b.ts"]);
});

test.each<readonly [law: string, damage: (text: string) => string]>([
  ["a torn one", (text) => text.slice(0, text.length / 2)],
  ["an empty one", () => ""],
  ["a foreign one", () => `{"hello":"world"}`],
  ["one of another shape", (text) => text.replace('"requests"', '"asks"')],
  ["one with other types", (text) => text.replace(/"reading":"[^"]*"/, '"reading":7')],
  ["one of other tools", (text) => text.replace(/"reading":"[^"]*"/, '"reading":"older"')],
])("%s is not believed, and a good one takes its place", async (_, damage) => {
  const project = await withStoredLie();
  writeFileSync(project.path(CACHE), damage(readFileSync(project.path(CACHE), "utf8")));
  expect(await dependencies(project)).toEqual(["lib/a.ts"]);
  expect(JSON.parse(readFileSync(project.path(CACHE), "utf8"))).toHaveProperty("modules");
});

test("other options read anew", async () => {
  const project = await withStoredLie();
  const graph = await openGraph(project.root, { tracking: { enableASTAnalysis: false } });
  expect(graph.dependenciesOf(route)).toEqual([{ file: "lib/a.ts", kind: "static" }]);
});

test("a compiler setting that drops other imports reads anew", async () => {
  const project = await withStoredLie();
  project.write("tsconfig.json", `{ "compilerOptions": { "verbatimModuleSyntax": true } }`);
  expect(await dependencies(project)).toEqual(["lib/a.ts"]);
});

test("one that cannot be read or written costs time only", async () => {
  const project = await withStoredLie();
  project.remove(CACHE);
  project.write(`${CACHE}/in-the-way`, "");
  chmodSync(project.path(CACHE), 0o700);
  expect(await dependencies(project)).toEqual(["lib/a.ts"]);
});

test("nothing is left of the writing, and an unchanged project is not written again", async () => {
  const project = await withStoredLie();
  const folder = project.path("node_modules/.cache/orbit-hmr");
  expect(readdirSync(folder)).toEqual(["graph-1.json"]);
  const before = readFileSync(project.path(CACHE), "utf8");
  await dependencies(project);
  expect(readFileSync(project.path(CACHE), "utf8")).toBe(before);
});

test("a project without packages of its own keeps it beside them", async () => {
  const project = await openProject(files);
  project.graph.close();
  project.remove("node_modules");
  await openGraph(project.root);
  expect(existsSync(project.path(".orbit-hmr/graph-1.json"))).toBe(true);
  expect(readFileSync(project.path(".orbit-hmr/.gitignore"), "utf8")).toBe("*\n");
});
