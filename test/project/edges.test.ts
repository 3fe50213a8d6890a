import { describe, expect, test } from "vitest";
import { openProject } from "./open-graph.ts";

const route = "pages/api/a.ts";

describe("what the transformer drops is no edge", () => {
  const lib = { "lib/t.ts": "export type T = 1; export const v = 1;", "lib/v.ts": "export const v = 1;" };

  test("types are none, marked or not", async () => {
    const { from } = await openProject({
      ...lib,
      [route]: `import type { T } from "../../lib/t"; import { type T as U } from "../../lib/t"; import { v } from "../../lib/v";
        export type { T } from "../../lib/t"; let x: U; v;`,
    });
    expect(from(route)).toEqual(["lib/v.ts"]);
  });

  test("verbatimModuleSyntax keeps what is not marked, also where it is inherited", async () => {
    const { from, graph, write, path } = await openProject({
      ...lib,
      "tsconfig.base.json": `{ "compilerOptions": { "verbatimModuleSyntax": true } } // all of us`,
      "tsconfig.json": `{ "extends": "./tsconfig.base.json" }`,
      [route]: `import { type T } from "../../lib/t"; import { v } from "../../lib/v"; import type { T as U } from "../../lib/t";`,
    });
    expect(from(route)).toEqual(["lib/t.ts", "lib/v.ts"]);
    write("tsconfig.base.json", `{ "compilerOptions": {} }`);
    graph.update([path("tsconfig.base.json")]);
    await graph.settled();
    expect(from(route)).toEqual([]);
  });

  test("an import of a type by require is none", async () => {
    const { from } = await openProject({
      ...lib,
      [route]: `import T = require("../../lib/t"); import V = require("../../lib/v"); let t: T.T; V.v;`,
    });
    expect(from(route)).toEqual(["lib/v.ts require"]);
  });

  test("JSX imports no runtime that nobody wrote, and apostrophes in it are text", async () => {
    const { from, graph } = await openProject({
      ...lib,
      "page.tsx": `import "./lib/v"; export default () => <p>it's</p>;`,
    });
    expect(from("page.tsx")).toEqual(["lib/v.ts"]);
    expect(graph.broken).toEqual([]);
  });

  test("JSX that is left to a plugin does not hide imports", async () => {
    const { from } = await openProject({
      ...lib,
      "tsconfig.json": `{ "compilerOptions": { "jsx": "preserve" } }`,
      "page.tsx": `import { v } from "./lib/v"; export default () => <p>it's {v}</p>;`,
      "page.js": `import { v } from "./lib/v"; export default () => <p>it's {v}</p>;`,
    });
    expect([from("page.tsx"), from("page.js")]).toEqual([["lib/v.ts"], ["lib/v.ts"]]);
  });
});

describe("files that patterns mean", () => {
  test("import.meta.glob, relative and from the root, without what it leaves out and the module itself", async () => {
    const { from } = await openProject({
      "lib/all.ts": `import.meta.glob(["./*.ts", "/data/**/*.json", "!**/b.ts"], { eager: true });`,
      "lib/a.ts": "",
      "lib/b.ts": "",
      "lib/.hidden.ts": "",
      "lib/deep/c.ts": "",
      "data/x/y.json": "{}",
    });
    expect(from("lib/all.ts")).toEqual(["data/x/y.json glob", "lib/a.ts glob"]);
  });

  test("templates, with an alias in front too", async () => {
    const { from } = await openProject(
      {
        "lib/t.ts": "import(`./pages/${p}.ts`); import(`@/plugins/${q}`); require(`./pages/${r}/data.json`);",
        "lib/pages/a.ts": "",
        "lib/pages/deep/data.json": "{}",
        "lib/plugins/b/index.ts": "",
        "lib/plugins/readme.md": "",
      },
      { vite: { resolve: { alias: { "@": "/lib" } } } },
    );
    expect(from("lib/t.ts")).toEqual([
      "lib/pages/a.ts glob",
      "lib/pages/deep/data.json glob",
      "lib/plugins/b/index.ts glob",
    ]);
  });

  test("files that come and go", async () => {
    const { from, graph, write, remove, path } = await openProject({
      [route]: `import.meta.glob("../../lib/**/*.ts");`,
      "lib/a.ts": "",
    });
    write("lib/new/b.ts", "");
    graph.update([path("lib/new/b.ts")]);
    expect(from(route)).toEqual(["lib/a.ts glob", "lib/new/b.ts glob"]);
    remove("lib/a.ts");
    graph.update([path("lib/a.ts")]);
    expect(from(route)).toEqual(["lib/new/b.ts glob"]);
    expect(graph.affected(["lib/a.ts"]).routes).toMatchObject([{ chain: ["lib/a.ts", route] }]);
  });
});

