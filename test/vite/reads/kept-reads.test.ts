import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { nextReload } from "../support/next-reload.ts";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const FS = `import fs, { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
const at = (name: string) => new URL("../../views/" + name, import.meta.url);\n`;

/** A route whose second answer is the first one, unless what it keeps is made anew. */
const page = (text: string, expression = "await page()"): string => route(expression, FS + text);

/** Ways to read `views/a.html` at a request and to keep what it says. */
const keepers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "in a binding": {
    "pages/api/a.ts": page(`let text: string | undefined;
      const page = () => (text ??= readFileSync(at("a.html"), "utf8"));`),
  },
  "in a binding that a test guards": {
    "pages/api/a.ts": page(`let text = "";
      const page = () => { if (text === "") text = readFileSync(at("a.html"), "utf8"); return text; };`),
  },
  "in a binding that an early return guards": {
    "pages/api/a.ts": page(`let text: string | undefined;
      const page = async () => { if (text) return text; const raw = await readFile(at("a.html"), "utf8"); text = raw.trim(); return text; };`),
  },
  "in a promise": {
    "pages/api/a.ts": page(`let text: Promise<string> | undefined;
      const page = () => (text ??= readFile(at("a.html"), "utf8"));`),
  },
  "in a promise of something that waits before it reads": {
    "pages/api/a.ts": page(`let text: Promise<string> | undefined;
      const load = async () => { await readFile(at("b.html")); return readFile(at("a.html"), "utf8"); };
      const page = () => (text ??= load());`),
  },
  "in an entry of a Map": {
    "pages/api/a.ts": page(
      `const texts = new Map<string, string>();
      const page = (name: string) => { if (!texts.has(name)) texts.set(name, readFileSync(at(name), "utf8")); return texts.get(name); };`,
      `page("a.html")`,
    ),
  },
  "in an entry of a Map, asked for first": {
    "pages/api/a.ts": page(
      `const texts = new Map<string, string>();
      const page = async (name: string) => {
        const hit = texts.get(name);
        if (hit !== undefined) return hit;
        const text = await readFile(at(name), "utf8");
        texts.set(name, text);
        return text;
      };`,
      `await page("a.html")`,
    ),
  },
  "in an entry of an object": {
    "pages/api/a.ts": page(
      `const texts: Record<string, string> = {};
      const page = (name: string) => (texts[name] ??= readFileSync(at(name), "utf8"));`,
      `page("a.html")`,
    ),
  },
  "in an entry of an object, tested with in": {
    "pages/api/a.ts": page(
      `const texts: Record<string, string> = {};
      const page = (name: string) => { if (!(name in texts)) texts[name] = readFileSync(at(name), "utf8"); return texts[name]; };`,
      `page("a.html")`,
    ),
  },
  "in an entry that a container computes where it has none": {
    "pages/api/a.ts": page(
      `class Texts extends Map<string, string> {
        getOrInsertComputed(name: string, make: (name: string) => string) { if (!this.has(name)) this.set(name, make(name)); return this.get(name)!; }
      }
      const texts: any = new Texts();
      const page = (name: string) => texts.getOrInsertComputed(name, () => readFileSync(at(name), "utf8"));`,
      `page("a.html")`,
    ),
  },
  "in a property": {
    "pages/api/a.ts": page(`const state: { text?: string } = {};
      const page = () => (state.text ??= readFileSync(at("a.html"), "utf8"));`),
  },
  "in a global": {
    "pages/api/a.ts": page(
      `const page = () => ((globalThis as any).orbitViews ??= readFileSync(at("a.html"), "utf8"));`,
    ),
  },
  "in a global that a module fills when it is loaded": {
    "pages/api/a.ts": page(`(globalThis as any).orbitLoaded ??= readFileSync(at("a.html"), "utf8");
      const page = () => (globalThis as any).orbitLoaded;`),
  },
  "in a global that a test guards": {
    "pages/api/a.ts": page(`const shared = globalThis as any;
      if (!shared.orbitTested) shared.orbitTested = await readFile(at("a.html"), "utf8");
      const page = () => shared.orbitTested;`),
  },
  "in a global by a symbol": {
    "pages/api/a.ts": page(
      `const page = () => ((globalThis as any)[Symbol.for("orbit.views")] ??= readFileSync(at("a.html"), "utf8"));`,
    ),
  },
  "in an object in a global": {
    "pages/api/a.ts": page(`const app = ((globalThis as any).orbitApp ??= {});
      const page = () => (app.views ??= readFileSync(at("a.html"), "utf8"));`),
  },
  "in an entry of a Map in a global": {
    "pages/api/a.ts": page(`const views = ((globalThis as any).orbitMap ??= new Map());
      const page = () => { if (!views.has("a")) views.set("a", readFileSync(at("a.html"), "utf8")); return views.get("a"); };`),
  },
  "in a global of a CommonJS file": {
    "pages/api/a.js": `const { readFileSync } = require("node:fs"); const { join } = require("node:path");
      exports.GET = () => new Response(globalThis.orbitScript ??= readFileSync(join(__dirname, "../../views/a.html"), "utf8"));`,
  },
  "in a property of this": {
    "pages/api/a.ts":
      page(`const views = { text: "", page() { return (this.text ||= readFileSync(at("a.html"), "utf8")); } };
      const page = () => views.page();`),
  },
  "in a private field of an object that the module made": {
    "pages/api/a.ts":
      page(`class Views { #text: string | undefined; page() { return (this.#text ??= readFileSync(at("a.html"), "utf8")); } }
      const views = new Views();
      const page = () => views.page();`),
  },
  "in a private field of an object whose class is elsewhere": {
    "pages/api/a.ts": `import { Views } from "../../lib/one/views.ts"; const views = new Views();
      export const GET = () => new Response(views.page());`,
    "lib/one/views.ts": `${FS}export class Views { #text: string | undefined; page() { return (this.#text ??= readFileSync(at("a.html"), "utf8")); } }`,
  },
  "in a private container": {
    "pages/api/a.ts": page(
      `class Views {
        readonly #texts = new Map<string, string>();
        page(name: string) {
          let text = this.#texts.get(name);
          if (text === undefined) { text = readFileSync(at(name), "utf8"); this.#texts.set(name, text); }
          return text;
        }
      }
      const views = new Views();`,
      `views.page("a.html")`,
    ),
  },
  "in a binding, read by a helper of another module": {
    "pages/api/a.ts": route(
      "(text ??= view())",
      `import { view } from "../../lib/one/view.ts"; let text: string | undefined;`,
    ),
    "lib/one/view.ts": `${FS}export const view = () => readFileSync(at("a.html"), "utf8");`,
  },
  "in an entry, read by a helper below a helper": {
    "pages/api/a.ts": `import { view } from "../../lib/one/cached.ts"; export const GET = async () => new Response(await view("a.html"));`,
    "lib/one/cached.ts": `import { read } from "./read.ts";
      const texts = new Map<string, Promise<string>>();
      export const view = (name: string) => { let text = texts.get(name); if (!text) texts.set(name, (text = read(name))); return text; };`,
    "lib/one/read.ts": `${FS}export const read = async (name: string) => { await null; return (await readFile(at(name), "utf8")).trim(); };`,
  },
  "in a cache": {
    "pages/api/a.ts": page(
      `import { createCache } from "orbit-hmr/state";
      const texts = createCache<string>("texts");
      const page = (name: string) => {
        const hit = texts.get(name);
        if (hit !== undefined) return hit;
        const text = readFileSync(at(name), "utf8");
        texts.set(name, text);
        return text;
      };`,
      `page("a.html")`,
    ),
  },
  "in a cache of another module, in one expression": {
    "pages/api/a.ts": page(
      `import { texts } from "../../lib/one/texts.ts";
      const page = async (name: string) => { if (!texts.get(name)) texts.set(name, await readFile(at(name), "utf8")); return texts.get(name); };`,
      `await page("a.html")`,
    ),
    "lib/one/texts.ts": `import { createCache } from "orbit-hmr/state"; export const texts = createCache<string>("texts", Infinity);`,
  },
  "in a binding of a CommonJS file": {
    "pages/api/a.ts": `import { page } from "../../lib/one/view.cjs"; export const GET = () => new Response(page());`,
    "lib/one/view.cjs": `const fs = require("fs"); const { join } = require("path"); let text;
      exports.page = () => (text ??= fs.readFileSync(join(__dirname, "../../views/a.html"), "utf8"));`,
  },
  "in an entry of a Map of a CommonJS file that is required": {
    "pages/api/a.ts": `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);
      export const GET = async () => new Response(await require("../../lib/one/view.cjs").page("a.html"));`,
    "lib/one/view.cjs": `const { readFile } = require("fs/promises"); const { join } = require("path"); const texts = new Map();
      exports.page = async (name) => { if (!texts.has(name)) texts.set(name, await readFile(join(__dirname, "../../views", name), "utf8")); return texts.get(name); };`,
  },
  "by a memo of another module": {
    "pages/api/a.ts": page(
      `import { memo } from "../../lib/one/memo.ts";
      const page = memo(() => readFileSync(at("a.html"), "utf8"));`,
    ),
    "lib/one/memo.ts": `export const memo = (make: () => string) => { let value: string | undefined; return () => (value ??= make()); };`,
  },
  "by a memo of a package": {
    "pages/api/a.ts": page(
      `import { memo } from "memo";
      const page = memo(() => readFileSync(at("a.html"), "utf8"));`,
    ),
    "node_modules/memo/package.json": `{ "name": "memo", "type": "module", "exports": "./index.js" }`,
    "node_modules/memo/index.js": `export const memo = (make) => { let value; return () => (value ??= make()); };`,
  },
  "in a container of another module": {
    "pages/api/a.ts": page(
      `import { texts } from "../../lib/one/texts.ts";
      const page = (name: string) => { if (!texts.has(name)) texts.set(name, readFileSync(at(name), "utf8")); return texts.get(name); };`,
      `page("a.html")`,
    ),
    "lib/one/texts.ts": `export const texts = new Map<string, string>();`,
  },
  "by a memo of a package, by what the function calls": {
    "pages/api/a.ts": page(
      `import { memo } from "memo"; import { view } from "../../lib/one/view.ts";
      const page = memo(() => "" + view());`,
    ),
    "lib/one/view.ts": `${FS}export const view = () => readFileSync(at("a.html"), "utf8");`,
    "node_modules/memo/package.json": `{ "name": "memo", "type": "module", "exports": "./index.js" }`,
    "node_modules/memo/index.js": `export const memo = (make) => { let value; return () => (value ??= make()); };`,
  },
  "by an object that the module has made of a package": {
    "pages/api/a.ts": page(
      `import { Views } from "views"; const views = new Views(at("").pathname);`,
      `views.render("a.html")`,
    ),
    "node_modules/views/package.json": `{ "name": "views", "exports": "./index.js" }`,
    "node_modules/views/index.js": `const fs = require("fs"); exports.Views = class { #texts = {}; constructor(folder) { this.folder = folder }
      render(name) { return (this.#texts[name] ??= fs.readFileSync(this.folder + name, "utf8")); } };`,
  },
  "by a package that a module hands the path": {
    "pages/api/a.ts": page(`import { compileFile } from "engine"; let render: (() => string) | undefined;
      const page = () => (render ??= compileFile(at("a.html")))();`),
    "node_modules/engine/package.json": `{ "name": "engine", "type": "module", "exports": "./index.js" }`,
    "node_modules/engine/index.js": `import { readFileSync } from "node:fs"; export const compileFile = (file) => { const text = readFileSync(file, "utf8"); return () => text; };`,
  },
};

