import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resolveConfig } from "vite";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  esbuildEdges,
  listSources,
  nameInProject,
  rolldownEdges,
} from "../../../bench/graph/oracle-edges.js";
import { openProjectGraph } from "../../../src/project/index.ts";
import { bundlerSettings } from "../../../src/vite/bundler-settings.ts";
import type { CornerCase } from "./corner-case.ts";
import { resolutionCases } from "./resolution-cases.ts";
import { syntaxCases } from "./syntax-cases.ts";
import { typeCases } from "./type-cases.ts";

const cases = [...typeCases, ...syntaxCases, ...resolutionCases];

const oracles = { esbuild: esbuildEdges, rolldown: rolldownEdges };

// The edges of each case are judged by hand; whoever is asked has to find exactly these.
describe.each(cases)("$law:", (corner) => {
  const expected = corner.edges.toSorted();

  test("so says the graph", async () => {
    expect(await graphEdges(write(corner))).toEqual(expected);
  });

  for (const [oracle, findEdges] of Object.entries(oracles)) {
    const reason = corner.differs?.[oracle];
    // One that is known to differ has to do so: the day it agrees, the reason has to go.
    test(
      `${reason === undefined ? "so says" : "not so"} ${oracle}${reason === undefined ? "" : `: it ${reason}`}`,
      { fails: reason !== undefined },
      async () => {
        const root = write(corner);
        const edges = await findEdges({ root, entries: listSources(root) });
        expect([...edges].toSorted()).toEqual(expected);
      },
    );
  }
});

async function graphEdges(root: string): Promise<readonly string[]> {
  const tracking = { enableASTAnalysis: true, trackNodeModules: false, maxDepth: Number.POSITIVE_INFINITY };
  const bundler = bundlerSettings(
    await resolveConfig({ root, configFile: false, resolve: { tsconfigPaths: true } }, "serve"),
  );
  const graph = openProjectGraph({ root, apiDirs: ["pages/api"], prefix: "/api", tracking, bundler });
  onTestFinished(() => graph.close());
  await graph.build();
  const isCompared = (id: string) => nameInProject(root, join(root, id)) !== undefined;
  const edges = graph.toJSON().edges.filter(({ from, to }) => isCompared(from) && isCompared(to));
  return [...new Set(edges.map(({ from, to }) => `${from} -> ${to}`))].toSorted();
}

function write({ files, links = {} }: CornerCase): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "orbit-corner-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    symlinkSync(join(root, target), join(root, name));
  }
  return root;
}
