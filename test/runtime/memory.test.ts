import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { areReadsTracked } from "../../src/runtime/model/context.ts";
import { settled } from "./support/log.ts";
import { at, memoryProject, PROPAGATIONS } from "./support/memory-project.ts";
import type { Files, MemoryProject } from "./support/memory-project.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function collected(condition: () => boolean): Promise<boolean> {
  for (let round = 0; round < 20 && !condition(); round++) {
    await settled(2);
    collectGarbage();
  }
  return condition();
}

/** What a generation made: alive as long as the generation is. */
const leaf = (n: number): string =>
  `export const leaf = { n: ${n}, load: Array.from({ length: 1000 }) }; (globalThis.orbitRefs ??= []).push(new WeakRef(leaf)); export const read = () => leaf.n;`;

afterEach(() => void Reflect.deleteProperty(globalThis, "orbitRefs"));

function refs(): WeakRef<object>[] {
  return (globalThis as { orbitRefs?: WeakRef<object>[] }).orbitRefs ?? [];
}

test.each(["live", "importers"] as const)("old generations are collected, with %s", async (propagation) => {
  const project = memoryProject(
    {
      "leaf.ts": leaf(0),
      "mid.ts": `import { read } from "./leaf"; const timer = setInterval(() => {}, 1000); import.meta.hot.dispose(() => clearInterval(timer)); export const get = () => read();`,
      "entry.ts": `import { get } from "./mid"; export const GET = async () => { await 0; return get(); };`,
    },
    { propagation },
  );
  for (let n = 0; n < 20; n++) {
    await project.edit({ "leaf.ts": leaf(n) });
    expect(await project.ask("entry.ts")).toBe(n);
    await project.commits.at(-1)?.closed;
  }
  project.commits.length = 0;
  expect(refs()).toHaveLength(20);
  expect(await collected(() => refs().filter((ref) => ref.deref() !== undefined).length <= 1)).toBe(true);
});

test("a module with a timer of its own does not hold the first generations of others", async () => {
  const project = memoryProject({
    "leaf.ts": leaf(0),
    "timer.ts": `const timer = setInterval(() => {}, 1000); timer.unref(); import.meta.hot.dispose(() => clearInterval(timer)); export const t = 1;`,
    "entry.ts": `import { read } from "./leaf"; import { t } from "./timer"; export const GET = () => read() + t;`,
  });
  await project.ask("entry.ts");
  for (let n = 1; n < 4; n++) {
    await project.edit({ "leaf.ts": leaf(n) });
    await project.commits.at(-1)?.closed;
  }
  project.commits.length = 0;
  expect(refs()).toHaveLength(4);
  expect(await collected(() => refs().filter((ref) => ref.deref() !== undefined).length <= 1)).toBe(true);
});

test("what abandoned transactions evaluated is collected", async () => {
  const project = memoryProject({
    "leaf.ts": leaf(0),
    "entry.ts": `import { read } from "./leaf"; export const GET = () => read();`,
  });
  await project.ask("entry.ts");
  for (let n = 1; n < 5; n++) await project.edit({ "leaf.ts": `${leaf(n)} throw new Error("${n}");` });
  expect(refs()).toHaveLength(5);
  expect(await collected(() => refs().filter((ref) => ref.deref() !== undefined).length <= 1)).toBe(true);
});

test("promises that a top level started keep recording only as long as they live", async () => {
  const project = memoryProject({
    "leaf.ts": `export const leaf = 1;`,
    "entry.ts": `import { leaf } from "./leaf"; (async () => { await new Promise((r) => setTimeout(r, 5)); return leaf; })(); export const GET = () => leaf;`,
  });
  await project.ask("entry.ts");
  expect(areReadsTracked()).toBe(true);
  await settled(10);
  expect(await collected(() => !areReadsTracked())).toBe(true);
});

test("a promise chain that never ends is taken for a loop after the deadline", async () => {
  const project = memoryProject(
    {
      "entry.ts": `(async () => { while (!globalThis.orbitStop) await new Promise((r) => setTimeout(r, 1)); })(); export const GET = () => 1;`,
    },
    { evaluationDeadlineMs: 30 },
  );
  await project.ask("entry.ts");
  expect(areReadsTracked()).toBe(true);
  await settled(60);
  expect(areReadsTracked()).toBe(false);
  Reflect.set(globalThis, "orbitStop", true);
  await settled();
  Reflect.deleteProperty(globalThis, "orbitStop");
});

