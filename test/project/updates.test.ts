import { describe, expect, test } from "vitest";
import { openGraph, openProject } from "./open-graph.ts";
import type { OpenedProject } from "./open-graph.ts";

const route = "pages/api/a.ts";

describe("what became of a file", () => {
  const files = {
    [route]: `import { v } from "../../lib/v"; v;`,
    "lib/v.ts": "export const v: number = 1;",
    "lib/w.ts": "",
  };

  test.each<readonly [law: string, text: string, kind: string]>([
    ["the same bytes are the same", "export const v: number = 1;", "same"],
    ["comments change nothing", "/* one */ export const v: number = 1; // two", "equivalent"],
    ["formatting changes nothing", "export const v:\n  number =\n 1\n", "equivalent"],
    [
      "types change nothing",
      "export const v: 1 = 1; type T = string; import type { X } from './x';",
      "equivalent",
    ],
    ["another value is a change", "export const v: number = 2;", "changed"],
    ["another import is a change", "import './w'; export const v: number = 1;", "changed"],
    ["what does not parse is broken", "export const v: = 1", "broken"],
  ])("%s", async (_, text, kind) => {
    const { graph, write, path } = await openProject(files);
    const before = graph.fingerprintOf("lib/v.ts");
    write("lib/v.ts", text);
    expect(graph.update([path("lib/v.ts")])).toEqual({ files: [{ file: "lib/v.ts", kind }], relinked: [] });
    expect(graph.fingerprintOf("lib/v.ts") === before).toBe(kind !== "changed");
  });

  test("comments in JSX and JavaScript change nothing either", async () => {
    const { graph, write, path } = await openProject({
      "a.tsx": "export default <p>a</p>;",
      "b.js": "export default 1",
      "c.json": `{"a":1}`,
      "d.js": `import "./c.json"`,
    });
    write("a.tsx", "\n\n// moved down\nexport default (\n  <p>a</p>\n);");
    write("b.js", "export default /* one */ 1;");
    write("c.json", `{\n  "a": 1\n}`);
    const kinds = graph.update([path("a.tsx"), path("b.js"), path("c.json")]).files.map(({ kind }) => kind);
    expect(kinds).toEqual(["equivalent", "equivalent", "equivalent"]);
  });

  test("a broken file keeps the edges of its last good text, and is named until it is mended", async () => {
    const { graph, from, write, path } = await openProject(files);
    write(route, `import { v } from`);
    graph.update([path(route)]);
    expect([from(route), graph.broken]).toEqual([["lib/v.ts"], [route]]);
    expect(graph.affected(["lib/v.ts"]).routes).toHaveLength(1);
    write(route, files[route] ?? "");
    expect(graph.update([path(route)]).files).toEqual([{ file: route, kind: "changed" }]);
    expect(graph.broken).toEqual([]);
  });
});

