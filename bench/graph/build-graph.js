import { writeFileSync } from "node:fs";
import { resolveConfig } from "vite";
import { openProjectGraph } from "../../build/project/index.js";
import { bundlerSettings } from "../../build/vite/bundler-settings.js";

/** The project's graph, built, with the options that users get and the paths of its tsconfig. */
export async function buildGraph(root) {
  const config = await resolveConfig({ root, configFile: false, resolve: { tsconfigPaths: true } }, "serve");
  const before = process.cpuUsage();
  const graph = openProjectGraph({
    root,
    apiDirs: ["pages/api", "src/pages/api"],
    prefix: "/api",
    tracking: { enableASTAnalysis: true, trackNodeModules: false, maxDepth: Number.POSITIVE_INFINITY },
    bundler: bundlerSettings(config),
  });
  await graph.build();
  const { user, system } = process.cpuUsage(before);
  return { graph, cpuMs: (user + system) / 1000 };
}

// As a script it is what the other scripts measure: a process that builds the graph, writes it down and ends.
if (import.meta.filename === process.argv[1]) {
  const [root, documentFile] = process.argv.slice(2);
  const { graph, cpuMs } = await buildGraph(root);
  if (documentFile !== undefined) writeFileSync(documentFile, JSON.stringify(graph.toJSON()));
  graph.close();
  console.log(JSON.stringify({ graphCpuMs: cpuMs }));
}
