import { describe, expect, onTestFinished, test } from "vitest";
import { createProject } from "../support/project.ts";
import { orbitBench } from "./support/orbit-bench.ts";
import type { Bench, Scenario } from "./support/scenario.ts";
import { viteBench } from "./support/vite-bench.ts";
import { SCENARIOS } from "./scenarios/index.ts";

declare global {
  var orbitNote: ((text: string) => void) | undefined;
}

type OpenBench = (...args: Parameters<typeof viteBench>) => Promise<Bench>;

/** All that a scenario notes on a server. */
async function notesOf(scenario: Scenario, open: OpenBench): Promise<readonly string[]> {
  const log: string[] = [];
  // Called, and not changed: nobody depends on who has called it before.
  globalThis.orbitNote = (text) => void log.push(text);
  onTestFinished(() => {
    globalThis.orbitNote = undefined;
  });
  const project = createProject({ "package.json": `{ "type": "module" }`, ...scenario.files });
  const bench = await open(project, log, scenario.plugins?.((text) => log.push(text)) ?? []);
  await scenario.run(bench);
  return log;
}

const orbit =
  (isWatching: boolean, propagation: "live" | "importers" = "live"): OpenBench =>
  async (project, log, plugins) =>
    orbitBench(project, log, { plugins, isWatching, propagation });

describe.each(SCENARIOS)("$member: $law", (scenario) => {
  test("in Vite's own module runner", async () => {
    expect(await notesOf(scenario, viteBench)).toEqual(scenario.vite?.expected ?? scenario.expected);
  });

  test("here", async () => {
    expect(await notesOf(scenario, orbit(true))).toEqual(scenario.expected);
  });

  test("here, where every importer runs again", async () => {
    expect(await notesOf(scenario, orbit(true, "importers"))).toEqual(
      scenario.everyImporter ?? scenario.expected,
    );
  });

  test.skipIf(scenario.needsWatcher === true)("here, without a watcher", async () => {
    expect(await notesOf(scenario, orbit(false))).toEqual(scenario.expected);
  });
});

test.each(SCENARIOS.filter(({ vite }) => vite !== undefined))(
  "$member: what is said to differ does differ: $law",
  ({ expected, vite }) => {
    expect(vite?.expected).not.toEqual(expected);
  },
);
