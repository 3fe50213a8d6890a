import { mkdirSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { changedFiles, FolderContents } from "../../src/disk/folder-contents.ts";
import { createProject } from "../cli/project.ts";

test("what files hold decides, not when they were saved", () => {
  const project = createProject({ "src/a.txt": "1", "src/b.txt": "1" });
  const contents = new FolderContents(
    () => [project.path("src")],
    () => false,
  );
  const before = contents.read();
  utimesSync(project.path("src/a.txt"), 1, 1);
  project.write("src/b.txt", "1");
  expect(changedFiles(before, contents.read())).toEqual([]);
  project.write("src/b.txt", "2");
  project.write("src/below/c.txt", "new");
  rmSync(project.path("src/a.txt"));
  expect(changedFiles(before, contents.read())).toEqual(
    ["src/a.txt", "src/b.txt", "src/below/c.txt"].map((file) => project.path(file)),
  );
});

test("two saves that follow at once are two, also where they leave the same stamp", () => {
  const project = createProject({ "a.txt": "0" });
  const contents = new FolderContents(
    () => [project.path("a.txt")],
    () => false,
  );
  let before = contents.read();
  for (let times = 1; times < 50; times++) {
    project.write("a.txt", String(times % 10));
    const now = contents.read();
    expect(changedFiles(before, now)).toEqual([project.path("a.txt")]);
    before = now;
  }
});

test("ignored folders and circles of links are not walked, and files that are named are there wherever they lie", () => {
  const project = createProject({ "src/a.txt": "1", "src/no/b.txt": "1", ".hidden/c.txt": "1" });
  symlinkSync(project.path("src"), project.path("src/round"), "junction");
  mkdirSync(project.path("src/empty"));
  const contents = new FolderContents(
    () => [project.path("src"), project.path(".hidden/c.txt"), project.path("missing.txt")],
    (file) => file.endsWith("no"),
  );
  expect([...contents.read().keys()].toSorted()).toEqual([
    project.path(".hidden/c.txt"),
    project.path("src/a.txt"),
  ]);
});
