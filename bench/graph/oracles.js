import { table } from "../measure.js";
import { buildGraph } from "./build-graph.js";
import { compareEdges, showDifferences, sourceOf, targetOf } from "./compare-edges.js";
import { edgesOfGraph } from "./graph-edges.js";
import { esbuildEdges, listSources, nameInProject, rolldownEdges } from "./oracle-edges.js";
import { projectFolder } from "./project-folder.js";

// Are the graph's edges those that two bundlers follow? `npm run build` first.
//
// Compared are source files and JSON (see `nameInProject`). Kinds of edges that a bundler does not write down are left
// out of the comparison with it:
// - `url` and `read`: `new URL(…, import.meta.url)` and files read while evaluating are no imports to either;
// - `glob`, esbuild only: its metafile holds the pattern of a template in place of the files, and it does not know
//   `import.meta.glob`.
const oracles = [
  { name: "esbuild", find: esbuildEdges, leftOut: new Set(["url", "read", "glob"]) },
  { name: "rolldown", find: rolldownEdges, leftOut: new Set(["url", "read"]) },
];

const { root, folders } = projectFolder("oracles.js");
const { graph } = await buildGraph(root);
const ours = edgesOfGraph(root, graph.toJSON());
graph.close();

const entries = listSources(root, folders.length > 0 ? folders : undefined);
const rows = [];
for (const { name, find, leftOut } of oracles) {
  const result = await askOracle(find, leftOut).catch((error) => error);
  if (result instanceof Error) {
    console.log(`${name} cannot read this project: ${result.message}`);
    process.exitCode = 1;
    continue;
  }
  rows.push([name, result.agreeing.length, result.missed.length, result.false.length]);
  showDifferences(name, result);
  if (result.missed.length + result.false.length > 0) process.exitCode = 1;
}
table(`Edges of ${entries.length} files`, ["oracle", "agreeing", "missed", "false"], rows);

async function askOracle(find, leftOut) {
  const reference = await find({ root, entries });
  const seen = new Set([
    ...entries.map((entry) => nameInProject(root, entry)),
    ...[...reference].map(targetOf),
  ]);
  const compared = [...ours.keys()].filter((edge) => {
    return seen.has(sourceOf(edge)) && ours.get(edge).some((kind) => !leftOut.has(kind));
  });
  return compareEdges(new Set(compared), reference);
}
