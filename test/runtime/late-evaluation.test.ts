import { testPrograms } from "./support/programs.ts";

const LEAF = { "leaf.ts": `export const leaf = 1;` };
const SLOW = `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`;

testPrograms([
  {
    law: "an initialiser that goes on after its module is done",
    files: {
      ...LEAF,
      "mid.ts": `import { leaf } from "./leaf"; ${SLOW} let value; export const ready = wait(5).then(() => { value = leaf; }); export const read = () => value;`,
      "entry.ts": `import { ready, read } from "./mid"; export const GET = async () => { await ready; return read(); };`,
    },
    edits: [{ "leaf.ts": `export const leaf = 2;` }],
  },
  {
    law: "an immediately called async function",
    files: {
      ...LEAF,
      "mid.ts": `import { leaf } from "./leaf"; ${SLOW} export const state = {}; export const done = (async () => { await wait(5); state.value = leaf; })();`,
      "entry.ts": `import { done, state } from "./mid"; export const GET = async () => { await done; return state.value; };`,
    },
    edits: [{ "leaf.ts": `export const leaf = 2;` }],
  },
  {
    law: "a chain of awaits in a function of another file",
    files: {
      ...LEAF,
      "load.ts": `import { leaf } from "./leaf"; ${SLOW} export async function load() { await wait(2); await wait(2); return { leaf }; }`,
      "mid.ts": `import { load } from "./load"; export const config = load();`,
      "entry.ts": `import { config } from "./mid"; export const GET = async () => (await config).leaf;`,
    },
    edits: [
      { "leaf.ts": `export const leaf = 2;` },
      { "load.ts": `export async function load() { return { leaf: "own" }; }` },
    ],
  },
  {
    law: "a top-level await",
    files: {
      ...LEAF,
      "mid.ts": `import { leaf } from "./leaf"; ${SLOW} await wait(2); export const value = leaf * 10;`,
      "entry.ts": `import { value } from "./mid"; export const GET = () => value;`,
    },
    edits: [{ "leaf.ts": `export const leaf = 2;` }],
    runs: ["leaf.ts", "mid.ts", "entry.ts"].slice(0, 2),
  },
  {
    law: "a top-level await of something that reads late",
    files: {
      ...LEAF,
      "load.ts": `import { leaf } from "./leaf"; ${SLOW} export const load = async () => { await wait(1); return leaf; };`,
      "mid.ts": `import { load } from "./load"; export const value = await load();`,
      "entry.ts": `import { value } from "./mid"; export const GET = () => value;`,
    },
    edits: [{ "leaf.ts": `export const leaf = 2;` }],
  },
  {
    law: "a top-level await that contributes late",
    files: {
      "registry.ts": `export const registry = [];`,
      "a.ts": `import { registry } from "./registry"; await 0; registry.push("a");`,
      "b.ts": `import { registry } from "./registry"; registry.push("b");`,
      "entry.ts": `import "./a"; import "./b"; import { registry } from "./registry"; export const GET = () => registry;`,
    },
    edits: [{ "a.ts": `import { registry } from "./registry"; await 0; registry.push("A");` }],
  },
  {
    law: "an initialiser that registers late, awaited by requests",
    files: {
      "registry.ts": `export const registry = new Map();`,
      "a.ts": `import { registry } from "./registry"; ${SLOW} export const ready = wait(3).then(() => { registry.set("a", 1); });`,
      "entry.ts": `import { ready } from "./a"; import { registry } from "./registry"; export const GET = async () => { await ready; return [...registry]; };`,
    },
    edits: [
      {
        "a.ts": `import { registry } from "./registry"; ${SLOW} export const ready = wait(3).then(() => { registry.set("b", 2); });`,
      },
    ],
  },
  {
    law: "a dynamic import at top level",
    files: {
      ...LEAF,
      "mid.ts": `const { leaf } = await import("./leaf"); export const value = leaf;`,
      "entry.ts": `import { value } from "./mid"; export const GET = () => value;`,
    },
    edits: [{ "leaf.ts": `export const leaf = 2;` }],
  },
  {
    law: "a dynamic import at top level that nobody waits for",
    files: {
      ...LEAF,
      "mid.ts": `export const ready = import("./leaf").then(({ leaf }) => leaf);`,
      "entry.ts": `import { ready } from "./mid"; export const GET = async () => ready;`,
    },
    edits: [{ "leaf.ts": `export const leaf = 2;` }, { "leaf.ts": `export const leaf = 3;` }],
  },
  {
    law: "async generators at top level",
    files: {
      ...LEAF,
      "mid.ts": `import { leaf } from "./leaf"; async function* all() { yield leaf; yield leaf + 1; } export const list = []; for await (const x of all()) list.push(x);`,
      "entry.ts": `import { list } from "./mid"; export const GET = () => list;`,
    },
    edits: [{ "leaf.ts": `export const leaf = 10;` }],
  },
]);
