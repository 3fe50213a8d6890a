import { expect, test, vi } from "vitest";
import { moduleGate, moduleLog, settled } from "./support/log.ts";
import { at, exportsOf, memoryProject } from "./support/memory-project.ts";

const LOG = "const log = (text) => globalThis.orbitLog.push(text);";

test("a failed transaction changes nothing: timers tick, state stays, objects are as before", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "list.ts": `export const list = ["a"]; export const settings = { size: 1 }; export const map = new Map([["k", 1]]); export class Box { static all = new Set([1]); }`,
    "timer.ts": `${LOG} const timer = setInterval(() => log("tick"), 2); export const name = "timer1";`,
    "entry.ts": `import { list, settings, map, Box } from "./list"; import { name } from "./timer"; let n = 0; export const GET = () => [list, settings, [...map], [...Box.all], name, ++n];`,
  });
  expect(await project.ask("entry.ts")).toEqual([["a"], { size: 1 }, [["k", 1]], [1], "timer1", 1]);
  const outcome = await project.edit({
    "timer.ts": `import { list, settings, map, Box } from "./list"; list.push("b"); settings.size = 2; settings.extra = true; map.clear(); Box.all.add(2); export const name = "timer2"; throw new Error("broken");`,
  });
  expect(outcome.status).toBe("failed");
  log.length = 0;
  await settled(10);
  expect(log.length).toBeGreaterThan(0);
  const GET = exportsOf(project.runtime, "entry.ts")["GET"] as () => unknown;
  expect(GET()).toEqual([["a"], { size: 1 }, [["k", 1]], [1], "timer1", 2]);
});

test("what a failed transaction had opened is closed", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `export const a = 1;`,
    "entry.ts": `import { a } from "./a"; import "./b"; export const GET = () => a;`,
    "b.ts": `export {};`,
  });
  await project.ask("entry.ts");
  await project.edit({
    "a.ts": `${LOG} export const a = 2; import.meta.hot.dispose(() => { log("closed"); });`,
    "b.ts": `throw new Error("broken");`,
  });
  expect(log).toEqual(["closed"]);
});

test("a batch is committed at once or not at all", async () => {
  const project = memoryProject({
    "a.ts": `export const a = "a1";`,
    "b.ts": `export const b = "b1";`,
    "entry.ts": `import { a } from "./a"; import { b } from "./b"; export const GET = () => a + b;`,
  });
  await project.ask("entry.ts");
  const { version } = project.runtime;
  await project.edit({
    "a.ts": `export const a = "a2";`,
    "b.ts": `export const b = "b2"; throw new Error("no");`,
  });
  const GET = exportsOf(project.runtime, "entry.ts")["GET"] as () => unknown;
  expect(GET()).toBe("a1b1");
  expect(project.runtime.version).toBe(version);
  await project.edit({ "b.ts": `export const b = "b2";` });
  expect(await project.ask("entry.ts")).toBe("a2b2");
  expect(project.runtime.version).toBe(version + 1);
});

test("nothing runs when a text of the batch does not parse or link", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} log("a1"); export const a = 1;`,
    "b.ts": `export const b = 1;`,
    "entry.ts": `import { a } from "./a"; import { b } from "./b"; export const GET = () => [a, b];`,
  });
  await project.ask("entry.ts");
  for (const broken of [
    "export const b = ;",
    `export { x as b } from "./missing";`,
    `import { nothing } from "./a"; export const b = nothing;`,
  ]) {
    const outcome = await project.edit({ "a.ts": `${LOG} log("a2"); export const a = 2;`, "b.ts": broken });
    expect(outcome.status).toBe("failed");
  }
  expect(log).toEqual(["a1"]);
  await project.edit({ "b.ts": `export const b = 2;` });
  expect(log).toEqual(["a1", "a2"]);
});

test("an error is answered again without evaluating again, until something changes", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} log("a"); throw new Error("broken"); export const a = 1;`,
    "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
    "other.ts": `import { a } from "./a"; export const GET = () => a;`,
  });
  for (const entry of ["entry.ts", "entry.ts", "other.ts", "entry.ts"]) {
    expect(await project.answer(entry)).toEqual({ error: "broken" });
  }
  expect(log).toEqual(["a"]);
  await project.edit({ "a.ts": `export const a = 1;` });
  expect(await project.ask("entry.ts")).toBe(1);
  expect(await project.ask("other.ts")).toBe(1);
});

test("a retry evaluates again although nothing changed", async () => {
  Reflect.set(globalThis, "orbitFails", true);
  const project = memoryProject({
    "entry.ts": `if (globalThis.orbitFails) throw new Error("not yet"); export const GET = () => "up";`,
  });
  const first = await project.runtime.update([at("entry.ts")]);
  expect(first.status === "failed" && first.problem.mayPass).toBe(true);
  Reflect.deleteProperty(globalThis, "orbitFails");
  expect((await project.runtime.update([at("entry.ts")])).status).toBe("failed");
  expect((await project.runtime.update([at("entry.ts")], true)).status).toBe("committed");
});

