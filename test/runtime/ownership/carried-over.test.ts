import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { moduleLog, settled as passed } from "../support/log.ts";
import { PROPAGATIONS } from "../support/memory-project.ts";
import type { Files } from "../support/memory-project.ts";
import { ownedProject } from "./support/owned-project.ts";
import type { OwnedProject } from "./support/owned-project.ts";

const packages = new Map([["pool", fileURLToPath(new URL("./support/packages/pool.cjs", import.meta.url))]]);

interface Watched extends OwnedProject {
  /** What was opened and closed, pings aside. */
  readonly said: () => readonly string[];
  readonly log: string[];
}

function poolProject(files: Files, propagation: (typeof PROPAGATIONS)[number] = "live"): Watched {
  const log = moduleLog();
  const owned = ownedProject(files, { packages, propagation });
  return { ...owned, log, said: () => log.filter((text) => text !== "ping") };
}

describe.each(PROPAGATIONS)("something open stays open when another line is edited (%s)", (propagation) => {
  const cases: readonly {
    readonly law: string;
    readonly files: Files;
    readonly edits: Files;
    readonly kept: readonly string[];
  }[] = [
    {
      law: "a pool",
      files: {
        "a.ts": `import { Pool } from "pool"; const pool = new Pool({ name: "x" }); export const GET = () => [pool.id, 1];`,
      },
      edits: {
        "a.ts": `import { Pool } from "pool"; const pool = new Pool({ name: "x" }); export const GET = () => [pool.id, 2];`,
      },
      kept: ["a.ts:pool"],
    },
    {
      law: "a pool below a new import",
      files: {
        "a.ts": `import { Pool } from "pool"; export const pool = new Pool(); export const GET = () => [pool.id, 1];`,
        "b.ts": `export const two = 2;`,
      },
      edits: {
        "a.ts": `import { two } from "./b"; import { Pool } from "pool"; export const pool = new Pool(); export const GET = () => [pool.id, two];`,
      },
      kept: ["a.ts:pool"],
    },
    {
      law: "a pool that was waited for",
      files: {
        "a.ts": `import { connected } from "pool"; const pool = await connected(); export const GET = () => [pool.id, 1];`,
      },
      edits: {
        "a.ts": `import { connected } from "pool"; const pool = await connected(); export const GET = () => [pool.id, 2];`,
      },
      kept: ["a.ts:pool"],
    },
    {
      law: "a pool whose options are made of imports",
      files: {
        "config.ts": `export const config = { name: "x" };`,
        "a.ts": `import { Pool } from "pool"; import { config } from "./config"; const options = { ...config, max: 1 }; const pool = new Pool(options); export const GET = () => [pool.id, 1];`,
      },
      edits: {
        "a.ts": `import { Pool } from "pool"; import { config } from "./config"; const options = { ...config, max: 1 }; const pool = new Pool(options); export const GET = () => [pool.id, 2];`,
      },
      kept: ["a.ts:options", "a.ts:pool"],
    },
    {
      law: "a pool and what is made with it",
      files: {
        "a.ts": `import { Pool, Queries, createTable } from "pool"; const pool = new Pool(); const queries = new Queries(pool, "p"); const table = createTable(pool); export const GET = () => [pool.id, queries.pool.id, table.pool.id];`,
      },
      edits: {
        "a.ts": `import { Pool, Queries, createTable } from "pool"; const pool = new Pool(); const queries = new Queries(pool, "p"); const table = createTable(pool); export const GET = () => [pool.id, queries.pool.id, table.pool.id].reverse();`,
      },
      kept: ["a.ts:pool", "a.ts:queries"],
    },
    {
      law: "a pool in a module that runs again because something else was edited",
      files: {
        "prices.ts": `export const prices = [1];`,
        "a.ts": `import { Pool } from "pool"; import { prices } from "./prices"; const pool = new Pool(); const sum = prices.length; export const GET = () => [pool.id, sum];`,
      },
      edits: { "prices.ts": `export const prices = [1, 2];` },
      kept: ["a.ts:pool"],
    },
  ];
  test.each(cases)("$law", async ({ files, edits, kept }) => {
    const { project, said, settled } = poolProject(files, propagation);
    await project.ask("a.ts");
    const before = said();
    await project.edit(edits);
    await project.ask("a.ts");
    await settled();
    expect(said()).toEqual(before);
    expect(project.commits.at(-1)?.kept.filter((name) => kept.includes(name))).toEqual(
      kept.filter((name) => name !== "a.ts:options"),
    );
    await project.edit({ "a.ts": `export const GET = () => 0;` });
    await settled();
    expect(said().at(-1)).toBe("end");
  });
});

const withPool = (statement: string, rest = ""): string =>
  `import { Pool, Queries } from "pool"; import { name } from "./config"; ${statement} ${rest} export const GET = () => pool.id;`;

