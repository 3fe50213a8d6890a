import { expect, test } from "vitest";
import { memoryProject } from "./support/memory-project.ts";
import { testPrograms } from "./support/programs.ts";

testPrograms([
  {
    law: "a cycle of functions",
    files: {
      "a.ts": `import { b } from "./b"; export const a = (n) => (n > 0 ? "a" + b(n - 1) : "");`,
      "b.ts": `import { a } from "./a"; export const b = (n) => (n > 0 ? "b" + a(n - 1) : "");`,
      "entry.ts": `import { a } from "./a"; export const GET = () => a(4);`,
    },
    edits: [
      { "b.ts": `import { a } from "./a"; export const b = (n) => (n > 0 ? "B" + a(n - 1) : "");` },
      { "a.ts": `import { b } from "./b"; export const a = (n) => (n > 0 ? "A" + b(n - 1) : "");` },
    ],
    runs: ["a.ts"],
  },
  {
    law: "a cycle with a top-level use of a function declaration",
    files: {
      "a.ts": `import { b } from "./b"; export function a() { return "a"; } export const x = b;`,
      "b.ts": `import { a } from "./a"; export const b = a() + "b";`,
      "entry.ts": `import { x } from "./a"; export const GET = () => x;`,
    },
    edits: [
      { "a.ts": `import { b } from "./b"; export function a() { return "A"; } export const x = b;` },
      { "b.ts": `import { a } from "./a"; export const b = a() + "B";` },
    ],
  },
  {
    law: "a cycle with a use before initialisation fails in the same way",
    files: {
      "a.ts": `import { b } from "./b"; export const a = "a"; export const x = b;`,
      "b.ts": `export const b = "b";`,
      "entry.ts": `import { x } from "./a"; export const GET = () => x;`,
    },
    edits: [
      { "b.ts": `import { a } from "./a"; export const b = a + "b";` },
      { "b.ts": `import { a } from "./a"; export const b = () => a;` },
    ],
  },
  {
    law: "a cycle of classes",
    files: {
      "node.ts": `import { Leaf } from "./leaf"; export class Node { static make() { return new Leaf(); } name() { return "node"; } }`,
      "leaf.ts": `import { Node } from "./node"; export class Leaf extends (Node ?? Object) { name() { return "leaf"; } }`,
      "entry.ts": `import "./leaf"; import { Node } from "./node"; export const GET = () => Node.make().name();`,
    },
    edits: [
      {
        "leaf.ts": `import { Node } from "./node"; export class Leaf extends (Node ?? Object) { name() { return "LEAF"; } }`,
      },
    ],
  },
  {
    law: "a cycle through a barrel",
    files: {
      "index.ts": `export * from "./a"; export * from "./b";`,
      "a.ts": `import { b } from "./index"; export const a = () => "a" + b();`,
      "b.ts": `import * as all from "./index"; export const b = () => "b" + Object.keys(all);`,
      "entry.ts": `import { a } from "./index"; export const GET = () => a();`,
    },
    edits: [
      { "a.ts": `import { b } from "./index"; export const a = () => "A" + b(); export const more = 1;` },
    ],
  },
  {
    law: "a registry inside a cycle",
    files: {
      "registry.ts": `export const all = []; import "./member";`,
      "member.ts": `import { all } from "./registry"; export const join = () => all.push("m");`,
      "late.ts": `import { join } from "./member"; join();`,
      "entry.ts": `import { all } from "./registry"; import "./late"; export const GET = () => all;`,
    },
    edits: [
      { "member.ts": `import { all } from "./registry"; export const join = () => all.push("M");` },
      { "late.ts": `import { join } from "./member"; join(); join();` },
    ],
  },
  {
    law: "a function that a cycle calls before its module runs can use what that module imports",
    files: {
      "a.ts": `import { b } from "./b"; import { leaf } from "./leaf"; export function early() { return leaf + 1; } export const x = b;`,
      "b.ts": `import { early } from "./a"; export const b = early();`,
      "leaf.ts": `export const leaf = 1;`,
      "entry.ts": `import "./leaf"; import { x } from "./a"; export const GET = () => x;`,
    },
    edits: [{ "leaf.ts": `export const leaf = 10;` }],
  },
  {
    law: "the entry of a cycle moves",
    files: {
      "a.ts": `import * as b from "./b"; export const a = "a" + b.b;`,
      "b.ts": `import * as a from "./a"; export const b = "b" + a.a;`,
      "entry.ts": `import { a } from "./a"; import { b } from "./b"; export const GET = () => [a, b];`,
    },
    edits: [
      { "entry.ts": `import { b } from "./b"; import { a } from "./a"; export const GET = () => [a, b];` },
      { "b.ts": `import * as a from "./a"; export const b = "B" + a.a;` },
      { "a.ts": `import * as b from "./b"; export const a = "A" + b.b;` },
    ],
  },
  {
    law: "a module that imports itself",
    files: {
      "entry.ts": `import * as self from "./entry"; export const name = "one"; export const GET = () => self.name;`,
    },
    edits: [
      {
        "entry.ts": `import * as self from "./entry"; export const name = "two"; export const GET = () => self.name;`,
      },
    ],
  },
]);

test("a cycle that an edit closes runs in its order, also where a module of it fills an object", async () => {
  const begin = {
    "list.js": `export const list = [];`,
    "first.js": "",
    "filler.js": "",
    "leaf.js": `export const leaf = "leaf";`,
    "middle.js": `
      export { leaf } from "./leaf";
      import * as filler from "./filler";
      export const middle = "middle";
      export function kind() { return typeof filler.fill; }`,
    "root.js": `import * as first from "./first"; export const root = "root"; export const kind = () => typeof first.x;`,
    "entry.js": `
      import { list } from "./list";
      import * as root from "./root";
      import * as middle from "./middle";
      export const GET = () => [middle.leaf, root.root, root.kind(), middle.kind(), ...list].join();`,
  };
  const filled = {
    ...begin,
    "filler.js": `
      import { middle, kind } from "./middle";
      import { list } from "./list";
      list.push("filler");
      export const filled = middle + kind();
      export function fill() {}`,
  };
  const closed = {
    ...filled,
    "first.js": `import { filled, fill } from "./filler";`,
    "leaf.js": `import { root } from "./root"; export const leaf = ["leaf of", root].join(" ");`,
  };
  const project = memoryProject(begin, { preserveState: false });
  for (const edit of [{}, filled, closed]) {
    await project.edit(edit);
    const { hot, cold } = await project.answers([["entry.js"]]);
    expect(hot).toEqual(cold);
  }
});

test("a broken member of a cycle gives the same answer in any order of asking", async () => {
  const files = {
    "a.ts": `import { b } from "./b"; export const a = () => "a" + typeof b; export const GET = a;`,
    "b.ts": `import { a } from "./a"; export const b = 1; export const GET = () => "b" + typeof a; throw new Error("broken b");`,
  };
  for (const order of [
    ["a.ts", "b.ts"],
    ["b.ts", "a.ts"],
    ["b.ts", "a.ts", "b.ts"],
  ]) {
    const project = memoryProject(files);
    for (const entry of order) expect(await project.answer(entry)).toEqual({ error: "broken b" });
    await project.edit({
      "b.ts": `import { a } from "./a"; export const b = 1; export const GET = () => "b" + typeof a;`,
    });
    for (const entry of order)
      expect(await project.answer(entry)).toEqual({ value: entry === "a.ts" ? "anumber" : "bfunction" });
    await project.edit({ "b.ts": files["b.ts"] });
    for (const entry of order) expect(await project.answer(entry)).toEqual({ error: "broken b" });
  }
});