test("a missing file is an error that names importer and place; creating it heals", async () => {
  const project = memoryProject({
    "entry.ts": `// one\nimport { a } from "./a";\nexport const GET = () => a;`,
  });
  const outcome = await project.runtime.update([at("entry.ts")]);
  expect(outcome).toMatchObject({
    status: "failed",
    problem: {
      kind: "unresolved",
      file: at("entry.ts"),
      line: 2,
      message: `Cannot find "./a", imported by entry.ts. Create the file or correct the import.`,
    },
  });
  await project.edit({ "a.ts": `export const a = "here";` });
  expect(await project.ask("entry.ts")).toBe("here");
  await project.edit({ "a.ts": undefined });
  expect(await project.answer("entry.ts")).toEqual({
    error: `Cannot find "./a", imported by entry.ts. Create the file or correct the import.`,
  });
  await project.edit({ "a/index.ts": `export const a = "folder";` });
  expect(await project.ask("entry.ts")).toBe("folder");
});

test("a missing named export is found before anything runs, with what there is", async () => {
  const project = memoryProject({
    "a.ts": `export const price = 1; export const total = 2;`,
    "entry.ts": `import { prize } from "./a";\nexport const GET = () => prize;`,
  });
  expect(await project.runtime.update([at("entry.ts")])).toMatchObject({
    status: "failed",
    problem: {
      kind: "missing-export",
      line: 1,
      message: `entry.ts imports "prize" from "./a", which has no such export. It exports price, total.`,
    },
  });
  await project.edit({ "a.ts": `export const prize = 3;` });
  expect(await project.ask("entry.ts")).toBe(3);
  await project.edit({ "a.ts": `export * from "./b";`, "b.ts": `export const other = 1;` });
  expect((await project.answer("entry.ts")) as object).toHaveProperty("error");
  await project.edit({ "b.ts": `export const prize = 4;` });
  expect(await project.ask("entry.ts")).toBe(4);
});

test("an unused import of a name that is missing is an error as well", async () => {
  const project = memoryProject({
    "a.js": `export const x = 1;`,
    "entry.js": `import { y } from "./a.js"; export const GET = () => 1;`,
  });
  expect((await project.runtime.update([at("entry.js")])).status).toBe("failed");
});

test("a top-level await that never ends is an error that names the module, and blocks nobody else", async () => {
  const project = memoryProject(
    {
      "slow.ts": `await new Promise(() => {}); export const a = 1;`,
      "entry.ts": `import { a } from "./slow"; export const GET = () => a;`,
      "other.ts": `export const GET = () => "fast";`,
    },
    { evaluationDeadlineMs: 1_000 },
  );
  let isOver = false;
  const stuck = project.answer("entry.ts").finally(() => (isOver = true));
  await settled();
  expect(await project.ask("other.ts")).toBe("fast");
  project.save({ "other.ts": `export const GET = () => "faster";` });
  expect(await project.ask("other.ts")).toBe("faster");
  expect(isOver).toBe(false);
  expect(await stuck).toEqual({
    error: "slow.ts has waited at top level for 1 s and is not done. Look for an `await` that never ends.",
  });
  await project.edit({ "slow.ts": `export const a = "mended";` });
  expect(await project.ask("entry.ts")).toBe("mended");
});

const slowShared = (n: number): string =>
  `${LOG} log("shared${n}"); await new Promise((r) => setTimeout(r, 2)); export const n = ${n};`;

test("two updates at the same time evaluate what they share once", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "shared.ts": slowShared(1),
    "one.ts": `import { n } from "./shared"; export const GET = () => n;`,
    "two.ts": `import { n } from "./shared"; export const GET = () => n;`,
  });
  expect(await Promise.all([project.ask("one.ts"), project.ask("two.ts")])).toEqual([1, 1]);
  project.save({ "shared.ts": slowShared(2) });
  expect(await Promise.all([project.ask("one.ts"), project.ask("two.ts"), project.ask("one.ts")])).toEqual([
    2, 2, 2,
  ]);
  expect(log).toEqual(["shared1", "shared2"]);
});

test("what was read before a slow top level is read again when it changed meanwhile", async () => {
  const gate = moduleGate();
  const project = memoryProject({
    "leaf.ts": `export const leaf = 1;`,
    "slow.ts": `import { leaf } from "./leaf"; const early = leaf; await globalThis.orbitGate; export const seen = early;`,
    "one.ts": `import { seen } from "./slow"; export const GET = () => seen;`,
    "two.ts": `import { leaf } from "./leaf"; export const GET = () => leaf;`,
  });
  await project.ask("two.ts");
  const slow = project.ask("one.ts");
  await settled();
  project.save({ "leaf.ts": `export const leaf = 2;` });
  expect(await project.ask("two.ts")).toBe(2);
  gate.open();
  await slow;
  expect(await project.ask("one.ts")).toBe(2);
});

