import { expect, test } from "vitest";
import { nearestPath } from "../../src/session/unmatched-problem.ts";

const patterns = [
  "/api/users",
  "/api/users/:id",
  "/api/users/:id/posts",
  "/api/docs/:path+",
  "/api/files/:path*",
  "/api/shop/cart",
];

test.each([
  ["/api/usres", "/api/users"],
  ["/api/Users", "/api/users"],
  ["/api/user/", "/api/users"],
  ["/api/usr/7/posts", "/api/users/7/posts"],
  ["/api/users/7/post", "/api/users/7/posts"],
  ["/api/dosc/a/b", "/api/docs/a/b"],
  ["/ap/shop/crat", "/api/shop/cart"],
  ["/api/file/a", "/api/files/a"],
  ["/api/docs", undefined],
  ["/api/users/7/other", undefined],
  ["/api/users/7/posts/8", undefined],
  ["/api/something", undefined],
  ["/api", undefined],
])("for %s, %s was probably meant", (pathname, meant) => {
  expect(nearestPath(pathname, patterns)).toBe(meant);
});
