import { expect, test } from "vitest";
import { type Look, reportLines } from "../../src/cli/report-lines.ts";
import type { ErrorReport, ReloadReport } from "../../src/plan/report.ts";

const look: Look = {
  paint: (_format, text) => text,
  locate: (file) => `app/${file}`,
  restartAdvice: "Press R.",
};
const reload: ReloadReport = {
  event: "reload",
  strategy: "single",
  reason: "pages/api/cart.js changed",
  files: ["pages/api/cart.js"],
  routes: ["/api/cart"],
  ms: 12.34,
  ran: ["pages/api/cart.js"],
  kept: [],
  reset: [],
  closed: 0,
  version: 4,
};
const error: ErrorReport = {
  event: "error",
  message: "Unexpected token",
  routes: ["/api/cart"],
  file: "pages/api/cart.js",
  line: 3,
  column: 7,
  frame: "  2 | {\n> 3 |   oops(",
  retries: 0,
  offersRestart: false,
  version: 4,
};
const linesOf = (report: Parameters<typeof reportLines>[0]): string[] =>
  reportLines(report, look).split("\n");

test("a reload is one line: how far, why, for whom, how fast", () => {
  expect(linesOf(reload)).toEqual(["single    pages/api/cart.js changed → /api/cart · 12 ms · v4"]);
});

test("a reload tells what was kept, what was reset and why, and what was closed", () => {
  const [line] = linesOf({
    ...reload,
    kept: ["cart", "sessions"],
    reset: [{ name: "limits", why: "new initial value" }],
    closed: 2,
  });
  expect(line).toMatch(/ · kept cart, sessions · reset limits \(new initial value\) · closed 2$/);
});

test("a long list is cut, and the rest is counted", () => {
  const routes = Array.from({ length: 60 }, (_, index) => `/api/r${index}`);
  expect(linesOf({ ...reload, routes })[0]).toContain("→ /api/r0, /api/r1, /api/r2, /api/r3 and 56 more · ");
});

test("a reload stays one line whatever a file is called", () => {
  expect(linesOf({ ...reload, reason: "a\nb\u001B[2J.js changed" })).toEqual([
    "single    a b.js changed → /api/cart · 12 ms · v4",
  ]);
});

test("an error shows the place to click on, the code around it and the routes it affects", () => {
  expect(linesOf(error)).toEqual([
    "error     app/pages/api/cart.js:3:7 Unexpected token",
    "            2 | {",
    "          > 3 |   oops(",
    "          affects /api/cart",
  ]);
});

test("an error without code to show tells the way that led to it", () => {
  const lines = linesOf({
    ...error,
    frame: undefined,
    stack:
      "Error: boom\n    at pay (app/pages/api/cart.js:3:7)\n    at async GET (app/pages/api/cart.js:9:1)",
    retries: 3,
  });
  expect(lines.slice(1, 4)).toEqual([
    "          at pay (app/pages/api/cart.js:3:7)",
    "          at async GET (app/pages/api/cart.js:9:1)",
    "          tried again 3 times",
  ]);
});

test("an error without a place is still an error", () => {
  expect(
    linesOf({ ...error, file: "", line: undefined, column: undefined, frame: undefined, routes: [] }),
  ).toEqual(["error     Unexpected token"]);
});

test("a package that remembers leads to the advice to restart", () => {
  expect(linesOf({ ...error, offersRestart: true }).at(-1)).toBe("          Press R.");
});

test("an error message cannot drive the terminal", () => {
  expect(reportLines({ ...error, message: "\u001B]0;title\u0007\u001B[2Jboom\u0000" }, look)).not.toMatch(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\u0000-\u0009\u000B-\u001F]/,
  );
});

test("a recovery and a notice are one line each", () => {
  expect(linesOf({ event: "recovered", routes: ["/api/cart"], version: 5 })).toEqual([
    "recovered /api/cart answers again · v5",
  ]);
  expect(linesOf({ event: "notice", level: "warn", message: "[orbit] Careful." })).toEqual([
    "warning   Careful.",
  ]);
});
