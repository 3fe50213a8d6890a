import { expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { askBoth } from "../support/same-as-node.ts";
import type { ProgramFiles } from "../support/same-as-node.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

const THROWN = `(error) => [error.name, error.code, error instanceof Error && error.message.split("\\n")[0]]`;
const describeAll = (value: string): string =>
  `((ns) => [typeof ns, Object.keys(ns), ns.__esModule, Object.prototype.toString.call(ns), ns.default && typeof ns.default])(${value})`;

/** `main.cjs` exports `result`. */
const PROGRAMS: Readonly<Record<string, ProgramFiles>> = {
  "named exports": {
    "main.cjs": `const lib = require("./lib.mjs"); exports.result = [lib.a, lib.add(2), ${describeAll("lib")}];`,
    "lib.mjs": `export const a = 1; export const add = (n) => n + a;`,
  },
  "a default export": {
    "main.cjs": `const lib = require("./lib.mjs"); exports.result = [lib.default.name, ${describeAll("lib")}];`,
    "lib.mjs": `export default class Lib {} export const b = 2;`,
  },
  "a module that says itself what it is to scripts": {
    "main.cjs": `exports.result = require("./lib.mjs")();`,
    "lib.mjs": `const run = () => "whole"; export { run as "module.exports" }; export default 1;`,
  },
  "a module that says itself what it was made from": {
    "main.cjs": `const lib = require("./lib.mjs"); exports.result = ${describeAll("lib")};`,
    "lib.mjs": `export default 1; export const __esModule = false;`,
  },
  "what the module imports itself": {
    "main.cjs": `exports.result = require("./lib.mjs").all;`,
    "lib.mjs": `import { b } from "./b.mjs"; import c from "./c.cjs"; import * as d from "./d.mjs"; export const all = [b, c, d.d];`,
    "b.mjs": `export { b } from "./deep.mjs";`,
    "c.cjs": `module.exports = "c";`,
    "d.mjs": `export let d = 1; d++;`,
    "deep.mjs": `export const b = "b";`,
  },
  "a module below other scripts": {
    "main.cjs": `exports.result = require("./one.cjs").one;`,
    "one.cjs": `const { two } = require("./two.cjs"); exports.one = "one" + two;`,
    "two.cjs": `const { three } = require("./three.mjs"); exports.two = "two" + three;`,
    "three.mjs": `export const three = "three";`,
  },
  "a module that a script asks for when it is called": {
    "main.cjs": `exports.result = () => require("./lib.mjs").a;`,
    "lib.mjs": `export const a = "later";`,
  },
  "a module by a name without ending, and by its folder": {
    "main.cjs": `exports.result = [require("./lib").a, require("./folder").b];`,
    "lib.js": `export const a = "a";`,
    "folder/index.js": `export const b = "b";`,
  },
  "a module twice": {
    "main.cjs": `exports.result = require("./lib.mjs") === require("./lib.mjs");`,
    "lib.mjs": `export default 1;`,
  },
  "a module that is imported as well": {
    "main.cjs": `exports.result = async () => { const lib = require("./lib.mjs"); const again = await import("./lib.mjs"); lib.bump(); return [lib.n, again.n]; };`,
    "lib.mjs": `export let n = 0; export const bump = () => { n++; };`,
  },
  "a module that waits at top level": {
    "main.cjs": `try { require("./lib.mjs"); } catch (error) { exports.result = [error.code]; }`,
    "lib.mjs": `await null; export const a = 1;`,
  },
  "a module that imports one that waits": {
    "main.cjs": `try { require("./lib.mjs"); } catch (error) { exports.result = [error.code]; }`,
    "lib.mjs": `import { b } from "./b.mjs"; export const a = b;`,
    "b.mjs": `await null; export const b = 1;`,
  },
  "a module that waits at top level, and is there by now": {
    "main.cjs": `exports.result = async () => { await import("./lib.mjs"); try { return require("./lib.mjs").a; } catch (error) { return error.code; } };`,
    "lib.mjs": `await null; export const a = 1;`,
  },
  "a module that waits at top level, required by a script that is loaded later": {
    "main.cjs": `exports.result = async () => { await import("./lib.mjs"); return require("./late.cjs").late; };`,
    "late.cjs": `try { exports.late = require("./lib.mjs").a; } catch (error) { exports.late = error.code; }`,
    "lib.mjs": `await null; export const a = 1;`,
  },
  "a module that throws": {
    "main.cjs": `const tell = ${THROWN}; exports.result = ["first", "again"].map(() => { try { return require("./lib.mjs"); } catch (error) { return tell(error); } });`,
    "lib.mjs": `throw new RangeError("no");`,
  },
  "a module that a module requires": {
    "main.mjs": `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); export const result = require("./lib.mjs").a;`,
    "lib.mjs": `export const a = 1;`,
  },
  "a module that imports the script which requires it": {
    "main.cjs": `exports.early = 1; const { seen } = require("./lib.mjs"); exports.result = seen;`,
    "lib.mjs": `import main from "./main.cjs"; export const seen = main.early;`,
  },
};

test.for(Object.entries(PROGRAMS))("a script requires as in Node: %s", async ([, files]) => {
  const { node, server } = await askBoth(files);
  expect(server).toEqual(node);
});

const answers = async ({ fetch }: Served): Promise<readonly unknown[]> =>
  Promise.all(["/api/a", "/api/c"].map(async (route) => (await fetch(route)).text));

test.each(["commonjs", "module", undefined])(
  "a file that becomes a module, or a script, is one from the next request on (type: %s)",
  async (type) => {
    const project = createProject({
      "package.json": JSON.stringify({ type }),
      "lib/b.js": `exports.b = 1;`,
      "pages/api/a.js": `const { b } = require("../../lib/b.js"); exports.GET = () => new Response("script " + b);`,
      "pages/api/c.js": `import { b } from "../../lib/b.js"; export const GET = () => new Response("module " + b);`,
    });
    const served = await serve(project);
    expect(await answers(served)).toEqual(["script 1", "module 1"]);
    project.write(
      "pages/api/a.js",
      `import { b } from "../../lib/b.js"; export const GET = () => new Response("module now " + b);`,
    );
    project.write(
      "pages/api/c.js",
      `const { b } = require("../../lib/b.js"); exports.GET = () => new Response("script now " + b);`,
    );
    expect(await answers(served)).toEqual(["module now 1", "script now 1"]);
    project.write("lib/b.js", `export const b = 2;`);
    expect(await answers(served)).toEqual(["module now 2", "script now 2"]);
    project.write("lib/b.js", `exports.b = 3;`);
    expect(await answers(served)).toEqual(["module now 3", "script now 3"]);
  },
);

test.each([true, false])(
  "an edit of a module that a script requires, now or later, is what the next request gets (watched: %s)",
  async (watch) => {
    const project = createProject({
      "package.json": `{ "type": "commonjs" }`,
      "lib/leaf.mjs": `export const leaf = 1;`,
      "lib/b.mjs": `import { leaf } from "./leaf.mjs"; export const b = () => leaf;`,
      "lib/late.mjs": `import { leaf } from "./leaf.mjs"; export const late = "late " + leaf;`,
      "lib/script.js": `const { b } = require("./b.mjs"); exports.b = b;`,
      "pages/api/a.js": `const { b } = require("../../lib/script"); let calls = 0; exports.GET = () => new Response(++calls + " " + b());`,
      "pages/api/c.js": `exports.GET = () => new Response(require("../../lib/late.mjs").late);`,
    });
    const served = await serve(project, { watch });
    const { get } = served;
    expect(await get("/api/a")).toBe("1 1");
    project.write("lib/late.mjs", `import { leaf } from "./leaf.mjs"; export const late = "later " + leaf;`);
    project.write("lib/leaf.mjs", `export const leaf = 2;`);
    expect(await answers(served)).toEqual(["2 2", "later 2"]);
    project.write("lib/leaf.mjs", `export const leaf = 3;`);
    expect(await answers(served)).toEqual(["3 3", "later 3"]);
    project.write("lib/b.mjs", `export const b = () => { throw new Error("broken"); }; nonsense(`);
    expect((await served.fetch("/api/a")).json()).toMatchObject({ file: "lib/b.mjs", line: 1 });
    project.write("lib/b.mjs", `export const b = () => "mended";`);
    expect(await get("/api/a")).toBe("4 mended");
  },
);

test("a computed require of a module that nobody has loaded says what to write", async () => {
  const project = createProject({
    "package.json": `{ "type": "commonjs" }`,
    "lib/b.mjs": `export const b = 1;`,
    "pages/api/a.js": `const name = "b"; exports.GET = () => new Response(require("../../lib/" + name + ".mjs").b);`,
  });
  const { fetch } = await serve(project);
  expect((await fetch("/api/a")).json()["detail"]).toContain("Use import(), or write its name");
});