test("the same files give the same answer whichever route is asked first", async () => {
  const files = {
    "a.ts": `import "./b"; export const GET = () => "a";`,
    "b.ts": `import "./c"; export const GET = () => "b";`,
    "c.ts": `throw new Error("c is broken"); export const GET = () => "c";`,
  };
  for (const order of [
    ["a.ts", "b.ts", "c.ts"],
    ["c.ts", "b.ts", "a.ts"],
    ["b.ts", "c.ts", "a.ts"],
  ]) {
    const project = memoryProject(files);
    for (const entry of order) expect(await project.answer(entry)).toEqual({ error: "c is broken" });
    await project.edit({ "c.ts": `export const GET = () => "c";` });
    for (const entry of order) expect(await project.answer(entry)).toEqual({ value: entry[0] });
  }
});

test("a broken module breaks the routes that reach it and no others", async () => {
  const project = memoryProject({
    "shared.ts": `export const list = [];`,
    "one.ts": `import { list } from "./shared"; export const GET = () => ["one", list.length];`,
    "two.ts": `import { list } from "./shared"; list.push(1); export const GET = () => "two";`,
  });
  await project.ask("one.ts");
  await project.ask("two.ts");
  await project.edit({
    "two.ts": `import { list } from "./shared"; list.push(1, 2); throw new Error("two is broken");`,
  });
  expect(await project.answer("two.ts")).toEqual({ error: "two is broken" });
  expect((await project.answer("one.ts")) as object).toHaveProperty("value");
  await project.edit({ "shared.ts": `export const list = []; export const v = 2;` });
  expect((await project.answer("one.ts")) as object).toHaveProperty("value");
  expect(await project.answer("two.ts")).toEqual({ error: "two is broken" });
  await project.edit({
    "two.ts": `import { list } from "./shared"; list.push(1, 2); export const GET = () => list.length;`,
  });
  expect(await project.ask("two.ts")).toBe(2);
});

test("saving the same text, a comment or a type runs nothing", async () => {
  const project = memoryProject({
    "a.ts": `export const a = 1;`,
    "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
  });
  await project.ask("entry.ts");
  for (const text of [
    `export const a = 1;`,
    `// why\nexport   const a = 1;`,
    `type T = string; export const a: number = 1;`,
  ]) {
    expect((await project.edit({ "a.ts": text })).status).toBe("unchanged");
  }
});

test("an entry that is removed takes with it what only it reached", async () => {
  const project = memoryProject({
    "a.ts": `export const a = 1;`,
    "b.ts": `export const b = 1;`,
    "one.ts": `import { a } from "./a"; import { b } from "./b"; export const GET = () => a + b;`,
    "two.ts": `import { b } from "./b"; export const GET = () => b;`,
  });
  await project.ask("one.ts");
  await project.ask("two.ts");
  await project.runtime.remove(at("one.ts"));
  expect([...project.runtime.records].map(({ displayName }) => displayName).toSorted()).toEqual([
    "b.ts",
    "two.ts",
  ]);
});

test("an unhandled rejection of an abandoned module harms nobody", async () => {
  const project = memoryProject({
    "a.ts": `export const a = 1;`,
    "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
  });
  await project.ask("entry.ts");
  await project.edit({ "a.ts": `await 0; export const a = 2; throw new Error("late");` });
  expect(await project.answer("entry.ts")).toEqual({ error: "late" });
});

test("a variable that a failed evaluation has set is what it was", async () => {
  const project = memoryProject({
    "level.ts": `export let level = 1; export const setLevel = (n) => { level = n; };`,
    "setup.ts": `export const a = 1;`,
    "entry.ts": `import "./setup"; import { level } from "./level"; export const GET = () => level;`,
    "other.ts": `import { level } from "./level"; export const GET = () => level;`,
  });
  await project.ask("entry.ts");
  await project.ask("other.ts");
  await project.edit({
    "setup.ts": `import { setLevel } from "./level"; setLevel(5); throw new Error("broken");`,
  });
  expect(await project.ask("other.ts")).toBe(1);
});

const later = (steps: number, text: string): string =>
  `const later = async () => { for (let n = 0; n < ${steps}; n++) await n; list.push("${text}"); globalThis.orbitLater = "${text}"; }; void later();`;

