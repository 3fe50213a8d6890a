import { describe, expect, test } from "vitest";
import { explainChange, strategyOf } from "../../src/plan/explain.ts";
import type { AppliedChange } from "../../src/plan/explain.ts";
import { requiresRestart, stronger } from "../../src/plan/explain-settings.ts";
import type { JudgedSettings } from "../../src/plan/explain-settings.ts";
import type { SettingsEffect } from "../../src/plan/judge-settings.ts";

const nothing: AppliedChange = {
  edited: [],
  unchanged: [],
  places: [],
  added: [],
  gone: [],
  settings: [],
  judged: [],
  ran: new Map(),
  sparedCount: 0,
  routes: [],
  fullReloadThreshold: 2,
};
const edit = { ...nothing, edited: ["lib/a.ts"], ran: new Map([["lib/a.ts", "edited"]]) };

function judged(file: string, effect: SettingsEffect, parts: readonly string[] = []): JudgedSettings {
  return { file, effect, parts, restart: "vite" };
}

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
    ["settings without effect", { ...nothing, judged: [judged("tsconfig.json", "nothing")] }, "none"],
    ["settings with an effect", { ...edit, judged: [judged("tsconfig.json", "resolve")] }, "config"],
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
    [
      { ...nothing, judged: [judged("package.json", "nothing", ["scripts"])] },
      "package.json changed (scripts): nothing that runs depends on it",
    ],
    [
      { ...edit, judged: [judged("tsconfig.json", "resolve", ["compilerOptions.paths"])] },
      "tsconfig.json changed (compilerOptions.paths): imports are resolved again; lib/a.ts changed",
    ],
    [
      {
        ...nothing,
        judged: [
          judged("a.json", "transform"),
          judged("vite.config.ts", "server"),
          judged("b.json", "transform", ["x"]),
        ],
      },
      "a.json changed, b.json changed (x): modules are compiled again; vite.config.ts changed: Vite restarts its server",
    ],
    [
      { ...nothing, judged: [{ ...judged("yarn.lock", "packages"), restart: "user" }] },
      "yarn.lock changed: restart the server when they are installed",
    ],
    [
      { ...nothing, judged: [{ ...judged("yarn.lock", "packages"), restart: "process" }] },
      "yarn.lock changed: the server restarts when they are installed",
    ],
  ])("%#", ([change, sentence]) => {
    expect(explainChange(change)).toBe(sentence);
  });
});

test("of two saves of one file, the one that matters more is told", () => {
  const [weak, strong] = [judged("a", "nothing", ["later"]), judged("a", "packages")];
  expect(stronger(undefined, weak)).toBe(weak);
  expect(stronger(weak, strong)).toBe(strong);
  expect(stronger(strong, weak)).toBe(strong);
});

test("a restart by hand is asked for only where nobody else restarts", () => {
  const byHand = { ...judged("a", "packages"), restart: "user" } as const;
  expect(requiresRestart([byHand])).toBe(true);
  expect(requiresRestart([{ ...byHand, effect: "resolve" }])).toBe(false);
  expect(requiresRestart([{ ...byHand, restart: "process" }])).toBe(false);
});
