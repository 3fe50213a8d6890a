import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ModuleProblem } from "../../src/runtime/index.ts";
import { memoryProject, PROPAGATIONS } from "./support/memory-project.ts";

const folder = mkdtempSync(path.join(tmpdir(), "orbit-packages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Native packages that remember; each test gets new ones. */
let packages = new Map<string, string>();
let installed = 0;

function install(name: string, text: string): void {
  const file = path.join(folder, `node_modules-${++installed}`, "node_modules", `${name}.mjs`);
  writeFileSync(makeFolder(file), text);
  packages.set(name, file);
}

function makeFolder(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

beforeEach(() => {
  packages = new Map();
  install(
    "models",
    `const models = new Map();
     export function model(name, schema) { if (schema === undefined) return models.get(name); if (models.has(name)) throw new Error("Cannot overwrite model " + name); models.set(name, schema); return schema; }
     export const makeSchema = (fields) => Object.assign(Object.create({ check() {} }), fields);
     export const names = () => [...models.keys()];
     export const clear = () => models.clear();
     export class Model { constructor(name) { model(name, this); } }`,
  );
  install(
    "dates",
    `let options = {}; export const setDefaultOptions = (o) => { options = o; }; export const format = () => options.locale ?? "en";`,
  );
});

const listing = (statement: string): string =>
  `import { model, names } from "models"; ${statement} export const GET = () => names();`;

const saying = (n: number): string => `import { lines, say } from "log"; say("a");
  const two = "b"
  say(two)
  say("a")
  export const GET = () => [lines.join(""), ${n}];`;

const clearingUser = (id: number): string =>
  `import { model, clear } from "models"; export const User = model("User", { id: ${id} }); import.meta.hot.dispose((data) => clear());`;

const keptDb = (comment: string): string =>
  `globalThis.ORBIT_DB ??= { made: Math.random() }; export const db = globalThis.ORBIT_DB; export const note = "${comment}";`;

const querying = (n: number): string =>
  `import { db } from "./db"; export const rows = db.query("select ${n}");`;

const modelled = (n: number, id = 1): string => `import { model, makeSchema } from "models";
  const schema = makeSchema({ id: ${id} }); export const User = model("User", schema);
  export const GET = () => [User.id, ${n}];`;

const usingJob = (n: number): string =>
  `import { job } from "./job"; export const first = job.run() > 0; export const n = ${n};`;

const usingList = (n: number): string => `import { list } from "./list"; list.put(${n});`;

describe.each(PROPAGATIONS)("with %s", (propagation) => {
  test("a package that refuses a second definition is named, and a restart is offered", async () => {
    const project = memoryProject(
      {
        "user.ts": `import { model } from "models"; export const User = model("User", { id: 1 });`,
        "entry.ts": `import { User } from "./user"; export const GET = () => User.id;`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    const outcome = await project.edit({
      "user.ts": `import { model } from "models"; export const User = model("User", { id: 2 });`,
    });
    expect(outcome.status).toBe("failed");
    const problem = outcome.status === "failed" ? outcome.problem : undefined;
    expect(problem).toBeInstanceOf(ModuleProblem);
    expect(problem?.message).toContain("Cannot overwrite model User");
    expect(problem?.message).toContain(
      "This package remembers the previous evaluation: dispose of it, or restart.",
    );
    expect(problem?.offersRestart).toBe(true);
    expect(problem?.mayPass).toBe(true);
    expect(problem?.file).toBe("/project/user.ts");
  });

  test("a package that refuses the same definition has made it already: it goes on when another line is edited", async () => {
    const project = memoryProject({ "entry.ts": modelled(1) }, { propagation, packages });
    expect(await project.ask("entry.ts")).toEqual([1, 1]);
    for (const n of [2, 3]) {
      await project.edit({ "entry.ts": modelled(n) });
      expect(await project.ask("entry.ts")).toEqual([1, n]);
      expect(project.commits.at(-1)?.kept).toEqual(["entry.ts:User"]);
    }
    expect(await project.edit({ "entry.ts": `${modelled(4)} nowhere;` })).toMatchObject({
      problem: { message: "nowhere is not defined", offersRestart: false },
    });
    expect(await project.edit({ "entry.ts": modelled(4, 2) })).toMatchObject({
      problem: { offersRestart: true },
    });
  });

  test.each([
    ["a call", `model("User", { id: 1 });`, "model()"],
    ["a call of a member", `models.model("User", { id: 1 });`, "models.model()"],
    [
      "a call that is waited for",
      `await Promise.resolve(models.model("User", { id: 1 }));`,
      "Promise.resolve()",
    ],
    [
      "a call with what another statement has made",
      `const fields = { id: 1 };\n  model("User", fields);`,
      "model()",
    ],
    ["an instance that nobody holds", `new models.Model("User");`, "new models.Model()"],
    ["the second of two", `names();\n  model("User", { id: 1 });`, "model()"],
  ])(
    "a definition that stands as a statement goes on like one that has a name: %s",
    async (_what, statement, name) => {
      const text = (
        n: number,
      ): string => `import * as models from "models"; import { model, names } from "models";
  ${statement}
  export const GET = () => [names(), ${n}];`;
      const project = memoryProject({ "entry.ts": text(1) }, { propagation, packages });
      expect(await project.ask("entry.ts")).toEqual([["User"], 1]);
      for (const n of [2, 3]) {
        await project.edit({ "entry.ts": text(n) });
        expect(await project.ask("entry.ts")).toEqual([["User"], n]);
        expect(project.commits.at(-1)?.kept).toContain(`entry.ts:${name}`);
      }
    },
  );

  test.each([
    ["it says something else", `model("User", { id: 1 });`, `model("User", { id: 2 });`],
    [
      "what it is given says something else",
      `const id = 1; model("User", { id });`,
      `const id = 2; model("User", { id });`,
    ],
    ["it is handed code of its text", `model("User", { check() {} });`, `model("User", { check() {} }); 1;`],
    [
      "it opts out",
      `/* @hot-reset */ model("User", { id: 1 });`,
      `/* @hot-reset */ model("User", { id: 1 }); 1;`,
    ],
  ])(
    "a definition that stands as a statement is refused as before where %s",
    async (_what, before, after) => {
      const project = memoryProject({ "entry.ts": listing(before) }, { propagation, packages });
      expect(await project.ask("entry.ts")).toEqual(["User"]);
      expect(await project.edit({ "entry.ts": listing(after) })).toMatchObject({ status: "failed" });
    },
  );

  test("statements that a package takes again run at each evaluation, in their order", async () => {
    install("log", `export const lines = []; export const say = (line) => { lines.push(line); };`);
    const project = memoryProject({ "entry.ts": saying(1) }, { propagation, packages });
    expect(await project.ask("entry.ts")).toEqual(["aba", 1]);
    await project.edit({ "entry.ts": saying(2) });
    expect(await project.ask("entry.ts")).toEqual(["abaaba", 2]);
    expect(project.commits.at(-1)?.kept).toEqual([]);
  });

  test("a package that is told to forget in dispose is defined anew", async () => {
    const project = memoryProject(
      {
        "user.ts": clearingUser(1),
        "entry.ts": `import { User } from "./user"; export const GET = () => User.id;`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    await project.edit({ "user.ts": clearingUser(2) });
    expect(await project.ask("entry.ts")).toBe(2);
  });

  test("an error of a package in its first evaluation is not blamed on memory", async () => {
    const project = memoryProject(
      {
        "entry.ts": `import { model } from "models"; model("A", {}); model("A", {}); export const GET = () => 1;`,
      },
      { propagation, packages },
    );
    const outcome = await project.runtime.update(["/project/entry.ts"]);
    expect(outcome.status === "failed" && outcome.problem.offersRestart).toBe(false);
  });

  test.each([
    [
      "a typo in a schema",
      "schemas",
      `export const compile = (schema) => { if (!["string", "number"].includes(schema.type)) throw new Error("unknown type " + schema.type); return schema; };`,
      {
        "entry.ts": `import { compile } from "schemas"; export const check = compile({ type: "string" }); export const GET = () => 1;`,
      },
      {
        "entry.ts": `import { compile } from "schemas"; export const check = compile({ type: "strin" }); export const GET = () => 1;`,
      },
      "unknown type strin",
    ],
    [
      "a typo in a schema of another module",
      "schemas",
      `export const compile = (schema) => { if (!["string", "number"].includes(schema.type)) throw new Error("unknown type " + schema.type); return schema; };`,
      {
        "schema.ts": `export const schema = { type: "string" };`,
        "entry.ts": `import { compile } from "schemas"; import { schema } from "./schema"; export const check = compile(schema); export const GET = () => 1;`,
      },
      { "schema.ts": `export const schema = { type: "strin" };` },
      "unknown type strin",
    ],
    [
      "a field that two modules define",
      "builders",
      `export class Builder { fields = new Map(); field(name) { if (this.fields.has(name)) throw new Error("Duplicate field " + name); this.fields.set(name, 1); } }`,
      {
        "builder.ts": `import { Builder } from "builders"; export const builder = new Builder();`,
        "a.ts": `import { builder } from "./builder"; builder.field("a");`,
        "b.ts": `import { builder } from "./builder"; builder.field("b");`,
        "entry.ts": `import "./a"; import "./b"; import { builder } from "./builder"; export const GET = () => builder.fields.size;`,
      },
      { "b.ts": `import { builder } from "./builder"; builder.field("b"); builder.field("a");` },
      "Duplicate field a",
    ],
    [
      "a call that is new",
      "models",
      "",
      { "entry.ts": `import { model } from "models"; model("A", { id: 1 }); export const GET = () => 1;` },
      {
        "entry.ts": `import { model } from "models"; export const GET = () => 1; model("B", {}); model("B", {});`,
      },
      "Cannot overwrite model B",
    ],
    [
      "what the outside world says by now",
      "services",
      `export const connect = async () => { await null; if (globalThis.ORBIT_IS_DOWN) throw new Error("no answer"); };`,
      { "entry.ts": `import { connect } from "services"; await connect(); export const GET = () => 1;` },
      { "entry.ts": `import { connect } from "services"; await connect(); export const GET = () => 2;` },
      "no answer",
    ],
  ])(
    "an error that a fresh process has too is not blamed on memory: %s",
    async (_, name, text, files, edit, message) => {
      if (text !== "") install(name, text);
      const project = memoryProject(files, { propagation, packages });
      expect(await project.answer("entry.ts")).toMatchObject({ value: expect.anything() });
      Object.assign(globalThis, { ORBIT_IS_DOWN: true });
      onTestFinished(() => void Reflect.deleteProperty(globalThis, "ORBIT_IS_DOWN"));
      expect(await project.edit(edit)).toMatchObject({
        status: "failed",
        problem: { message, offersRestart: false },
      });
    },
  );

  test.each([
    ["registry.ts", `import { define } from "./registry";`],
    ["registry.cts", `import { define } from "./registry.cts";`],
    ["registry.cjs", `import { define } from "./registry.cjs";`],
    ["registry.cjs", `const { define } = require("./registry.cjs");`],
  ])("what a file of the project refuses is not blamed on a package: %s, %s", async (file, ask) => {
    const give = file === "registry.ts" ? "export const define =" : "exports.define =";
    const isScript = ask.startsWith("const");
    const entry = isScript ? "entry.cts" : "entry.ts";
    const get = isScript ? "exports.GET = () => 1;" : "export const GET = () => 1;";
    const project = memoryProject(
      {
        [file]: `const names = new Set(); ${give} (name) => { if (names.has(name)) throw new Error("Duplicate " + name); names.add(name); };`,
        [entry]: `${ask} define("A"); ${get}`,
      },
      { propagation, packages },
    );
    expect(await project.ask(entry)).toBe(1);
    expect(await project.edit({ [entry]: `${ask} define("B"); define("B"); ${get}` })).toMatchObject({
      status: "failed",
      problem: { message: "Duplicate B", offersRestart: false },
    });
  });

  test("an environment check that fails by now is not blamed on memory", async () => {
    install(
      "checks",
      `export const check = (env, names) => { for (const name of names) if (env[name] === undefined) throw new Error("missing " + name); };`,
    );
    const project = memoryProject(
      {
        "entry.ts": `import { check } from "checks"; check({ PORT: process.env.ORBIT_PORT }, ["PORT"]); export const GET = () => 1;`,
      },
      { propagation, packages },
    );
    process.env["ORBIT_PORT"] = "1";
    onTestFinished(() => void Reflect.deleteProperty(process.env, "ORBIT_PORT"));
    expect(await project.ask("entry.ts")).toBe(1);
    delete process.env["ORBIT_PORT"];
    project.runtime.noteKeysChanged(["ORBIT_PORT"]);
    expect(await project.edit({})).toMatchObject({
      status: "failed",
      problem: { message: "missing PORT", offersRestart: false },
    });
  });

  test("what a package remembers is proven once, and said at each question until the text changes", async () => {
    const project = memoryProject(
      {
        "entry.ts": `import { model } from "models"; globalThis.ORBIT_RUNS?.push(1); model("A", { id: 1 }); export const GET = () => 1;`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    const runs: number[] = [];
    Object.assign(globalThis, { ORBIT_RUNS: runs });
    onTestFinished(() => void Reflect.deleteProperty(globalThis, "ORBIT_RUNS"));
    const edit = {
      "entry.ts": `import { model } from "models"; globalThis.ORBIT_RUNS?.push(2); model("A", { id: 2 }); export const GET = () => 1;`,
    };
    for (const each of [edit, {}, {}]) {
      expect(await project.edit(each)).toMatchObject({ problem: { offersRestart: true } });
    }
    expect(runs).toEqual([2, 1]);
    expect(await project.runtime.update(["/project/entry.ts"], true)).toMatchObject({
      problem: { message: expect.stringContaining("This package remembers") },
    });
    expect(runs).toEqual([2, 1, 2]);
  });

  test.each([
    ["close", "close() {}"],
    ["stop", "stop() {}"],
    ["a disposer", "[Symbol.dispose]() {}"],
    ["a disposer that takes its time", "async [Symbol.asyncDispose]() {}"],
  ])("what a package keeps open, and closes by %s, is used without being made anew", async (_, closing) => {
    install("jobs", `export class Job { runs = 0; run() { this.runs += 1; return this.runs; } ${closing} }`);
    const project = memoryProject(
      {
        "job.ts": `import { Job } from "jobs"; export const job = new Job();`,
        "user.ts": usingJob(1),
        "entry.ts": `import { first, n } from "./user"; export const GET = () => [first, n];`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toEqual([true, 1]);
    await project.edit({ "user.ts": usingJob(2) });
    expect(await project.ask("entry.ts")).toEqual([true, 2]);
    expect(Object.keys(project.ran)).not.toContain("job.ts");
  });

  test("what can be iterated is disposed of, and is data all the same", async () => {
    install(
      "lists",
      `export class List { items = []; put(item) { this.items.push(item); } next() { return { done: true }; } [Symbol.dispose]() {} }`,
    );
    const project = memoryProject(
      {
        "list.ts": `import { List } from "lists"; export const list = new List();`,
        "user.ts": usingList(1),
        "entry.ts": `import { list } from "./list"; import "./user"; export const GET = () => list.items;`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toEqual([1]);
    await project.edit({ "user.ts": usingList(2) });
    expect(await project.ask("entry.ts")).toEqual([2]);
  });

  test("a folder of the project whose name ends like that of packages is no package", async () => {
    const project = memoryProject(
      {
        "my_node_modules/own.ts": `export const check = (n) => { if (n > 1) throw new Error("too many"); };`,
        "entry.ts": `import { check } from "./my_node_modules/own"; check(1); export const GET = () => 1;`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    expect(
      await project.edit({
        "entry.ts": `import { check } from "./my_node_modules/own"; check(2); export const GET = () => 1;`,
      }),
    ).toMatchObject({ status: "failed", problem: { message: "too many", offersRestart: false } });
  });

  test("who read a package runs again after who configures it", async () => {
    const project = memoryProject(
      {
        "setup.ts": `import { setDefaultOptions } from "dates"; setDefaultOptions({ locale: "de" });`,
        "format.ts": `import { format } from "dates"; export const text = format();`,
        "entry.ts": `import "./setup"; import { text } from "./format"; export const GET = () => text;`,
      },
      { propagation, packages },
    );
    expect(await project.ask("entry.ts")).toBe("de");
    await project.edit({
      "setup.ts": `import { setDefaultOptions } from "dates"; setDefaultOptions({ locale: "fr" });`,
    });
    expect(await project.ask("entry.ts")).toBe("fr");
  });

  test("who read a global runs again after who writes it", async () => {
    const project = memoryProject(
      {
        "setup.ts": `globalThis.ORBIT_CFG = { size: 1 };`,
        "reader.ts": `export const size = globalThis.ORBIT_CFG?.size; export const now = () => typeof ORBIT_CFG;`,
        "entry.ts": `import "./setup"; import { size, now } from "./reader"; export const GET = () => [size, now()];`,
      },
      { propagation },
    );
    expect(await project.ask("entry.ts")).toEqual([1, "object"]);
    await project.edit({ "setup.ts": `globalThis.ORBIT_CFG = { size: 2 };` });
    expect(await project.ask("entry.ts")).toEqual([2, "object"]);
    await project.edit({ "setup.ts": `export {};` });
    expect(await project.ask("entry.ts")).toEqual([undefined, "undefined"]);
  });

  test("the globals of a module that nobody imports any more are gone", async () => {
    const project = memoryProject(
      {
        "setup.ts": `globalThis.ORBIT_CFG = { size: 1 };`,
        "reader.ts": `export const size = globalThis.ORBIT_CFG?.size;`,
        "entry.ts": `import "./setup"; import { size } from "./reader"; export const GET = () => size;`,
      },
      { propagation },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    await project.edit({ "entry.ts": `import { size } from "./reader"; export const GET = () => size;` });
    expect(await project.ask("entry.ts")).toBeUndefined();
    expect("ORBIT_CFG" in globalThis).toBe(false);
  });

  test("globalThis.db ??= connect() keeps its client over edits", async () => {
    const project = memoryProject(
      {
        "db.ts": keptDb("a"),
        "entry.ts": `import { db, note } from "./db"; export const GET = () => [db.made, note];`,
      },
      { propagation },
    );
    const [made] = (await project.ask("entry.ts")) as [number];
    await project.edit({ "db.ts": keptDb("b") });
    expect(await project.ask("entry.ts")).toEqual([made, "b"]);
    await project.edit({ "db.ts": keptDb("c") });
    expect(await project.ask("entry.ts")).toEqual([made, "c"]);
    await project.edit({ "entry.ts": "export const GET = () => 0;" });
    expect("ORBIT_DB" in globalThis).toBe(false);
  });

  test("an environment variable that a module sets is the one of its newest text", async () => {
    const project = memoryProject(
      {
        "setup.ts": `process.env.ORBIT_A = "1";`,
        "reader.ts": `export const seen = [process.env.ORBIT_A, process.env.ORBIT_B];`,
        "entry.ts": `import "./setup"; import { seen } from "./reader"; export const GET = () => seen;`,
      },
      { propagation },
    );
    expect(await project.ask("entry.ts")).toEqual(["1", undefined]);
    await project.edit({ "setup.ts": `process.env.ORBIT_B = "2";` });
    expect(await project.ask("entry.ts")).toEqual([undefined, "2"]);
    await project.edit({ "entry.ts": `import { seen } from "./reader"; export const GET = () => seen;` });
    expect(await project.ask("entry.ts")).toEqual([undefined, undefined]);
  });

  test("a method added to a built-in prototype is the one of the newest text", async () => {
    const project = memoryProject(
      {
        "setup.ts": `Array.prototype.orbitLast = function () { return this[0]; };`,
        "reader.ts": `export const last = [1, 2].orbitLast?.();`,
        "entry.ts": `import "./setup"; import { last } from "./reader"; export const GET = () => last;`,
      },
      { propagation },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    await project.edit({ "setup.ts": `Array.prototype.orbitLast = function () { return this.at(-1); };` });
    expect(await project.ask("entry.ts")).toBe(2);
    await project.edit({ "setup.ts": `export {};` });
    expect(await project.ask("entry.ts")).toBeUndefined();
  });

  test("a broken setup module leaves the globals of the one before", async () => {
    const project = memoryProject(
      {
        "setup.ts": `globalThis.ORBIT_CFG = 1;`,
        "entry.ts": `import "./setup"; export const GET = () => globalThis.ORBIT_CFG;`,
        "other.ts": `export const GET = () => [globalThis.ORBIT_CFG, globalThis.ORBIT_NEW];`,
      },
      { propagation },
    );
    expect(await project.ask("entry.ts")).toBe(1);
    await project.edit({ "setup.ts": `globalThis.ORBIT_NEW = 2; throw new Error("no");` });
    expect(await project.ask("other.ts")).toEqual([1, undefined]);
    await project.edit({ "setup.ts": `globalThis.ORBIT_CFG = 2; throw new Error("no");` });
    expect(await project.ask("other.ts")).toEqual([1, undefined]);
    await project.edit({ "entry.ts": "export {};" });
  });

  test("a client of a package that is merely used at top level is not opened anew when its user is edited", async () => {
    install(
      "client",
      `export class Client { #sent = []; query(text) { this.#sent.push(text); return text; } end() {} }`,
    );
    const project = memoryProject(
      {
        "db.ts": `import { Client } from "client"; export const db = new Client(); export const opened = Math.random();`,
        "user.ts": querying(1),
        "entry.ts": `import { rows } from "./user"; import { opened } from "./db"; export const GET = () => [rows, opened];`,
      },
      { propagation, packages },
    );
    const [, opened] = (await project.ask("entry.ts")) as [string, number];
    await project.edit({ "user.ts": querying(2) });
    expect(await project.ask("entry.ts")).toEqual(["select 2", opened]);
  });
});
