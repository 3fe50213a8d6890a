import { expect, test, vi } from "vitest";
import { moduleGate, moduleLog, settled } from "../support/log.ts";
import { ownedProject } from "./support/owned-project.ts";

const ticking = (text: string): string =>
  `setInterval(() => globalThis.orbitLog?.push("${text}"), 1); export const GET = () => "${text}";`;

test("an interval of the top level ends when its module is replaced", async () => {
  const log = moduleLog();
  const { project, ownership, closed } = ownedProject({ "a.ts": ticking("one") });
  await project.ask("a.ts");
  await project.edit({ "a.ts": ticking("two") });
  await settled(10);
  log.length = 0;
  await settled(20);
  expect(new Set(log)).toEqual(new Set(["two"]));
  expect(closed).toEqual([{ kind: "timer", module: "a.ts", status: "closed" }]);
  expect(ownership.list()).toMatchObject([{ kind: "timer", module: "a.ts" }]);
});

test("after fifty edits there is one interval", async () => {
  const { project, ownership } = ownedProject({ "a.ts": ticking("0") });
  await project.ask("a.ts");
  const before = intervals();
  for (let edit = 1; edit <= 50; edit++) await project.edit({ "a.ts": ticking(String(edit)) });
  await settled();
  expect(intervals()).toBeLessThanOrEqual(before);
  expect(ownership.list()).toHaveLength(1);
});

function intervals(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

test("an interval that a function sets during a request belongs to the function's module", async () => {
  const { project, ownership } = ownedProject({
    "jobs.ts": `let job; export const start = () => { job ??= setInterval(() => 0, 1000); };`,
    "a.ts": `import { start } from "./jobs"; export const GET = () => start();`,
  });
  await project.ask("a.ts");
  expect(ownership.list()).toMatchObject([{ kind: "timer", module: "jobs.ts" }]);
  await project.edit({ "jobs.ts": `export const start = () => 0;` });
  await settled();
  expect(ownership.list()).toEqual([]);
});

test("an interval that a module sets by another's function at top level is the first one's", async () => {
  const { project, ownership } = ownedProject({
    "jobs.ts": `export const every = (run, ms) => setInterval(run, ms);`,
    "a.ts": `import { every } from "./jobs"; every(() => 0, 1000); export const GET = () => 1;`,
  });
  await project.ask("a.ts");
  expect(ownership.list()).toMatchObject([{ kind: "timer", module: "a.ts" }]);
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled();
  expect(ownership.list()).toEqual([]);
});

test("one-shot timers forget themselves, cleared ones too", async () => {
  const { project, ownership } = ownedProject({
    "a.ts": `setTimeout(() => 0, 1); clearTimeout(setTimeout(() => 0, 1000)); setImmediate(() => 0); export const GET = () => 1;`,
  });
  await project.ask("a.ts");
  await settled(20);
  expect(ownership.list()).toEqual([]);
});

const chain = (text: string): string =>
  `const tick = () => { globalThis.orbitLog?.push("${text}"); setTimeout(tick, 1); }; tick(); export const GET = () => 1;`;

test("a chain of timeouts ends with its generation", async () => {
  const log = moduleLog();
  const { project } = ownedProject({ "a.ts": chain("one") });
  await project.ask("a.ts");
  await settled(10);
  await project.edit({ "a.ts": chain("two") });
  await settled(10);
  log.length = 0;
  await settled(20);
  expect(new Set(log)).toEqual(new Set(["two"]));
});

const sleepingLoop = (text: string): string =>
  `import { setTimeout as sleep } from "node:timers/promises";
     void (async () => { for (;;) { globalThis.orbitLog?.push("${text}"); await sleep(1); } })();
     export const GET = () => 1;`;

test("a loop that sleeps ends with its generation", async () => {
  const log = moduleLog();
  const { project } = ownedProject({ "a.ts": sleepingLoop("one") });
  await project.ask("a.ts");
  await settled(10);
  await project.edit({ "a.ts": sleepingLoop("two") });
  await settled(10);
  log.length = 0;
  await settled(20);
  expect(new Set(log)).toEqual(new Set(["two"]));
});

const slow = (text: string): string =>
  `export const GET = async () => { globalThis.orbitLog.push("waits"); await globalThis.orbitGate; await new Promise((r) => setTimeout(r, 5)); return "${text}"; };`;

test("a request that sleeps is answered, even by code that was closed under it", async () => {
  const gate = moduleGate();
  const log = moduleLog();
  const { project } = ownedProject({ "a.ts": slow("one") }, { drainDeadlineMs: 1 });
  const asked = project.ask("a.ts");
  await vi.waitFor(() => expect(log).toEqual(["waits"]));
  await project.edit({ "a.ts": slow("two") });
  await settled(20);
  gate.open();
  expect(await asked).toBe("one");
});

test("an interval that closed code still sets is cleared at once", async () => {
  const gate = moduleGate();
  const log = moduleLog();
  const late = `export const GET = async () => { globalThis.orbitLog.push("waits"); await globalThis.orbitGate; return setInterval(() => 0, 1000); };`;
  const { project, ownership } = ownedProject({ "a.ts": late }, { drainDeadlineMs: 1 });
  const asked = project.ask("a.ts");
  await vi.waitFor(() => expect(log).toEqual(["waits"]));
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled(20);
  gate.open();
  expect(await asked).toMatchObject({ _destroyed: true });
  expect(ownership.list()).toEqual([]);
});

test("what a failed evaluation has opened is closed at once, what is live goes on", async () => {
  const log = moduleLog();
  const { project, ownership } = ownedProject({ "a.ts": ticking("one") });
  await project.ask("a.ts");
  await project.edit({ "a.ts": `${ticking("two")} throw new Error("no");` });
  log.length = 0;
  await settled(20);
  expect(new Set(log)).toEqual(new Set(["one"]));
  expect(ownership.list()).toHaveLength(1);
});

test("timers of foreign code are left alone", async () => {
  const { project, ownership } = ownedProject({ "a.ts": `export const GET = () => 1;` });
  await project.ask("a.ts");
  const timer = setInterval(() => 0, 1000);
  expect(ownership.list()).toEqual([]);
  clearInterval(timer);
});

const guarded = (text: string): string =>
  `globalThis.orbitTimer ??= setInterval(() => 0, 1000); export const GET = () => "${text}";`;

test("a timer that a global holds goes on in the next generation", async () => {
  const { project, ownership, closed } = ownedProject({ "a.ts": guarded("one") });
  await project.ask("a.ts");
  await project.edit({ "a.ts": guarded("two") });
  await settled();
  expect(closed).toEqual([]);
  expect(ownership.list()).toMatchObject([{ kind: "timer", module: "a.ts" }]);
});

test("util.promisify(setTimeout) still resolves", async () => {
  const { project } = ownedProject({
    "a.ts": `import { promisify } from "node:util"; export const GET = () => promisify(setTimeout)(1, "slept");`,
  });
  expect(await project.ask("a.ts")).toBe("slept");
});
