import { expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { askBoth } from "../support/same-as-node.ts";
import { serve } from "../support/serve.ts";

/** What a CommonJS file can ask of what Node hands it. */
const QUESTIONS: readonly string[] = [
  `require.resolve("./dep.cjs").endsWith("dep.cjs")`,
  `require.resolve("node:path")`,
  `require.resolve("./dep.cjs") === dep.filename`,
  `typeof require.resolve.paths("x")`,
  `Object.keys(require).sort()`,
  `[typeof require.cache, typeof require.extensions[".js"], require.main === module]`,
  `require.cache[__filename] === module`,
  `require.cache[require.resolve("./dep.cjs")].exports === require("./dep.cjs")`,
  `require.resolve("./dep.cjs") in require.cache && !("/nowhere.cjs" in require.cache)`,
  `[module.id === __filename, module.filename === __filename, module.path === __dirname]`,
  `[module.loaded, require("./dep.cjs").loadedThen]`,
  `Array.isArray(module.paths) && module.paths[0].startsWith(__dirname)`,
  `Array.isArray(module.children)`,
  `module.constructor.name`,
  `module instanceof require("node:module")`,
  `module.require("./dep.cjs") === require("./dep.cjs")`,
  `typeof module.parent`,
  `Object.keys(top)`,
  `top === exports && exports === module.exports`,
  `[typeof arguments, args.length]`,
  `[typeof strict, (function () { return this === undefined; })()]`,
  `import("./esm.mjs").then(({ v }) => v)`,
  `import("./" + "esm.mjs").then(({ default: d }) => d)`,
  `import("node:path").then(({ sep }) => sep)`,
  `import("./dep.cjs").then((all) => all.default === require("./dep.cjs"))`,
  `require("./data.json").n`,
  `require("./data.json") === require("./data.json")`,
  `hoisted() + later`,
  `(() => { with ({ later: "with" }) { return later; } })()`,
  `(() => { undeclared = 1; delete globalThis.undeclared; return "sloppy"; })()`,
  `[typeof import_, label]`,
];

const text = (question: string): string => `#!/usr/bin/env node
var top = this, args = arguments, strict = false; const import_ = 1;
const dep = require("./dep.cjs");
let label; outer: for (;;) { label = "left"; break outer; }
exports.result = function () { return ${question}; };
function hoisted() { return "hoisted"; }
let later = "later";
`;

test.for(QUESTIONS)("a CommonJS file has what Node gives it: %s", async (question) => {
  const { node, server } = await askBoth({
    "main.cjs": text(question),
    "dep.cjs": `exports.filename = module.filename; exports.loadedThen = module.loaded;`,
    "esm.mjs": `export const v = "esm"; export default "default";`,
    "data.json": `{ "n": 1 }`,
  });
  expect(server).toEqual(node);
});

test("strict code is strict in a CommonJS file, with kept bindings as well", async () => {
  const { node, server } = await askBoth({
    "main.cjs": `"use strict";\nlet n = 0;\nexports.result = () => { try { undeclared = 1; return "sloppy"; } catch (error) { return [error.name, ++n, (function () { return this; })() === undefined]; } };`,
  });
  expect(server).toEqual(node);
});

test("import() in a CommonJS file warns of nothing", async () => {
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", note);
  const project = createProject({
    "package.json": `{ "type": "module" }`,
    "pages/api/a.js": `import lib from "../../lib.cjs"; export const GET = async () => new Response((await lib.load()).v);`,
    "lib.cjs": `exports.load = () => import("./esm.mjs");`,
    "esm.mjs": `export const v = "one";`,
  });
  const { get } = await serve(project, { watch: false });
  expect(await get("/api/a")).toBe("one");
  project.write("esm.mjs", `export const v = "two";`);
  expect(await get("/api/a")).toBe("two");
  process.off("warning", note);
  expect(warnings.filter((message) => message.includes("vm"))).toEqual([]);
});
