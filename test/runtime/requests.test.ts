import { expect, test } from "vitest";
import { areReadsTracked } from "../../src/runtime/model/context.ts";
import { moduleGate, moduleLog, settled } from "./support/log.ts";
import { at, exportsOf, memoryProject } from "./support/memory-project.ts";

const FILES = {
  "leaf.ts": `import net from "node:net"; export const leaf = "v1"; net.createServer().listen(0).on("close", () => { globalThis.orbitLog?.push("closed v1"); });`,
  "mid.ts": `import { leaf } from "./leaf"; export const read = () => leaf;`,
  "entry.ts": `import { read } from "./mid"; import * as all from "./leaf"; export const GET = async () => { const first = read(); await globalThis.orbitGate; return [first, read(), all.leaf, Object.keys(all)]; }; export const now = () => read();`,
};
const EDIT = { "leaf.ts": `export const leaf = "v2"; export const more = 1;` };

test("a request keeps the version that it began with, new ones see the new one", async () => {
  const log = moduleLog();
  const project = memoryProject(FILES);
  await project.ask("entry.ts", "now");
  const gate = moduleGate();
  const older = project.ask("entry.ts");
  await settled();
  await project.edit(EDIT);
  expect(await project.ask("entry.ts", "now")).toBe("v2");
  expect(log).toEqual([]);
  gate.open();
  expect(await older).toEqual(["v1", "v1", "v1", ["leaf"]]);
  await project.commits.at(-1)?.closed;
  expect(log).toEqual(["closed v1"]);
});

test("requests of three versions each keep their own", async () => {
  const project = memoryProject(FILES);
  await project.ask("entry.ts", "now");
  const gate = moduleGate();
  const first = project.ask("entry.ts");
  await settled();
  await project.edit(EDIT);
  const second = project.ask("entry.ts");
  await settled();
  await project.edit({ "leaf.ts": `export const leaf = "v3";` });
  const third = project.ask("entry.ts");
  await settled();
  gate.open();
  expect(await Promise.all([first, second, third])).toEqual([
    ["v1", "v1", "v1", ["leaf"]],
    ["v2", "v2", "v2", ["leaf", "more"]],
    ["v3", "v3", "v3", ["leaf"]],
  ]);
});

test("an export that moved to another file is still found by an older request", async () => {
  const project = memoryProject({
    "a.ts": `export const value = "a";`,
    "b.ts": `export const value = "b";`,
    "barrel.ts": `export * from "./a";`,
    "entry.ts": `import { value } from "./barrel"; export const GET = async () => { await globalThis.orbitGate; return value; };`,
  });
  await project.ask("entry.ts");
  const gate = moduleGate();
  const older = project.ask("entry.ts");
  await settled();
  await project.edit({ "barrel.ts": `export * from "./b";`, "a.ts": `export const other = 1;` });
  gate.open();
  expect(await older).toBe("a");
  expect(await project.ask("entry.ts")).toBe("b");
});

test("a stream keeps its version until the request is closed", async () => {
  const project = memoryProject({
    "leaf.ts": `export const leaf = "v1";`,
    "entry.ts": `import { leaf } from "./leaf"; export async function* GET() { for (let n = 0; n < 3; n++) { yield leaf; await new Promise((r) => setTimeout(r, 5)); } }`,
  });
  await project.runtime.update([at("entry.ts")]);
  const request = project.runtime.beginRequest(at("entry.ts"));
  const read: string[] = [];
  await request.run(async () => {
    const GET = exportsOf(project.runtime, "entry.ts")["GET"] as () => AsyncIterable<string>;
    for await (const chunk of GET()) {
      read.push(chunk);
      if (read.length === 1) await project.edit({ "leaf.ts": `export const leaf = "v2";` });
    }
  });
  expect(read).toEqual(["v1", "v1", "v1"]);
  request.close();
  expect(areReadsTracked()).toBe(false);
});

test("code that outlives its request sees the live version", async () => {
  const log = moduleLog();
  const gate = moduleGate();
  const project = memoryProject({
    "leaf.ts": `export const leaf = "v1";`,
    "entry.ts": `import { leaf } from "./leaf"; export const GET = () => { void globalThis.orbitGate.then(() => globalThis.orbitLog.push(leaf)); };`,
  });
  await project.ask("entry.ts");
  await project.edit({ "leaf.ts": `export const leaf = "v2";` });
  gate.open();
  await settled();
  expect(log).toEqual(["v2"]);
});

test("old generations are closed after the deadline although a request never ends", async () => {
  const log = moduleLog();
  const project = memoryProject(FILES, { drainDeadlineMs: 20 });
  await project.ask("entry.ts", "now");
  const request = project.runtime.beginRequest(at("entry.ts"));
  await project.edit(EDIT);
  await project.commits.at(-1)?.closed;
  expect(log).toEqual(["closed v1"]);
  request.close();
});

test("a request is told when what its code has opened was closed under it", async () => {
  const log = moduleLog();
  const project = memoryProject(
    { ...FILES, "other.ts": `export const GET = () => 1;` },
    { drainDeadlineMs: 1 },
  );
  await project.ask("entry.ts", "now");
  await project.ask("other.ts");
  const told: string[] = [];
  const requests = ["entry.ts", "other.ts"].map((entry) =>
    project.runtime.beginRequest(at(entry), () => told.push(entry)),
  );
  await project.edit({ "mid.ts": `import { leaf } from "./leaf"; export const read = () => leaf + 1;` });
  await project.commits.at(-1)?.closed;
  expect(told).toEqual([]);
  await project.edit(EDIT);
  await project.commits.at(-1)?.closed;
  expect(log).toEqual(["closed v1"]);
  expect(told).toEqual(["entry.ts"]);
  for (const request of requests) request.close();
});

test("a request that does not reach what was replaced is not waited for", async () => {
  const log = moduleLog();
  const project = memoryProject({ ...FILES, "other.ts": `export const GET = () => 1;` });
  await project.ask("entry.ts", "now");
  await project.ask("other.ts");
  const request = project.runtime.beginRequest(at("other.ts"));
  await project.edit(EDIT);
  expect(areReadsTracked()).toBe(false);
  await project.commits.at(-1)?.closed;
  expect(log).toEqual(["closed v1"]);
  request.close();
});

test("reads cost nothing extra when nothing is under way", async () => {
  const project = memoryProject(FILES);
  await project.ask("entry.ts", "now");
  expect(areReadsTracked()).toBe(false);
  await project.edit(EDIT);
  await project.ask("entry.ts", "now");
  await project.edit({ "leaf.ts": "export const leaf = ;" });
  await project.answer("entry.ts");
  await project.edit({ "leaf.ts": `throw new Error("x"); export const leaf = 1;` });
  await project.answer("entry.ts");
  expect(areReadsTracked()).toBe(false);
});

test("a new request does not wait for what an older one holds on to", async () => {
  const project = memoryProject(FILES);
  await project.ask("entry.ts", "now");
  moduleGate();
  const older = project.ask("entry.ts");
  await settled();
  await project.edit(EDIT);
  expect(await project.ask("entry.ts", "now")).toBe("v2");
  expect(areReadsTracked()).toBe(true);
  void older;
});
