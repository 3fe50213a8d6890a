import { expect, test } from "vitest";
import { type ForeseenEdit, foreseeEdit } from "../../src/plan/foresee.ts";

const edit: ForeseenEdit = {
  file: "lib/db.ts",
  kind: "code",
  routes: [],
  isCut: false,
  fullReloadThreshold: 3,
};
const routes = ["/api/a", "/api/b", "/api/c", "/api/d"];

test.for<[string, Partial<ForeseenEdit>, string, string]>([
  ["nobody uses it", {}, "none", "no route uses lib/db.ts"],
  ["one route uses it", { routes: ["/api/a"] }, "single", "only /api/a uses lib/db.ts"],
  [
    "as many routes use it as the threshold allows",
    { routes: routes.slice(0, 3) },
    "selective",
    "/api/a, /api/b, /api/c use lib/db.ts, which runs again once for all of them",
  ],
  ["more routes use it", { routes }, "full", "4 routes use lib/db.ts, more than fullReloadThreshold (3)"],
  [
    "the search was cut",
    { isCut: true },
    "full",
    "imports were followed to maxDepth only, so every route may use lib/db.ts",
  ],
  [
    "it is a setting",
    { file: ".env", kind: "setting" },
    "config",
    ".env is read anew; what changed in it decides who runs again",
  ],
])("an edit is foreseen, and why: %s", ([, known, strategy, reason]) => {
  expect(foreseeEdit({ ...edit, ...known })).toEqual({ strategy, reason });
});
