import { expect, test } from "vitest";
import {
  circles,
  circlesOfFolders,
  folderOf,
  forbiddenImports,
  functionsWrittenTwice,
  importersOfPackage,
  longFiles,
  readFolderTable,
  typesDeclaredTwice,
  usersOf,
} from "./rules.ts";
import { projectText, readSourceFiles } from "./source-files.ts";

const files = readSourceFiles();
const table = readFolderTable(projectText("ARCHITECTURE.md"));

/** Of the shape of Vite without importing it: what a hook, a config, a restart or an entry needs and nobody else would. */
const SHAPE_OF_VITE = [
  "vite/baked-environment.ts",
  "vite/config-file.ts",
  "vite/create-dev-server.ts",
  "vite/define-config.ts",
  "vite/index-on-any-node.ts",
  "vite/index.ts",
  "vite/restarts/installation.ts",
  "vite/restarts/settings-texts.ts",
];

/** One model in three files: a module has generations, a generation has a source, and a source imports modules. */
const MODEL = [
  "runtime/model/generation.ts",
  "runtime/model/module-record.ts",
  "runtime/model/module-source.ts",
];

/** Those who end a process, set how it ends, or ask by a signal whether it is there. */
const SIGNALS_PROCESSES = [
  "build/child-program.ts",
  "cli/keys.ts",
  "cli/orbiton.ts",
  "cli/server-process.ts",
  "instances/liveness.ts",
  "session/process-guard.ts",
  "vite/end-on-signals.ts",
];

test("each folder of the table exists, and each file is in one", () => {
  expect(new Set(files.map(({ name }) => folderOf(name, table)))).toEqual(new Set(table.keys()));
});

test("a folder imports what the table allows, types included", () => {
  expect(forbiddenImports(files, table)).toEqual([]);
});

test("no two folders may import each other", () => {
  expect(circlesOfFolders(table)).toEqual([]);
});

test("no file imports itself through others, types included, but for the one model of modules", () => {
  expect(circles(files)).toEqual([MODEL]);
});

test("no file has more than 300 lines, comments counted", () => {
  expect(longFiles(files, 300)).toEqual([]);
});

test("a type's name has one meaning", () => {
  expect(typesDeclaredTwice(files)).toEqual([]);
});

test("no helper is written twice", () => {
  expect(functionsWrittenTwice(files)).toEqual([]);
});

test("what is in the folder of Vite imports Vite or is of its shape", () => {
  const importers = importersOfPackage(files, "vite");
  const others = files
    .map(({ name }) => name)
    .filter((name) => name.startsWith("vite/") && !importers.includes(name));
  expect(others).toEqual(SHAPE_OF_VITE);
});

test("nothing outside of the folder of Vite imports Vite", () => {
  const outside = importersOfPackage(files, "vite").filter((name) => !name.startsWith("vite/"));
  expect(outside).toEqual([]);
});

test("only those who are meant to end a process, or ask whether one is there", () => {
  expect(usersOf(files, /^process\.(?:exit|exitCode|abort|kill|reallyExit)$/)).toEqual(SIGNALS_PROCESSES);
});

test("nobody uses the console but pages: what is said goes through a logger or a terminal", () => {
  expect(usersOf(files, /^console\./)).toEqual(["client/index.ts", "client/page-hub.ts"]);
});
