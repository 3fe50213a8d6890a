import { EventEmitter } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { moduleLog, settled } from "../support/log.ts";
import { ownedProject } from "./support/owned-project.ts";

const EVENT = "orbit-test";

function shared(): EventEmitter {
  const bus = new EventEmitter();
  const scope = globalThis as { orbitBus?: EventEmitter };
  scope.orbitBus = bus;
  onTestFinished(() => {
    delete scope.orbitBus;
  });
  return bus;
}

test("a listener on process is removed with its generation", async () => {
  const listening = (n: number): string =>
    `process.on("${EVENT}", () => ${n}); process.once("${EVENT}", () => ${n}); process.prependOnceListener("${EVENT}", () => 0); export const GET = () => ${n};`;
  const { project, ownership } = ownedProject({ "a.ts": listening(1) });
  await project.ask("a.ts");
  for (let edit = 2; edit < 10; edit++) await project.edit({ "a.ts": listening(edit) });
  await settled();
  expect(process.listenerCount(EVENT)).toBe(3);
  expect(ownership.list()).toMatchObject([{ kind: "listener" }, { kind: "listener" }, { kind: "listener" }]);
  await project.edit({ "a.ts": `export const GET = () => 0;` });
  await settled();
  expect(process.listenerCount(EVENT)).toBe(0);
});

const busUser = (n: number): string =>
  `import { bus } from "./bus"; bus.on("x", () => ${n}); export const GET = () => bus.listenerCount("x");`;

test("a listener on an emitter of another module is removed, those of others stay", async () => {
  const bus = `import { EventEmitter } from "node:events"; export const bus = new EventEmitter(); bus.on("x", () => 0);`;
  const { project } = ownedProject({ "bus.ts": bus, "a.ts": busUser(1), "b.ts": busUser(2) });
  expect(await project.ask("a.ts")).toBe(2);
  expect(await project.ask("b.ts")).toBe(3);
  for (let edit = 2; edit < 10; edit++) await project.edit({ "a.ts": busUser(edit) });
  await settled();
  expect(await project.ask("a.ts")).toBe(3);
});

test("a listener that is added while a request is answered belongs to the function's module", async () => {
  const bus = shared();
  const adding = `export const GET = () => { globalThis.orbitBus.on("x", () => 0); };`;
  const { project } = ownedProject({ "a.ts": adding });
  await project.ask("a.ts");
  await project.ask("a.ts");
  expect(bus.listenerCount("x")).toBe(2);
  await project.edit({ "a.ts": `${adding} export const more = 1;` });
  await settled();
  expect(bus.listenerCount("x")).toBe(0);
});

test("an emitter that is made and used in one request is nobody's business", async () => {
  const { project, ownership } = ownedProject({
    "a.ts": `import { EventEmitter } from "node:events"; export const GET = () => { new EventEmitter().on("x", () => 0); };`,
  });
  await project.ask("a.ts");
  expect(ownership.list()).toEqual([]);
});

const keptBus = (n: number): string =>
  `import { EventEmitter } from "node:events";
     const make = () => { const bus = new EventEmitter(); bus.on("error", () => 0); return bus; };
     globalThis.orbitKept ??= make();
     globalThis.orbitKept.on("x", () => ${n});
     export const GET = () => [globalThis.orbitKept.listenerCount("error"), globalThis.orbitKept.listenerCount("x")];`;

test("an emitter that a global holds keeps the listeners that are not added again", async () => {
  const { project } = ownedProject({ "a.ts": keptBus(1) });
  await project.ask("a.ts");
  await project.edit({ "a.ts": keptBus(2) });
  await settled();
  expect(await project.ask("a.ts")).toEqual([1, 1]);
  await project.edit({ "a.ts": keptBus(3) });
  await settled();
  expect(await project.ask("a.ts")).toEqual([1, 1]);
});

test("a listener that the program removes itself is forgotten", async () => {
  const { project, ownership } = ownedProject({
    "a.ts": `const f = () => 0; process.on("${EVENT}", f); process.off("${EVENT}", f); export const GET = () => 1;`,
  });
  await project.ask("a.ts");
  expect(ownership.list()).toEqual([]);
});

const ownBus = (n: number): string =>
  `import { EventEmitter } from "node:events"; const bus = new EventEmitter(); bus.on("x", () => ${n}); export const GET = () => bus.listenerCount("x");`;

test("listeners on what a module has made itself are no resources of their own", async () => {
  const { project, ownership, closed } = ownedProject({ "a.ts": ownBus(1) });
  expect(await project.ask("a.ts")).toBe(1);
  expect(ownership.list()).toEqual([]);
  await project.edit({ "a.ts": ownBus(2) });
  await settled();
  expect(await project.ask("a.ts")).toBe(1);
  expect(closed).toEqual([]);
});

test("what a module has made is still heard to fail when everything closes; its other listeners are gone", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "a.ts": `import { EventEmitter } from "node:events"; const bus = new EventEmitter();
      bus.on("error", () => globalThis.orbitLog.push("error")); bus.on("x", () => globalThis.orbitLog.push("x"));
      export const GET = () => bus;`,
  });
  const bus = (await project.ask("a.ts")) as EventEmitter;
  await project.runtime.close();
  bus.emit("error", new Error("too late"));
  bus.emit("x");
  expect(log).toEqual(["error"]);
});
