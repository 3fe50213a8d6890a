import { expect, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { askBoth, askNode, askVite, createProgram, nativeImport } from "../support/same-as-node.ts";
import type { ProgramFiles } from "../support/same-as-node.ts";
import { serve } from "../support/serve.ts";

const TRANSPILED = `"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.named = "named"; exports.default = function lib() { return "called"; };`;
const PLAIN = `exports.named = "named"; exports.list = ["a"];`;
const FUNCTION = `module.exports = function lib() { return "called"; }; module.exports.named = "named";`;
const PRIMITIVE = `module.exports = 7;`;
const NO_DEFAULT = `Object.defineProperty(exports, "__esModule", { value: true }); exports.named = "named";`;
const PASSED_ON = `module.exports = require("./dep.cjs");`;

/** What a program finds out about what it imports as `lib`, `all` and `late`. */
const ASKS = `
import lib from "LIB";
import { default as again } from "LIB";
import * as all from "LIB";
import * as star from "./star.js";
import * as named from "./named.js";
const late = await import("LIB");
const shape = (value) => typeof value === "function" ? ["function", ...Object.keys(value)] : value;
export const result = {
  default: shape(lib), same: [lib === again, lib === all.default, lib === late.default, all === late],
  names: Object.keys(all).filter((name) => name !== "module.exports"), named: [all.named, late.named],
  marks: [all.__esModule, lib.__esModule],
  star: Object.keys(star), starred: star.named, passed: [named.own === lib, named.named],
};`;
const STAR = `export * from "LIB";`;
const NAMED = (has: boolean): string =>
  has ? `export { default as own, named } from "LIB";` : `export { default as own } from "LIB";`;

/** A library in every place where it may be. */
function asked(text: string, hasNamed = true): readonly (readonly [string, ProgramFiles])[] {
  const asks = (specifier: string): ProgramFiles =>
    Object.fromEntries(
      Object.entries({ "main.js": ASKS, "star.js": STAR, "named.js": NAMED(hasNamed) }).map(
        ([name, content]) => [name, content.replaceAll("LIB", specifier)],
      ),
    );
  return [
    ["a project file", { ...asks("./lib.cjs"), "lib.cjs": text, "dep.cjs": PLAIN }],
    [
      "a package",
      {
        ...asks("lib"),
        "node_modules/lib/package.json": `{ "name": "lib", "main": "index.js" }`,
        "node_modules/lib/index.js": text,
        "node_modules/lib/dep.cjs": PLAIN,
      },
    ],
  ];
}

const LIBRARIES: Readonly<Record<string, readonly [string, boolean?]>> = {
  "plain CommonJS": [PLAIN],
  "a transpiled ES module": [TRANSPILED],
  "a transpiled ES module without a default": [NO_DEFAULT],
  "a function with members": [FUNCTION],
  "a primitive": [PRIMITIVE, false],
  "what another one exports": [PASSED_ON],
};

const CASES = Object.entries(LIBRARIES).flatMap(([kind, [text, hasNamed]]) =>
  asked(text, hasNamed).map(([place, files]) => ({ kind, place, files })),
);

test.for(CASES)("CommonJS is imported as in Node: $kind, $place", async ({ files }) => {
  const { node, server } = await askBoth(files);
  expect(server).toEqual(node);
});

test.for(CASES.filter(({ place }) => place === "a package"))(
  "CommonJS is imported as by Vite's own runner: $kind",
  async ({ files }) => {
    const vite = await askVite(createProgram(files));
    const node = await askNode(createProgram(files));
    // One thing differs: with Vite `export *` does not pass on the mark of a transpiled module.
    const star = (node as { result: { star: string[] } }).result.star.filter((name) => name !== "__esModule");
    expect(vite).toMatchObject({ result: { star } });
    expect(vite).toEqual({ result: { ...(node as { result: object }).result, star } });
  },
);

test.for(["import { sign } from", "export { sign } from", "import lib, { sign as own } from"])(
  "a name that Node does not find in a CommonJS package is an error that says what to write: %s",
  async (statement) => {
    const project = createProject({
      "lib/uses.js": `\n${statement} "lib";`,
      "pages/api/a.js": route(`"fine"`, `import "../../lib/uses.js";`),
      "node_modules/lib/package.json": `{ "name": "lib", "main": "index.js" }`,
      "node_modules/lib/index.js": `module.exports = { decode: require("./dep.js"), sign: require("./dep.js") };`,
      "node_modules/lib/dep.js": `module.exports = () => 1;`,
    });
    const nodes = await nativeImport(project.path("lib/uses.js")).catch((error: unknown) => error);
    expect(nodes).toBeInstanceOf(SyntaxError);
    const { get, fetch } = await serve(project, { watch: false });
    const answer = (await fetch("/api/a")).json();
    expect(answer).toMatchObject({ file: "lib/uses.js", line: 2 });
    expect(answer["detail"]).toContain(`import whole from "lib"; const { sign } = whole;`);
    project.write("lib/uses.js", `import whole from "lib"; const { sign } = whole;`);
    expect(await get("/api/a")).toBe("fine");
  },
);
