import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { createFile, removeAbandoned, replaceFile, replaceFileIfWanted } from "../../src/disk/atomic-file.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "orbit-atomic-"));
  file = path.join(folder, "state-1.json");
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

test.each([
  ["at once", (text: string) => replaceFile(file, text)],
  ["at once and for good", (text: string) => replaceFile(file, text, { isDurable: true })],
  ["in its turn", async (text: string) => replaceFileIfWanted(file, text, () => true)],
])("a file that is replaced %s is another one, for its user's eyes only", async (_, replace) => {
  writeFileSync(file, "old");
  const before = statSync(file);
  await replace("new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).ino).not.toBe(before.ino);
  expect(statSync(file).mode & 0o077).toBe(process.platform === "win32" ? statSync(file).mode & 0o077 : 0);
  expect(readdirSync(folder)).toEqual(["state-1.json"]);
});

test.each([
  ["at once", (text: string) => replaceFile(file, text)],
  ["in its turn", async (text: string) => replaceFileIfWanted(file, text, () => true)],
  ["as a new one", (text: string) => createFile(path.join(file, "no-such-folder", "a.json"), text)],
])("what cannot be written %s throws, and leaves nothing behind", async (_, write) => {
  mkdirSync(file);
  await expect((async () => write("new"))()).rejects.toThrow(/^E[A-Z]+:/);
  expect(readdirSync(folder)).toEqual(["state-1.json"]);
});

test("what is not wanted any more when it is written changes nothing, and leaves nothing behind", async () => {
  writeFileSync(file, "old");
  await expect(replaceFileIfWanted(file, "new", () => false)).resolves.toBeUndefined();
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["state-1.json"]);
});

test("a file is created by one only, and whole", () => {
  expect(createFile(file, "first")).toBe(true);
  expect(createFile(file, "second")).toBe(false);
  expect(readFileSync(file, "utf8")).toBe("first");
  expect(readdirSync(folder)).toEqual(["state-1.json"]);
});

test("what killed processes have left is removed, and what others just write is not", () => {
  const [abandoned, fresh, foreign] = ["state-1.json.7.00.tmp", "server-1.json.8.00.tmp", "notes.tmp.md"].map(
    (name) => path.join(folder, name),
  ) as [string, string, string];
  for (const each of [abandoned, fresh, foreign]) writeFileSync(each, "");
  for (const each of [abandoned, foreign]) utimesSync(each, 1, 1);
  removeAbandoned(folder);
  expect([abandoned, fresh, foreign].map((each) => existsSync(each))).toEqual([false, true, true]);
});
