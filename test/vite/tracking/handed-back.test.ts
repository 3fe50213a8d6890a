import { describe, expect, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import type { Report } from "../../../src/protocol/report.ts";

const models = {
  "node_modules/models/package.json": `{ "name": "models", "exports": "./index.js" }`,
  "node_modules/models/index.js": `exports.models = {};
    exports.Schema = class { methods = {}; };
    exports.model = (name, schema) => {
      if (exports.models[name]) throw new Error("Cannot overwrite " + name);
      return (exports.models[name] = class { static say() { return schema.methods.say(); } });
    };`,
};

/** A model whose package makes each one once. */
const model = (word: string): string => `import { model, models, Schema } from "models";
      const schema = new Schema(); schema.methods.say = () => "${word}";
      export const Cat = models.Cat || model("Cat", schema);`;

let names = 0;
/** Globals outlive a test. */
const unique = (): string => `orbitTestCms${++names}`;

/** What keeps its first value in a global or in a package, with the word that it says. */
const keepers: Readonly<Record<string, (word: string, name: string) => Readonly<Record<string, string>>>> = {
  "an instance in a global": (word, name) => ({
    "lib/cms.ts": `class Cms { count = 0; say() { return "${word}" + ++this.count; } }
      export const cms: Cms = ((globalThis as any).${name} ??= new Cms());`,
    "pages/api/a.ts": route("cms.say()", `import { cms } from "../../lib/cms.ts";`),
  }),
  "an instance in a global that a handler reads": (word, name) => ({
    "pages/api/a.ts": route(
      `(globalThis as any).${name}.say()`,
      `class Cms { count = 0; say() { return "${word}" + ++this.count; } }
      (globalThis as any).${name} ??= new Cms();`,
    ),
  }),
  "an instance in an object in a global": (word, name) => ({
    "lib/cms.ts": `class Cms { count = 0; say() { return "${word}" + ++this.count; } }
      const scope = ((globalThis as any).${name} ||= {}); export const all = (scope.all ??= new Map([["a", new Cms()]]));`,
    "pages/api/a.ts": route(`all.get("a").say()`, `import { all } from "../../lib/cms.ts";`),
  }),
};

const said = (reports: readonly Report[]): string =>
  JSON.stringify(reports.filter(({ event }) => event === "reload"));

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test.for(Object.entries(keepers))(
    "%s has the new methods after an edit, and what it holds",
    async ([, files]) => {
      const name = unique();
      const project = createProject(files("one", name));
      const { get } = await serve(project, { watch });
      expect(await get("/api/a")).toBe("one1");
      for (const [file, text] of Object.entries(files("two", name))) project.write(file, text);
      expect(await get("/api/a")).toBe("two2");
    },
  );

  test.for([
    [
      "that only its own text can read",
      `#count = 0; say() { return "WORD" + ++this.#count; }`,
      `((globalThis as any).NAME ??= new Cms())`,
    ],
    [
      "made by a function",
      `static make() { return { say: () => "WORD1" }; }`,
      `((globalThis as any).NAME ??= Cms.make())`,
    ],
  ] as const)("an object in a global %s goes on, and the line says so", async ([, body, value]) => {
    const name = unique();
    const files = (word: string): Readonly<Record<string, string>> => ({
      "lib/cms.ts": `class Cms { ${body.replace("WORD", word)} } export const cms: any = ${value.replace("NAME", name)};`,
      "pages/api/a.ts": route("cms.say()", `import { cms } from "../../lib/cms.ts";`),
    });
    const project = createProject(files("one"));
    const { get, reports } = await serve(project, { watch, plugin: { hmr: { debounceMs: 20 } } });
    expect(await get("/api/a")).toBe("one1");
    project.write("lib/cms.ts", files("two")["lib/cms.ts"] ?? "");
    expect(await get("/api/a")).toMatch(/^one/);
    await vi.waitFor(() =>
      expect(said(reports)).toMatch(
        /still old (?:cms|Cms) \((?:the one of before|1 kept instance has the old class)/,
      ),
    );
  });

  test.for([
    `(globalThis as any).NAME ??= createCms();`,
    `const scope = globalThis as any; if (!scope.NAME) scope.NAME = createCms();`,
    `const scope = ((globalThis as any).NAME ||= {}); scope.cms ??= createCms();`,
  ])(
    "an object of closures that only a global holds is the one of before, and the line says so: %s",
    async (statement) => {
      const name = unique();
      const own = statement.includes("scope.cms") ? `${name}.cms` : name;
      const text = (
        word: string,
      ): string => `const createCms = () => { let count = 0; return { say: () => "${word}" + ++count }; };
      ${statement.replaceAll("NAME", name)}
      export const GET = () => new Response((globalThis as any).${own}.say());`;
      const project = createProject({ "pages/api/a.ts": text("one") });
      const { get, reports } = await serve(project, { watch, plugin: { hmr: { debounceMs: 20 } } });
      expect(await get("/api/a")).toBe("one1");
      project.write("pages/api/a.ts", `${text("one")}\nexport const other = 1;`);
      expect(await get("/api/a")).toBe("one2");
      await vi.waitFor(() => expect(said(reports)).toContain("pages/api/a.ts"));
      expect(said(reports)).not.toContain("still old");
      project.write("pages/api/a.ts", text("two"));
      expect(await get("/api/a")).toBe("one3");
      await vi.waitFor(() => expect(said(reports)).toContain(`still old globalThis.${own}`));
    },
  );

  test("what a package hands back is the one of before, and the line says so", async () => {
    const project = createProject({
      ...models,
      "lib/cat.ts": model("one"),
      "pages/api/a.ts": route("Cat.say()", `import { Cat } from "../../lib/cat.ts";`),
    });
    const { get, reports } = await serve(project, { watch, plugin: { hmr: { debounceMs: 20 } } });
    expect(await get("/api/a")).toBe("one");
    project.write("lib/cat.ts", `${model("one")}\nexport const other = 1;`);
    expect(await get("/api/a")).toBe("one");
    await vi.waitFor(() => expect(said(reports)).toContain("lib/cat.ts"));
    expect(said(reports)).not.toContain("the one of before");
    project.write("lib/cat.ts", model("two"));
    expect(await get("/api/a")).toBe("one");
    await vi.waitFor(() => expect(said(reports)).toContain("still old Cat (the one of before"));
  });
});
