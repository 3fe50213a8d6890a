import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { show, table } from "../measure.js";
import { compareEdges, showDifferences, sourceOf } from "./compare-edges.js";
import { edgesOfGraph } from "./graph-edges.js";
import { runMeasured } from "./measured-process.js";
import { listSources, nameInProject } from "./project-files.js";
import { projectFolder } from "./project-folder.js";

// What does the graph cost beside the tools people use for it, and do they find the same edges? `npm run build` first.
// The peers are installed into a temporary folder: versions that run on Node 20, and the TypeScript that they need.

const packages = ["madge@8.0.0", "dependency-cruiser@17.4.3", "typescript@5.9.3"];
const testFiles = String.raw`\.(test|spec|stories)\.[^.]+$|/__tests__/|/__mocks__/|/node_modules/`;

const { root, folders } = projectFolder("peers.js");
const lookedAt = folders.length > 0 ? folders : ["src"];
const temporary = mkdtempSync(path.join(tmpdir(), "orbit-peers-"));
const peers = [
  { name: "madge", measure: () => measureMadge({}) },
  {
    name: "madge, told to skip type imports",
    measure: () =>
      measureMadge({
        madge_detectiveOptions__ts__skipTypeImports: "true",
        madge_detectiveOptions__tsx__skipTypeImports: "true",
      }),
  },
  { name: "dependency-cruiser, told to read exports", measure: measureDependencyCruiser },
];

try {
  install();
  const sources = new Set(listSources(root, lookedAt).map((file) => nameInProject(root, file)));
  const inSources = (edges) => new Set([...edges].filter((edge) => sources.has(sourceOf(edge))));
  const rows = [];
  for (const { name, measure } of peers) {
    // One after the other: what else the machine is doing changes from minute to minute.
    const own = measureGraph();
    const reference = inSources(own.edges);
    const { edges, usage } = measure();
    const result = compareEdges(inSources(edges), reference);
    showDifferences(name, result);
    rows.push(["orbit-hmr", ...usageCells(own.usage, own.usage), reference.size, 0, 0]);
    rows.push([
      name,
      ...usageCells(usage, own.usage),
      result.agreeing.length,
      result.missed.length,
      result.false.length,
    ]);
  }
  table(
    `The graph of ${sources.size} files as a whole process; edges beside ours`,
    ["tool", "CPU", "times ours", "max RSS", "wall", "agreeing", "missed", "false"],
    rows,
  );
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function install() {
  const args = ["install", "--prefix", temporary, "--no-audit", "--no-fund", "--loglevel=error", ...packages];
  const { status } = spawnSync("npm", args, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`npm could not install ${packages.join(", ")}`);
}

/** Everything is read: what an earlier process has stored is away. */
function measureGraph() {
  rmSync(path.join(root, "node_modules/.cache/orbit-hmr"), { recursive: true, force: true });
  const documentFile = path.join(temporary, "graph.json");
  const usage = runMeasured(fileURLToPath(new URL("build-graph.js", import.meta.url)), [root, documentFile]);
  const edges = edgesOfGraph(root, JSON.parse(readFileSync(documentFile, "utf8")));
  return { usage, edges: [...edges.keys()] };
}

/** Its settings can be given by environment variables only. */
function measureMadge(env) {
  const options = "--json --no-spinner --extensions ts,tsx,mts,cts,js,jsx,mjs,cjs --ts-config tsconfig.json";
  const usage = runPeer("madge/bin/cli.js", `${options} --basedir .`, env);
  const edges = Object.entries(JSON.parse(usage.output)).flatMap(([from, targets]) =>
    targets.map((to) => edgeOf(from, to)),
  );
  return { usage, edges: edges.filter((edge) => edge !== undefined) };
}

function measureDependencyCruiser() {
  const config = path.join(temporary, "dependency-cruiser.json");
  const enhancedResolveOptions = {
    exportsFields: ["exports"],
    conditionNames: ["import", "node", "default"],
  };
  writeFileSync(
    config,
    JSON.stringify({ options: { tsConfig: { fileName: "tsconfig.json" }, enhancedResolveOptions } }),
  );
  const usage = runPeer(
    "dependency-cruiser/bin/dependency-cruise.mjs",
    `--config ${config} --output-type json`,
  );
  const edges = JSON.parse(usage.output).modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => edgeOf(source, resolved)),
  );
  return { usage, edges: edges.filter((edge) => edge !== undefined) };
}

function runPeer(script, options, env = {}) {
  const args = [...options.split(" "), "--exclude", testFiles, ...lookedAt];
  return runMeasured(path.join(temporary, "node_modules", script), args, { cwd: root, env });
}

function edgeOf(source, target) {
  const from = nameInProject(root, path.resolve(root, source));
  const to = nameInProject(root, path.resolve(root, target));
  return from === undefined || to === undefined ? undefined : `${from} -> ${to}`;
}

function usageCells({ cpuMs, maxRssMb, wallMs }, own) {
  return [show(cpuMs), `${(cpuMs / own.cpuMs).toFixed(1)}x`, show(maxRssMb, "MB"), show(wallMs)];
}