describe("files that come and go", () => {
  test("a missing file that is created is found by those who asked for it, and by nobody else", async () => {
    const { graph, from, write, path } = await openProject({
      [route]: `import "../../lib/new";`,
      "lib/other.ts": `import "./old";`,
      "lib/old.ts": "",
    });
    expect(from(route)).toEqual([]);
    write("lib/new.ts", `import "./old";`);
    expect(graph.update([path("lib/new.ts")])).toEqual({
      files: [{ file: "lib/new.ts", kind: "added" }],
      relinked: [route],
    });
    expect(graph.affected(["lib/old.ts"]).routes).toMatchObject([
      { chain: ["lib/old.ts", "lib/new.ts", route] },
    ]);
  });

  test.each<readonly [law: string, shadow: string, before: string]>([
    ["a file comes before the index of a folder", "lib/a.ts", "lib/a/index.ts"],
    ["an extension comes before another", "lib/a.js", "lib/a.ts"],
    ["an index comes before another", "lib/a/index.js", "lib/a/index.ts"],
  ])("%s, and goes again", async (_, shadow, before) => {
    const { graph, from, write, remove, path } = await openProject({
      [route]: `import "../../lib/a";`,
      [before]: "",
    });
    expect(from(route)).toEqual([before]);
    write(shadow, "");
    expect(graph.update([path(shadow)]).relinked).toEqual([route]);
    expect(from(route)).toEqual([shadow]);
    expect(graph.affected([shadow]).routes).toHaveLength(1);
    remove(shadow);
    expect(graph.update([path(shadow)]).relinked).toEqual([route]);
    expect(from(route)).toEqual([before]);
    expect(graph.affected([shadow]).routes).toMatchObject([{ chain: [shadow, route] }]);
  });

  test("a deleted file is answered with those who imported it, also when they were edited at once", async () => {
    const { graph, write, remove, path } = await openProject({
      [route]: `import "../../lib/a";`,
      "lib/a.ts": "",
    });
    remove("lib/a.ts");
    write(route, "export {};");
    graph.update([path("lib/a.ts"), path(route)]);
    expect(graph.affected(["lib/a.ts"]).routes).toMatchObject([
      { path: "/api/a", chain: ["lib/a.ts", route] },
    ]);
  });

  test("a folder of which it is said that names came or went has lost those that are gone", async () => {
    const { graph, from, remove, path } = await openProject({
      [route]: `import.meta.glob("../../lib/**/*.ts");`,
      "lib/a.ts": "",
      "lib/deep/b.ts": "",
    });
    remove("lib/deep/b.ts");
    expect(graph.update([path("lib")]).files).toContainEqual({ file: "lib/deep/b.ts", kind: "removed" });
    expect(from(route)).toEqual(["lib/a.ts glob"]);
  });

  test("that a file is gone is no news the second time, and who led to it is still known", async () => {
    const { graph, write, remove, path } = await openProject({
      [route]: `import.meta.glob("../../lib/*.ts");`,
      "lib/a.ts": "",
    });
    const gone = [{ file: "lib/a.ts", kind: "removed" }];
    for (let time = 0; time < 2; time++) {
      remove("lib/a.ts");
      expect(graph.update([path("lib/a.ts")]).files).toEqual(gone);
      expect(graph.update([path("lib/a.ts")]).files).toEqual([]);
      expect(graph.affected(["lib/a.ts"]).routes).toMatchObject([{ path: "/api/a" }]);
      write("lib/a.ts", "");
      expect(graph.update([path("lib/a.ts")]).files).toEqual([{ file: "lib/a.ts", kind: "added" }]);
    }
  });

  test("a file that was deleted before the graph was built is answered with those who still ask for it", async () => {
    const { graph } = await openProject({
      [route]: `import "../../lib/gone"; import "@/lib/alias";`,
      "pages/api/b.ts": `import.meta.glob("../../data/*.json");`,
    });
    const routesOf = (file: string): readonly string[] =>
      graph.affected([file]).routes.map(({ path }) => path);
    expect(routesOf("lib/gone.ts")).toEqual(["/api/a"]);
    expect(routesOf("lib/gone/index.ts")).toEqual(["/api/a"]);
    expect(routesOf("src/lib/alias.ts")).toEqual(["/api/a"]);
    expect(routesOf("data/x.json")).toEqual(["/api/b"]);
    expect(routesOf("lib/other.ts")).toEqual([]);
  });

  test("a renamed file leaves one importer behind and meets another", async () => {
    const { graph, from, rename, path } = await openProject({
      [route]: `import "../../lib/old"; import "../../lib/new";`,
      "lib/old.ts": "",
    });
    rename("lib/old.ts", "lib/new.ts");
    graph.update([path("lib/old.ts"), path("lib/new.ts")]);
    expect(from(route)).toEqual(["lib/new.ts"]);
  });

  test("a folder that is renamed or deleted is a change of all its files", async () => {
    const { graph, edges, rename, remove, path } = await openProject({
      [route]: `import "../../lib/x/a"; import "../../lib/y/a";`,
      "lib/x/a.ts": `import "./deep/b";`,
      "lib/x/deep/b.ts": "",
    });
    rename("lib/x", "lib/y");
    graph.update([path("lib/x"), path("lib/y")]);
    expect(edges()).toEqual(["lib/y/a.ts -> lib/y/deep/b.ts", `${route} -> lib/y/a.ts`]);
    remove("lib/y");
    expect(graph.update([path("lib/y")]).files).toEqual([
      { file: "lib/y/a.ts", kind: "removed" },
      { file: "lib/y/deep/b.ts", kind: "removed" },
    ]);
    expect(edges()).toEqual([]);
  });

  test("a file takes the place of a folder, and the other way round", async () => {
    const { graph, from, remove, write, path } = await openProject({
      [route]: `import "../../lib/a.js";`,
      "lib/a.js/index.ts": "",
    });
    expect(from(route)).toEqual(["lib/a.js/index.ts"]);
    remove("lib/a.js");
    write("lib/a.js", "");
    graph.update([path("lib/a.js")]);
    expect(from(route)).toEqual(["lib/a.js"]);
    remove("lib/a.js");
    write("lib/a.js/index.ts", "");
    graph.update([path("lib/a.js")]);
    expect(from(route)).toEqual(["lib/a.js/index.ts"]);
  });

  test("routes that come and go are known by their paths", async () => {
    const { graph, write, remove, path } = await openProject({
      [route]: `import "../../lib/a";`,
      "lib/a.ts": "",
    });
    write("pages/api/users/[id].ts", `import "../../../lib/a";`);
    graph.update([path("pages/api/users/[id].ts")]);
    expect(graph.routeOf("pages/api/users/[id].ts")).toBe("/api/users/:id");
    expect(graph.affected(["lib/a.ts"]).routes.map((each) => each.path)).toEqual([
      "/api/a",
      "/api/users/:id",
    ]);
    remove(route);
    graph.update([path(route)]);
    expect(graph.affected([route]).routes).toEqual([{ path: "/api/a", file: route, chain: [route] }]);
    expect(graph.affected(["lib/a.ts"]).routes.map((each) => each.path)).toEqual(["/api/users/:id"]);
  });

  test("what lies in packages, hidden folders and the output of builds is no part of the project", async () => {
    const { graph, write, path } = await openProject({
      "dist/a.ts": "",
      ".cache/b.ts": "",
      "target/CACHEDIR.TAG": "",
      "target/c.ts": "",
      "d.ts": "",
    });
    expect(graph.toJSON().nodes.map(({ id }) => id)).toEqual(["d.ts"]);
    write("node_modules/x/index.js", "");
    write(".git/index", "");
    expect(graph.update([path("node_modules/x/index.js"), path(".git/index")])).toEqual({
      files: [],
      relinked: [],
    });
  });

  test("changes that come while the project is read are not lost", async () => {
    const files = { [route]: "export {};", "lib/a.ts": "" };
    const { graph, path, write } = await openProject(files, { isUnread: true });
    const building = graph.build();
    write(route, `import "../../lib/a";`);
    expect(graph.update([path(route)])).toEqual({ files: [], relinked: [] });
    await building;
    expect(graph.dependenciesOf(route)).toEqual([{ file: "lib/a.ts", kind: "static" }]);
  });
});

