import { describe, expect, test } from "vitest";
import { createRouteTable } from "../../src/routes/route-table.ts";
import type { RouteTable } from "../../src/routes/route-table.ts";

function tableOf(...files: readonly string[]): RouteTable {
  return createRouteTable(files, { prefix: "/api", directory: "pages/api" });
}

function answer(table: RouteTable, pathname: string): unknown {
  const match = table.match(pathname);
  return match.kind === "route"
    ? [match.route.file.slice("pages/api/".length), { ...match.params }]
    : match.kind;
}

describe("the most specific route answers", () => {
  test.each([
    [
      "a static route beats a dynamic one",
      ["users/me.ts", "users/[id].ts"],
      "/api/users/me",
      ["users/me.ts", {}],
    ],
    ["a dynamic route beats a catch-all", ["[id].ts", "[...rest].ts"], "/api/a", ["[id].ts", { id: "a" }]],
    ["an index beats an optional catch-all", ["index.ts", "[[...rest]].ts"], "/api", ["index.ts", {}]],
    [
      "a static branch that leads nowhere is taken back",
      ["a/b/c.ts", "a/[x]/d.ts"],
      "/api/a/b/d",
      ["a/[x]/d.ts", { x: "b" }],
    ],
    [
      "the earliest static segment decides",
      ["a/[x]/c.ts", "a/b/[y].ts"],
      "/api/a/b/c",
      ["a/b/[y].ts", { y: "c" }],
    ],
    [
      "a dynamic branch that leads nowhere ends in the catch-all",
      ["[x]/y/z.ts", "[...rest].ts"],
      "/api/1/y/w",
      ["[...rest].ts", { rest: ["1", "y", "w"] }],
    ],
    ["a catch-all needs a segment", ["[...rest].ts"], "/api", "none"],
    ["an optional catch-all needs none", ["[[...rest]].ts"], "/api/", ["[[...rest]].ts", {}]],
    [
      "an optional catch-all takes many",
      ["[[...rest]].ts"],
      "/api/a/b",
      ["[[...rest]].ts", { rest: ["a", "b"] }],
    ],
    [
      "parameters keep their names when routes share a place",
      ["[user]/posts.ts", "[id].ts"],
      "/api/7/posts",
      ["[user]/posts.ts", { user: "7" }],
    ],
  ])("%s", (_law, files, pathname, expected) => {
    expect(answer(tableOf(...files), pathname)).toEqual(expected);
    expect(answer(tableOf(...files.toReversed()), pathname)).toEqual(expected);
  });
});

describe("a path is read segment by segment", () => {
  const table = tableOf("[id].ts", "café.ts", "a b*(c).ts", "files/[...path].ts", "users/index.ts");

  test.each([
    ["an encoded slash stays in its segment", "/api/a%2Fb", ["[id].ts", { id: "a/b" }]],
    ["a segment is decoded once", "/api/%252F", ["[id].ts", { id: "%2F" }]],
    ["an encoded static segment is the same segment", "/api/caf%C3%A9", ["café.ts", {}]],
    ["letters may be encoded, in either case", "/api/%63af%c3%a9", ["café.ts", {}]],
    ["a static segment may be sent unencoded", "/api/café", ["café.ts", {}]],
    ["the router's own syntax is plain text in a name", "/api/a%20b*(c)", ["a b*(c).ts", {}]],
    ["pattern syntax in a path is plain text", "/api/:id", ["[id].ts", { id: ":id" }]],
    ["dots are values", "/api/files/%2e%2e/..", ["files/[...path].ts", { path: ["..", ".."] }]],
    ["NUL and backslash are values", "/api/%00%5C", ["[id].ts", { id: "\0\\" }]],
    ["__proto__ is a value", "/api/__proto__", ["[id].ts", { id: "__proto__" }]],
    [
      "constructor is no route of its own",
      "/api/files/constructor",
      ["files/[...path].ts", { path: ["constructor"] }],
    ],
    ["one trailing slash does not count", "/api/users/", ["users/index.ts", {}]],
    ["two trailing slashes do", "/api/users//", "none"],
    ["an empty segment has no route", "/api//users", "none"],
    ["a catch-all takes no empty segments", "/api/files/a//b", "none"],
    ["case counts", "/api/Users/x", "none"],
    ["the prefix alone is no route", "/api", "none"],
    ["the prefix ends at a slash", "/apis/users", "none"],
    ["the prefix is compared as it is written", "/%61pi/users", "none"],
    ["bad encoding outside the prefix is not ours", "/%zz", "none"],
  ])("%s", (_law, pathname, expected) => {
    expect(answer(table, pathname)).toEqual(expected);
  });

  test.each(["/api/%", "/api/%zz", "/api/users/%C3", "/api/%C0%AF", "/api/nowhere/at/all/%E0%A4%A"])(
    "%s is a bad path, whether or not a route is there",
    (pathname) => {
      expect(table.match(pathname)).toEqual({
        kind: "bad-path",
        segment: pathname.slice(pathname.lastIndexOf("/") + 1),
      });
    },
  );
});

