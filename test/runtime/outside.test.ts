import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { moduleGate, moduleLog } from "./support/log.ts";
import { memoryProject, PROPAGATIONS } from "./support/memory-project.ts";
import type { MemoryProject } from "./support/memory-project.ts";

let folder = "";
const at = (name: string): string => path.join(folder, name);
const READ = `import { readFileSync, existsSync, writeFileSync } from "node:fs";\n`;

/** Reads a file of the test as an expression of a module. */
const read = (name: string): string => `readFileSync(${JSON.stringify(at(name))}, "utf8")`;

/** Change a file on disk, as an editor does, and tell the runtime. */
function save(project: MemoryProject, name: string, text: string): void {
  writeFileSync(at(name), text);
  project.runtime.noteFilesChanged([at(name)]);
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "orbit-runtime-"));
  writeFileSync(at("mail.md"), "one");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.for(PROPAGATIONS)("with propagation %s", (propagation) => {
  test("a module that read a file while it evaluated runs again, and so does who read the module", async () => {
    const project = memoryProject(
      {
        "page.ts": `import { text } from "./mail.ts"; import { other } from "./other.ts"; const copy = text; export const GET = () => copy + other;`,
        "mail.ts": `${READ} export const text = ${read("mail.md")};`,
        "other.ts": `export const other = "";`,
      },
      { propagation },
    );
    expect(await project.ask("page.ts")).toBe("one");
    save(project, "mail.md", "two");
    expect(await project.ask("page.ts")).toBe("two");
    expect(Object.keys(project.ran)).toEqual(["mail.ts", "page.ts"]);
    expect(project.ran).toMatchObject({ "mail.ts": "file" });
  });

  test("a read of a request is no reason to run again, but what a timer has read and keeps is", async () => {
    const project = memoryProject(
      {
        "page.ts": `${READ} let late = "";
          export const ready = new Promise((done) => setTimeout(() => { late = ${read("late.md")}; done(); }, 1));
          export const GET = async () => { await ready; return ${read("mail.md")} + late; };`,
      },
      { propagation },
    );
    writeFileSync(at("late.md"), "!");
    expect(await project.ask("page.ts")).toBe("one!");
    save(project, "mail.md", "two");
    expect(await project.ask("page.ts")).toBe("two!");
    expect(project.commits).toHaveLength(1);
    save(project, "late.md", "?");
    expect(await project.ask("page.ts")).toBe("two?");
  });

  test("what a module put into another one's objects is built anew with the file that it came from", async () => {
    const project = memoryProject(
      {
        "a.ts": `import { load } from "./load.ts"; const text = load("mail.md"); export const GET = () => text;`,
        "b.ts": `import { load } from "./load.ts"; const text = load("mail.md"); export const GET = () => text;`,
        "load.ts": `${READ} const known: Record<string, string> = {};
          export const load = (name: string) => known[name] ??= readFileSync(${JSON.stringify(folder)} + "/" + name, "utf8");`,
      },
      { propagation },
    );
    expect(await project.ask("a.ts")).toBe("one");
    expect(await project.ask("b.ts")).toBe("one");
    save(project, "mail.md", "two");
    expect(await project.ask("b.ts")).toBe("two");
    expect(await project.ask("a.ts")).toBe("two");
  });
});

test("a change that comes while the reader still evaluates is not lost", async () => {
  const gate = moduleGate();
  const log = moduleLog();
  const project = memoryProject({
    "page.ts": `${READ} const text = ${read("mail.md")}; globalThis.orbitLog?.push("read"); await globalThis.orbitGate; export const GET = () => text;`,
  });
  const first = project.ask("page.ts");
  await expect.poll(() => log).toEqual(["read"]);
  save(project, "mail.md", "two");
  gate.open();
  await first;
  expect(await project.ask("page.ts")).toBe("two");
});

test("an evaluation that failed is tried again when something that it read has changed, and not before", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "page.ts": `import { conf } from "./conf.ts"; globalThis.orbitLog?.push("page"); if (conf === "one") throw new Error("bad"); export const GET = () => conf;`,
    "conf.ts": `${READ} export const conf = ${read("mail.md")};`,
  });
  expect(await project.answer("page.ts")).toMatchObject({ error: expect.stringContaining("bad") as string });
  await project.answer("page.ts");
  expect(log).toEqual(["page"]);
  save(project, "mail.md", "two");
  expect(await project.ask("page.ts")).toBe("two");
  expect(log).toEqual(["page", "page"]);
});

test("nobody asks about a file any more that no running module has read", async () => {
  const project = memoryProject({
    "page.ts": `${READ} const text = ${read("mail.md")}; export const GET = () => text;`,
  });
  await project.ask("page.ts");
  await project.edit({ "page.ts": `export const GET = () => "none";` });
  await expect.poll(() => project.host.forgotten).toEqual([at("mail.md")]);
  const { version } = project.runtime;
  save(project, "mail.md", "two");
  expect(await project.ask("page.ts")).toBe("none");
  expect(project.runtime.version).toBe(version);
});

