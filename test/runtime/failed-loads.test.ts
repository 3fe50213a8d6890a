import { describe, expect, test } from "vitest";
import { memoryProject, PROPAGATIONS } from "./support/memory-project.ts";
import type { Files } from "./support/memory-project.ts";

/** One way to ask for a module `x` while code runs. */
interface Asker {
  readonly how: string;
  readonly files: Files;
  readonly target: "x.js" | "x.cjs";
}

const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

const ASKERS: readonly Asker[] = [
  ...[
    ["at top level", `const m = await import("./x"); export const GET = () => m.v;`],
    ["at top level, for a name", `const { v } = await import("./x"); export const GET = () => v;`],
    [
      "at top level, in a try",
      `let m; try { m = await import("./x"); } catch { m = { v: "fallback" }; } export const GET = () => m.v;`,
    ],
    [
      "at top level, with a catch that tells",
      `const m = await import("./x").catch((error) => ({ v: error.message })); export const GET = () => m.v;`,
    ],
    [
      "at top level, for a promise that handlers wait for",
      `const p = import("./x"); p.catch(() => undefined); export const GET = async () => (await p).v;`,
    ],
    [
      "at top level, with a computed name",
      `const load = (name) => import("./" + name); const m = await load("x").catch(() => ({ v: "fallback" })); export const GET = () => m.v;`,
    ],
    ["in a handler", `export const GET = async () => (await import("./x")).v;`],
    [
      "in a handler, in a try",
      `export const GET = async () => { try { return (await import("./x")).v; } catch { return "fallback"; } };`,
    ],
    [
      "in a handler, with a computed name",
      `export const GET = async (name = "x") => (await import("./" + name)).v;`,
    ],
    [
      "in a handler that keeps the promise",
      `let p; export const GET = async () => (await (p ??= import("./x"))).v;`,
    ],
    [
      "in a handler that keeps what came of it",
      `let p; export const GET = async () => (await (p ??= import("./x").catch(() => ({ v: "fallback" })))).v;`,
    ],
    [
      "at top level and in a handler",
      `const early = await import("./x").then((m) => m.v, () => "early"); export const GET = async () => [early, await import("./x").then((m) => m.v, () => "late")];`,
    ],
  ].map(([how = "", text = ""]): Asker => ({ how, files: { "entry.js": text }, target: "x.js" })),
  {
    how: "in a module below, at top level",
    files: {
      "mid.js": `const m = await import("./x"); export const get = () => m.v;`,
      "entry.js": `import { get } from "./mid"; export const GET = () => get();`,
    },
    target: "x.js",
  },
  {
    how: "in a module below, at top level, for what another one made of it",
    files: {
      "mid.js": `const m = await import("./x").catch(() => ({ v: "fallback" })); export const twice = m.v + m.v;`,
      "entry.js": `import { twice } from "./mid"; const kept = twice; export const GET = () => [kept, twice];`,
    },
    target: "x.js",
  },
  {
    how: "in a module that is imported in a handler itself",
    files: {
      "mid.js": `export const get = async () => (await import("./x")).v;`,
      "entry.js": `export const GET = async () => (await import("./mid")).get();`,
    },
    target: "x.js",
  },
  {
    how: "at top level of a module that is imported in a handler",
    files: {
      "mid.js": `const m = await import("./x"); export const get = () => m.v;`,
      "entry.js": `export const GET = async () => (await import("./mid")).get();`,
    },
    target: "x.js",
  },
  {
    how: "at top level of a module that is imported at top level",
    files: {
      "mid.js": `const m = await import("./x"); export const get = () => m.v;`,
      "entry.js": `const mid = await import("./mid"); export const GET = () => mid.get();`,
    },
    target: "x.js",
  },
  {
    how: "for somebody who imports a module that imports it",
    files: {
      "mid.js": `import { v } from "./x"; export const get = () => v;`,
      "entry.js": `const mid = await import("./mid").catch(() => ({ get: () => "fallback" })); export const GET = () => mid.get();`,
    },
    target: "x.js",
  },
  {
    how: "by a function of another module at top level",
    files: {
      "load.js": `export const load = () => import("./x");`,
      "entry.js": `import { load } from "./load"; const m = await load().catch(() => ({ v: "fallback" })); export const GET = () => m.v;`,
    },
    target: "x.js",
  },
  {
    how: "by a function that was handed over",
    files: {
      "lazy.js": `export const lazy = (load) => { let kept; return async () => (kept ??= await load().then((m) => m.v, () => "fallback")); };`,
      "entry.js": `import { lazy } from "./lazy"; const get = lazy(() => import("./x")); export const GET = () => get();`,
    },
    target: "x.js",
  },
  ...[
    ["createRequire, at top level", `${REQUIRE} const m = require("./x.cjs"); export const GET = () => m.v;`],
    [
      "createRequire, at top level, in a try",
      `${REQUIRE} let m; try { m = require("./x.cjs"); } catch { m = { v: "fallback" }; } export const GET = () => m.v;`,
    ],
    ["createRequire, in a handler", `${REQUIRE} export const GET = () => require("./x.cjs").v;`],
    [
      "createRequire, in a handler, in a try",
      `${REQUIRE} export const GET = () => { try { return require("./x.cjs").v; } catch { return "fallback"; } };`,
    ],
    ["import() of CommonJS", `const m = await import("./x.cjs"); export const GET = () => m.v;`],
  ].map(([how = "", text = ""]): Asker => ({ how, files: { "entry.js": text }, target: "x.cjs" })),
  ...[
    ["require of a CommonJS file", `const m = require("./x.cjs"); exports.get = () => m.v;`],
    [
      "require of a CommonJS file, in a try",
      `let m; try { m = require("./x.cjs"); } catch { m = { v: "fallback" }; } exports.get = () => m.v;`,
    ],
    ["require of a CommonJS file, in a function", `exports.get = () => require("./x.cjs").v;`],
  ].map(([how = "", text = ""]): Asker => ({
    how,
    files: {
      "mid.cjs": text,
      "entry.js": `import { get } from "./mid.cjs"; export const GET = () => get();`,
    },
    target: "x.cjs",
  })),
];

