import { expect, test } from "vitest";
import { folderOfGlob, matcherOf } from "../../src/graph/index.ts";

type Case = readonly [pattern: string, matches: readonly string[], misses: readonly string[]];

test.each<Case>([
  ["/a/*.ts", ["/a/b.ts", "/a/b.c.ts"], ["/a/b.tsx", "/a/b/c.ts", "/a/.ts", "/ab.ts", "/a/.b.ts"]],
  ["/a/?.ts", ["/a/b.ts"], ["/a/bc.ts", "/a/.ts"]],
  ["/a/**/*.ts", ["/a/b.ts", "/a/b/c/d.ts"], ["/b/a/c.ts", "/a/.b/c.ts"]],
  ["/a/**", ["/a/b", "/a/b/c.md"], ["/a", "/ab"]],
  ["/**/x.ts", ["/x.ts", "/a/b/x.ts"], ["/a/xx.ts"]],
  ["/a/*/c.ts", ["/a/b/c.ts"], ["/a/c.ts", "/a/b/b/c.ts"]],
  ["/a/*.{ts,tsx}", ["/a/b.ts", "/a/b.tsx"], ["/a/b.js"]],
  ["/a/{b,c/*}.ts", ["/a/b.ts", "/a/c/d.ts"], ["/a/c.ts"]],
  ["/a/{b,{c,d}}.ts", ["/a/b.ts", "/a/d.ts"], ["/a/e.ts"]],
  ["/a/[bc].ts", ["/a/b.ts", "/a/c.ts"], ["/a/d.ts"]],
  ["/a/[!b-d].ts", ["/a/e.ts"], ["/a/c.ts"]],
  ["/a/@(b|c).ts", ["/a/b.ts"], ["/a/d.ts", "/a/bc.ts"]],
  ["/a/+(b|c).ts", ["/a/bcb.ts"], ["/a/.ts", "/a/d.ts"]],
  ["/a/b?(c).ts", ["/a/b.ts", "/a/bc.ts"], ["/a/bcc.ts"]],
  ["/a/!(b|c).ts", ["/a/d.ts", "/a/bb.ts"], ["/a/b.ts", "/a/c.ts"]],
  ["/a/\\(b\\)/\\[c\\].ts", ["/a/(b)/[c].ts"], ["/a/b/c.ts"]],
  ["/a/pre-**.ts", ["/a/pre-b.ts", "/a/pre-b/c.ts"], ["/a/b.ts"]],
  ["/a/b+c$.ts", ["/a/b+c$.ts"], ["/a/bbc.ts"]],
  ["/a/{b.ts", ["/a/{b.ts"], ["/a/b.ts"]],
])("%s means what it means in Vite", (pattern, matches, misses) => {
  const isMeant = matcherOf({ wanted: [pattern], unwanted: [] });
  expect(matches.filter((path) => !isMeant(path))).toEqual([]);
  expect(misses.filter(isMeant)).toEqual([]);
});

test("what one pattern leaves out, another cannot bring in", () => {
  const isMeant = matcherOf({ wanted: ["/a/*.ts", "/a/x.ts"], unwanted: ["/**/x.ts"] });
  expect(["/a/b.ts", "/a/x.ts"].filter(isMeant)).toEqual(["/a/b.ts"]);
});

test.each([
  ["/a/b/*.ts", "/a/b/"],
  ["/a/b*/c", "/a/"],
  ["/a/b.ts", "/a/"],
  ["/a/\\(b\\)/*.ts", "/a/"],
  ["/a/@(b|c)/d", "/a/"],
  ["*.ts", ""],
])("the folder of %s is %s", (pattern, folder) => {
  expect(folderOfGlob(pattern)).toBe(folder);
});
