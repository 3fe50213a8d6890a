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