test("parameters have no prototype", () => {
  const match = tableOf("[__proto__]/[constructor].ts").match("/api/a/b");
  if (match.kind !== "route") throw new Error(match.kind);

  expect(Object.getPrototypeOf(match.params)).toBeNull();
  expect(Object.entries(match.params)).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});

test("routes are listed by path, with their file seen from the root", () => {
  const table = tableOf("users/[id].ts", "index.ts", "(admin)/stats.ts", "_shared.ts", "docs/[[...path]].ts");

  expect(table.routes).toEqual([
    { path: "/api", file: "pages/api/index.ts" },
    { path: "/api/docs/:path*", file: "pages/api/docs/[[...path]].ts" },
    { path: "/api/stats", file: "pages/api/(admin)/stats.ts" },
    { path: "/api/users/:id", file: "pages/api/users/[id].ts" },
  ]);
  expect(table.problems).toEqual([]);
});

test.each(["", "/", "api", "/api/", "/api/v1"])(
  "the prefix %o may be written with or without slashes",
  (prefix) => {
    const table = createRouteTable(["users.ts"], { prefix });
    const path = `/${[...prefix.split("/").filter(Boolean), "users"].join("/")}`;

    expect(table.routes).toEqual([{ path, file: "users.ts" }]);
    expect(table.match(path)).toMatchObject({ kind: "route" });
  },
);

describe("a route with two files answers with the conflict", () => {
  test.each([
    ["a file and an index", ["users.ts", "users/index.ts"], "/api/users", "/api/users"],
    ["two parameter names", ["users/[id].ts", "users/[name].ts"], "/api/users/7", "/api/users/:id"],
    ["two extensions", ["users.js", "users.ts"], "/api/users", "/api/users"],
    ["a file in a group and one outside", ["(admin)/users.ts", "users.ts"], "/api/users", "/api/users"],
    ["a catch-all and an optional one", ["[...a].ts", "[[...b]].ts"], "/api", "/api/:a+"],
  ])("%s", (_case, files, pathname, path) => {
    const table = tableOf(...files);
    const inRoot = files.map((file) => `pages/api/${file}`);
    const conflict = {
      kind: "conflict",
      path,
      files: inRoot,
      message: `[orbit] Two files claim ${path}: ${inRoot.join(" and ")}. Remove or rename one.`,
    };

    expect(table.match(pathname)).toEqual(conflict);
    expect(table.problems).toEqual([conflict]);
    expect(table.routes).toEqual([]);
  });

  test("three files are all named", () => {
    const [problem] = tableOf("a.ts", "a.js", "a/index.ts").problems;

    expect(problem?.message).toBe(
      "[orbit] 3 files claim /api/a: pages/api/a.js, pages/api/a.ts and pages/api/a/index.ts. Keep one and remove or rename the others.",
    );
  });

  test("the other routes answer as before", () => {
    expect(answer(tableOf("a.ts", "a/index.ts", "b.ts", "[x].ts"), "/api/b")).toEqual(["b.ts", {}]);
  });
});

test("a malformed name is a problem that names the file and what to do", () => {
  const table = tableOf("users/[id.ts", "b.ts");

  expect(table.routes).toEqual([{ path: "/api/b", file: "pages/api/b.ts" }]);
  expect(table.problems).toEqual([
    {
      kind: "malformed",
      file: "pages/api/users/[id.ts",
      message:
        "[orbit] pages/api/users/[id.ts does not name a route. Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got [id. Rename it, or begin its name with _ if it is no route.",
    },
  ]);
});
