import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "vite";
import { describe, expect, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const tsconfig = (options: object, rest: object = {}): string =>
  JSON.stringify({ compilerOptions: options, ...rest });

const jsx = (factory: string): string => tsconfig({ jsx: "react", jsxFactory: factory });

const manifest = (file: string): string => JSON.stringify({ type: "module", imports: { "#name": file } });

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test("paths of a changed tsconfig.json lead elsewhere", async () => {
    const project = createProject({
      "tsconfig.json": tsconfig({ paths: { "#lib": ["./one.ts"] } }),
      "pages/api/a.ts": route("name", `import { name } from "#lib";`),
      "one.ts": `export const name = "one";`,
      "two.ts": `export const name = "two";`,
    });
    const { get } = await serve(project, { watch, config: { resolve: { tsconfigPaths: true } } });
    expect(await get("/api/a")).toBe("one");
    project.write("tsconfig.json", tsconfig({ paths: { "#lib": ["./two.ts"] } }));
    expect(await get("/api/a")).toBe("two");
  });

  test("a base that tsconfig.json extends decides, too", async () => {
    const project = createProject({
      "tsconfig.json": tsconfig({}, { extends: "./base.json" }),
      "base.json": jsx("one"),
      "pages/api/a.tsx": route("<p/>", `const one = () => "one"; const two = () => "two";`),
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("one");
    project.write("base.json", jsx("two"));
    expect(await get("/api/a")).toBe("two");
    project.write("tsconfig.json", jsx("one"));
    expect(await get("/api/a")).toBe("one");
  });

  test("a tsconfig that Vite's config names is read anew, too", async () => {
    const project = createProject({
      "cfg/server.json": jsx("one"),
      "pages/api/a.tsx": route("<p/>", `const one = () => "one"; const two = () => "two";`),
    });
    const { get } = await serve(project, { watch, config: { tsconfig: "cfg/server.json" } });
    expect(await get("/api/a")).toBe("one");
    project.write("cfg/server.json", jsx("two"));
    expect(await get("/api/a")).toBe("two");
  });

  test("a nearer tsconfig.json applies as soon as it is there", async () => {
    const project = createProject({
      "tsconfig.json": jsx("one"),
      "pages/api/a.tsx": route("<p/>", `const one = () => "one"; const two = () => "two";`),
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("one");
    project.write("pages/tsconfig.json", jsx("two"));
    expect(await get("/api/a")).toBe("two");
    project.remove("pages/tsconfig.json");
    expect(await get("/api/a")).toBe("one");
  });

  test("imports of a changed package.json lead elsewhere", async () => {
    const project = createProject({
      "package.json": manifest("./one.ts"),
      "pages/api/a.ts": route("name", `import { name } from "#name";`),
      "one.ts": `export const name = "one";`,
      "two.ts": `export const name = "two";`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("one");
    project.write("package.json", manifest("./two.ts"));
    expect(await get("/api/a")).toBe("two");
  });

  test("a glob finds what is added, and no longer what is removed", async () => {
    const project = createProject({
      "pages/api/a.ts": route(
        `Object.values(all).map(({ name }) => name).join()`,
        `const all = import.meta.glob("../../parts/**/*.ts", { eager: true }) as Record<string, { name: string }>;`,
      ),
      "parts/a.ts": `export const name = "a";`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("a");
    project.write("parts/b.ts", `export const name = "b";`);
    expect(await get("/api/a")).toBe("a,b");
    project.write("parts/deep/er/c.ts", `export const name = "c";`);
    expect((await get("/api/a")).split(",").toSorted()).toEqual(["a", "b", "c"]);
    project.write("parts/deep/er/d.ts", `export const name = "d";`);
    expect((await get("/api/a")).split(",").toSorted()).toEqual(["a", "b", "c", "d"]);
    project.remove("parts/deep");
    expect(await get("/api/a")).toBe("a,b");
    project.write("parts/a.ts", `export const name = "edited";`);
    expect(await get("/api/a")).toBe("edited,b");
  });

  test("a lazy glob is as fresh", async () => {
    const project = createProject({
      "pages/api/a.ts": route(
        `(await Promise.all(Object.values(all).map(async (load) => (await load()).name))).join()`,
        `const all = import.meta.glob("../../parts/*.ts") as Record<string, () => Promise<{ name: string }>>;`,
      ),
      "parts/a.ts": `export const name = "a";`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("a");
    project.write("parts/a.ts", `export const name = "edited";`);
    expect(await get("/api/a")).toBe("edited");
    project.write("parts/b.ts", `export const name = "b";`);
    expect(await get("/api/a")).toBe("edited,b");
  });

  test("an import with a computed name finds new files", async () => {
    const project = createProject({
      "pages/api/[name].ts": `export const GET = async (request: Request, { params }: any) => {
        const { name } = await import(\`../../parts/\${params.name}.ts\`);
        return new Response(name);
      };`,
      "parts/a.ts": `export const name = "a";`,
    });
    const { get, fetch } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("a");
    expect((await fetch("/api/b")).status).toBe(500);
    project.write("parts/b.ts", `export const name = "b";`);
    expect(await get("/api/b")).toBe("b");
    project.write("parts/b.ts", `export const name = "b edited";`);
    expect(await get("/api/b")).toBe("b edited");
  });

  test("a file that another plugin builds a module from counts as its text", async () => {
    const inline: Plugin = {
      name: "inline-text",
      transform(code, id) {
        if (!id.endsWith("/lib/text.ts")) return undefined;
        const file = id.replace("text.ts", "text.txt");
        this.addWatchFile(file);
        return code.replace("TEXT", JSON.stringify(readFileSync(file, "utf8")));
      },
    };
    const project = createProject({
      "pages/api/a.ts": route("text", `import { text } from "../../lib/text.ts";`),
      "lib/text.ts": "export const text = TEXT;",
      "lib/text.txt": "one",
    });
    const { get } = await serve(project, { watch, config: { plugins: [inline] } });
    expect(await get("/api/a")).toBe("one");
    project.write("lib/text.txt", "two");
    expect(await get("/api/a")).toBe("two");
    project.write("lib/text.txt", "three");
    expect(await get("/api/a")).toBe("three");
  });

  test("a file that is a module and that another one is built from counts for both", async () => {
    const project = createProject({
      "pages/api/built.ts": route("title", `import { title } from "virtual:post";`),
      "pages/api/own.ts": route("post.title", `import post from "../../posts/a.json";`),
      "posts/a.json": `{"title":"one"}`,
    });
    const posts: Plugin = {
      name: "posts",
      resolveId: (id) => (id === "virtual:post" ? `\0${id}` : undefined),
      load(id) {
        if (id !== "\0virtual:post") return undefined;
        const file = path.join(project.root, "posts/a.json");
        this.addWatchFile(file);
        const { title } = JSON.parse(readFileSync(file, "utf8")) as { title: string };
        return `export const title = ${JSON.stringify(title)};`;
      },
    };
    const { get } = await serve(project, { watch, config: { plugins: [posts] } });
    for (const title of ["one", "two", "three"]) {
      project.write("posts/a.json", JSON.stringify({ title }));
      expect(await get("/api/own")).toBe(title);
      expect(await get("/api/built")).toBe(title);
      expect(await get("/api/own")).toBe(title);
    }
  });

  test("a plugin that loads sources in its own way keeps its turn", async () => {
    const upper: Plugin = {
      name: "upper-loader",
      load(id) {
        return id.endsWith("/lib/text.ts")
          ? readFileSync(id, "utf8")
              .toUpperCase()
              .replace(/EXPORT CONST/, "export const")
          : undefined;
      },
    };
    const project = createProject({
      "pages/api/a.ts": route("TEXT", `import { TEXT } from "../../lib/text.ts";`),
      "lib/text.ts": `export const text = "one";`,
    });
    const { get } = await serve(project, { watch, config: { plugins: [upper] } });
    expect(await get("/api/a")).toBe("ONE");
    project.write("lib/text.ts", `export const text = "two";`);
    expect(await get("/api/a")).toBe("TWO");
  });

  test("modules that only a plugin knows are found, also by a name that code computes", async () => {
    const virtual: Plugin = {
      name: "virtual-name",
      resolveId: (id) => (id === "virtual:name" ? `\0${id}` : undefined),
      load: (id) => (id === "\0virtual:name" ? `export const name = "virtual";` : undefined),
    };
    const project = createProject({
      "pages/api/a.ts": route(
        `name + (await import(["virtual", "name"].join(":"))).name`,
        `import { name } from "virtual:name";`,
      ),
    });
    const { get } = await serve(project, { watch, config: { plugins: [virtual] } });
    expect(await get("/api/a")).toBe("virtualvirtual");
  });

  test.for([".cts", ".cjs"])(
    "a required %s file that does not parse is an error until it does",
    async (type) => {
      const name = `lib/x${type}`;
      const broken = async (): Promise<unknown> => (await fetch("/api/a")).json();
      const project = createProject({
        "pages/api/a.ts": route(
          "x.v",
          `import { createRequire } from "node:module"; const x = createRequire(import.meta.url)("../../${name}");`,
        ),
        [name]: "module.exports = { v: 0 +",
      });
      const { get, fetch } = await serve(project, { watch });
      expect(await broken()).toMatchObject({ status: 500, file: name });
      for (const n of [1, 2, 3]) {
        project.write(name, `module.exports = { v: ${n} };`);
        expect(await get("/api/a")).toBe(String(n));
        project.write(name, "module.exports = { v: 3 +");
        expect(await broken()).toMatchObject({ status: 500, file: name });
        expect(await broken()).toMatchObject({ status: 500, file: name });
      }
    },
  );

  test("a linked package of the workspace is code of the project", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "@work/names";`),
      "packages/names/package.json": JSON.stringify({ name: "@work/names", exports: "./main.ts" }),
      "packages/names/main.ts": `export { name } from "./name";`,
      "packages/names/name.ts": `export const name = "one";`,
    });
    project.link("packages/names", "node_modules/@work/names");
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("one");
    project.write("packages/names/name.ts", `export const name = "two";`);
    expect(await get("/api/a")).toBe("two");
    project.write("packages/names/name.js", `export const name = "js";`);
    expect(await get("/api/a")).toBe("js");
  });

  test("an alias leads to what is there now", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "@/names/a";`),
      "lib/names/a/index.ts": `export const name = "index.ts";`,
    });
    const alias = { "@": project.path("lib") };
    const { get } = await serve(project, { watch, config: { resolve: { alias } } });
    expect(await get("/api/a")).toBe("index.ts");
    project.write("lib/names/a.ts", `export const name = "a.ts";`);
    expect(await get("/api/a")).toBe("a.ts");
  });

  test("a package that is installed later is found", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "orbit-test-late";`),
    });
    const { get, fetch } = await serve(project, { watch });
    expect((await fetch("/api/a")).status).toBe(500);
    project.write(
      "node_modules/orbit-test-late/package.json",
      `{ "type": "module", "exports": "./main.js" }`,
    );
    project.write("node_modules/orbit-test-late/main.js", `export const name = "installed";`);
    expect(await get("/api/a")).toBe("installed");
  });

  test("JSON, raw text and urls of files are fresh", async () => {
    const project = createProject({
      "pages/api/a.ts": route(
        "[n, named, text].join()",
        `import { n as named } from "../../data.json"; import data from "../../data.json"; import text from "../../note.txt?raw"; const { n } = data;`,
      ),
      "data.json": `{ "n": 1 }`,
      "note.txt": "one",
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("1,1,one");
    project.write("data.json", `{ "n": 2 }`);
    expect(await get("/api/a")).toBe("2,2,one");
    project.write("note.txt", "two");
    expect(await get("/api/a")).toBe("2,2,two");
  });

  test("CommonJS files of the project are fresh", async () => {
    const project = createProject({
      "pages/api/a.ts": route("lib.n", `import lib from "../../lib.cjs";`),
      "lib.cjs": `module.exports = { n: require("./n.cjs").n };`,
      "n.cjs": `exports.n = 1;`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("1");
    project.write("n.cjs", "exports.n = 2;");
    expect(await get("/api/a")).toBe("2");
    project.write("lib.cjs", `module.exports = { n: require("./n.cjs").n * 10 };`);
    expect(await get("/api/a")).toBe("20");
  });
});
