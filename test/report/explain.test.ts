import { expect, test } from "vitest";
import { explainOutcome } from "../../src/report/explain.ts";
import type { ReloadOutcome } from "../../src/report/explain.ts";
import type { ReloadSummary } from "../../src/report/classify-reload.ts";

const plan: ReloadSummary = {
  strategy: "selective",
  reason: "lib/a.ts changed",
  routes: ["/api/a", "/api/b"],
  steps: [],
};
const nothing: ReloadOutcome = {
  ran: new Map([["lib/a.ts", "edited"]]),
  edited: new Set(["lib/a.ts"]),
  sparedCount: 0,
  unloadedCount: 0,
};
const also = (...names: readonly string[]): ReloadOutcome["ran"] =>
  new Map([...nothing.ran, ...names.map((name) => [name, "read lib/a.ts while it evaluated"] as const)]);

test.for<[string, Partial<ReloadOutcome>, string]>([
  ["what was planned happened", {}, "lib/a.ts changed"],
  ["importers are spared", { sparedCount: 1 }, "lib/a.ts changed; 1 importer did not have to run again"],
  [
    "others ran again",
    { ran: also("b.ts"), sparedCount: 5 },
    "lib/a.ts changed; ran again: b.ts (read lib/a.ts while it evaluated); 5 importers did not have to run again",
  ],
  [
    "many ran again",
    { ran: also("b", "c", "d", "e", "f") },
    "lib/a.ts changed; ran again: b, c, d (read lib/a.ts while it evaluated) and 2 more",
  ],
  ["some routes are not loaded", { unloadedCount: 1 }, "lib/a.ts changed; 1 of them not loaded yet"],
  ["no route is loaded", { unloadedCount: 2 }, "lib/a.ts changed; nobody has asked for them yet"],
])("one sentence says what was to be done and what happened: %s", ([, outcome, sentence]) => {
  expect(explainOutcome(plan, { ...nothing, ...outcome })).toBe(sentence);
});

test("what was asked for by hand says why it ran", () => {
  const outcome = { ...nothing, ran: new Map([["a.ts", "as asked"]]), edited: new Set<string>() };
  expect(explainOutcome({ ...plan, reason: "" }, outcome)).toBe("ran again: a.ts (as asked)");
});
