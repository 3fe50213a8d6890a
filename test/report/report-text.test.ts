import { expect, test } from "vitest";
import { reportText } from "../../src/report/report-text.ts";
import type { ReloadReport, Report } from "../../src/protocol/report.ts";

const reload: ReloadReport = {
  event: "reload",
  strategy: "selective",
  reason: "lib/price.ts changed",
  files: ["lib/price.ts"],
  routes: ["/api/a", "/api/b"],
  ms: 3.1,
  ran: ["lib/price.ts"],
  kept: [],
  reset: [],
  closed: [],
  version: 7,
  summary: "",
};

test.for<[Report, string]>([
  [reload, "reloaded lib/price.ts changed → /api/a, /api/b · 3 ms · v7"],
  [
    {
      ...reload,
      kept: ["cart"],
      reset: [{ name: "hits", why: "preserveState is off" }],
      closed: [{ kind: "timer", module: "lib/price.ts", count: 2 }],
    },
    "reloaded lib/price.ts changed → /api/a, /api/b · 3 ms · v7 · kept cart · reset hits (preserveState is off) · closed 2 timers",
  ],
  [
    {
      event: "error",
      message: "Bad",
      routes: [],
      file: "a.ts",
      line: 1,
      column: 2,
      frame: "> 1 | x",
      retries: 0,
      offersRestart: false,
      version: 1,
    },
    "a.ts:1:2 Bad\n> 1 | x",
  ],
  [
    { event: "error", message: "Bad", routes: [], file: "", retries: 0, offersRestart: false, version: 1 },
    "Bad",
  ],
  [{ event: "recovered", routes: ["/api/a"], version: 2 }, "recovered /api/a"],
  [{ event: "notice", level: "info", message: "Restart." }, "Restart."],
])("%#", ([report, text]) => {
  expect(reportText(report)).toBe(text);
});

test("whole, a reload has a line for each list", () => {
  const kept = Array.from({ length: 6 }, (_, index) => `lib/price.ts:k${index}`);
  expect(reportText({ ...reload, kept }, "whole")).toBe(
    `reloaded lib/price.ts changed → /api/a, /api/b · 3 ms · v7
  kept k0, k1, k2, k3, k4, k5`,
  );
});
