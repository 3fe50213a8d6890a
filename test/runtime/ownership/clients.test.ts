import { expect, test, vi } from "vitest";
import { moduleGate, moduleLog, settled } from "../support/log.ts";
import { ownedProject } from "./support/owned-project.ts";

const pool = (text: string): string =>
  `class Pool { async end() { globalThis.orbitLog.push("end ${text}"); } }
   export const pool = new Pool();
   export const GET = () => pool;`;

test("a pool at top level is closed with its generation", async () => {
  const log = moduleLog();
  const { project, closed, ownership } = ownedProject({ "db.ts": pool("one") });
  await project.ask("db.ts");
  await project.edit({ "db.ts": pool("two") });
  await settled();
  expect(log).toEqual(["end one"]);
  expect(closed).toEqual([{ kind: "client", module: "db.ts", status: "closed" }]);
  expect(ownership.list()).toMatchObject([{ kind: "client", module: "db.ts" }]);
});

test.each(["$disconnect", "end", "stop", "close", "quit", "disconnect", "destroy", "terminate"])(
  "a client is closed by %s",
  async (name) => {
    const log = moduleLog();
    const { project } = ownedProject({
      "db.ts": `class Client { ${name}() { globalThis.orbitLog.push("${name}"); } } const client = new Client(); export const GET = () => 1;`,
    });
    await project.ask("db.ts");
    await project.edit({ "db.ts": `export const GET = () => 2;` });
    await settled();
    expect(log).toEqual([name]);
  },
);

test("what can be disposed of is, whatever it looks like; what is opened last is closed first", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "db.ts": `export const one = { [Symbol.dispose]() { globalThis.orbitLog.push("sync"); } };
      export const two = { async [Symbol.asyncDispose]() { globalThis.orbitLog.push("async"); } };
      export const GET = () => 1;`,
  });
  await project.ask("db.ts");
  await project.edit({ "db.ts": `export const GET = () => 2;` });
  await settled();
  expect(log).toEqual(["async", "sync"]);
});

const poolUser = (n: number): string =>
  `import { getPool } from "./db"; const mine = getPool(); export const GET = () => [mine, ${n}];`;

test("a client that another module holds is closed by its own module only", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "db.ts": `class Pool { end() { globalThis.orbitLog.push("end"); } } const pool = new Pool(); export const getPool = () => pool;`,
    "a.ts": poolUser(1),
  });
  await project.ask("a.ts");
  await project.edit({ "a.ts": poolUser(2) });
  await settled();
  expect(log).toEqual([]);
  await project.edit({ "db.ts": `export const getPool = () => 0;` });
  await settled();
  expect(log).toEqual(["end"]);
});

const keptPool = (n: number): string =>
  `class Pool { end() { globalThis.orbitLog.push("end"); } } const pool = (globalThis.orbitPool ??= new Pool()); export const GET = () => ${n};`;

test("a client that a global holds stays open", async () => {
  const log = moduleLog();
  const { project } = ownedProject({ "db.ts": keptPool(1) });
  await project.ask("db.ts");
  await project.edit({ "db.ts": keptPool(2) });
  await settled();
  expect(log).toEqual([]);
});

test("what an old client opens later belongs to who holds the client", async () => {
  const db = `class Pool { query() { return setInterval(() => 0, 1000); } end() {} } export const pool = (globalThis.orbitPool2 ??= new Pool());`;
  const { project, ownership } = ownedProject({ "db.ts": `${db} export const GET = () => pool.query();` });
  await project.ask("db.ts");
  await project.edit({
    "db.ts": `${db} export const GET = () => pool.query(); // edited\nexport const more = 1;`,
  });
  await settled();
  expect(await project.ask("db.ts")).toMatchObject({ _destroyed: false });
  expect(ownership.list()).toMatchObject([
    { kind: "timer", module: "db.ts" },
    { kind: "client", module: "db.ts" },
  ]);
});

const namedPool = (name: string): string =>
  `class Pool { end() { globalThis.orbitLog.push("${name}"); } } export const pool = new Pool();`;

test("a client of a deleted module is closed, unless a module that stays holds it", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "keep.ts": `let kept; export const keep = (value) => (kept ??= value); export const GET = () => kept;`,
    "held.ts": namedPool("held"),
    "lost.ts": namedPool("lost"),
    "a.ts": `import { keep } from "./keep"; export const GET = async () => { keep((await import("./held")).pool); await import("./lost"); };`,
  });
  await project.ask("keep.ts");
  await project.ask("a.ts");
  await project.edit({ "a.ts": `export const GET = () => 1;` });
  await settled(20);
  expect(log).toEqual(["lost"]);
});

test("a value that says so is kept open", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "db.ts": `class Pool { [Symbol.for("orbit-hmr:keep")] = true; end() { globalThis.orbitLog.push("end"); } } const pool = new Pool(); export const GET = () => 1;`,
  });
  await project.ask("db.ts");
  await project.edit({ "db.ts": `export const GET = () => 2;` });
  await settled();
  expect(log).toEqual([]);
});