/** Globals of the programs above. */
const GLOBALS = ["orbitViews", "orbitLoaded", "orbitTested", "orbitApp", "orbitMap", "orbitScript"];

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  afterEach(() => {
    for (const key of [...GLOBALS, Symbol.for("orbit.views")]) Reflect.deleteProperty(globalThis, key);
  });

  test.for(Object.entries(keepers))(
    "what a request read of a file and kept %s is made anew when the file changes",
    async ([, files]) => {
      const project = createProject({ "views/a.html": "one", "views/b.html": "", ...files });
      const { get } = await serve(project, { watch });
      expect(await get("/api/a")).toBe("one");
      expect(await get("/api/a")).toBe("one");
      project.write("views/a.html", "two");
      expect(await get("/api/a")).toBe("two");
      project.write("views/a.html", "three");
      expect(await get("/api/a")).toBe("three");
    },
  );
});

describe("what was not read of the file stays", () => {
  const state = page(
    `import { compile } from "../../lib/one/compile.ts";
    let hits = 0;
    const sessions = new Map<string, object>();
    let a: string | undefined;
    let b: string | undefined;
    const page = (name: string) => {
      hits++;
      const text = readFileSync(at("layout.html"), "utf8");
      const known = sessions.get(name);
      if (known) return "known " + hits;
      sessions.set(name, { name });
      a ??= compile(readFileSync(at("a.html"), "utf8"));
      b ??= compile(readFileSync(at("b.html"), "utf8"));
      return [text, a, b, hits, sessions.size].join(" ");
    };`,
    `page(orbitTestName())`,
  );
  const files = {
    "views/layout.html": "layout",
    "views/a.html": "one",
    "views/b.html": "two",
    "lib/one/compile.ts": `let compiled = 0; export const compile = (text: string) => text + ++compiled;`,
    "pages/api/a.ts": state,
  };
  let name = "";
  Object.assign(globalThis, { orbitTestName: () => name });

  test.for([{ watch: true }, { watch: false }])(
    "beside it: counters, sessions, and what is read of other files, watcher $watch",
    async ({ watch }) => {
      name = "Ada";
      const project = createProject(files);
      const { get } = await serve(project, { watch });
      expect(await get("/api/a")).toBe("layout one1 two2 1 1");
      expect(await get("/api/a")).toBe("known 2");
      project.write("views/a.html", "three");
      name = "Bob";
      expect(await get("/api/a")).toBe("layout three3 two2 3 2");
      project.write("views/layout.html", "frame");
      name = "Cleo";
      expect(await get("/api/a")).toBe("frame three3 two2 4 3");
    },
  );

  test("unless it is made of what was: a cache over a cache", async () => {
    const project = createProject({
      "views/a.html": "one",
      "pages/api/a.ts": page(
        `const texts = new Map<string, string>();
        const text = (name: string) => { if (!texts.has(name)) texts.set(name, readFileSync(at(name), "utf8")); return texts.get(name)!; };
        const pages: Record<string, string> = {};
        const render = (name: string) => (pages[name] ??= text(name).toUpperCase());
        let hits = 0;
        export const POST = () => new Response(render("a.html") + ++hits);`,
        `text("a.html")`,
      ),
    });
    const { get, fetch } = await serve(project, { watch: false });
    const post = async (): Promise<string> => (await fetch("/api/a", { method: "POST" })).text;
    expect(await get("/api/a")).toBe("one");
    expect(await post()).toBe("ONE1");
    project.write("views/a.html", "two");
    expect(await post()).toBe("TWO2");
  });

  test("where a session is made by code that reads a file for something else", async () => {
    const project = createProject({
      "views/a.html": "one",
      "pages/api/a.ts": page(
        `const sessions = new Map<string, { visits: number }>();
        const page = () => {
          const session = sessions.get("Ada");
          if (session) return readFileSync(at("a.html"), "utf8") + ++session.visits;
          const text = readFileSync(at("a.html"), "utf8");
          sessions.set("Ada", { visits: 1 });
          return text + 1;
        };`,
        "page()",
      ),
    });
    const { get } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("one1");
    project.write("views/a.html", "two");
    expect(await get("/api/a")).toBe("two2");
  });

  test("where what was filled lives on in a module that is edited, the file still counts", async () => {
    const text = page(
      `const texts = new Map<string, string>();
      const page = (name: string) => {
        if (!texts.has(name)) texts.set(name, readFileSync(at(name), "utf8"));
        return texts.get(name) + "?" + texts.size;
      };`,
      `page("a.html")`,
    );
    const project = createProject({ "views/a.html": "one", "pages/api/a.ts": text });
    const { get } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("one?1");
    project.write("pages/api/a.ts", text.replace("?", "!"));
    expect(await get("/api/a")).toBe("one!1");
    project.write("views/a.html", "two");
    expect(await get("/api/a")).toBe("two!1");
  });

  test("what server code writes itself is no change", async () => {
    const project = createProject({
      "views/a.html": "1",
      "pages/api/a.ts":
        page(
          `import { writeFileSync } from "node:fs";
          let count: number | undefined;
          const page = () => (count ??= Number(readFileSync(at("a.html"), "utf8")));
          export const POST = () => { count = page() + 1; writeFileSync(at("a.html"), String(count)); return new Response(); };`,
          "page()",
        ) + "\nlet calls = 0; export const PUT = () => new Response(String(++calls));",
    });
    const { get, fetch, reports } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("1");
    await fetch("/api/a", { method: "POST" });
    await fetch("/api/a", { method: "POST" });
    expect(await get("/api/a")).toBe("3");
    expect(reports).toEqual([]);
    project.write("views/a.html", "10");
    expect(await get("/api/a")).toBe("10");
  });
});

