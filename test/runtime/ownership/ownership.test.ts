import { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import net from "node:net";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import workers from "node:worker_threads";
import { expect, test } from "vitest";
import { Ownership, outsideOwnership } from "../../../src/runtime/ownership/index.ts";
import { findOwned } from "../../../src/runtime/ownership/opener.ts";
import type { Generation } from "../../../src/runtime/model/generation.ts";
import { moduleLog, settled } from "../support/log.ts";
import { at } from "../support/memory-project.ts";
import { ownedProject } from "./support/owned-project.ts";

const PATCHED = [
  [globalThis, "setTimeout"],
  [globalThis, "setInterval"],
  [globalThis, "setImmediate"],
  [timers, "setTimeout"],
  [timersPromises, "setTimeout"],
  [EventEmitter, "init"],
  [EventEmitter.prototype, "on"],
  [EventEmitter.prototype, "addListener"],
  [EventEmitter.prototype, "prependListener"],
  [net.Server.prototype, "listen"],
  [net.Socket.prototype, "connect"],
  [fs, "watch"],
  [fs, "watchFile"],
  [workers, "Worker"],
  [ChildProcess.prototype, "spawn"],
] as const;

const look = (): readonly unknown[] =>
  PATCHED.map(([holder, name]) => Reflect.getOwnPropertyDescriptor(holder, name));

test("the last one to close takes every patch back", () => {
  const before = look();
  const first = new Ownership({ live: () => [] }).install();
  const second = new Ownership({ live: () => [] }).install();
  first();
  first();
  for (const [index, descriptor] of look().entries()) expect(descriptor).not.toEqual(before[index]);
  second();
  expect(look()).toEqual(before);
});

test("somebody who patched after us keeps what they did", () => {
  const before = globalThis.setTimeout;
  const uninstall = new Ownership({ live: () => [] }).install();
  const ours = globalThis.setTimeout;
  const theirs = Object.assign(ours.bind(undefined), ours);
  globalThis.setTimeout = theirs;
  uninstall();
  expect(globalThis.setTimeout).toBe(theirs);
  clearTimeout(theirs(() => 0, 0));
  globalThis.setTimeout = before;
});

/** Code of a module that lets the owner of its resources make a value. */
function scope(ownership: () => Ownership, of: () => Generation | undefined): void {
  Object.assign(globalThis, {
    orbitMake: (key: string, make: () => unknown) => {
      const generation = of();
      return generation === undefined ? make() : ownership().during(generation, key, make);
    },
    orbitOutside: (make: () => unknown) => outsideOwnership(make),
  });
}

test("what a value has opened is carried over with it", async () => {
  const log = moduleLog();
  const begun: Generation[] = [];
  const owned = ownedProject({
    "a.ts": `const job = orbitMake("job", () => { const tick = () => { globalThis.orbitLog?.push("job"); setTimeout(tick, 1); }; tick(); return setInterval(() => 0, 1000); });
      setInterval(() => 0, 1000); process.on("orbit-carry", () => 0);
      export const GET = () => 1;`,
  });
  const { project, ownership } = owned;
  const begin = ownership.begin.bind(ownership);
  ownership.begin = (generation) => {
    begun.push(generation);
    begin(generation);
  };
  scope(
    () => ownership,
    () => begun.at(-1),
  );
  await project.ask("a.ts");
  const [first] = begun;
  ownership.begin = (generation) => {
    begin(generation);
    if (first !== undefined) ownership.carryOver("job", first, generation);
  };
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled(10);
  expect(process.listenerCount("orbit-carry")).toBe(0);
  log.length = 0;
  await settled(20);
  expect(new Set(log)).toEqual(new Set(["job"]));
  expect(new Set(ownership.list().map(({ kind }) => kind))).toEqual(new Set(["timer"]));
  ownership.begin = begin;
  await project.edit({ "a.ts": `export const GET = () => 3;` });
  await settled(10);
  log.length = 0;
  await settled(20);
  expect(log).toEqual([]);
});

test("what is made outside of every generation is left alone", async () => {
  const log = moduleLog();
  const { project, ownership, closed } = ownedProject({
    "a.ts": `class Pool { constructor() { this.timer = setInterval(() => 0, 1000); } end() { globalThis.orbitLog.push("end"); } }
      const pool = orbitOutside(() => new Pool());
      const later = orbitOutside(async () => { await 0; return new Pool(); });
      const awaited = await later;
      export const GET = () => [pool, awaited];`,
  });
  scope(
    () => ownership,
    () => undefined,
  );
  const pools = (await project.ask("a.ts")) as readonly { readonly timer: NodeJS.Timeout }[];
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled();
  expect(closed).toEqual([]);
  expect(log).toEqual([]);
  for (const { timer } of pools) {
    expect(timer).toMatchObject({ _destroyed: false });
    clearInterval(timer);
  }
});

test("a module that opted out owns nothing", async () => {
  const { project, ownership } = ownedProject(
    { "a.ts": `const t = setInterval(() => 0, 1000); export const GET = () => t;` },
    { isOptedOut: ({ source }) => source.code.includes("setInterval") },
  );
  const timer = (await project.ask("a.ts")) as NodeJS.Timeout;
  expect(ownership.list()).toEqual([]);
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled();
  expect(timer).toMatchObject({ _destroyed: false });
  clearInterval(timer);
});

test("a worker that live code holds stays open, and belongs to who holds it", async () => {
  const { project, closed, ownership } = ownedProject({
    "store.ts": `export const all = new Map();`,
    "a.ts": `import { all } from "./store"; import { Worker } from "node:worker_threads";
      export const GET = () => { if (!all.has("w")) all.set("w", new Worker("setInterval(() => 0, 1000)", { eval: true })); return 1; };`,
  });
  await project.ask("a.ts");
  expect(ownership.list()).toMatchObject([{ kind: "worker", module: "a.ts" }]);
  await project.edit({
    "a.ts": `import { all } from "./store"; export const GET = () => [...all.values()].length;`,
  });
  await settled();
  expect(closed).toEqual([]);
  expect(ownership.list()).toMatchObject([{ kind: "worker", module: "store.ts" }]);
});

const keepsServer = (n: number): string =>
  `import net from "node:net"; const open = new Map(); export const n = ${n};
   export const GET = () => {
     const server = open.get("it") ?? net.createServer().listen(0).on("orbit", () => setInterval(() => 0, 1000));
     open.set("it", server);
     return server;
   };
   export const emit = () => open.get("it").emit("orbit");`;

test("code behind what is carried on for long still has an owner, and what has held it in between is forgotten", async () => {
  const { project, ownership, closed } = ownedProject({ "a.ts": keepsServer(0) });
  const server = await project.ask("a.ts");
  for (let n = 1; n <= 70; n++) {
    await project.edit({ "a.ts": keepsServer(n) });
    await project.commits.at(-1)?.closed;
  }
  expect(await project.ask("a.ts")).toBe(server);
  expect(closed).toEqual([]);
  await project.ask("a.ts", "emit");
  expect(ownership.list().map(({ kind, module }) => [kind, module])).toEqual([
    ["server", "a.ts"],
    ["timer", "a.ts"],
  ]);
  const live = project.runtime.entry(at("a.ts"))?.live;
  expect(live && findOwned(live)?.scripts.size).toBeLessThan(60);
});