describe("something open is opened anew", () => {
  const config = `export const name = "x"; export const other = 1;`;
  const cases: readonly {
    readonly law: string;
    readonly before: string;
    readonly after: string;
    readonly config?: string;
  }[] = [
    {
      law: "when its own statement is edited",
      before: withPool(`const pool = new Pool({ name: "a" });`),
      after: withPool(`const pool = new Pool({ name: "b" });`),
    },
    {
      law: "when what it reads is edited",
      before: withPool(`const pool = new Pool({ name });`),
      after: withPool(`const pool = new Pool({ name });`),
      config: `export const name = "y";`,
    },
    {
      law: "when a value of its module that it reads is edited",
      before: withPool(`const options = { name: "a" }; const pool = new Pool(options);`),
      after: withPool(`const options = { name: "b" }; const pool = new Pool(options);`),
    },
    {
      law: "when it is made by a function of the module",
      before: withPool(`function open() { return new Pool(); } const pool = open();`),
      after: withPool(`function open() { return new Pool(); } const pool = open();`, "const more = 1;"),
    },
    {
      law: "when it says so",
      before: withPool(`\n// @hot-reset\nconst pool = new Pool();`),
      after: withPool(`\n// @hot-reset\nconst pool = new Pool();`, "const more = 1;"),
    },
    {
      law: "when another statement does something to it",
      before: withPool(`const pool = new Pool(); pool.connect();`),
      after: withPool(`const pool = new Pool(); pool.connect();`, "const more = 1;"),
    },
    {
      law: "when a function that the module calls does it twice",
      before: withPool(`const pool = new Pool(); const start = () => pool.connect(); start();`),
      after: withPool(
        `const pool = new Pool(); const start = () => pool.connect(); start();`,
        "const more = 1;",
      ),
    },
    {
      law: "when something that would close it is made anew",
      before: withPool(`const pool = new Pool(); const queries = new Queries(pool, "a");`),
      after: withPool(`const pool = new Pool(); const queries = new Queries(pool, "b");`),
    },
    {
      law: "when the program has closed it",
      before: `import { Pool } from "pool"; const pool = new Pool(); export const GET = () => { pool.end(); return pool.id; };`,
      after: `import { Pool } from "pool"; const pool = new Pool(); export const GET = () => [pool.id];`,
    },
    {
      law: "when the variable holds another one",
      before: `import { Pool } from "pool"; let pool = new Pool({ name: "first" }); export const GET = () => { pool.end(); pool = new Pool({ name: "second" }); return pool.id; };`,
      after: `import { Pool } from "pool"; let pool = new Pool({ name: "first" }); export const GET = () => [pool.id];`,
    },
  ];
  test.each(cases)("$law", async ({ before, after, config: edited }) => {
    const { project, said, settled } = poolProject({ "a.ts": before, "config.ts": config });
    await project.ask("a.ts");
    const opened = said().length;
    await project.edit({ "a.ts": after, ...(edited !== undefined && { "config.ts": edited }) });
    const outcome = await project.answer("a.ts");
    expect(outcome).toHaveProperty("value");
    await settled();
    const later = said().slice(opened);
    expect(later).toContainEqual(expect.stringMatching(/^open /));
    const open = said().filter((text) => text.startsWith("open")).length;
    expect(open - said().filter((text) => text === "end").length).toBe(1);
  });
});

const numbered = (n: number): string =>
  `import { Pool } from "pool"; const pool = new Pool(); export const GET = () => [pool.id, ${n}];`;

test("what a carried client opens later belongs to the code that has it now", async () => {
  const { project, ownership, log, settled } = poolProject({ "a.ts": numbered(1) });
  await project.ask("a.ts");
  for (const n of [2, 3]) await project.edit({ "a.ts": numbered(n) });
  await settled();
  log.length = 0;
  await expect.poll(() => log.length).toBeGreaterThan(3);
  expect(ownership.list().filter(({ kind }) => kind === "client")).toHaveLength(1);
  expect(ownership.list().filter(({ kind }) => kind === "timer").length).toBeLessThan(2);
  await project.edit({ "a.ts": `export const GET = () => 0;` });
  await settled();
  log.length = 0;
  await passed(20);
  expect(log).toEqual([]);
});

const listening = (n: number): string =>
  `import { Pool } from "pool"; const pool = new Pool(); pool.on("error", () => globalThis.orbitLog.push("error ${n}")); export const GET = () => pool;`;

test("a pool whose errors are listened to stays open, with the listener of the new code alone", async () => {
  const { project, said, settled } = poolProject({ "a.ts": listening(1) });
  const pool = (await project.ask("a.ts")) as NodeJS.EventEmitter;
  await project.edit({ "a.ts": listening(2) });
  await settled();
  expect(await project.ask("a.ts")).toBe(pool);
  pool.emit("error", new Error("lost"));
  expect(said()).toEqual(["open db", "error 2"]);
});

const followedBy = (rest: string): string =>
  `import { Pool } from "pool"; const pool = new Pool(); ${rest} export const GET = () => pool.id;`;

test("a broken edit neither closes nor opens", async () => {
  const { project, said, settled } = poolProject({ "a.ts": followedBy("") });
  await project.ask("a.ts");
  await project.edit({ "a.ts": followedBy(`nowhere;`) });
  await settled();
  // What fails is tried with a pool of its own as well, and that one is closed again.
  expect(said()).toEqual(["open db", "open db", "end"]);
  await project.edit({ "a.ts": followedBy(`const more = 1;`) });
  await settled();
  expect(said()).toEqual(["open db", "open db", "end"]);
});

const withTable = (n: number): string =>
  `import { createTable } from "pool"; const table = createTable({ n: 1 }); export const GET = () => table; export const n = ${n};`;

test("what a call returns that is nothing open is made anew", async () => {
  const { project } = poolProject({ "a.ts": withTable(1) });
  const table = await project.ask("a.ts");
  await project.edit({ "a.ts": withTable(2) });
  expect(await project.ask("a.ts")).not.toBe(table);
  expect(project.commits.at(-1)?.kept).toEqual([]);
});

test("without preserveState everything is opened anew", async () => {
  const log = moduleLog();
  const { project, settled } = ownedProject({ "a.ts": numbered(1) }, { packages, preserveState: false });
  await project.ask("a.ts");
  await project.edit({ "a.ts": numbered(2) });
  await settled();
  expect(log.filter((text) => text !== "ping")).toEqual(["open db", "open db", "end"]);
});