test("only keys that were read while a module evaluated make it run again", async () => {
  process.env["ORBIT_T_A"] = "1";
  process.env["ORBIT_T_B"] = "1";
  const project = memoryProject({
    "page.ts": `import { a } from "./a.ts"; export const GET = () => a + process.env.ORBIT_T_B;`,
    "a.ts": `export const a = process.env.ORBIT_T_A;`,
  });
  expect(await project.ask("page.ts")).toBe("11");
  process.env["ORBIT_T_A"] = "2";
  process.env["ORBIT_T_B"] = "2";
  project.runtime.noteKeysChanged(["ORBIT_T_B"]);
  expect(await project.ask("page.ts")).toBe("12");
  project.runtime.noteKeysChanged(["ORBIT_T_A"]);
  expect(await project.ask("page.ts")).toBe("22");
  expect(project.ran).toEqual({ "a.ts": "environment" });
  delete process.env["ORBIT_T_A"];
  delete process.env["ORBIT_T_B"];
});

test("what server code writes is told, whoever calls it, and what others write is not", async () => {
  const project = memoryProject({
    "page.ts": `${READ} import { rename } from "node:fs/promises";
      export async function GET() {
        writeFileSync(${JSON.stringify(at("a.tmp"))}, "1");
        await rename(${JSON.stringify(at("a.tmp"))}, ${JSON.stringify(at("a.md"))});
      }`,
  });
  writeFileSync(at("outside.md"), "1");
  await project.ask("page.ts");
  // `writeFileSync` opens the file with a function that is seen as well.
  expect([...new Set(project.host.written)]).toEqual([at("a.tmp"), at("a.md")]);
});

test("everything is Node's own again when the last runtime is closed", async () => {
  const before = [fs.readFileSync, fs.promises.writeFile, fs.existsSync, fs.close];
  const own = process.env;
  const one = memoryProject({ "page.ts": `export const GET = () => 1;` });
  const two = memoryProject({ "page.ts": `export const GET = () => 2;` });
  expect(fs.readFileSync).not.toBe(before[0]);
  await one.runtime.close();
  expect(fs.readFileSync).not.toBe(before[0]);
  await two.runtime.close();
  expect([fs.readFileSync, fs.promises.writeFile, fs.existsSync, fs.close]).toEqual(before);
  expect(Reflect.getOwnPropertyDescriptor(process, "env")?.value === own).toBe(true);
});

describe.each(PROPAGATIONS)(
  "a function that reads the environment and is handed over, with %s",
  (propagation) => {
    const helpers = {
      "memo.ts": `export const memo = (f) => { let made = false, value; return () => (made ? value : ((made = true), (value = f()))); };
      export class Conf { #read; constructor(read) { this.#read = memo(read); } get mode() { return this.#read(); } }`,
      "mode.ts": `export const readMode = () => process.env.ORBIT_T_MODE;`,
    };

    test.each([
      [
        "memoised",
        `import { memo } from "./memo"; const mode = memo(() => process.env.ORBIT_T_MODE); export const GET = () => mode();`,
      ],
      [
        "kept by an object",
        `import { Conf } from "./memo"; const conf = new Conf(() => process.env.ORBIT_T_MODE); export const GET = () => conf.mode;`,
      ],
      [
        "of another module",
        `import { memo } from "./memo"; import { readMode } from "./mode"; const mode = memo(readMode); export const GET = () => mode();`,
      ],
      [
        "called by one that is",
        `import { memo } from "./memo"; import { readMode } from "./mode"; const mode = memo(() => readMode()); export const GET = () => mode();`,
      ],
      [
        "in an object",
        `import { memo } from "./memo"; const source = { get: () => process.env["ORBIT_T_MODE"] }; const mode = memo(() => source.get()); export const GET = () => mode();`,
      ],
      ["and called late", `let mode; export const GET = () => (mode ??= process.env.ORBIT_T_MODE);`],
    ])("is called again when the key changes: %s", async (_how, text) => {
      onTestFinished(() => void delete process.env["ORBIT_T_MODE"]);
      process.env["ORBIT_T_MODE"] = "a";
      const project = memoryProject({ ...helpers, "page.ts": text }, { propagation });
      expect(await project.ask("page.ts")).toBe("a");
      process.env["ORBIT_T_MODE"] = "b";
      project.runtime.noteKeysChanged(["ORBIT_T_MODE"]);
      expect(await project.ask("page.ts")).toBe("b");
      const { version } = project.runtime;
      project.runtime.noteKeysChanged(["ORBIT_T_OTHER"]);
      expect(await project.ask("page.ts")).toBe("b");
      expect(project.runtime.version).toBe(version);
    });
  },
);
