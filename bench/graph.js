import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DependencyGraph, NameOrder, OutgoingEdges, ReachSearch } from "../build/graph/index.js";
import { buildGraph } from "./graph/build-graph.js";
import { runMeasured } from "./graph/measured-process.js";
import { median, percentile, show, table } from "./measure.js";
import { createProject } from "./project.js";

const FILES = 3_800;
const ROUTES = 300;
const FEATURE = 25;
const SHARED = 250;
const ROUNDS = 3;
const EDITS = 400;
const SYNTHETIC = 50_000;
const QUERIES = 100;

/** What it costs to know a project of 3,800 files: from nothing, from what was stored, and per edit. */
export async function benchGraph() {
  const project = createProject(largeProject());
  const starts = { cold: [], warm: [] };
  for (let round = 0; round < ROUNDS; round++) {
    rmSync(path.join(project.root, "node_modules/.cache"), { recursive: true, force: true });
    // Stamps of files that are younger than two seconds are not believed.
    if (round === 0) await new Promise((resolve) => setTimeout(resolve, 2_100));
    starts.cold.push(buildMeasured(project.root));
    starts.warm.push(buildMeasured(project.root));
  }
  table(
    `The graph of ${FILES} files in a process of its own (median of ${ROUNDS})`,
    ["start", "CPU of the graph", "limit", "memory of the process", "limit"],
    [startRow("cold", starts.cold, 2_000), startRow("warm", starts.warm, 200)],
  );
  const edits = await measureEdits(project);
  table(
    `One edit, read, linked and asked what it affects (${EDITS} edits)`,
    ["edit", "p50", "limit", "p95", "limit"],
    Object.entries(edits).map(([name, times]) => [
      name,
      show(percentile(times, 0.5)),
      show(0.2),
      show(percentile(times, 0.95)),
      show(10),
    ]),
  );
  project.remove();
  const queries = measureQueries();
  table(
    `What an edit affects among ${SYNTHETIC} modules that nearly all reach each other (${QUERIES} queries)`,
    ["p50", "p95", "limit"],
    [[show(percentile(queries, 0.5)), show(percentile(queries, 0.95)), show(30)]],
  );
}

function buildMeasured(root) {
  const script = fileURLToPath(new URL("graph/build-graph.js", import.meta.url));
  const { output, maxRssMb } = runMeasured(script, [root]);
  return { cpuMs: JSON.parse(output).graphCpuMs, maxRssMb };
}

function startRow(name, runs, limitMs) {
  return [
    name,
    show(median(runs.map(({ cpuMs }) => cpuMs))),
    show(limitMs),
    show(median(runs.map(({ maxRssMb }) => maxRssMb)), "MB"),
    show(250, "MB"),
  ];
}

async function measureEdits(project) {
  const { graph } = await buildGraph(project.root);
  const times = { "of a function": [], "of the imports": [], "of a comment": [] };
  for (let index = 0; index < EDITS; index++) {
    const module = (index * 7) % (FILES - ROUTES);
    const texts = {
      "of a function": moduleText(module, { mark: `edit-${index}` }),
      "of the imports": moduleText(module, { mark: `edit-${index}`, shift: 1 + (index % 5) }),
      "of a comment": `// ${index}\n${moduleText(module, { mark: `edit-${index}`, shift: 1 + (index % 5) })}`,
    };
    for (const [name, text] of Object.entries(texts)) {
      project.write(fileOf(module), text);
      const start = performance.now();
      graph.update([path.join(project.root, fileOf(module))]);
      graph.affected([fileOf(module)]);
      times[name].push(performance.now() - start);
    }
    // Edits come one by one; without a turn of the event loop the garbage of all of them would be one pause.
    await new Promise((resolve) => setImmediate(resolve));
  }
  graph.close();
  return times;
}

function measureQueries() {
  const random = seeded(1);
  const graph = new DependencyGraph();
  const link = (name, count) => {
    const edges = new OutgoingEdges();
    for (let each = 0; each < count; each++) edges.add(graph.idOf(fileOf(random(SYNTHETIC))), "static");
    graph.link(graph.idOf(name), edges);
    return graph.idOf(name);
  };
  for (let index = 0; index < SYNTHETIC; index++) link(fileOf(index), 4);
  const routes = Array.from({ length: ROUTES }, (_, index) => link(`pages/api/r${index}.ts`, 1));
  const search = new ReachSearch(graph);
  const order = new NameOrder(graph);
  return Array.from({ length: QUERIES }, () => {
    const start = performance.now();
    const changed = graph.idOf(fileOf(random(SYNTHETIC)));
    const reach = search.find({
      start: [changed],
      dependentsOf: () => [],
      maxDepth: Number.POSITIVE_INFINITY,
    });
    const chains = routes.filter(reach.has).map(reach.chainTo);
    if (order.namesOf(reach.ids).length < chains.length) throw new Error("routes are modules too");
    return performance.now() - start;
  });
}

function largeProject() {
  const files = {
    "package.json": `{ "name": "large", "type": "module" }`,
    "tsconfig.json": `{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }`,
  };
  for (let index = 0; index < FILES - ROUTES; index++)
    files[fileOf(index)] = moduleText(index, { mark: "start" });
  for (let index = 0; index < ROUTES; index++) {
    const first = importOf(index * 11, "@/");
    const second = importOf(index * 11 + 5, "../../");
    files[`pages/api/r${index}.ts`] =
      `${first}\n${second}\nexport const GET = (): Response => Response.json(m${index * 11}.total([]));\n`;
  }
  return files;
}

/**
 * A module of some 5 kB as people write them: types, functions, imports of its own feature and one of what all features
 * share. Shared modules are the last ones; they import each other.
 */
function moduleText(index, { mark, shift = 0 }) {
  const sharedFrom = FILES - ROUTES - SHARED;
  const end = index < sharedFrom ? (Math.floor(index / FEATURE) + 1) * FEATURE : FILES - ROUTES;
  const near = [1, 2, 9].map((step) => index + step + shift).filter((each) => each < end);
  const later = index < sharedFrom ? [...near, sharedFrom + ((index * 7 + shift) % SHARED)] : near;
  const imports = later.map((each, at) => importOf(each, at % 2 === 0 ? "@/" : "../../"));
  const functions = Array.from({ length: 14 }, (_, number) => functionText(index, number));
  const used = later.map((each) => `m${each}.total([])`).join(" + ");
  return `${imports.join("\n")}
import type { Item as Other } from "@/${fileOf((index + 100) % (FILES - ROUTES)).replace(".ts", "")}";

/** What one line of an order is. */
export interface Item {
  readonly id: string;
  readonly price: number;
  readonly tags: readonly string[];
}

export const mark: string = "${mark}";
${functions.join("\n")}
export function total(items: readonly (Item | Other)[]): number {
  return items.reduce((sum: number, { price }) => sum + price, 0) + ${used === "" ? "0" : used};
}
`;
}

function functionText(index, number) {
  return `
/** Rule ${number} of module ${index}: what it costs, and for whom. */
export function rule${number}(items: readonly Item[], limit: number = ${number}): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    if (item.price < limit) continue; // too cheap to be worth it
    for (const tag of item.tags) found.set(tag, [...(found.get(tag) ?? []), item]);
  }
  return found;
}`;
}

function importOf(index, prefix) {
  return `import * as m${index} from "${prefix}${fileOf(index).replace(".ts", "")}";`;
}

function fileOf(index) {
  return `lib/${Math.floor(index / 50)}/m${index}.ts`;
}

/** The same numbers at every run. */
function seeded(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
