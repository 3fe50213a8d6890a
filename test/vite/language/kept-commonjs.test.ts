import { describe, expect, test, vi } from "vitest";
import type { ReloadReport } from "../../../src/protocol/report.ts";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

/** Where CommonJS routes are: by the package, by the name, with types. */
const PLACES: readonly {
  readonly kind: string;
  readonly route: string;
  readonly lib: string;
  readonly manifest: string;
}[] = [
  {
    kind: `in a package of "type": "commonjs"`,
    route: "pages/api/a.js",
    lib: "lib/b.js",
    manifest: `{ "type": "commonjs" }`,
  },
  { kind: "in a package that says nothing", route: "pages/api/a.js", lib: "lib/b.js", manifest: `{}` },
  {
    kind: "below an ES module, by the name",
    route: "lib/a.cjs",
    lib: "lib/b.cjs",
    manifest: `{ "type": "module" }`,
  },
  {
    kind: "below an ES module, with types",
    route: "lib/a.cts",
    lib: "lib/b.cts",
    manifest: `{ "type": "module" }`,
  },
];

async function reloadIn({ reports }: Served): Promise<ReloadReport> {
  return vi.waitFor(() => {
    const reload = reports.findLast(({ event }) => event === "reload");
    if (reload?.event !== "reload") throw new Error("Nothing has been told yet.");
    return reload;
  });
}

describe.for(PLACES)("CommonJS $kind", ({ route, lib, manifest }) => {
  const toLib = route.startsWith("pages") ? `../../${lib}` : `./${lib.slice("lib/".length)}`;
  const text = (expression: string, head = "let calls = 0; const items = [];"): string =>
    `const b = require("${toLib}");\n${head}\nexports.GET = async () => Response.json(${expression});\n`;
  const project = (head?: string): ReturnType<typeof createProject> =>
    createProject({
      "package.json": manifest,
      [route]: text(`(items.push("x"), ["one", ++calls, items.length, b.next()])`, head),
      [lib]: `let n = 0; exports.next = () => ++n;`,
      ...(route.startsWith("pages") ? {} : { "pages/api/a.js": `export { GET } from "../../${route}";` }),
    });
  const after = `(items.push("x"), ["two", ++calls, items.length, b.next()])`;

  test.for([{ watch: true }, { watch: false }])(
    "keeps its state when it is edited, and what it requires goes on (watcher $watch)",
    async ({ watch }) => {
      const { write, ...rest } = project();
      const served = await serve({ write, ...rest }, { watch, plugin: { hmr: { debounceMs: 10 } } });
      expect(await served.get("/api/a")).toBe(`["one",1,1,1]`);
      write(route, text(after));
      expect(await served.get("/api/a")).toBe(`["two",2,2,2]`);
      const { summary } = await reloadIn(served);
      expect(summary).toContain("kept calls, items");
      expect(summary).not.toContain(lib);
      write(lib, `let n = 0; exports.next = () => (n += 10);`);
      expect(await served.get("/api/a")).toBe(`["two",3,3,12]`);
    },
  );

  test("begins anew what says so", async () => {
    const head = `// @hot-reset\nlet calls = 0;\nconst items = [];`;
    const { write, ...rest } = project(head);
    const { get } = await serve({ write, ...rest }, { watch: false });
    expect(await get("/api/a")).toBe(`["one",1,1,1]`);
    write(route, text(after, head));
    expect(await get("/api/a")).toBe(`["two",1,2,2]`);
    write(route, `"no hot state";\n${text(after, head)}`);
    expect(await get("/api/a")).toBe(`["two",1,1,3]`);
  });

  test("closes what it has opened", async () => {
    const { write, ...rest } = project(ticking(1000));
    const served = await serve({ write, ...rest }, { watch: false });
    await served.get("/api/a");
    const timers = (): number =>
      served.session.runtime.resources.filter(({ kind }) => kind === "timer").length;
    expect(timers()).toBe(1);
    for (const ms of [2000, 3000]) {
      write(route, text(after, ticking(ms)));
      await served.get("/api/a");
    }
    await expect.poll(timers).toBe(1);
  });

  test("says where it throws, also behind a kept binding", async () => {
    const { write, ...rest } = project();
    const { fetch } = await serve({ write, ...rest }, { watch: false });
    write(
      route,
      `let calls = 0;\nexports.GET = async () => {\n  calls++; calls += calls; throw new Error("here");\n};\n`,
    );
    expect((await fetch("/api/a")).json()).toMatchObject({ file: route, line: 3, column: 34 });
  });
});

function ticking(ms: number): string {
  return `setInterval(() => {}, ${ms}).unref(); let calls = 0; const items = [];`;
}

const route = (
  word: string,
): string => `const express = require("tool"); const { bus } = require("../../lib/bus"); const { count } = require("../../lib/count");
const tool = express.create();
exports.GET = () => { bus.emit("asked"); return Response.json(["${word}", bus.heard(), count(), tool.made()]); };`;

test("an edit of a script leaves alone what it requires, be that made of closures or of packages whose state nobody can see", async () => {
  const project = createProject({
    "package.json": `{ "type": "commonjs" }`,
    "node_modules/tool/package.json": `{ "name": "tool", "main": "index.js" }`,
    "node_modules/tool/index.js": `let all = 0; const hidden = new WeakMap(); const books = { list: [] };
      exports.books = books; exports.mark = (key) => { hidden.set(key, ++all); books.list.push(all); return key; };
      exports.create = () => { books.list.push("app"); return { made: () => books.list.length }; };`,
    "lib/bus.js": `const tool = require("tool"); const createBus = () => { const heard = []; return { emit: (name) => heard.push(name), heard: () => heard.length }; };
      const bus = createBus(); exports.bus = tool.mark(bus);`,
    "lib/count.js": `const { books } = require("tool"); let n = 0; exports.count = () => ++n + books.list.length * 0;`,
    "pages/api/a.js": route("one"),
  });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } } });
  const ask = async (): Promise<readonly unknown[]> => JSON.parse(await served.get("/api/a")) as unknown[];
  expect((await ask()).slice(0, 3)).toEqual(["one", 1, 1]);
  project.write("pages/api/a.js", route("two"));
  expect((await ask()).slice(0, 3)).toEqual(["two", 2, 2]);
  expect((await reloadIn(served)).ran).toEqual(["pages/api/a.js"]);
});