describe("other edges", () => {
  test("a URL and a resolved name point to a file; a missing one to nothing", async () => {
    const { from } = await openProject({
      [route]: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);
        new URL("../../lib/w.wasm?init", import.meta.url); require.resolve("../../lib/a"); new URL("./no.png", import.meta.url);`,
      "lib/w.wasm": "",
      "lib/a.ts": "",
    });
    expect(from(route)).toEqual(["lib/a.ts url", "lib/w.wasm url", "node:module"]);
  });

  test("files that a module reads are told from outside, and stay as its text changes", async () => {
    const { graph, from, write, path } = await openProject({
      [route]: `export {};`,
      "data/a.md": "",
      "lib/a.ts": "",
    });
    graph.setReads(path(route), [path("data/a.md")]);
    expect(from(route)).toEqual(["data/a.md read"]);
    expect(graph.affected(["data/a.md"]).routes).toMatchObject([
      { path: "/api/a", chain: ["data/a.md", route] },
    ]);
    write(route, `import "../../lib/a";`);
    graph.update([path(route)]);
    expect(from(route)).toEqual(["data/a.md read", "lib/a.ts"]);
    graph.setReads(path(route), []);
    expect(from(route)).toEqual(["lib/a.ts"]);
  });

  test("packages are where the graph ends, Node's own modules have one name", async () => {
    const { graph } = await openProject({
      [route]: `import "left-pad/lib"; import "@a/b/c"; import "fs"; import "node:fs"; import "data:text/javascript,1";`,
      "node_modules/left-pad/lib.js": `import "./more.js"`,
      "node_modules/left-pad/more.js": "",
    });
    expect(
      graph
        .toJSON()
        .nodes.filter(({ kind }) => kind === "external")
        .map(({ id }) => id),
    ).toEqual(["@a/b", "data:text/javascript,1", "left-pad", "node:fs"]);
  });

  test("trackNodeModules enters packages", async () => {
    const { from } = await openProject(
      {
        [route]: `import "left-pad/lib.js";`,
        "node_modules/left-pad/lib.js": `import "./more.js"`,
        "node_modules/left-pad/more.js": "",
      },
      { tracking: { trackNodeModules: true } },
    );
    expect(from(route)).toEqual(["node_modules/left-pad/lib.js"]);
    expect(from("node_modules/left-pad/lib.js")).toEqual(["node_modules/left-pad/more.js"]);
  });

  test("without the parser the graph says what it may miss", async () => {
    const { graph, from } = await openProject(
      { [route]: `import "../../lib/a"; require("../../lib/b");`, "lib/a.ts": "", "lib/b.ts": "" },
      { tracking: { enableASTAnalysis: false } },
    );
    expect(from(route)).toEqual(["lib/a.ts"]);
    expect(graph.limits).toEqual([expect.stringContaining("`enableASTAnalysis` is off")]);
  });
});

describe("imports that nobody can read", () => {
  const files = {
    [route]: `import { load } from "../../lib/load"; export const GET = () => load("./x");`,
    "pages/api/b.ts": `import "../../lib/other";`,
    "lib/load.ts": `// loads by name\nexport const load = (name: string) => import(name);`,
    "lib/other.ts": "",
    "lib/x.ts": "",
  };

  test("count as edges to every file of the project, with a warning that names the place", async () => {
    const { graph } = await openProject(files);
    const { routes, warnings } = graph.affected(["lib/x.ts"]);
    expect(routes).toEqual([{ path: "/api/a", file: route, chain: ["lib/x.ts", "lib/load.ts", route] }]);
    expect(warnings).toMatchObject([{ file: "lib/load.ts", line: 2, column: 39 }]);
    expect(warnings[0]?.message).toContain("lib/load.ts:2:39");
    expect(graph.warnings).toEqual(warnings);
  });

  test("warn of nothing where the edges say the same", async () => {
    const { graph } = await openProject(files);
    expect(graph.affected(["lib/load.ts"]).warnings).toEqual([]);
  });

  test("warn of nothing where no route is concerned", async () => {
    const { graph } = await openProject({ ...files, [route]: "export {};" });
    expect(graph.warnings).toEqual([]);
    expect(graph.affected(["lib/x.ts"])).toMatchObject({ routes: [], warnings: [] });
  });
});
