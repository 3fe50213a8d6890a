import { describe, expect, test } from "vitest";
import { openProject } from "./open-graph.ts";

const route = "pages/api/a.ts";

describe("names lead where Vite leads them", () => {
  test("extensions, the source of a compiled name, files before folders, indexes", async () => {
    const { from } = await openProject({
      [route]: `import "../../lib/js.js"; import "../../lib/mjs.mjs"; import "../../lib/jsx.jsx"; import "../../lib/both";
        import "../../lib/folder"; import "../../lib/folder/"; import "../../lib/data.json"; import "../../lib/q?raw";`,
      "lib/js.ts": "",
      "lib/mjs.mts": "",
      "lib/jsx.tsx": "",
      "lib/both.ts": "",
      "lib/both/index.ts": "",
      "lib/folder/index.tsx": "",
      "lib/data.json": "{}",
      "lib/q.ts": "",
    });
    expect(from(route)).toEqual([
      "lib/both.ts",
      "lib/data.json",
      "lib/folder/index.tsx",
      "lib/js.ts",
      "lib/jsx.tsx",
      "lib/mjs.mts",
      "lib/q.ts",
    ]);
  });

  test("dots are folders", async () => {
    const { from } = await openProject({
      "lib/a/b.ts": `import "."; import ".."; import "./"; import "../..";`,
      "lib/a/index.ts": "",
      "lib/index.ts": "",
      "index.ts": "",
    });
    expect(from("lib/a/b.ts")).toEqual(["index.ts", "lib/a/index.ts", "lib/index.ts"]);
  });

  test("aliases, by name and by pattern, and names that begin at the root", async () => {
    const { from } = await openProject(
      {
        [route]: `import "@/a"; import "~b"; import "/lib/c"; import "@other/d";`,
        "lib/a.ts": "",
        "lib/b.ts": "",
        "lib/c.ts": "",
      },
      {
        vite: {
          resolve: {
            alias: [
              { find: "@", replacement: "/lib" },
              { find: /^~(.*)/, replacement: "/lib/$1" },
            ],
          },
        },
      },
    );
    expect(from(route)).toEqual(["@other/d", "lib/a.ts", "lib/b.ts", "lib/c.ts"]);
  });

  const paths = {
    "tsconfig.json": `{ "compilerOptions": { "paths": { "@/*": ["./override/*", "./lib/*"], "cfg": ["./one.ts", "./two.ts"] } } }`,
    [route]: `import "@/a"; import "cfg";`,
    "lib/a.ts": "",
    "two.ts": "",
  };

  test("paths of a tsconfig.json, where Vite is told to use them", async () => {
    expect((await openProject(paths, { vite: { resolve: { tsconfigPaths: true } } })).from(route)).toEqual([
      "lib/a.ts",
      "two.ts",
    ]);
    expect((await openProject(paths)).from(route)).toEqual(["cfg"]);
  });

  test("a file of higher rank among the paths takes over when it comes, whatever its name", async () => {
    const { from, graph, write, path } = await openProject(paths, {
      vite: { resolve: { tsconfigPaths: true } },
    });
    write("override/a.ts", "");
    write("one.ts", "");
    expect(graph.update([path("override/a.ts"), path("one.ts")]).relinked).toEqual([route]);
    expect(from(route)).toEqual(["one.ts", "override/a.ts"]);
  });

  test("new paths lead elsewhere at once; a comment or an option that resolves nothing leads nowhere", async () => {
    const { from, graph, write, path } = await openProject(paths, {
      vite: { resolve: { tsconfigPaths: true } },
    });
    write("other/a.ts", "");
    graph.update([path("other/a.ts")]);
    write("tsconfig.json", `{ "compilerOptions": { "paths": { "@/*": ["./other/*"] } } }`);
    expect(graph.update([path("tsconfig.json")]).relinked).toEqual([route]);
    expect(from(route)).toEqual(["cfg", "other/a.ts"]);
    write(
      "tsconfig.json",
      `{ "compilerOptions": { "strict": true, "paths": { "@/*": ["./other/*"] } } /* so */ }`,
    );
    expect(graph.update([path("tsconfig.json")]).relinked).toEqual([]);
  });

  test("a tsconfig.json that is created leads elsewhere at once, and back when it is deleted", async () => {
    const { "tsconfig.json": text, ...rest } = paths;
    const { from, graph, write, remove, path } = await openProject(rest, {
      vite: { resolve: { tsconfigPaths: true } },
    });
    write("tsconfig.json", text);
    expect(graph.update([path("tsconfig.json")]).relinked).toEqual([route]);
    expect(from(route)).toEqual(["lib/a.ts", "two.ts"]);
    remove("tsconfig.json");
    graph.update([path("tsconfig.json")]);
    expect(from(route)).toEqual(["cfg"]);
  });

  test("maps of a package: its exports, its imports, its own name", async () => {
    const { from, graph, write, path } = await openProject({
      "package.json": `{ "name": "me", "exports": { "./lib/*": "./lib/*.ts", "./v": { "require": "./v.cjs", "import": "./v.mjs" } }, "imports": { "#db": "./db/a.ts" } }`,
      [route]: `import "me/lib/x"; import "#db"; import "me/v"; require("me/v");`,
      "lib/x.ts": "",
      "db/a.ts": "",
      "db/b.ts": "",
      "v.cjs": "",
      "v.mjs": "",
    });
    expect(from(route)).toEqual(["db/a.ts", "lib/x.ts", "v.cjs require", "v.mjs"]);
    write("package.json", `{ "name": "me", "imports": { "#db": "./db/b.ts" } }`);
    expect(graph.update([path("package.json")]).relinked).toEqual([route]);
    expect(from(route)).toContain("db/b.ts");
  });

  test("linked packages of the workspace are files where they really are, inside the root and outside", async () => {
    const { from, graph, write, path } = await openProject(
      {
        [`app/${route}`]: `import "@acme/ui"; import "@acme/out/x";`,
        "app/packages/ui/package.json": `{ "name": "@acme/ui", "exports": "./src/main.ts" }`,
        "app/packages/ui/src/main.ts": `import "./button";`,
        "app/packages/ui/src/button.ts": "",
        "out/package.json": `{ "name": "@acme/out", "exports": { "./*": "./*.ts" } }`,
        "out/x.ts": `import "./y"; import "@acme/ui";`,
        "out/y.ts": "",
      },
      {
        links: {
          "app/node_modules/@acme/ui": "app/packages/ui",
          "app/node_modules/@acme/out": "out",
          "out/node_modules/@acme/ui": "app/packages/ui",
        },
      },
    ).then(async (project) => {
      const { openGraph } = await import("./open-graph.ts");
      const inner = await openGraph(project.path("app"));
      return {
        ...project,
        graph: inner,
        from: (file: string) => inner.dependenciesOf(file).map((each) => each.file),
      };
    });
    expect(from(route)).toEqual(["../out/x.ts", "packages/ui/src/main.ts"]);
    expect(from("../out/x.ts")).toEqual(["../out/y.ts", "packages/ui/src/main.ts"]);
    expect(graph.affected(["../out/y.ts"]).routes).toMatchObject([{ path: "/api/a" }]);
    write("out/y.ts", `import "./z";`);
    write("out/z.ts", "");
    graph.update([path("out/y.ts"), path("out/z.ts")]);
    expect(from("../out/y.ts")).toEqual(["../out/z.ts"]);
  });

  test("a package that Vite leaves to Node is not entered, wherever it is linked from", async () => {
    const { from } = await openProject(
      {
        [route]: `import "@acme/ui";`,
        "ui/package.json": `{ "name": "@acme/ui", "exports": "./a.ts" }`,
        "ui/a.ts": "",
      },
      { links: { "node_modules/@acme/ui": "ui" }, vite: { ssr: { external: ["@acme/ui"] } } },
    );
    expect(from(route)).toEqual(["@acme/ui"]);
  });

  test("what only plugins resolve is asked, and linked when they answer", async () => {
    const { from, graph, path, write } = await openProject(
      { [route]: `import "virtual:db"; import "virtual:none"; import "virtual:bad";`, "lib/db.ts": "" },
      {
        resolveId: async (specifier, importer) => {
          if (specifier === "virtual:bad") throw new Error("bad");
          return specifier === "virtual:db" ? importer.replace(route, "lib/db.ts") : undefined;
        },
      },
    );
    expect(from(route)).toEqual(["lib/db.ts", "virtual:bad", "virtual:none"]);
    write("lib/more.ts", `import "virtual:db";`);
    graph.update([path("lib/more.ts")]);
    await graph.settled();
    expect(from(route)).toEqual(["lib/db.ts", "virtual:bad", "virtual:none"]);
  });
});
