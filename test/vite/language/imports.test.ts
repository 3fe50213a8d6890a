import { expect, test } from "vitest";
import { askBoth } from "../support/same-as-node.ts";
import type { ProgramFiles } from "../support/same-as-node.ts";

const LIB = `export const v = "lib";`;

/** What may stand in `import(…)`: the language makes a string of it. */
const SPECIFIERS: readonly string[] = [
  `"./lib.js"`,
  `new URL("./lib.js", import.meta.url)`,
  `new URL("./lib.js", import.meta.url).href`,
  `import.meta.resolve("./lib.js")`,
  `new String("./lib.js")`,
  `{ toString: () => "./lib.js" }`,
  `{ toString: () => { throw new RangeError("no string"); } }`,
  `["./lib.js"]`,
  `Symbol("lib")`,
  `Object.create(null)`,
  `undefined`,
  `7`,
  `"data:text/javascript,export const v = 'data'"`,
  `"node:path"`,
  `new URL("node:path")`,
];

/** How a program asks: where it stands is to make no difference. */
const asking = (imported: string): string =>
  `export const result = async () => { const lib = await import(${imported}); return lib.v ?? typeof lib.join; };`;

test.for(SPECIFIERS)("import(…) makes a string of what it is given, as in Node: %s", async (specifier) => {
  const { node, server } = await askBoth({ "main.js": asking(specifier), "lib.js": LIB });
  expect(server).toEqual(node);
});

test("import(…) makes a string once, and rejects instead of throwing, as in Node", async () => {
  const main = `let asked = 0; const odd = { toString: () => { asked++; return "./lib.js"; } };
    export const result = async () => { const all = [import(odd), import(Symbol.iterator).catch((error) => error.constructor.name)]; return [(await all[0]).v, await all[1], asked]; };`;
  const { node, server } = await askBoth({ "main.js": main, "lib.js": LIB });
  expect(server).toEqual(node);
});

const manifest = (fields: object): string => JSON.stringify({ name: "pkg", ...fields });

/** What cannot be imported, and files that make it so. */
const MISSING: Readonly<Record<string, readonly [specifier: string, files?: ProgramFiles]>> = {
  "a file": ["./nowhere.js"],
  "a file by its URL": ["file:///nowhere/at-all.mjs"],
  "a package": ["no-such-package"],
  "a package with a scope": ["@nobody/no-such-package"],
  "a built-in": ["node:nothing"],
  "a file of a package without exports": [
    "pkg/nothing.js",
    { "node_modules/pkg/package.json": manifest({ main: "index.js" }), "node_modules/pkg/index.js": "" },
  ],
  "a path that a package does not export": [
    "pkg/hidden",
    { "node_modules/pkg/package.json": manifest({ exports: "./index.js" }), "node_modules/pkg/index.js": "" },
  ],
  "a package whose exports are for others": [
    "pkg",
    {
      "node_modules/pkg/package.json": manifest({ exports: { ".": { browser: "./index.js" } } }),
      "node_modules/pkg/index.js": "",
    },
  ],
  "a package that exports no main": [
    "pkg",
    {
      "node_modules/pkg/package.json": manifest({ exports: { "./sub": "./index.js" } }),
      "node_modules/pkg/index.js": "",
    },
  ],
  "a package whose exports lead nowhere": [
    "pkg",
    { "node_modules/pkg/package.json": manifest({ exports: "./nowhere.js" }) },
  ],
  "a package without a file": ["pkg", { "node_modules/pkg/package.json": manifest({ main: "nowhere.js" }) }],
  "a package whose manifest does not parse": [
    "pkg",
    { "node_modules/pkg/package.json": "{ name", "node_modules/pkg/index.js": "" },
  ],
  "a private name that nobody defines": ["#nothing"],
  "a URL of a scheme that nobody knows": ["nothing://at/all"],
  "a file that imports what is missing": ["./lib.js", { "lib.js": `import "./nowhere.js";` }],
  "a file that imports a package that is missing": ["./lib.js", { "lib.js": `import "no-such-package";` }],
  "a file that imports a name that is missing": [
    "./lib.js",
    { "lib.js": `import { nothing } from "./dep.js";`, "dep.js": LIB },
  ],
  "a file that does not parse": ["./lib.js", { "lib.js": `const = 1;` }],
  "a file that throws": [
    "./lib.js",
    { "lib.js": `throw Object.assign(new RangeError("lib"), { code: "E_LIB" });` },
  ],
  "a file that imports what throws": [
    "./lib.js",
    { "lib.js": `import "./dep.js";`, "dep.js": `throw new RangeError("dep");` },
  ],
  "a package that throws": [
    "pkg",
    {
      "node_modules/pkg/package.json": manifest({ type: "module", exports: "./index.js" }),
      "node_modules/pkg/index.js": `throw Object.assign(new RangeError("pkg"), { code: "E_PKG" });`,
    },
  ],
};

const CREATE_REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/** How code asks, and goes on where it cannot have it. */
const WAYS: Readonly<Record<string, (specifier: string) => ProgramFiles>> = {
  "import() in a function": (specifier) => ({
    "main.js": `export const result = () => import("${specifier}");`,
  }),
  "import() of a computed name": (specifier) => ({
    "main.js": `const name = ["${specifier}"]; export const result = () => import(name.join());`,
  }),
  "import() at top level": (specifier) => ({
    "main.js": `export const result = await import("${specifier}").catch(async (error) => Promise.reject(error));`,
  }),
  "import() in a CommonJS file": (specifier) => ({
    "main.cjs": `exports.result = () => import("${specifier}");`,
  }),
  "createRequire() in a module": (specifier) => ({
    "main.js": `${CREATE_REQUIRE} export const result = () => require("${specifier}");`,
  }),
  "require() in a CommonJS file": (specifier) => ({
    "main.cjs": `exports.result = () => require("${specifier}");`,
  }),
  "require.resolve() in a CommonJS file": (specifier) => ({
    "main.cjs": `exports.result = () => { try { return typeof require.resolve("${specifier}"); } catch (error) { return error.code; } };`,
  }),
};

test.for(
  Object.entries(MISSING).flatMap(([what, [specifier, files = {}]]) =>
    Object.entries(WAYS).flatMap(([how, of]) =>
      // Node's `require` takes no URL, and of ES modules only such as are known to be some.
      how.includes("equire") && Object.keys(files).includes("lib.js")
        ? []
        : [{ what, how, files: { ...of(specifier), ...files } }],
    ),
  ),
)("what cannot be loaded fails as in Node, by class and code: $what, by $how", async ({ files }) => {
  const { node, server } = await askBoth(files);
  expect(server).toEqual(node);
});
