import { describe, expect, test } from "vitest";
import { classifyReload, reachingFiles } from "../../src/report/classify-reload.ts";
import type { Change, ReloadSummary } from "../../src/report/classify-reload.ts";

const routes = ["/api/a", "/api/b", "/api/c"];
const code = (file: string): Change => ({ kind: "code", file });
const same = (file: string): Change => ({ kind: "same", file });
const asset = (file: string): Change => ({ kind: "asset", file });
const settings = (file: string, effect: "nothing" | "transform"): Change => ({
  kind: "settings",
  file,
  settings: { file, effect, parts: ["scripts"], restart: "vite" },
});

function classify(changes: readonly Change[], used: number, isCut = false): ReloadSummary {
  const reached = reachingFiles(changes).length === 0 ? [] : routes.slice(0, used);
  return classifyReload({ changes, reach: { routes: reached, isCut }, fullReloadThreshold: 2 });
}

describe("a reload is labelled with its strongest step, and says why", () => {
  test.for<[string, ReloadSummary, string, string]>([
    ["nothing saved", classify([], 0), "none", ""],
    ["comments", classify([same("a.ts")], 0), "none", "nothing that runs changed in a.ts"],
    ["nobody uses it", classify([code("a.ts")], 0), "none", "a.ts changed: no route uses it"],
    ["a style", classify([asset("a.css")], 0), "asset", "a.css changed: the browser's, no server code runs"],
    ["one route", classify([code("a.ts")], 1), "single", "a.ts changed"],
    ["some routes", classify([code("a.ts")], 2), "selective", "a.ts changed"],
    ["two files", classify([code("a.ts"), code("b.ts")], 2), "selective", "a.ts, b.ts changed"],
    [
      "more routes than the threshold",
      classify([code("a.ts")], 3),
      "full",
      "a.ts changed: more routes use it than fullReloadThreshold (2)",
    ],
    [
      "the graph cannot bound it",
      classify([code("a.ts")], 1, true),
      "full",
      "a.ts changed: imports were followed to maxDepth only, any route may use it",
    ],
    ["a file is gone", classify([{ kind: "gone", file: "a.ts" }], 1), "single", "a.ts is gone"],
    [
      "the environment",
      classify([{ kind: "environment", file: ".env" }], 0),
      "config",
      ".env changed: modules that read the changed keys are re-evaluated",
    ],
    [
      "settings that matter",
      classify([settings("tsconfig.json", "transform"), code("a.ts")], 1),
      "config",
      "tsconfig.json changed (scripts): modules are compiled again; a.ts changed",
    ],
    [
      "settings that do not",
      classify([settings("package.json", "nothing")], 0),
      "none",
      "package.json changed (scripts): nothing that runs depends on it",
    ],
    [
      "an asset beside code",
      classify([asset("a.css"), code("a.ts"), same("b.ts")], 1),
      "single",
      "a.ts changed; a.css changed: the browser's, no server code runs",
    ],
  ])("%s", ([, { strategy, reason }, expected, sentence]) => {
    expect({ strategy, reason }).toEqual({ strategy: expected, reason: sentence });
  });
});

test("whatever is saved together, the steps cover every change once", () => {
  const kinds = ["code", "added", "gone", "same", "asset", "environment", "settings"] as const;
  for (let seed = 1; seed < 4 ** kinds.length; seed += 7) {
    const changes = kinds.flatMap((kind, index) =>
      Array.from({ length: Math.floor(seed / 4 ** index) % 4 }, (_, count): Change => {
        const file = `${kind}${count}`;
        return kind === "settings" ? settings(file, count === 0 ? "nothing" : "transform") : { kind, file };
      }),
    );
    const { steps, strategy } = classify(changes, seed % 4);
    const covered = steps.flatMap((step) => {
      if (step.kind === "settings") return step.settings.map(({ file }) => file);
      return step.kind === "routes" ? step.files.concat(step.added, step.gone) : step.files;
    });
    expect(covered.toSorted()).toEqual(changes.map(({ file }) => file).toSorted());
    const isNothing = changes.every(({ kind }) => kind === "same");
    expect(isNothing && strategy !== "none").toBe(false);
  }
});
