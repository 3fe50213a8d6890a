import { expect, test } from "vitest";
import { resolveConfig } from "vite";
import { openProjectGraph } from "../../src/project/index.ts";
import { bundlerSettings } from "../../src/vite/bundler-settings.ts";
import type { ProjectGraph } from "../../src/project/index.ts";
import { createProject } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { randomFrom } from "../support/random.ts";

type Random = ReturnType<typeof randomFrom>;

function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[random(list.length)];
  if (item === undefined) throw new Error("picked from nothing");
  return item;
}

/** Places that shadow each other: a file, an index of a folder, several extensions, a package outside of the root. */
const SCRIPTS: readonly string[] = `
  app/lib/a.ts app/lib/a.js app/lib/a/index.ts app/lib/a/b.ts app/lib/index.tsx
  app/lib/b.ts app/lib/b.mjs app/lib/c.cjs app/lib/deep/a.ts app/override/a.ts app/override/b.ts
  app/pages/api/a.ts app/pages/api/b/index.ts app/pages/api/[id].ts app/pages/api/_shared.ts
  out/main.ts out/other.ts out/a.ts`
  .trim()
  .split(/\s+/);
const OTHERS: readonly string[] = ["app/lib/d.json", "app/lib/e.css", "app/lib/deep/d.json", "out/d.json"];
const STATEMENTS: readonly string[] = [
  `import "./a";`,
  `import "./b.js";`,
  `export * from ".";`,
  `export * from "..";`,
  `import "./a/b";`,
  `import "../lib/a";`,
  `import "../../lib/b";`,
  `import "@/a";`,
  `import "@/deep/a";`,
  `import "cfg";`,
  `import "#in";`,
  `import "out";`,
  `import "out/a";`,
  `import d from "./d.json"; d;`,
  `import "../../lib/e.css";`,
  `import type { T } from "./b";`,
  `import { type T as U } from "./b";`,
  `import("./deep/a");`,
  "import(`./deep/${x}.ts`);",
  "import(`../${x}`);",
  `import(x);`,
  `require("./c");`,
  `require("out");`,
  `import.meta.glob(["./**/*.ts", "!**/b.ts"]);`,
  `import.meta.glob("/lib/*.json");`,
  `new URL("./e.css", import.meta.url);`,
  `import "react";`,
  `// nothing`,
];
const SETTINGS: readonly (readonly [file: string, texts: readonly string[]])[] = [
  [
    "app/tsconfig.json",
    [
      `{ "compilerOptions": { "paths": { "@/*": ["./override/*", "./lib/*"], "cfg": ["./lib/b.ts"] } } }`,
      `{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }`,
      `{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] }, "verbatimModuleSyntax": true } }`,
    ],
  ],
  [
    "app/package.json",
    [`{ "imports": { "#in": "./lib/a.ts" } }`, `{ "imports": { "#in": "./override/a.ts" } }`, `{}`],
  ],
  [
    "out/package.json",
    [
      `{ "name": "out", "exports": { ".": "./main.ts", "./*": "./*.ts" } }`,
      `{ "name": "out", "main": "./other.ts" }`,
    ],
  ],
];

function someText(random: Random): string {
  return Array.from({ length: random(4) }, () => pick(random, STATEMENTS)).join("\n");
}

/** One edit of the project. Returns the path that changed. */
function edit(project: Project, random: Random): string {
  const kind = random(10);
  if (kind === 0) {
    const [file, texts] = pick(random, SETTINGS);
    project.write(file, pick(random, texts));
    return project.path(file);
  }
  const file = kind < 3 ? pick(random, OTHERS) : pick(random, SCRIPTS);
  try {
    if (random(3) === 0) project.remove(file);
    else
      project.write(
        file,
        file.endsWith(".json") ? `{"n":${random(9)}}` : file.endsWith(".css") ? "" : someText(random),
      );
  } catch {
    // Not there, or a file where a folder should be: no edit is one too.
  }
  return project.path(file);
}

async function openAt(root: string): Promise<ProjectGraph> {
  const config = await resolveConfig(
    { root, configFile: false, logLevel: "silent", resolve: { tsconfigPaths: true } },
    "serve",
  );
  const tracking = { enableASTAnalysis: true, trackNodeModules: false, maxDepth: Infinity };
  const graph = openProjectGraph({
    root,
    apiDirs: ["pages/api"],
    prefix: "/api",
    tracking,
    bundler: bundlerSettings(config),
  });
  await graph.build();
  return graph;
}

function answers(graph: ProjectGraph): object {
  const document = graph.toJSON();
  const files = document.nodes.filter(({ kind }) => kind !== "external").map(({ id }) => id);
  return {
    document,
    affected: files.map((file) => graph.affected([file])),
    warnings: graph.warnings,
    counts: graph.counts,
    fingerprints: files.map((file) => graph.fingerprintOf(file)),
  };
}

test.each(Array.from({ length: 8 }, (_, seed) => seed))(
  "after any edits the graph is the one that a fresh look gives (%i)",
  async (seed) => {
    const random = randomFrom(seed);
    const initial = SCRIPTS.filter(() => random(2) === 0).map((file) => [file, someText(random)]);
    const settings = SETTINGS.map(([file, [text]]) => [file, text]);
    const project = createProject(Object.fromEntries([...settings, ...initial]) as Record<string, string>);
    project.link("out", "app/node_modules/out");
    const root = project.path("app");
    const graph = await openAt(root);
    for (let batch = 0; batch < 12; batch++) {
      const changed = Array.from({ length: 1 + random(4) }, () => edit(project, random));
      graph.update(changed);
      await graph.settled();
      const fresh = await openAt(root);
      expect(answers(graph), `seed ${seed}, batch ${batch}: ${changed.join(" ")}`).toEqual(answers(fresh));
      fresh.close();
    }
    graph.close();
  },
);
