import { expect, test } from "vitest";
import { moduleGate, moduleLog, settled } from "./support/log.ts";
import { memoryProject } from "./support/memory-project.ts";
import { testPrograms } from "./support/programs.ts";

const PAUSE = `await new Promise((resolve) => setTimeout(resolve, 5));`;
const LIST = `export const list = [];`;
const LISTING = `import { list } from "./list"; export const GET = () => [...list];`;

/** A module that adds its name to a list that all share. */
const adds = (name: string, imports = ""): string =>
  `import { list } from "./list"; ${imports} list.push("${name}");`;

testPrograms([
  {
    law: "who waits for a slow module adds after those that do not",
    files: {
      "list.ts": LIST,
      "slow.ts": PAUSE,
      "waits.ts": adds("waits", `import "./slow";`),
      "free.ts": adds("free"),
      "entry.ts": `import "./waits"; import "./free"; ${LISTING}`,
    },
    edits: [
      { "free.ts": adds("free 2") },
      { "waits.ts": adds("waits 2", `import "./slow";`) },
      { "slow.ts": `${PAUSE} export const slow = 2;` },
      { "waits.ts": adds("waits no more") },
      { "free.ts": adds("free waits", `import "./slow";`) },
    ],
  },
  {
    law: "a slow module that adds when it has waited",
    files: {
      "list.ts": LIST,
      "slow.ts": `import { list } from "./list"; ${PAUSE} list.push("slow");`,
      "free.ts": adds("free"),
      "entry.ts": `import "./slow"; import "./free"; ${LISTING}`,
    },
    edits: [
      { "free.ts": adds("free 2") },
      { "slow.ts": `import { list } from "./list"; list.push("early"); ${PAUSE} list.push("slow 2");` },
      { "slow.ts": `import { list } from "./list"; list.push("not slow");` },
    ],
  },
  {
    law: "a cycle with a slow module",
    files: {
      "list.ts": LIST,
      "a.ts": `import "./b"; ${adds("a")} ${PAUSE} list.push("a later");`,
      "b.ts": `import "./a"; ${adds("b")}`,
      "user.ts": adds("user", `import "./b";`),
      "entry.ts": `import "./a"; import "./user"; ${LISTING}`,
    },
    edits: [{ "b.ts": `import "./a"; ${adds("b2")}` }, { "user.ts": adds("user 2", `import "./b";`) }],
  },
]);

test("who waits for different modules adds in whatever order those are done, and does not run again for it", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "list.ts": LIST,
    "slow.ts": PAUSE,
    "slower.ts": `await new Promise((resolve) => setTimeout(resolve, 15));`,
    "a.ts": `${adds("a", `import "./slower";`)} globalThis.orbitLog.push("a");`,
    "b.ts": `${adds("b", `import "./slow";`)} globalThis.orbitLog.push("b");`,
    "entry.ts": `import "./a"; import "./b"; ${LISTING}`,
  });
  expect(await project.ask("entry.ts")).toEqual(["b", "a"]);
  await project.edit({ "entry.ts": `import "./a"; import "./b"; ${LISTING} export const edited = true;` });
  expect(await project.ask("entry.ts")).toEqual(["b", "a"]);
  expect(log).toEqual(["b", "a"]);
});

test("while one module waits at top level, an edit of what it has to do with is answered when it is done, and of nothing else", async () => {
  const gate = moduleGate();
  const project = memoryProject({
    "slow.ts": `await globalThis.orbitGate; export const slow = 1;`,
    "free.ts": `export const free = 1;`,
    "entry.ts": `import { slow } from "./slow"; import { free } from "./free"; export const GET = () => slow + free;`,
    "other.ts": `import { free } from "./free"; export const GET = () => free;`,
  });
  const waiting = project.ask("entry.ts");
  await settled();
  const other = project.ask("other.ts");
  gate.open();
  expect(await other).toBe(1);
  expect(await waiting).toBe(2);
});

test("what a module opens after another one has failed is closed", async () => {
  const log = moduleLog();
  const gate = moduleGate();
  const project = memoryProject({
    "slow.ts": `await globalThis.orbitGate; setInterval(() => globalThis.orbitLog.push("tick"), 1); export const slow = 1;`,
    "fails.ts": `throw new Error("fails");`,
    "entry.ts": `import { slow } from "./slow"; import "./fails"; export const GET = () => slow;`,
  });
  expect(await project.answer("entry.ts")).toEqual({ error: "fails" });
  gate.open();
  await settled(20);
  expect(log).toEqual([]);
  await project.edit({ "fails.ts": `export {};` });
  expect(await project.ask("entry.ts")).toBe(1);
  await settled(20);
  expect(log).not.toEqual([]);
});

test("who has failed is told at once, also while others wait, and is not tried again until something changes", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "slow.ts": `globalThis.orbitLog.push("slow"); await new Promise(() => {});`,
    "fails.ts": `globalThis.orbitLog.push("fails"); throw new Error("fails");`,
    "entry.ts": `import "./slow"; import "./fails"; export const GET = () => 1;`,
  });
  expect(await project.answer("entry.ts")).toEqual({ error: "fails" });
  expect(await project.answer("entry.ts")).toEqual({ error: "fails" });
  expect(log).toEqual(["slow", "fails"]);
});

const CIRCLES = {
  "by a static import": `import { early } from "./a"; export const b = early;`,
  "by a request": `await import("./a"); export const b = 1;`,
  "through another module": `import "./c"; export const b = 1;`,
};

test.for(Object.entries(CIRCLES))(
  "a module that waits for one that waits for it is told what it waits for: %s",
  async ([, b]) => {
    const project = memoryProject(
      {
        "a.ts": `export const early = 1; const { b } = await import("./b"); export const GET = () => b;`,
        "b.ts": b,
        "c.ts": `import "./a";`,
      },
      { evaluationDeadlineMs: 300 },
    );
    const { error } = (await project.answer("a.ts")) as { error: string };
    expect(error).toContain(`It waits for \`import("./b")\`, and b.ts waits for it`);
    await project.edit({
      "a.ts": `export const early = 1; export const GET = async () => (await import("./b")).b;`,
    });
    expect(await project.ask("a.ts")).toBe(1);
  },
);
