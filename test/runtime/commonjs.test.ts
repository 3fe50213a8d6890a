import { expect, test } from "vitest";
import { memoryProject } from "./support/memory-project.ts";
import { testPrograms } from "./support/programs.ts";

testPrograms([
  {
    law: "a CommonJS file that is imported",
    files: {
      "lib.cjs": `module.exports = { price: 1, list: () => ["a"] };`,
      "entry.ts": `import lib, { price, list } from "./lib.cjs"; export const GET = () => [lib.price, price, list()];`,
    },
    edits: [
      { "lib.cjs": `module.exports = { price: 2, list: () => ["b"] };` },
      { "lib.cjs": `exports.price = 3; exports.list = () => ["c"];` },
    ],
  },
  {
    law: "a CommonJS file that requires another one",
    files: {
      "leaf.cjs": `exports.leaf = 1;`,
      "mid.cjs": `const { leaf } = require("./leaf.cjs"); exports.double = leaf * 2;`,
      "entry.ts": `import { double } from "./mid.cjs"; export const GET = () => double;`,
    },
    edits: [
      { "leaf.cjs": `exports.leaf = 5;` },
      { "mid.cjs": `exports.double = "none";` },
      { "mid.cjs": `exports.double = require("./leaf.cjs").leaf * 3;`, "leaf.cjs": `exports.leaf = 7;` },
    ],
  },
  {
    law: "createRequire in a module",
    files: {
      "leaf.cjs": `module.exports = "v1";`,
      "entry.ts": `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const leaf = require("./leaf.cjs"); export const GET = () => [leaf, require("./leaf.cjs")];`,
    },
    edits: [{ "leaf.cjs": `module.exports = "v2";` }],
  },
  {
    law: "a require inside a handler",
    files: {
      "leaf.cjs": `module.exports = "v1";`,
      "entry.cjs": `exports.GET = () => require("./leaf.cjs");`,
      "entry.ts": `import { GET as get } from "./entry.cjs"; export const GET = () => get();`,
    },
    edits: [{ "leaf.cjs": `module.exports = "v2";` }, { "leaf.cjs": `module.exports = "v3";` }],
  },
  {
    law: "JSON that is required",
    files: {
      "data.json": `{ "n": 1 }`,
      "mid.cjs": `const data = require("./data.json"); exports.n = data.n; exports.now = () => require("./data.json").n;`,
      "entry.ts": `import { n, now } from "./mid.cjs"; export const GET = () => [n, now()];`,
    },
    edits: [{ "data.json": `{ "n": 2 }` }],
  },
  {
    law: "a cycle of CommonJS files",
    files: {
      "a.cjs": `exports.early = "a"; const b = require("./b.cjs"); exports.a = () => "a" + b.b();`,
      "b.cjs": `const a = require("./a.cjs"); exports.b = () => "b" + a.early;`,
      "entry.ts": `import { a } from "./a.cjs"; export const GET = () => a();`,
    },
    edits: [
      { "b.cjs": `const a = require("./a.cjs"); exports.b = () => "B" + a.early;` },
      { "a.cjs": `exports.early = "A"; const b = require("./b.cjs"); exports.a = () => "A" + b.b();` },
    ],
  },
  {
    law: "transpiled ES modules",
    files: {
      "lib.cjs": `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => "d1"; exports.named = "n1";`,
      "entry.ts": `import lib, { named } from "./lib.cjs"; export const GET = () => [lib.default(), named];`,
    },
    edits: [
      {
        "lib.cjs": `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => "d2"; exports.named = "n2";`,
      },
    ],
  },
  {
    law: "a CommonJS file that throws, and is mended",
    files: {
      "lib.cjs": `exports.a = 1;`,
      "entry.ts": `import { a } from "./lib.cjs"; export const GET = () => a;`,
    },
    edits: [{ "lib.cjs": `throw new Error("cjs is broken");` }, { "lib.cjs": `exports.a = 2;` }],
  },
  {
    law: "a registry in CommonJS",
    files: {
      "registry.cjs": `exports.all = [];`,
      "a.cjs": `require("./registry.cjs").all.push("a");`,
      "entry.ts": `import "./a.cjs"; import { all } from "./registry.cjs"; export const GET = () => all;`,
    },
    edits: [{ "a.cjs": `require("./registry.cjs").all.push("A");` }],
  },
]);

test("a syntax error in a CommonJS file names the file", async () => {
  const project = memoryProject({
    "lib.cjs": `exports.a = ;`,
    "entry.ts": `import { a } from "./lib.cjs"; export const GET = () => a;`,
  });
  const outcome = await project.runtime.update(["/project/entry.ts"]);
  expect(outcome).toMatchObject({ status: "failed", problem: { file: "/project/lib.cjs" } });
});

test("packages are required natively", async () => {
  const project = memoryProject({
    "lib.cjs": `exports.sep = require("node:path").posix.sep;`,
    "entry.ts": `import { sep } from "./lib.cjs"; export const GET = () => sep;`,
  });
  expect(await project.ask("entry.ts")).toBe("/");
});

test("a CommonJS file that is required is not a module for whoever has not asked for it", async () => {
  const project = memoryProject({
    "lib.cjs": `exports.filename = __filename; exports.dirname = __dirname; exports.self = typeof module.exports; exports.here = this === module.exports;`,
    "entry.ts": `import lib from "./lib.cjs"; export const GET = () => lib;`,
  });
  expect(await project.ask("entry.ts")).toEqual({
    filename: "/project/lib.cjs",
    dirname: "/project",
    self: "object",
    here: true,
  });
});

