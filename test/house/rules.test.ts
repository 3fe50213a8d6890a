import { expect, test } from "vitest";
import {
  circles,
  circlesOfFolders,
  forbiddenImports,
  functionsWrittenTwice,
  importersOfPackage,
  longFiles,
  readFolderTable,
  typesDeclaredTwice,
  usersOf,
} from "./rules.ts";
import { readSourceFile } from "./source-files.ts";
import type { SourceFile } from "./source-files.ts";

// The rules of the house find what breaks them: each is given a small house with one fault.

const TABLE = readFolderTable(`
| folder   | a line is at home here if ... | may import              |
| -------- | ----------------------------- | ----------------------- |
| \`core/\`  | it is pure                    | -                       |
| \`shell/\` | it is not                     | \`core/\`                 |
| \`app/\`   | it uses both                  | all of its own folders  |
| \`app/a/\` | it is a part                  | -                       |
`);

test("an import of a type from an outer folder is found, and one from an inner folder is allowed", () => {
  const files = house({
    "core/text.ts": `import type { Shell } from "../shell/shell.ts"; export type Text = Shell;`,
    "shell/shell.ts": `export * from "../core/words.ts"; export interface Shell {}`,
    "core/words.ts": `export const word = 1;`,
  });
  expect(forbiddenImports(files, TABLE)).toEqual(["core/text.ts -> shell/shell.ts"]);
});

test("an import is found wherever it stands: in a type, in a function, of no name", () => {
  const files = house({
    "core/a.ts": `export let shell: import("../shell/a.ts").Shell;`,
    "core/b.ts": `export const load = () => import("../shell/a.ts");`,
    "core/c.ts": `import "../shell/a.ts";`,
    "shell/a.ts": `export {};`,
  });
  expect(forbiddenImports(files, TABLE)).toHaveLength(3);
});

test("a folder may import all of its own folders, and not the other way round", () => {
  const files = house({
    "app/index.ts": `export * from "./a/part.ts";`,
    "app/a/part.ts": `export {};`,
    "app/a/other.ts": `import "../index.ts";`,
  });
  expect(forbiddenImports(files, TABLE)).toEqual(["app/a/other.ts -> app/index.ts"]);
});

test("a file in no folder of the table is found", () => {
  expect(forbiddenImports(house({ "utils/all.ts": "" }), TABLE)).toEqual([
    "utils/all.ts is in no folder of the table",
  ]);
});

test("a circle of types over three files is found, a chain is not", () => {
  const files = house({
    "core/a.ts": `import type { B } from "./b.ts";`,
    "core/b.ts": `export type { B } from "./c.ts";`,
    "core/c.ts": `import type { A } from "./a.ts";`,
    "core/d.ts": `import "./a.ts";`,
  });
  expect(circles(files)).toEqual([["core/a.ts", "core/b.ts", "core/c.ts"]]);
});

test("two folders that may import each other are found", () => {
  const table = readFolderTable("| `a/` | one | `b/` |\n| `b/` | two | `a/` |\n| `c/` | three | `a/` |");
  expect(circlesOfFolders(table)).toEqual([["a/", "b/"]]);
});

test("a file of 301 lines is found, one of 300 is not", () => {
  const files = house({ "core/a.ts": "// line\n".repeat(301), "core/b.ts": "// line\n".repeat(300) });
  expect(longFiles(files, 300)).toEqual(["core/a.ts"]);
});

test("a type declared in two files is found, whatever declares it", () => {
  const files = house({
    "core/a.ts": `interface Place { x: 1 } type Only = 1;`,
    "core/b.ts": `export type Place = 1;`,
    "core/c.ts": `class Place {}`,
  });
  expect(typesDeclaredTwice(files)).toEqual(["Place: core/a.ts, core/b.ts, core/c.ts"]);
});

test("a helper written twice is found, under another name and in another form too", () => {
  const files = house({
    "core/a.ts": `function isText(value: unknown): boolean {\n  return typeof value === "string";\n}`,
    "core/b.ts": `export const isString = function (value: unknown): boolean { return typeof value === "string"; };`,
    "core/c.ts": `function isText(value: unknown): boolean { return typeof value === "number"; }`,
  });
  expect(functionsWrittenTwice(files)).toEqual(["isText = isString: core/a.ts, core/b.ts"]);
});

test("who imports a package, or a part or a type of it, is found", () => {
  const files = house({
    "core/a.ts": `import type { Plugin } from "vite";`,
    "core/b.ts": `export * from "vite/module-runner";`,
    "core/c.ts": `import "vitest";`,
  });
  expect(importersOfPackage(files, "vite")).toEqual(["core/a.ts", "core/b.ts"]);
});

test("who names a member of a global is found, in a call or not", () => {
  const files = house({
    "core/a.ts": `export const end = () => process.exit(1);`,
    "core/b.ts": `process["exitCode"] = 1;`,
    "core/c.ts": `// process.exit()`,
  });
  expect(usersOf(files, /^process\.exit(?:Code)?$/)).toEqual(["core/a.ts", "core/b.ts"]);
});

function house(texts: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(texts).map(([name, text]) => readSourceFile(name, text));
}