test("a module that nobody reaches is dropped from every map", async () => {
  const project = memoryProject({ "entry.ts": `export const GET = () => 0;` });
  for (let n = 0; n < 10; n++) {
    await project.edit({
      [`m${n}.ts`]: `export const n = ${n};`,
      "entry.ts": `import { n } from "./m${n}"; export const GET = () => n;`,
    });
    expect(await project.ask("entry.ts")).toBe(n);
  }
  expect([...project.runtime.records]).toHaveLength(2);
  expect(project.runtime.closureOf(at("entry.ts")).size).toBe(2);
});

const COUNTER = `let calls = 0; export const count = () => ++calls;`;

/** What goes on from generation to generation, in files of which `n` tells one edit from the next. */
const GOES_ON: readonly (readonly [what: string, files: (n: number) => Files])[] = [
  ["a number", (n) => ({ "entry.ts": `let calls = 0; export const GET = () => [${n}, ++calls];` })],
  [
    "a number after a wait",
    (n) => ({ "entry.ts": `await 0; let calls = 0; export const GET = () => [${n}, ++calls];` }),
  ],
  [
    "a number of a script",
    (n) => ({
      "entry.ts": `import { count } from "./a.cjs"; export const GET = () => count();`,
      "a.cjs": `let calls = 0; exports.count = () => [${n}, ++calls];`,
    }),
  ],
  [
    "a map",
    (n) => ({
      "entry.ts": `const seen = new Map(); export const GET = () => seen.set("last", { n: ${n} }).size;`,
    }),
  ],
  [
    "a map that is read at top level",
    (n) => ({
      "entry.ts": `const seen = new Map(); export const size = seen.size; export const GET = () => seen.set("last", { n: ${n} }).size;`,
    }),
  ],
  ["a default export", (n) => ({ "entry.ts": `export default new Map(); export const GET = () => ${n};` })],
  [
    "what is made when it is asked for",
    (n) => ({ "entry.ts": `let made; export const GET = () => [(made ??= {}), ${n}];` }),
  ],
  [
    "a function that a request has made last",
    (n) => ({ "entry.ts": `let last = null; export const GET = () => (last = () => ${n})();` }),
  ],
  [
    "an instance of a class",
    (n) => ({
      "entry.ts": `class Cart { size() { return ${n}; } } const carts = []; export const GET = () => { if (carts.length === 0) carts.push(new Cart()); return carts[0].size(); };`,
    }),
  ],
  [
    "a map that another module fills",
    (n) => ({
      "entry.ts": `import { table } from "./a"; table.set("n", () => ${n}); export const GET = () => table.get("n")();`,
      "a.ts": `export const table = new Map();`,
    }),
  ],
  [
    "a server",
    (n) => ({
      "entry.ts": `import net from "node:net"; const server = net.createServer().listen(0); export const GET = () => [server.listening, ${n}];`,
    }),
  ],
  [
    "a number beside a timer",
    (n) => ({
      "entry.ts": `let ticks = 0; setInterval(() => ++ticks, 1e6); export const GET = () => [${n}, ticks];`,
    }),
  ],
  [
    "the state of a handler",
    (n) => ({
      "entry.ts": `import { createStatefulHandler } from "orbit-hmr/state"; export const { GET } = createStatefulHandler({ calls: 0 }, (state) => { state.onStateChange(() => ${n}); return { GET: () => state.updateState(({ calls }) => ({ calls: calls + 1 })) }; }, { version: ${n + 1}, migrate: (old) => ({ ...old, n: ${n} }) });`,
    }),
  ],
  [
    "the state of a handler that a function makes",
    (n) => ({
      "entry.ts": `import { make } from "./a"; export const { GET } = make(() => ${n});`,
      "a.ts": `import { createStatefulHandler } from "orbit-hmr/state"; export const make = (GET) => createStatefulHandler({ calls: 0 }, { GET });`,
    }),
  ],
  [
    "a store, a cache and a limit",
    (n) => ({
      "entry.ts": `import { createCache, createRateLimit, createStore } from "orbit-hmr/state"; const store = createStore("s", { n: ${n} }); const cache = createCache("c"); const limit = createRateLimit("l", 10_000, 1_000); export const GET = () => [store.get(), cache.set("k", ${n}), limit.check("me")];`,
    }),
  ],
  [
    "hot.data",
    (n) => ({
      "entry.ts": `import.meta.hot.data.first ??= {}; import.meta.hot.dispose((data) => { data.last = ${n}; }); import.meta.hot.accept(() => ${n}); export const GET = () => ${n};`,
    }),
  ],
  [
    "a global",
    (n) => ({
      "entry.ts": `globalThis.orbitKept ??= {}; globalThis.orbitWritten = () => ${n}; export const GET = () => ${n};`,
    }),
  ],
  [
    "a number in a spared module",
    (n) => ({
      "entry.ts": `import { leaf } from "./a"; ${COUNTER} export const GET = () => [leaf(), count()];`,
      "a.ts": `${COUNTER} export const leaf = () => [${n}, count()];`,
    }),
  ],
  [
    "a number in a module that is imported late",
    (n) => ({
      "entry.ts": `${COUNTER} export const GET = async () => [count(), (await import("./a")).count()];`,
      "a.ts": `${COUNTER} export const n = ${n};`,
    }),
  ],
  [
    "numbers in modules that import each other",
    (n) => ({
      "entry.ts": `export { a as GET } from "./a";`,
      "a.ts": `import { b } from "./b"; ${COUNTER} export const a = () => [${n}, count(), b()];`,
      "b.ts": `import { count as more } from "./a"; ${COUNTER} export const b = () => [count(), more()];`,
    }),
  ],
  [
    "a number over a broken save",
    (n) => ({
      "entry.ts": `let calls = 0; ${n % 3 === 1 ? "throw new Error();" : ""} export const GET = () => [${n}, ++calls];`,
    }),
  ],
];