test("what requests read is not kept over a restart: the file may say something else by then", async () => {
  const project = createProject({
    "views/a.html": "one",
    "pages/api/a.ts": page(
      `const texts = new Map<string, string>();
      let hits = 0;
      const page = (name: string) => {
        if (!texts.has(name)) texts.set(name, readFileSync(at(name), "utf8"));
        return texts.get(name) + String(++hits);
      };`,
      `page("a.html")`,
    ),
  });
  const first = await serve(project);
  expect(await first.get("/api/a")).toBe("one1");
  await first.server.close();
  project.write("views/a.html", "two");
  const second = await serve(project);
  expect(await second.get("/api/a")).toBe("two2");
});

test("a file that a kept value was read of is the cause of one reload, by its name", async () => {
  const project = createProject({ "views/a.html": "one", ...keepers["in an entry of a Map"] });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 20 } } });
  expect(await served.get("/api/a")).toBe("one");
  project.write("views/a.html", "two");
  expect(await nextReload(served)).toMatchObject({
    reason: expect.stringContaining("keeps what it read of views/a.html"),
    files: ["views/a.html"],
    routes: ["/api/a"],
    ran: ["pages/api/a.ts"],
  });
});

test("a global that is made of what a file said is told as reset, and a client beside it goes on", async () => {
  const project = createProject({
    "views/a.html": "one",
    "pages/api/a.ts": page(`const shared = globalThis as any;
      shared.orbitViews ??= readFileSync(at("a.html"), "utf8");
      shared.orbitApp ??= { client: Math.random() };
      const page = () => shared.orbitViews + " " + shared.orbitApp.client;`),
  });
  onTestFinished(() => {
    for (const key of GLOBALS) Reflect.deleteProperty(globalThis, key);
  });
  const served = await serve(project);
  const [, client] = (await served.get("/api/a")).split(" ");
  project.write("views/a.html", "two");
  expect(await served.get("/api/a")).toBe(`two ${client}`);
  const { reset } = await nextReload(served);
  expect(reset.map(({ name }) => name)).toEqual(["pages/api/a.ts:globalThis.orbitViews"]);
});

