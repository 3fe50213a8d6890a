import { describe, expect, test } from "vitest";
import { routeOfFile } from "../../src/routes/route-file.ts";

describe("the name of a file is its route", () => {
  test.each([
    ["users.ts", "/users"],
    ["index.ts", "/"],
    ["users/index.ts", "/users"],
    ["index/index.ts", "/index"],
    ["users/[id].ts", "/users/:id"],
    ["users/[user-id]/posts.ts", "/users/:user-id/posts"],
    ["files/[...path].ts", "/files/:path+"],
    ["docs/[[...path]].ts", "/docs/:path*"],
    ["(admin)/users.ts", "/users"],
    ["(a)/(b)/index.ts", "/"],
    ["data.json.ts", "/data.json"],
    ["café/größe.ts", "/café/größe"],
    ["Users.ts", "/Users"],
    ["a b.ts", "/a b"],
    ["[__proto__].ts", "/:__proto__"],
  ])("%s is %s", (file, pattern) => {
    expect(routeOfFile(file)).toMatchObject({ kind: "route", pattern });
  });

  test.each(["js", "ts", "jsx", "tsx", "mjs", "mts", "cjs", "cts"])(".%s is source code", (extension) => {
    expect(routeOfFile(`users.${extension}`)).toMatchObject({ kind: "route", pattern: "/users" });
  });
});

describe("files beside the routes are no routes", () => {
  test.each([
    ["_shared.ts", "_shared.ts begins with _"],
    [".env.ts", ".env.ts begins with ."],
    ["_lib/users.ts", "_lib begins with _"],
    [".cache/users.ts", ".cache begins with ."],
    ["__tests__/users.ts", "__tests__ begins with _"],
    ["../users.ts", ".. begins with ."],
    ["users.test.ts", "users.test.ts is a test"],
    ["users.spec.tsx", "users.spec.tsx is a test"],
    ["types.d.ts", "types.d.ts only declares types"],
    ["types.d.mts", "types.d.mts only declares types"],
    ["types.d.cts", "types.d.cts only declares types"],
    ["README.md", "README.md is neither JavaScript nor TypeScript"],
    ["data.json", "data.json is neither JavaScript nor TypeScript"],
    ["users.TS", "users.TS is neither JavaScript nor TypeScript"],
    ["users//index.ts", "its path has an empty name"],
  ])("%s: %s", (file, reason) => {
    expect(routeOfFile(file)).toEqual({ kind: "not-a-route", reason });
  });
});

describe("a malformed name says what was expected", () => {
  test.each([
    ["[id.ts", "Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got [id"],
    ["id].ts", "Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got id]"],
    ["[[id]].ts", "Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got [[id]]"],
    [
      "[id].json.ts",
      "Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got [id].json",
    ],
    [
      "[a]-[b].ts",
      "Expected a fixed name, [name], [...name] or [[...name]] between two slashes, got [a]-[b]",
    ],
    ["[].ts", "Expected a parameter name of letters, digits, _, $ or -, got []"],
    ["[...].ts", "Expected a parameter name of letters, digits, _, $ or -, got [...]"],
    ["[..a].ts", "Expected a parameter name of letters, digits, _, $ or -, got [..a]"],
    ["[a:b].ts", "Expected a parameter name of letters, digits, _, $ or -, got [a:b]"],
    ["[...rest]/a.ts", "Expected the catch-all rest to come last"],
    ["[[...rest]]/[id].ts", "Expected the catch-all rest to come last"],
    ["[id]/[id].ts", "Expected every parameter once, got id twice"],
    ["(admin/users.ts", "Expected a group folder like (name), got (admin"],
    ["()/users.ts", "Expected a group folder like (name), got ()"],
    ["(admin).ts", "Expected a group to be a folder, got the file (admin)"],
  ])("%s: %s", (file, reason) => {
    expect(routeOfFile(file)).toEqual({ kind: "malformed", reason });
  });
});