test.each(
  PROPAGATIONS.flatMap((propagation) => GOES_ON.map(([what, files]) => ({ propagation, what, files }))),
)("$what goes on, and no generation of before, with $propagation", async ({ propagation, files }) => {
  const project = memoryProject(files(0), { propagation });
  const generations = new Map<string, Set<WeakRef<object>>>();
  await project.answer("entry.ts");
  for (let n = 1; n <= 6; n++) {
    await project.edit(files(n));
    await project.answer("entry.ts");
    await project.commits.at(-1)?.closed;
    noteLive(project, generations);
  }
  project.commits.length = 0;
  const alive = (): readonly number[] =>
    [...generations.values()].map((noted) => [...noted].filter((ref) => ref.deref() !== undefined).length);
  await collected(() => alive().every((count) => count <= 1));
  expect(Math.max(...[...generations.values()].map(({ size }) => size))).toBeGreaterThan(2);
  expect(alive()).toEqual(Array.from(generations, () => 1));
});

function noteLive({ runtime }: MemoryProject, generations: Map<string, Set<WeakRef<object>>>): void {
  for (const { displayName, live } of runtime.records) {
    if (live === undefined) continue;
    const noted = generations.get(displayName) ?? new Set();
    if (![...noted].some((ref) => ref.deref() === live)) noted.add(new WeakRef(live));
    generations.set(displayName, noted);
  }
}

test.each([
  ["made", 0, ""],
  ["seen while it was evaluated", 1, "export const size = seen.size;"],
] as const)("what a module has %s is not held beside its container", async (_what, edits, use) => {
  const text = (n: number): string =>
    `const seen = new Map([["first", {}]]); ${use} export const n = ${n};
     export const NOTE = () => void (globalThis.orbitRefs ??= []).push(new WeakRef(seen.get("first")));
     export const DELETE = () => seen.delete("first");`;
  const project = memoryProject({ "entry.ts": text(0) });
  await project.ask("entry.ts", "NOTE");
  for (let n = 1; n <= edits; n++) await project.edit({ "entry.ts": text(n) });
  expect(await project.ask("entry.ts", "DELETE")).toBe(true);
  expect(refs()).toHaveLength(1);
  expect(await collected(() => refs().every((ref) => ref.deref() === undefined))).toBe(true);
});