describe("what a package may keep", () => {
  const engine = {
    "views/a.html": "one",
    "node_modules/engine/package.json": `{ "name": "engine", "exports": "./index.js" }`,
    "pages/api/a.ts": page(`import { render } from "engine";`, `render(at("a.html"))`),
  };

  test.for([{ watch: true }, { watch: false }])(
    "in itself is named when the file changes, watcher $watch",
    async ({ watch }) => {
      const project = createProject({
        ...engine,
        "node_modules/engine/index.js": `const fs = require("fs"); const texts = {};
          exports.render = (file) => (texts[file] ??= fs.readFileSync(file, "utf8"));`,
      });
      const { get, reports } = await serve(project, { watch, plugin: { hmr: { debounceMs: 20 } } });
      expect(await get("/api/a")).toBe("one");
      project.write("views/a.html", "two");
      expect(await get("/api/a")).toBe("one");
      await vi.waitFor(() =>
        expect(reports).toContainEqual(
          expect.objectContaining({ message: expect.stringMatching(/views\/a\.html: engine has read it/) }),
        ),
      );
    },
  );

  test("is not kept where a later request reads it again: nobody is named, nothing runs", async () => {
    const project = createProject({
      ...engine,
      "node_modules/engine/index.js": `const fs = require("fs"); exports.render = (file) => fs.readFileSync(file, "utf8");`,
    });
    const { get, reports, session } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("one");
    expect(await get("/api/a")).toBe("one");
    const { version } = session.runtime;
    project.write("views/a.html", "two");
    expect(await get("/api/a")).toBe("two");
    expect(session.runtime.version).toBe(version);
    expect(reports).toEqual([]);
  });

  test("is not kept by a framework whose handler reads it at each request", async () => {
    const project = createProject({
      "views/a.html": "one",
      "node_modules/app/package.json": `{ "name": "app", "exports": "./index.js" }`,
      "node_modules/app/index.js": `exports.App = class { #handlers = {}; get(path, run) { this.#handlers[path] = run; } handle(path) { return this.#handlers[path](); } };`,
      "pages/api/a.ts": page(
        `import { App } from "app"; const app = new App(); app.get("/", () => readFileSync(at("a.html"), "utf8"));`,
        `app.handle("/")`,
      ),
    });
    const { get, session } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("one");
    expect(await get("/api/a")).toBe("one");
    const { version } = session.runtime;
    project.write("views/a.html", "two");
    expect(await get("/api/a")).toBe("two");
    expect(session.runtime.version).toBe(version);
  });
});