type Text = (target: Asker["target"]) => Files;

const works =
  (value: string): Text =>
  (target) => ({ [target]: target === "x.js" ? `export const v = "${value}";` : `exports.v = "${value}";` });

/** Ways in which `x` can be broken, and what it takes to have it work again. */
const FAULTS: readonly { readonly fault: string; readonly broken: Text }[] = [
  { fault: "throws", broken: (target) => ({ [target]: `throw new Error("x is broken");` }) },
  { fault: "does not parse", broken: (target) => ({ [target]: `const = ;` }) },
  { fault: "is not there", broken: (target) => ({ [target]: undefined }) },
  {
    fault: "imports what is not there",
    broken: (target) => ({
      [target]: target === "x.js" ? `import "./nowhere"; export const v = 0;` : `require("./nowhere.cjs");`,
    }),
  },
  {
    fault: "imports what throws",
    broken: (target) =>
      target === "x.js"
        ? { "x.js": `import "./leaf"; export const v = 0;`, "leaf.js": `throw new Error("leaf is broken");` }
        : { "x.cjs": `require("./leaf.cjs");`, "leaf.cjs": `throw new Error("leaf is broken");` },
  },
];

/** In which order `x` works and does not. */
const STORIES: readonly { readonly story: string; readonly texts: (broken: Text) => readonly Text[] }[] = [
  {
    story: "works, breaks and is mended, twice",
    texts: (broken) => [works("one"), broken, works("two"), broken, works("two")],
  },
  {
    story: "is broken from its first load, and mended",
    texts: (broken) => [broken, works("one"), works("two")],
  },
  {
    story: "is broken in one way after another, and mended",
    texts: (broken) => [
      broken,
      (target) => ({ [target]: `throw new Error("in another way");` }),
      broken,
      works("one"),
    ],
  },
];

describe.each(PROPAGATIONS)("with %s", (propagation) => {
  describe.each(STORIES)("what running code asks for $story", ({ texts }) => {
    describe.each(ASKERS)("$how", ({ files, target }) => {
      test.each(FAULTS)("it $fault", async ({ broken }) => {
        const [first = works(""), ...edits] = texts(broken);
        const project = memoryProject({ ...files, ...first(target) }, { propagation });
        for (const edit of [() => ({}), ...edits]) {
          project.save(edit(target));
          const cold = await project.cold("entry.js");
          expect(await project.answer("entry.js")).toEqual(cold);
          const { length } = project.commits;
          expect(await project.answer("entry.js")).toEqual(cold);
          expect(project.commits).toHaveLength(length);
        }
      });
    });
  });
});