function lib(index: number, next: number): string {
  return `import "./m${next}"; export const v = ${index};`;
}

describe("many files at once", () => {
  test("a checkout of 200 files is one update, as if the project were read anew", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`lib/m${index}.ts`, lib(index, index + 1)]),
    );
    const { graph, root, write, remove, path } = await openProject({
      ...files,
      [route]: `import "../../lib/m0";`,
    });
    const changed: string[] = [];
    for (let index = 0; index < 200; index++) {
      changed.push(path(`lib/m${index}.ts`));
      if (index % 5 === 0) remove(`lib/m${index}.ts`);
      else write(`lib/m${index}.ts`, lib(index, (index * 7) % 250));
    }
    for (let index = 200; index < 240; index++) {
      changed.push(path(`lib/m${index}.ts`));
      write(`lib/m${index}.ts`, lib(index, index - 100));
    }
    const { files: seen } = graph.update(changed);
    expect(seen).toHaveLength(240);
    const fresh = await openGraph(root);
    expect(graph.toJSON()).toEqual(fresh.toJSON());
  });
});

describe("questions", () => {
  test("take absolute paths and those relative to the root, and answer with the latter", async () => {
    const { graph, path } = await openProject({
      [route]: `import "../../lib/a"; import("../../lib/a");`,
      "lib/a.ts": "",
      "readme.md": "",
    });
    const importers = [
      { file: route, kind: "dynamic" },
      { file: route, kind: "static" },
    ];
    expect(graph.importersOf("lib/a.ts")).toEqual(importers);
    expect(graph.importersOf(path("lib/a.ts"))).toEqual(importers);
    expect([graph.hasFile("lib/a.ts"), graph.hasFile("readme.md"), graph.hasFile("no.ts")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(graph.affected(["readme.md"])).toEqual({
      routes: [],
      modules: [],
      truncated: false,
      warnings: [],
    });
    expect(graph.affected(["lib/a.ts"]).modules).toEqual(["lib/a.ts", route]);
  });

  test("maxDepth cuts, and says so", async () => {
    const files = { [route]: `import "../../lib/a";`, "lib/a.ts": `import "./b";`, "lib/b.ts": "" };
    const { graph } = await openProject(files, { tracking: { maxDepth: 1 } });
    expect(graph.affected(["lib/b.ts"])).toMatchObject({
      routes: [],
      modules: ["lib/a.ts", "lib/b.ts"],
      truncated: true,
    });
    expect(graph.affected(["lib/a.ts"])).toMatchObject({ routes: [{ path: "/api/a" }], truncated: false });
  });

  test("counts tell how large the graph is", async () => {
    const { graph } = await openProject({
      [route]: `import "../../lib/a"; import "../../lib/x.css"; import "react";`,
      "lib/a.ts": `import "./b";`,
      "lib/b.ts": `import "./a";`,
      "lib/x.css": "",
      "package.json": "{}",
    });
    expect(graph.counts).toEqual({ modules: 3, routes: 1, assets: 1, externals: 1, edges: 5, cycles: 1 });
  });
});

function affectedFiles({ graph }: OpenedProject, file: string): readonly string[] {
  const { routes } = graph.affected([file]);
  return routes.map((found) => found.file).toSorted();
}

describe("while the project is read, which takes its turns", () => {
  const routes = Array.from({ length: 1_600 }, (_, index) => `pages/api/r${index}.ts`);
  const files = {
    ...Object.fromEntries(routes.map((name) => [name, "export const GET = (): void => {};"])),
    "data.txt": "1",
    "lib/data.ts": "export const data = 1;",
    "tsconfig.json": "{}",
  };

  /** Do something about one route after the other, one per turn of the event loop, until a work is done. */
  async function meanwhile(work: Promise<void>, act: (name: string) => void): Promise<readonly string[]> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    const acted: string[] = [];
    for (const name of routes) {
      if (isDone) break;
      act(name);
      acted.push(name);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(acted.length).toBeGreaterThan(1);
    return acted.toSorted();
  }

  test("no read that a module is said to have done is lost", async () => {
    const project = await openProject(files, { isUnread: true });
    const { graph } = project;
    const told = await meanwhile(graph.build(), (name) => graph.setReads(name, ["data.txt"]));
    expect(affectedFiles(project, "data.txt")).toEqual(told);
  });

  test("no save is lost, also when all is read again for other settings", async () => {
    const project = await openProject(files);
    const { graph } = project;
    project.write("tsconfig.json", `{ "compilerOptions": { "experimentalDecorators": true } }`);
    graph.update([project.path("tsconfig.json")]);
    const saved = await meanwhile(graph.settled(), (name) => {
      project.write(name, `import { data } from "../../lib/data"; export const GET = () => data;`);
      graph.update([project.path(name)]);
    });
    expect(affectedFiles(project, "lib/data.ts")).toEqual(saved);
  });
});
