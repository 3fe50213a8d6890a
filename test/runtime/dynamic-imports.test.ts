import { expect, test } from "vitest";
import { moduleGate, settled } from "./support/log.ts";
import { memoryProject } from "./support/memory-project.ts";
import { testPrograms } from "./support/programs.ts";

testPrograms([
  {
    law: "what a handler imports is fresh after an edit",
    files: {
      "late.ts": `export const value = "v1";`,
      "entry.ts": `export const GET = async () => (await import("./late")).value;`,
    },
    edits: [{ "late.ts": `export const value = "v2";` }, { "late.ts": `export const value = "v3";` }],
    runs: ["late.ts"],
  },
  {
    law: "what a handler imports can import others that are edited",
    files: {
      "leaf.ts": `export const leaf = 1;`,
      "late.ts": `import { leaf } from "./leaf"; export const value = leaf * 10; export const read = () => leaf;`,
      "entry.ts": `export const GET = async () => { const late = await import("./late"); return [late.value, late.read()]; };`,
    },
    edits: [
      { "leaf.ts": `export const leaf = 2;` },
      { "late.ts": `export const value = "own"; export const read = () => 0;` },
    ],
  },
  {
    law: "a computed import",
    files: {
      "pages/a.ts": `export default "A1";`,
      "pages/b.ts": `export default "B1";`,
      "entry.ts": `export const GET = async (name) => (await import("./pages/" + name + ".ts")).default;`,
    },
    asks: [
      ["entry.ts", "GET", "a"],
      ["entry.ts", "GET", "b"],
      ["entry.ts", "GET", "c"],
    ],
    edits: [
      { "pages/b.ts": `export default "B2";` },
      { "pages/a.ts": `export default "A2";` },
      { "pages/a.ts": undefined },
      { "pages/c.ts": `export default "C";` },
    ],
  },
  {
    law: "an import that is kept by the handler's module",
    files: {
      "late.ts": `export const value = () => "v1";`,
      "entry.ts": `let late; export const GET = async () => { late ??= await import("./late"); return late.value(); };`,
    },
    edits: [{ "late.ts": `export const value = () => "v2";` }],
  },
  {
    law: "a part of an import that is kept by the handler's module",
    files: {
      "late.ts": `export const value = () => "v1";`,
      "entry.ts": `let value; export const GET = async () => { value ??= (await import("./late")).value; return value(); };`,
    },
    edits: [{ "late.ts": `export const value = () => "v2";` }],
  },
  {
    law: "an import in a function that was handed over at top level",
    files: {
      "lazy.ts": `export const lazy = (load) => { let kept; return async () => (kept ??= (await load()).value); };`,
      "late.ts": `export const value = "v1";`,
      "entry.ts": `import { lazy } from "./lazy"; const get = lazy(() => import("./late")); export const GET = () => get();`,
    },
    edits: [{ "late.ts": `export const value = "v2";` }],
  },
  {
    law: "a late module that registers itself",
    files: {
      "registry.ts": `export const registry = new Map();`,
      "late.ts": `import { registry } from "./registry"; registry.set("late", 1);`,
      "entry.ts": `import { registry } from "./registry"; export const GET = async () => { await import("./late"); return [...registry]; };`,
    },
    edits: [
      { "late.ts": `import { registry } from "./registry"; registry.set("late", 2);` },
      { "late.ts": `import { registry } from "./registry"; registry.set("later", 3);` },
    ],
  },
  {
    law: "an import of a missing file is an error of the request that heals",
    files: {
      "entry.ts": `export const GET = async () => { try { return (await import("./late")).value; } catch { return "missing"; } };`,
    },
    edits: [{ "late.ts": `export const value = "here";` }, { "late.ts": undefined }],
  },
  {
    law: "a late module that throws is tried anew after an edit",
    files: {
      "late.ts": `throw new Error("late is broken");`,
      "entry.ts": `export const GET = async () => { try { return (await import("./late")).value; } catch (error) { return error.message; } };`,
    },
    edits: [{ "late.ts": `export const value = "mended";` }],
  },
  {
    law: "a static import that becomes a late one at top level",
    files: {
      "late.ts": `export const value = "v1";`,
      "mid.ts": `import { value } from "./late"; export const seen = value;`,
      "entry.ts": `import { seen } from "./mid"; export const GET = () => seen;`,
    },
    edits: [
      { "mid.ts": `const { value } = await import("./late"); export const seen = value;` },
      { "late.ts": `export const value = "v2";` },
      { "mid.ts": `import { value } from "./late"; export const seen = value;` },
      { "late.ts": `export const value = "v3";` },
    ],
  },
  {
    law: "the namespace of import() is the one of import *",
    files: {
      "late.ts": `export const value = 1;`,
      "entry.ts": `import * as late from "./late"; export const GET = async () => late === (await import("./late"));`,
    },
    edits: [{ "late.ts": `export const value = 2;` }],
  },
]);

test("an import inside a request does not commit an edit under that request", async () => {
  const project = memoryProject({
    "late.ts": `export const value = "v1";`,
    "entry.ts": `export const GET = async () => { const first = (await import("./late")).value; await globalThis.orbitGate; return [first, (await import("./late")).value]; };`,
  });
  await project.ask("entry.ts");
  const gate = moduleGate();
  const answer = project.ask("entry.ts");
  await settled();
  project.save({ "late.ts": `export const value = "v2";` });
  gate.open();
  expect(await answer).toEqual(["v1", "v1"]);
  expect(await project.ask("entry.ts")).toEqual(["v2", "v2"]);
});

test("two requests that import the same new module evaluate it once", async () => {
  const project = memoryProject({
    "late.ts": `globalThis.ORBIT_COUNT = (globalThis.ORBIT_COUNT ?? 0) + 1; await 0; export const count = globalThis.ORBIT_COUNT;`,
    "entry.ts": `export const GET = async () => (await import("./late")).count;`,
  });
  expect(await Promise.all([project.ask("entry.ts"), project.ask("entry.ts")])).toEqual([1, 1]);
  Reflect.deleteProperty(globalThis, "ORBIT_COUNT");
});

test("a module that only an earlier text imported late is let go", async () => {
  const project = memoryProject({
    "late.ts": `export const value = 1; import.meta.hot.prune(() => { globalThis.ORBIT_PRUNED = true; });`,
    "entry.ts": `export const GET = async () => (await import("./late")).value;`,
  });
  await project.ask("entry.ts");
  await project.edit({ "entry.ts": `export const GET = () => 2;` });
  await project.commits.at(-1)?.closed;
  expect([...project.runtime.records].map((module) => module.displayName)).toEqual(["entry.ts"]);
  expect(Reflect.get(globalThis, "ORBIT_PRUNED")).toBe(true);
  Reflect.deleteProperty(globalThis, "ORBIT_PRUNED");
});
