import { expect, test } from "vitest";
import { compileGlob, splitGlob } from "../../src/graph/index.ts";
import { globOfModule, globOfUrl } from "../../src/graph/glob-requests.ts";

type Case = readonly [pattern: string, matches: readonly string[], misses: readonly string[]];

test.each<Case>([
  ["a/**/*.ts", ["a/b.ts", "a/b/c/d.ts"], ["b/a/c.ts", "a/.b/c.ts", "a/.b.ts", "a/node_modules/b.ts"]],
  ["a/.b/*.ts", ["a/.b/c.ts"], ["a/.b/.c.ts"]],
  ["a/!(b).ts", ["a/!b.ts"], ["a/c.ts"]],
  ["!a/*.ts", ["!a/b.ts"], ["a/b.ts", "b.ts"]],
])("%s means what it means in Vite", (pattern, matches, misses) => {
  const isMeant = compileGlob(pattern);
  expect(matches.filter((path) => !isMeant(path))).toEqual([]);
  expect(misses.filter(isMeant)).toEqual([]);
});

test("holes without an extension behind them hold folders, in a name as well", () => {
  const found = ["a/b.ts", "a/b/c.ts", "a/b/index.js", "a/index.js", "a/b.md", "b.ts"];
  expect(found.filter((path) => isModule(["a/", ""], path))).toEqual(found.slice(0, 4));
  const named = ["a/pre-x-b.ts", "a/pre-x/y-b.ts", "a/x-b.ts"];
  expect(named.filter((path) => isModule(["a/pre-", "-b"], path))).toEqual(named.slice(0, 2));
  expect(compileGlob(globOfUrl(["./a/", ".png"]).patterns[0] ?? "")("a/b/c.png")).toBe(true);
});

test.each([
  ["a/b/*.ts", "a/b", "*.ts"],
  ["a/b*/c", "a", "b*/c"],
  ["a/b.ts", "a", "b.ts"],
  ["a/\\(b\\)/*.ts", "a/(b)", "*.ts"],
  ["**/*.ts", "", "**/*.ts"],
  ["a.ts", "", "a.ts"],
])("%s names the folder %s and means %s below it", (pattern, folder, below) => {
  expect(splitGlob(pattern)).toEqual({ folder, below });
});

function isModule(texts: readonly string[], path: string): boolean {
  return globOfModule(texts).patterns.some((pattern) => compileGlob(pattern)(path));
}