test.each([
  ["a set of functions", `const api = { open() {}, close() { globalThis.orbitLog.push("no"); } };`],
  ["a class", `class A { static close() { globalThis.orbitLog.push("no"); } } const B = A;`],
  ["a standard stream", `const out = process.stdout;`],
  ["the process", `const p = process;`],
  ["a server that does not listen", `import http from "node:http"; const s = http.createServer();`],
  [
    "a proxy that answers to every name",
    `const api = new Proxy(class {}, { get: () => () => globalThis.orbitLog.push("no") });`,
  ],
  [
    "a proxy that answers to names which it does not have",
    `const api = new Proxy({ on: 1 }, { get: (app, name) => (name === "end" ? () => globalThis.orbitLog.push("no") : app[name]) });`,
  ],
  ["a generator", `const ids = (function* () { yield 1; })(); ids.next();`],
  ["a timer that has fired", `const t = setTimeout(() => 0, 0); await new Promise((r) => setTimeout(r, 5));`],
])("%s is not a client", async (_what, text) => {
  const log = moduleLog();
  const { project, closed } = ownedProject({ "a.ts": `${text} export const GET = () => 1;` });
  await project.ask("a.ts");
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled();
  expect(log).toEqual([]);
  expect(closed).toEqual([]);
});

test("what is an application is closed by what it has, and not by what it only seems to have", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "a.ts": `class App { listen() {} close() { globalThis.orbitLog.push("close"); } }
      const adapter = { end() { globalThis.orbitLog.push("end of the adapter"); } };
      const get = (app, name) => (name in app || !(name in adapter) ? app[name] : (...args) => adapter[name](...args));
      const app = new Proxy(new App(), { get });
      export const GET = () => 1;`,
  });
  await project.ask("a.ts");
  await project.edit({ "a.ts": `export const GET = () => 2;` });
  await settled();
  expect(log).toEqual(["close"]);
});

test("a client that does not end in time is said, one that throws as well", async () => {
  const log = moduleLog();
  const {
    project,
    closed,
    settled: allClosed,
  } = ownedProject({
    "db.ts": `class Stuck { end() { return new Promise(() => 0); } destroy() { globalThis.orbitLog.push("destroyed"); } }
      class Bad { close() { throw new Error("no"); } }
      export const stuck = new Stuck(); export const bad = new Bad(); export const GET = () => 1;`,
  });
  await project.ask("db.ts");
  await project.edit({ "db.ts": `export const GET = () => 2;` });
  await allClosed();
  await settled();
  await allClosed();
  expect(log).toEqual(["destroyed"]);
  expect(closed).toMatchObject([
    { status: "failed", error: new Error("no") },
    {
      status: "failed",
      error: expect.objectContaining({ message: expect.stringContaining("was not closed within") }),
    },
  ]);
});

test("when everything closes, a client that ends by an event has ended", async () => {
  const log = moduleLog();
  const { project } = ownedProject({
    "db.ts": `import { EventEmitter } from "node:events";
      class Socket extends EventEmitter { end() { setTimeout(() => { globalThis.orbitLog.push("ended"); this.emit("close"); }, 5); } }
      export const socket = new Socket(); export const GET = () => 1;`,
  });
  await project.ask("db.ts");
  await project.runtime.close();
  expect(log).toEqual(["ended"]);
});

const slowPool = (text: string, wait = ""): string =>
  `class Pool { end() { globalThis.orbitLog.push("end ${text}"); } } const pool = new Pool(); ${wait} export const GET = () => "${text}";`;

test("what new code has opened is closed as well when everything closes while it is evaluated", async () => {
  const log = moduleLog();
  const gate = moduleGate();
  const { project } = ownedProject({ "db.ts": slowPool("one") });
  await project.ask("db.ts");
  project.save({
    "db.ts": slowPool("two", `globalThis.orbitLog.push("opened"); await globalThis.orbitGate;`),
  });
  const asked = project.answer("db.ts");
  await vi.waitFor(() => expect(log).toEqual(["opened"]));
  const closed = project.runtime.close();
  gate.open();
  await closed;
  expect(log).toEqual(["opened", "end two", "end one"]);
  expect(await asked).toEqual({ error: "The dev server is closing." });
});

test("what a request still holds open is closed as well when everything closes", async () => {
  const log = moduleLog();
  const gate = moduleGate();
  const { project } = ownedProject({
    "db.ts": `${slowPool("one")} export const slow = async () => { globalThis.orbitLog.push("asked"); await globalThis.orbitGate; };`,
  });
  const slow = project.ask("db.ts", "slow");
  await vi.waitFor(() => expect(log).toEqual(["asked"]));
  await project.edit({ "db.ts": slowPool("two") });
  expect(log).toEqual(["asked"]);
  await project.runtime.close();
  expect(log).toEqual(["asked", "end one", "end two"]);
  gate.open();
  await slow;
});
