import { percentile, show, table } from "../measure.js";
import { createProject } from "../project.js";
import { buildGraph } from "./build-graph.js";

// The worst case: 50,000 modules that import each other at random, so that nearly all of them are affected by any edit.
// `npm run build` first. `node bench/graph/synthetic.js [modules]`

const MODULES = Number(process.argv[2] ?? 50_000);
const ROUTES = 300;
const IMPORTS = 4;
const QUERIES = 200;

const random = seeded(1);
const fileOf = (index) => `lib/${Math.floor(index / 100)}/m${index}.ts`;
const project = createProject(randomModules());
try {
  const { graph, cpuMs } = await buildGraph(project.root);
  const times = [];
  let found = 0;
  for (let query = 0; query < QUERIES; query++) {
    const file = fileOf(random(MODULES));
    const began = performance.now();
    const { modules } = graph.affected([file]);
    times.push(performance.now() - began);
    found += modules.length;
  }
  table(
    `${graph.counts.modules} modules with ${graph.counts.edges} edges, built with ${show(cpuMs)} of CPU`,
    ["affected, on average", "query p50", "p95", "worst"],
    [
      [
        Math.round(found / QUERIES),
        show(percentile(times, 0.5)),
        show(percentile(times, 0.95)),
        show(Math.max(...times)),
      ],
    ],
  );
  graph.close();
} finally {
  project.remove();
}

function randomModules() {
  const files = { "package.json": `{ "name": "synthetic", "type": "module" }` };
  for (let index = 0; index < MODULES; index++) {
    const lines = Array.from({ length: IMPORTS }, () => {
      const target = random(MODULES);
      return `import "../${Math.floor(target / 100)}/m${target}.ts";`;
    });
    files[fileOf(index)] = `${lines.join("\n")}\nexport const index = ${index};\n`;
  }
  for (let index = 0; index < ROUTES; index++) {
    files[`pages/api/r${index}.ts`] =
      `import "../../${fileOf(random(MODULES))}";\nexport const GET = () => Response.json(${index});\n`;
  }
  return files;
}

/** The same numbers at every run. */
function seeded(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
