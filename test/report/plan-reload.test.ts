import { describe, expect, test } from "vitest";
import { planReload } from "../../src/report/plan-reload.ts";
import type { Change, ReloadPlan } from "../../src/report/plan-reload.ts";

const routes = ["/api/a", "/api/b", "/api/c"];
const code = (file: string): Change => ({ kind: "code", file });
const same = (file: string): Change => ({ kind: "same", file });
const asset = (file: string): Change => ({ kind: "asset", file });
const settings = (file: string, effect: "nothing" | "transform"): Change => ({
  kind: "settings",
  file,
  settings: { file, effect, parts: ["scripts"], restart: "vite" },
});

function plan(changes: readonly Change[], used: number, isCut = false): ReloadPlan {
  const affectedBy = (files: readonly string[]): { routes: string[]; isCut: boolean } => ({
    routes: files.length === 0 ? [] : routes.slice(0, used),
    isCut,
  });
  return planReload({ changes, affectedBy, fullReloadThreshold: 2 });
}

describe("a plan is labelled with its strongest step, and says why", () => {
  test.for<[string, ReloadPlan, string, string]>([
    ["nothing saved", plan([], 0), "none", ""],
    ["comments", plan([same("a.ts")], 0), "none", "nothing that runs changed in a.ts"],
    ["nobody uses it", plan([code("a.ts")], 0), "none", "a.ts changed: no route uses it"],
    ["a style", plan([asset("a.css")], 0), "asset", "a.css changed: the browser's, no server code runs"],
    ["one route", plan([code("a.ts")], 1), "single", "a.ts changed"],
    ["some routes", plan([code("a.ts")], 2), "selective", "a.ts changed"],
    ["two files", plan([code("a.ts"), code("b.ts")], 2), "selective", "a.ts, b.ts changed"],
    [
      "more routes than the threshold",
      plan([code("a.ts")], 3),
      "full",
      "a.ts changed: more routes use it than fullReloadThreshold (2)",
    ],
    [
      "the graph cannot bound it",
      plan([code("a.ts")], 1, true),
      "full",
      "a.ts changed: imports were followed to maxDepth only, any route may use it",
    ],
    ["a file is gone", plan([{ kind: "gone", file: "a.ts" }], 1), "single", "a.ts is gone"],
    [
      "the environment",
      plan([{ kind: "environment", file: ".env" }], 0),
      "config",
      ".env changed: who reads the changed keys runs again",
    ],
    [
      "settings that matter",
      plan([settings("tsconfig.json", "transform"), code("a.ts")], 1),
      "config",
      "tsconfig.json changed (scripts): modules are compiled again; a.ts changed",
    ],
    [
      "settings that do not",
      plan([settings("package.json", "nothing")], 0),
      "none",
      "package.json changed (scripts): nothing that runs depends on it",
    ],
    [
      "an asset beside code",
      plan([asset("a.css"), code("a.ts"), same("b.ts")], 1),
      "single",
      "a.ts changed; a.css changed: the browser's, no server code runs",
    ],
  ])("%s", ([, { strategy, reason }, expected, sentence]) => {
    expect({ strategy, reason }).toEqual({ strategy: expected, reason: sentence });
  });
});

test("whatever is saved together, a plan covers every change once", () => {
  const kinds = ["code", "added", "gone", "same", "asset", "environment", "settings"] as const;
  for (let seed = 1; seed < 4 ** kinds.length; seed += 7) {
    const changes = kinds.flatMap((kind, index) =>
      Array.from({ length: Math.floor(seed / 4 ** index) % 4 }, (_, count): Change => {
        const file = `${kind}${count}`;
        return kind === "settings" ? settings(file, count === 0 ? "nothing" : "transform") : { kind, file };
      }),
    );
    const { steps, strategy } = plan(changes, seed % 4);
    const covered = steps.flatMap((step) => {
      if (step.kind === "settings") return step.settings.map(({ file }) => file);
      return step.kind === "routes" ? step.files.concat(step.added, step.gone) : step.files;
    });
    expect(covered.toSorted()).toEqual(changes.map(({ file }) => file).toSorted());
    const isNothing = changes.every(({ kind }) => kind === "same");
    expect(isNothing && strategy !== "none").toBe(false);
  }
});
