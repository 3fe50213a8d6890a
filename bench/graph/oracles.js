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
// - `url` and `read`: `new URL(…, import.meta.url)`, `require.resolve` and files read while evaluating load no module;
// - `glob`, esbuild only: its metafile holds the pattern of a template in place of the files, and it does not know
//   `import.meta.glob`.
//
// Edges that one bundler follows and the other does not are counted as disputed. Known reasons, and why the graph goes
// with rolldown, which Vite's server stands on:
// - esbuild applies the paths of a tsconfig to files that its `include`, `exclude` or `allowJs` leave out;
// - esbuild keeps `export { type T } from "./t"`, the transformer that the server runs drops it.
const oracles = [
  { name: "esbuild", find: esbuildEdges, leftOut: new Set(["url", "read", "glob"]) },
  { name: "rolldown", find: rolldownEdges, leftOut: new Set(["url", "read"]) },
];

const { root, folders } = projectFolder("oracles.js");
const { graph } = await buildGraph(root);
const ours = edgesOfGraph(root, graph.toJSON());
graph.close();

const entries = listSources(root, folders.length > 0 ? folders : undefined);
const answers = [];
for (const { name, find, leftOut } of oracles) {
  try {
    answers.push({ name, leftOut, reference: await find({ root, entries }) });
  } catch (error) {
    console.log(`${name} cannot read this project: ${error.message}`);
    process.exitCode = 1;
  }
}
const rows = answers.map((answer) => {
  const { agreeing, missed, false: wrong } = compare(answer);
  const undisputed = { missed: missed.filter(isUndisputed), false: wrong.filter(isUndisputed) };
  const count = undisputed.missed.length + undisputed.false.length;
  showDifferences(answer.name, undisputed);
  if (count > 0) process.exitCode = 1;
  return [
    answer.name,
    agreeing.length,
    undisputed.missed.length,
    undisputed.false.length,
    missed.length + wrong.length - count,
  ];
});
table(`Edges of ${entries.length} files`, ["oracle", "agreeing", "missed", "false", "disputed"], rows);

function compare({ reference, leftOut }) {
  const seen = new Set([
    ...entries.map((entry) => nameInProject(root, entry)),
    ...[...reference].map(targetOf),
  ]);
  const compared = [...ours.keys()].filter((edge) => {
    return seen.has(sourceOf(edge)) && ours.get(edge).some((kind) => !leftOut.has(kind));
  });
  return compareEdges(new Set(compared), reference);
}

function isUndisputed(edge) {
  const [first, ...others] = answers.map(({ reference }) => reference.has(edge));
  return others.every((other) => other === first);
}
