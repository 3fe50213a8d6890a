import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { percentile, show, table } from "../measure.js";
import { loadOxc } from "../../build/project/oxc.js";
import { buildGraph } from "./build-graph.js";
import { runMeasured } from "./measured-process.js";
import { listSources } from "./project-files.js";
import { projectFolder } from "./project-folder.js";

// What the graph of a project costs: from nothing, from what an earlier process has stored, and per edit.
// `npm run build` first. Files are edited in place and written back. The yardstick is what Vite's transformer and
// printer alone need for the same texts in the same run: on a busy machine all of these numbers grow together.

const ROUNDS = 3;
const EDITED_FILES = 400;
const EDIT_ROUNDS = 5;

const { root, folders } = projectFolder("costs.js");
const oxc = loadOxc();
const settings = new oxc.TsconfigCache();
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
    ["yardstick", show(stripAll()), "", "", ""],
  ],
);
const edits = await measureEdits();
table(
  `Edits of ${edits.best.length} files: read, update, ask what is affected`,
  ["", "p50", "p95", "worst"],
  [
    [`best of ${EDIT_ROUNDS} for each file`, ...timeCells(edits.best)],
    ["all", ...timeCells(edits.all)],
    [`yardstick, best of ${EDIT_ROUNDS}`, ...timeCells(edits.yardstick)],
  ],
);
graph.close();

function timeCells(times) {
  return [show(percentile(times, 0.5)), show(percentile(times, 0.95)), show(Math.max(...times))];
}

function usageCells(runs) {
  const least = (read) => Math.min(...runs.map(read));
  return [
    show(least(({ output }) => JSON.parse(output).graphCpuMs)),
    show(least(({ cpuMs }) => cpuMs)),
    show(
      least(({ maxRssMb }) => maxRssMb),
      "MB",
    ),
    show(least(({ wallMs }) => wallMs)),
  ];
}

/**
 * Spread over the project, each file gets a new statement, some times over: the best time is what the edit costs, the
 * others are what else the machine was doing.
 */
async function measureEdits() {
  const sources = listSources(root, folders.length > 0 ? folders : undefined).filter((file) =>
    graph.hasFile(file),
  );
  const step = Math.max(1, Math.floor(sources.length / EDITED_FILES));
  const best = new Map();
  const yardstick = new Map();
  const all = [];
  for (let round = 0; round < EDIT_ROUNDS; round++) {
    for (let index = 0; index < sources.length; index += step) {
      const file = sources[index];
      const time = measureEdit(file, `;globalThis.edited = ${index + round};`);
      keepLeast(best, index, time);
      keepLeast(
        yardstick,
        index,
        timeOf(() => strip(file, readFileSync(file, "utf8"))),
      );
      all.push(time);
      // Edits come one by one; without a turn of the event loop the garbage of all of them would be one pause.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { best: [...best.values()], yardstick: [...yardstick.values()], all };
}

function keepLeast(times, index, time) {
  times.set(index, Math.min(time, times.get(index) ?? Infinity));
}

function measureEdit(file, statement) {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, `${text}\n${statement}\n`);
  try {
    return timeOf(() => {
      graph.update([file]);
      graph.affected([file]);
    });
  } finally {
    writeFileSync(file, text);
    graph.update([file]);
  }
}

function timeOf(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** The CPU for all source files of the project. */
function stripAll() {
  const texts = listSources(root).map((file) => [file, readFileSync(file, "utf8")]);
  const before = process.cpuUsage();
  for (const [file, text] of texts) strip(file, text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function strip(file, text) {
  const { code } = oxc.transformSync(
    file,
    text,
    { sourcemap: false, jsx: { runtime: "automatic" } },
    settings,
  );
  oxc.minifySync("code.js", code, { compress: false, mangle: false, codegen: { removeWhitespace: true } });
}
