import { describe, expect, test } from "vitest";
import { explainChange, strategyOf } from "../../src/plan/explain.ts";
import type { AppliedChange } from "../../src/plan/explain.ts";

const nothing: AppliedChange = {
  edited: [],
  unchanged: [],
  places: [],
  added: [],
  gone: [],
  settings: [],
  ran: new Map(),
  sparedCount: 0,
  routes: [],
  fullReloadThreshold: 2,
};
const edit = { ...nothing, edited: ["lib/a.ts"], ran: new Map([["lib/a.ts", "edited"]]) };

describe("the strategy is the strongest that a change needs", () => {
  test.for<[string, AppliedChange, string]>([
    ["nothing ran", { ...nothing, unchanged: ["a.ts"] }, "none"],
    ["what ran serves no route", edit, "none"],
    ["one route", { ...edit, routes: ["/api/a"] }, "single"],
    ["two routes", { ...edit, routes: ["/api/a", "/api/b"] }, "selective"],
    ["more routes than the threshold", { ...edit, routes: ["/api/a", "/api/b", "/api/c"] }, "full"],
    ["a route that is new", { ...nothing, added: ["a.ts"], routes: ["/api/a"] }, "single"],
    ["a route that is gone", { ...nothing, gone: ["a.ts"], routes: ["/api/a"] }, "single"],
    ["settings", { ...edit, settings: [".env"], routes: ["/api/a"] }, "config"],
    ["settings that nobody reads", { ...nothing, settings: [".env"] }, "config"],
  ])("%s", ([, change, strategy]) => {
    expect(strategyOf(change)).toBe(strategy);
  });
});

describe("one sentence says what happened and why", () => {
  test.for<[AppliedChange, string]>([
    [{ ...nothing, unchanged: ["a.ts"] }, "nothing that runs changed in a.ts"],
    [{ ...nothing, settings: [".env"] }, ".env changed; no module that runs depends on it"],
    [edit, "lib/a.ts changed"],
    [{ ...edit, sparedCount: 1 }, "lib/a.ts changed; 1 importer spared"],
    [
      { ...edit, sparedCount: 5, ran: new Map([...edit.ran, ["b.ts", "read lib/a.ts while it evaluated"]]) },
      "lib/a.ts changed; ran again: b.ts (read lib/a.ts while it evaluated); 5 importers spared",
    ],
    [{ ...nothing, gone: ["a.ts"], routes: ["/api/a"] }, "a.ts is gone"],
    [{ ...nothing, added: ["b.ts"], gone: ["a.ts"], routes: ["/api/a"] }, "b.ts is new; a.ts is gone"],
    [{ ...edit, gone: ["a.ts", "b.ts"] }, "lib/a.ts changed; a.ts, b.ts are gone"],
    [
      {
        ...edit,
        ran: new Map([
          ...edit.ran,
          ...["b", "c", "d", "e", "f"].map((name) => [name, "read lib/a.ts"] as const),
        ]),
      },
      "lib/a.ts changed; ran again: b, c, d (read lib/a.ts) and 2 more",
    ],
    [
      { ...nothing, places: ["parts"], ran: new Map([["b.ts", "edited"]]), edited: ["b.ts"] },
      "parts, b.ts changed",
    ],
    [
      { ...edit, edited: ["a", "b", "c", "d", "e"], ran: new Map([["a", "edited"]]) },
      "a, b, c and 2 more changed",
    ],
    [{ ...nothing, ran: new Map([["a.ts", "as asked"]]) }, "ran again: a.ts (as asked)"],
  ])("%#", ([change, sentence]) => {
    expect(explainChange(change)).toBe(sentence);
  });
});