test("what a failed evaluation changes later is taken back as well", async () => {
  const project = memoryProject({
    "list.ts": `export const list = ["a"];`,
    "first.ts": `import { list } from "./list"; export const a = 1;`,
    "second.ts": `import { list } from "./list"; export const b = 1;`,
    "entry.ts": `import "./first"; import "./second"; import { list } from "./list"; export const GET = () => [list, globalThis.orbitLater];`,
  });
  expect(await project.ask("entry.ts")).toEqual([["a"], undefined]);
  await project.edit({
    "first.ts": `import { list } from "./list"; ${later(50, "first")} export const a = 2;`,
    "second.ts": `import { list } from "./list"; ${later(90, "second")} throw new Error("broken");`,
  });
  await settled(10);
  const GET = exportsOf(project.runtime, "entry.ts")["GET"] as () => unknown;
  expect(GET()).toEqual([["a"], undefined]);
});

test("what requests do to a kept value while an edit evaluates stays when the edit fails", async () => {
  const gate = moduleGate();
  const log = moduleLog();
  const project = memoryProject({
    "visits.ts": `export const visits = []; const first = visits[0]; export const n = 1;`,
    "slow.ts": `export const s = 1;`,
    "entry.ts": `import { visits, n } from "./visits"; import { s } from "./slow"; export const GET = (who) => { if (who) visits.push(who); return [...visits, s]; };`,
  });
  await project.ask("entry.ts", "GET", "ada");
  const editing = project.edit({
    "visits.ts": `export const visits = []; const first = visits[0]; export const n = 2;`,
    "slow.ts": `${LOG} export const s = 2; log("waits"); await globalThis.orbitGate; throw new Error("broken");`,
  });
  await vi.waitFor(() => expect(log).toEqual(["waits"]));
  const GET = exportsOf(project.runtime, "entry.ts")["GET"] as (who?: string) => unknown;
  expect(GET("eve")).toEqual(["ada", "eve", 1]);
  gate.open();
  expect((await editing).status).toBe("failed");
  expect(GET()).toEqual(["ada", "eve", 1]);
});

test("what was handed over in hot.data is what it was after a failed evaluation", async () => {
  const project = memoryProject({
    "entry.ts": `const data = import.meta.hot.data; data.list ??= ["a"]; export const GET = () => [...data.list];`,
  });
  expect(await project.ask("entry.ts")).toEqual(["a"]);
  await project.edit({
    "entry.ts": `const data = import.meta.hot.data; data.list.push("b"); throw new Error("broken");`,
  });
  await project.edit({
    "entry.ts": `const data = import.meta.hot.data; export const GET = () => [data.list.length, ...data.list];`,
  });
  expect(await project.ask("entry.ts")).toEqual([1, "a"]);
});

test("a key that a failed evaluation took out is back in its place, and nobody runs again for it", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "table.ts": `${LOG} log("table"); export const table = { a: 1, b: 2 };`,
    "setup.ts": `export const s = 1;`,
    "entry.ts": `import "./setup"; import { table } from "./table"; export const GET = () => Object.keys(table);`,
    "other.ts": `import { table } from "./table"; export const GET = () => Object.entries(table);`,
  });
  await project.ask("entry.ts");
  await project.ask("other.ts");
  await project.edit({
    "setup.ts": `import { table } from "./table"; delete table.a; throw new Error("broken");`,
  });
  expect(await project.ask("other.ts")).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(log).toEqual(["table"]);
});

test("an object that a failed evaluation has changed for good is built anew", async () => {
  const project = memoryProject({
    "app.ts": `class App { #routes = []; use(route) { this.#routes.push(route); } all() { return this.#routes.join(); } } export const app = new App();`,
    "routes.ts": `import { app } from "./app"; app.use("a");`,
    "setup.ts": `export const a = 1;`,
    "entry.ts": `import "./setup"; import { app } from "./app"; export const GET = () => app.all();`,
    "other.ts": `import "./routes"; import { app } from "./app"; export const GET = () => app.all();`,
  });
  await project.ask("entry.ts");
  expect(await project.ask("other.ts")).toBe("a");
  await project.edit({ "setup.ts": `import { app } from "./app"; app.use("b"); throw new Error("broken");` });
  expect(await project.ask("other.ts")).toBe("a");
});

test("a failure of a text that was edited meanwhile is not the newer text's", async () => {
  const gate = moduleGate();
  const log = moduleLog();
  const project = memoryProject({ "a.ts": `export const GET = () => "first";` });
  expect(await project.ask("a.ts")).toBe("first");
  project.save({
    "a.ts": `globalThis.orbitLog.push("waits"); await globalThis.orbitGate; throw new Error("no");`,
  });
  const failing = project.answer("a.ts");
  await vi.waitFor(() => expect(log).toEqual(["waits"]));
  project.save({ "a.ts": `export const GET = () => "mended";` });
  const asked = project.answer("a.ts");
  await settled();
  gate.open();
  expect(await asked).toEqual({ value: "mended" });
  expect(await failing).toEqual({ value: "mended" });
});
