import { expect, test } from "vitest";
import { type TerminalStyle, reportLines } from "../../src/cli/report-lines.ts";
import type { BuildReport } from "../../src/protocol/build.ts";
import type { ErrorReport, ReloadReport } from "../../src/protocol/report.ts";

const look: TerminalStyle = {
  paint: (_format, text) => text,
  locate: (file) => `app/${file}`,
  restartAdvice: "Press R.",
  detail: "short",
  columns: Infinity,
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
  closed: [],
  version: 4,
  summary: "",
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
const inBrackets: TerminalStyle["paint"] = (_format, text) => `<${text}>`;
const linesOf = (report: Parameters<typeof reportLines>[0], special: Partial<TerminalStyle> = {}): string[] =>
  reportLines(report, { ...look, ...special }).split("\n");
const eventful: ReloadReport = {
  ...reload,
  kept: ["cart", "sessions"],
  reset: [{ name: "limits", why: "its initializer changed" }],
  closed: [{ kind: "timer", module: "pages/api/cart.js", count: 2 }],
};

test("a reload is one line: how far, why, for whom, how fast", () => {
  expect(linesOf(reload)).toEqual(["reloaded  pages/api/cart.js changed → /api/cart · 12 ms · v4"]);
});

test("a reload tells what was kept, what was reset and why, and what was closed", () => {
  expect(linesOf(eventful)).toEqual([
    "reloaded  pages/api/cart.js changed → /api/cart · 12 ms · v4 · kept cart, sessions · reset limits (its initializer changed) · closed 2 timers",
  ]);
});

test("whole, it has a line for all that was kept, for all that was reset and for all that was closed", () => {
  expect(linesOf(eventful, { detail: "whole" })).toEqual([
    "reloaded  pages/api/cart.js changed → /api/cart · 12 ms · v4",
    "          kept      cart, sessions",
    "          reset     limits (its initializer changed)",
    "          closed    2 timers (pages/api/cart.js)",
  ]);
});

test("where the terminal is narrow, a reload goes on below its sentence and tears no name", () => {
  expect(linesOf(eventful, { columns: 80 })).toEqual([
    "reloaded  pages/api/cart.js changed → /api/cart · 12 ms · v4",
    "          kept cart, sessions · reset limits (its initializer changed)",
    "          closed 2 timers",
  ]);
  expect(linesOf(eventful, { columns: 100 })).toEqual([
    "reloaded  pages/api/cart.js changed → /api/cart · 12 ms · v4 · kept cart, sessions",
    "          reset limits (its initializer changed) · closed 2 timers",
  ]);
});

test("what is longer than a line goes on between two words, in both forms", () => {
  const reason = "lib/price.ts changed; ran again: pages/api/a.ts (read lib/price.ts while it evaluated)";
  expect(linesOf({ ...reload, reason }, { columns: 60 })).toEqual([
    "reloaded  lib/price.ts changed; ran again: pages/api/a.ts",
    "          (read lib/price.ts while it evaluated) → /api/cart",
    "          12 ms · v4",
  ]);
  const kept = Array.from({ length: 9 }, (_, index) => `name-${index}`);
  expect(linesOf({ ...reload, kept }, { columns: 60, detail: "whole" }).slice(1)).toEqual([
    "          kept      name-0, name-1, name-2, name-3, name-4,",
    "          name-5, name-6, name-7, name-8",
  ]);
});

test("a long list is cut, and the rest is counted", () => {
  const routes = Array.from({ length: 60 }, (_, index) => `/api/r${index}`);
  expect(linesOf({ ...reload, routes })[0]).toContain("→ /api/r0, /api/r1, /api/r2 and 57 more · ");
  expect(linesOf({ ...reload, routes }, { detail: "whole" })[0]).toContain(", /api/r58, /api/r59 · ");
});

test("a reload stays one line whatever a file is called", () => {
  expect(linesOf({ ...reload, reason: "a\nb\u001B[2J.js changed" })).toEqual([
    "reloaded  a b.js changed → /api/cart · 12 ms · v4",
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

test("a build is one line; below one that failed stands what was printed, in its colours and no more", () => {
  const build: BuildReport = {
    event: "build",
    status: "completed",
    files: ["src/main.rs"],
    ms: 120.4,
    ahead: false,
    diagnostics: [],
    summary: "src/main.rs changed; built with cargo build",
    cause: "src/main.rs changed; ",
    version: 1,
  };
  expect(linesOf(build)).toEqual(["built     src/main.rs changed; built with cargo build · 120 ms"]);
  const output = "\u001B[31merror\u001B[0m: no\u001B[2J\u001B]0;title\u0007\n  here\n";
  const failed = { ...build, status: "failed", summary: "cargo build failed (1 error)", output } as const;
  expect(linesOf(failed)).toEqual([
    "error     cargo build failed (1 error) · 120 ms",
    "          error: no",
    "            here",
  ]);
  expect(linesOf(failed, { paint: inBrackets }).slice(1)).toEqual([
    "          \u001B[31merror\u001B[0m: no",
    "            here\u001B[0m",
  ]);
});
