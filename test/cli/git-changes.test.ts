import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { changedSince } from "../../src/cli/git-changes.ts";
import { emptyFolder } from "./project.ts";

/** A repository with a commit for each of these sets of files. */
function createRepository(...commits: readonly Readonly<Record<string, string>>[]): Repository {
  const root = emptyFolder();
  const git = (...args: readonly string[]): void => {
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], { cwd: root });
  };
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  git("init", "--quiet", "--initial-branch=main");
  for (const files of commits) {
    for (const [file, text] of Object.entries(files)) write(file, text);
    git("add", "--all");
    git("commit", "--quiet", "--message=edit");
  }
  return { root, git, write };
}

interface Repository {
  readonly root: string;
  readonly git: (...args: readonly string[]) => void;
  readonly write: (file: string, text: string) => void;
}

async function changed({ root }: Repository, since: string, folder = "."): Promise<string[]> {
  const files = await changedSince(since, join(root, folder));
  return files.map((file) => file.slice(root.length + 1)).toSorted();
}

test("everything counts that differs from the commit: committed, staged, saved, new and deleted", async () => {
  const repository = createRepository(
    { "a.ts": "1", "b.ts": "1", "c.ts": "1", "d.ts": "1", "same.ts": "1", ".gitignore": "ignored.ts\n" },
    { "a.ts": "2" },
  );
  repository.write("b.ts", "2");
  repository.git("add", "b.ts");
  repository.write("c.ts", "2");
  rmSync(join(repository.root, "d.ts"));
  repository.write("lib/new.ts", "1");
  repository.write("ignored.ts", "1");
  expect(await changed(repository, "HEAD~1")).toEqual(["a.ts", "b.ts", "c.ts", "d.ts", "lib/new.ts"]);
  expect(await changed(repository, "HEAD")).toEqual(["b.ts", "c.ts", "d.ts", "lib/new.ts"]);
});

test("a renamed file counts under both names", async () => {
  const repository = createRepository({ "old.ts": "one\ntwo\nthree\n" });
  renameSync(join(repository.root, "old.ts"), join(repository.root, "new.ts"));
  repository.git("add", "--all");
  expect(await changed(repository, "HEAD")).toEqual(["new.ts", "old.ts"]);
});

test("names may hold anything, whatever git is configured to do with them", async () => {
  const names = ["with blank.ts", "ünïcode.ts", 'quo"te.ts', "new\nline.ts", "[id].ts", "-dash.ts"];
  const repository = createRepository({ "a.ts": "1" });
  repository.git("config", "diff.relative", "true");
  repository.git("config", "core.quotePath", "true");
  for (const name of names) repository.write(`lib/${name}`, "1");
  repository.git("add", "--all");
  const expected = names.map((name) => `lib/${name}`).toSorted();
  expect(await changed(repository, "main", "lib")).toEqual(expected);
});

test("a file with the name of a branch is no obstacle, and nothing is written", async () => {
  const repository = createRepository({ main: "1", "a.ts": "1" });
  repository.write("a.ts", "2");
  const before = readdirSync(join(repository.root, ".git")).toSorted();
  expect(await changed(repository, "main")).toEqual(["a.ts"]);
  expect(readdirSync(join(repository.root, ".git")).toSorted()).toEqual(before);
});

describe("one clear line says what is wrong", () => {
  test("with a commit that is not there", async () => {
    const { root } = createRepository({ "a.ts": "1" });
    await expect(changedSince("nowhere", root)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "[orbit] There is no commit, branch or tag nowhere in this repository.",
    });
  });

  test("where there is no repository", async () => {
    await expect(changedSince("main", emptyFolder())).rejects.toMatchObject({
      code: "GIT_FAILED",
      message: expect.stringMatching(
        /^\[orbit\] --since asks git, and that failed: not a git repository[^\n]*$/,
      ) as unknown,
    });
  });

  test("where there is no git", async () => {
    const { root } = createRepository({ "a.ts": "1" });
    const before = process.env["PATH"];
    process.env["PATH"] = root;
    const failed = changedSince("main", root);
    process.env["PATH"] = before;
    await expect(failed).rejects.toMatchObject({
      code: "GIT_FAILED",
      message: "[orbit] --since asks git, and that failed: git is not installed.",
    });
  });
});