test("a file that is required again after a while is read anew before it runs, also where it fails", async () => {
  const asks = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); export const GET = () => require("./mid.cjs").v;`;
  const project = memoryProject({ "entry.js": asks, "mid.cjs": `exports.v = "begin";` });
  for (const [mid, leaf] of [
    [`require("./leaf.cjs");`, `throw new Error("first");`],
    [`exports.v = "without";`, `throw new Error("first");`],
    [`exports.v = require("./leaf.cjs");`, `throw new Error("second");`],
    [`exports.v = "without";`, `module.exports = "unused";`],
    [`exports.v = require("./leaf.cjs");`, `module.exports = "third";`],
  ]) {
    project.save({ "mid.cjs": mid, "leaf.cjs": leaf });
    expect(await project.answer("entry.js")).toEqual(await project.cold("entry.js"));
  }
});

const CREATE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/** How an entry asks for `lib` while it evaluates, and where that is written. */
const ASKED_EARLY: readonly {
  readonly how: string;
  readonly entry: string;
  readonly lib: string;
  readonly asks: string;
}[] = [
  {
    how: "require() of a CommonJS file",
    entry: "entry.cjs",
    lib: "lib.cjs",
    asks: `const lib = require("./lib.cjs");`,
  },
  {
    how: "createRequire() of a module",
    entry: "entry.js",
    lib: "lib.cjs",
    asks: `${CREATE} const lib = require("./lib.cjs");`,
  },
  {
    how: "import() of a module",
    entry: "entry.js",
    lib: "lib.js",
    asks: `const lib = await import("./lib.js");`,
  },
  {
    how: "import() of CommonJS",
    entry: "entry.js",
    lib: "lib.cjs",
    asks: `const lib = await import("./lib.cjs");`,
  },
];

test.each(ASKED_EARLY)(
  "what is asked for at top level goes on when who asks is edited: $how",
  async ({ entry, lib, asks }) => {
    const isScript = entry.endsWith(".cjs");
    const handler = (text: string): string =>
      `${asks} let calls = 0; const seen = []; ${isScript ? "exports.GET =" : "export const GET ="} () => { seen.push(++calls); return [${text}, calls, seen.length, lib.next()]; };`;
    const files = {
      [entry]: handler("1"),
      [lib]: `let n = 0; ${lib.endsWith(".cjs") ? "exports.next =" : "export const next ="} () => ++n;`,
    };
    const project = memoryProject(files);
    expect(await project.ask(entry)).toEqual([1, 1, 1, 1]);
    await project.edit({ [entry]: handler("2") });
    expect(await project.ask(entry)).toEqual([2, 2, 2, 2]);
    expect(project.ran).toEqual({ [entry]: "edited" });
    await project.edit({ [lib]: files[lib]?.replace("++n", "(n += 10)") });
    expect(await project.ask(entry)).toEqual([2, 3, 3, 12]);
    // Who holds `module.exports` has read all of it; a namespace is live.
    expect(project.ran).toEqual({
      [lib]: "edited",
      ...(asks.includes("require") ? { [entry]: "read" } : {}),
    });
  },
);

test("what a script only asks for in a handler spares the script", async () => {
  const project = memoryProject({
    "entry.cjs": `const started = []; started.push(1); exports.GET = () => [started.length, require("./lib.cjs").v];`,
    "lib.cjs": `exports.v = "one";`,
  });
  expect(await project.ask("entry.cjs")).toEqual([1, "one"]);
  await project.edit({ "lib.cjs": `exports.v = "two";` });
  expect(await project.ask("entry.cjs")).toEqual([1, "two"]);
  expect(project.ran).toEqual({ "lib.cjs": "edited" });
});

test("a script of which a module imports one name by a handler spares that module", async () => {
  const project = memoryProject({
    "entry.js": `import { v } from "./lib.cjs"; let n = 0; export const GET = () => [++n, v];`,
    "lib.cjs": `exports.v = "one";`,
  });
  expect(await project.ask("entry.js")).toEqual([1, "one"]);
  await project.edit({ "lib.cjs": `exports.v = "two";` });
  expect(await project.ask("entry.js")).toEqual([2, "two"]);
  expect(project.ran).toEqual({ "lib.cjs": "edited" });
});

test.each([
  ["a comment", `/* more */ exports.v = 1;`],
  ["white space", `exports.v   =\n\n1;`],
])("an edit of %s in a script runs nothing", async (_, edited) => {
  const project = memoryProject({
    "entry.js": `import { v } from "./lib.cjs"; export const GET = () => v;`,
    "lib.cjs": `exports.v = 1;`,
  });
  await project.ask("entry.js");
  const { length } = project.commits;
  await project.edit({ "lib.cjs": edited });
  expect(await project.ask("entry.js")).toBe(1);
  expect(project.commits).toHaveLength(length);
});

test("scripts that fill another one's objects do so again, in their order, when one is edited", async () => {
  const project = memoryProject({
    "registry.cjs": `exports.routes = []; exports.hits = new Map();`,
    "a.cjs": registers("a"),
    "b.cjs": registers("b"),
    "entry.cjs": `require("./a.cjs"); require("./b.cjs"); const { routes } = require("./registry.cjs"); exports.GET = () => routes.join();`,
  });
  expect(await project.ask("entry.cjs")).toBe("a,b");
  await project.edit({ "a.cjs": registers("A") });
  expect(await project.ask("entry.cjs")).toBe("A,b");
  await project.edit({ "b.cjs": registers("B") });
  expect(await project.ask("entry.cjs")).toBe("A,B");
});

function registers(name: string): string {
  return `require("./registry.cjs").routes.push("${name}");`;
}
