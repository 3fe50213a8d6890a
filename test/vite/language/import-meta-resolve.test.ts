import { expect, test } from "vitest";
import { askBoth } from "../support/same-as-node.ts";

/** What `import.meta.resolve` is asked. */
const SPECIFIERS: readonly string[] = [
  "./lib.js",
  "./nowhere.js",
  "../main/nowhere",
  "./lib.js?query#hash",
  "./",
  "node:path",
  "path",
  "node:fs/promises",
  "data:text/javascript,1",
  "https://example.com/a.js",
  "file:///nowhere/a.js",
  "both",
  "both/sub",
  "both/hidden",
  "plain",
  "plain/deep.js",
  "only-require",
  "only-browser",
  "no-such-package",
  "@nobody/no-such-package",
  "#private",
  "#nothing",
];

const manifest = (fields: object): string => JSON.stringify({ name: "x", ...fields });

test.for(SPECIFIERS)("import.meta.resolve answers as in Node: %s", async (specifier) => {
  const { node, server } = await askBoth({
    "package.json": `{ "type": "module", "imports": { "#private": "./lib.js" } }`,
    "main.js": `export const result = () => { const folder = new URL("./", import.meta.url).href; return import.meta.resolve("${specifier}").replace(folder, "/"); };`,
    "lib.js": "",
    "node_modules/both/package.json": manifest({
      exports: { ".": { import: "./esm.js", require: "./cjs.js" }, "./sub": "./sub.js" },
    }),
    "node_modules/both/esm.js": "",
    "node_modules/both/cjs.js": "",
    "node_modules/both/sub.js": "",
    "node_modules/plain/package.json": manifest({ main: "lib" }),
    "node_modules/plain/lib.js": "",
    "node_modules/plain/deep.js": "",
    "node_modules/only-require/package.json": manifest({ exports: { require: "./cjs.js" } }),
    "node_modules/only-require/cjs.js": "",
    "node_modules/only-browser/package.json": manifest({ exports: { browser: "./a.js" } }),
    "node_modules/only-browser/a.js": "",
  });
  expect(withoutRoot(server)).toEqual(withoutRoot(node));
});

function withoutRoot(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replace(/orbit-vite-\w+/g, ""));
}
