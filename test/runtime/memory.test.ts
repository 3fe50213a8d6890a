import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { areReadsTracked } from "../../src/runtime/model/context.ts";
import { settled } from "./support/log.ts";
import { at, memoryProject } from "./support/memory-project.ts";

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
