import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { percentile, show, table } from "../measure.js";
import { buildGraph } from "./build-graph.js";
import { runMeasured } from "./measured-process.js";
import { listSources } from "./project-files.js";
import { projectFolder } from "./project-folder.js";

// What the graph of a project costs: from nothing, from what an earlier process has stored, and per edit.
// `npm run build` first. Files are edited in place and written back.

const ROUNDS = 3;
const EDITED_FILES = 400;

const { root, folders } = projectFolder("costs.js");
const script = fileURLToPath(new URL("build-graph.js", import.meta.url));
const cold = Array.from({ length: ROUNDS }, () => {
  rmSync(path.join(root, "node_modules/.cache/orbit-hmr"), { recursive: true, force: true });
  return runMeasured(script, [root]);
});
const warm = Array.from({ length: ROUNDS }, () => runMeasured(script, [root]));
const { graph } = await buildGraph(root);
const { modules, routes, edges } = graph.counts;
table(
  `A process that builds the graph and ends: ${modules} modules, ${routes} routes, ${edges} edges; best of ${ROUNDS}`,
  ["start", "CPU of the graph", "CPU with Node, Vite and its config", "max RSS", "wall"],
  [
    ["cold", ...usageCells(cold)],
    ["warm", ...usageCells(warm)],
  ],
);
const edits = await measureEdits();
table(
  `${edits.length} edits: read, update, ask what is affected`,
  ["p50", "p95", "worst"],
  [[show(percentile(edits, 0.5)), show(percentile(edits, 0.95)), show(Math.max(...edits))]],
);
graph.close();

function usageCells(runs) {
  const best = (read) => Math.min(...runs.map(read));
  return [
    show(best(({ output }) => JSON.parse(output).graphCpuMs)),
    show(best(({ cpuMs }) => cpuMs)),
    show(
      best(({ maxRssMb }) => maxRssMb),
      "MB",
    ),
    show(best(({ wallMs }) => wallMs)),
  ];
}

/** Spread over the project, each file gets a new statement, one after another. */
async function measureEdits() {
  const sources = listSources(root, folders.length > 0 ? folders : undefined).filter((file) =>
    graph.hasFile(file),
  );
  const step = Math.max(1, Math.floor(sources.length / EDITED_FILES));
  const times = [];
  for (let index = 0; index < sources.length; index += step) {
    const file = sources[index];
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `${text}\n;globalThis.edited = ${index};\n`);
    try {
      const began = performance.now();
      graph.update([file]);
      graph.affected([file]);
      times.push(performance.now() - began);
    } finally {
      writeFileSync(file, text);
      graph.update([file]);
    }
    // Edits come one by one; without a turn of the event loop the garbage of all of them would be one pause.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return times;
}
