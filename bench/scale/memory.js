import { setTimeout as pause } from "node:timers/promises";
import { show, table } from "../measure.js";
import { available } from "./contenders.js";
import { treeProject } from "./projects.js";
import { askAll, serve, usageOfTree } from "./served.js";

const ROUTES = 50;
const EDITS = 300;
const WARM_UP = 20;
const MB = 2 ** 20;
/** A server that has just started still frees what the start needed. */
const SETTLE_MS = 1_500;

/**
 * The memory of a server after its start and after its routes were asked; then what 300 edits add to it.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureMemory({ only }) {
  const tree = treeProject(ROUTES);
  const results = [];
  for (const contender of available(
    ["orbit", "orbiton", "hono", "byHand", "hotHook", "bun", "floor"],
    only,
  )) {
    const served = await serve(contender, tree.files, { firstPath: tree.paths[0], isUnobserved: true });
    try {
      await pause(SETTLE_MS);
      const started = usageOfTree(served.pid);
      await askAll(served.client, tree.paths);
      await pause(SETTLE_MS);
      results.push({ name: served.name, started, asked: usageOfTree(served.pid) });
    } finally {
      await served.stop();
    }
  }
  table(
    `Memory of all processes of a server, ${ROUTES} routes`,
    ["contender", "processes", "RSS after the start", "RSS after all routes were asked"],
    results.map(({ name, started, asked }) => [
      name,
      asked.processes,
      show(started.rssMb, "MB"),
      show(asked.rssMb, "MB"),
    ]),
  );
  const [ours, orbiton] = results;
  const hono = results.find(({ name }) => name === "@hono/vite-dev-server");
  const row = (figure, { asked }, wanted) => ({
    figure,
    ours: show(asked.rssMb, "MB"),
    beside: hono === undefined ? "" : `${show(hono.asked.rssMb, "MB")} hono`,
    ratio: asked.rssMb / hono?.asked.rssMb,
    wanted,
  });
  return [
    row("RSS after 50 routes, in vite", ours, "+40 MB"),
    row("RSS after 50 routes, orbiton dev (two processes)", orbiton, ""),
    ...(await measureGrowth(tree)),
  ];
}

async function measureGrowth(tree) {
  const [contender] = available(["orbit"]);
  const served = await serve(contender, tree.files, { firstPath: tree.paths[0] });
  const points = [];
  try {
    await askAll(served.client, tree.paths);
    for (let number = 1; number <= WARM_UP + EDITS; number++) {
      const { file, text, path, isFresh } = tree.edit(
        number % 2 === 0 ? "route" : "deep",
        number,
        number % ROUTES,
      );
      served.project.write(file, text);
      const answer = await served.client.get(path);
      if (!isFresh(JSON.parse(answer.text)))
        throw new Error(`old code after ${file} was saved: ${answer.text}`);
      // What follows an answer, follows it before the next save.
      await pause(10);
      if ((number - WARM_UP) % 100 === 0 || number === WARM_UP) {
        await pause(SETTLE_MS);
        // The resident memory first: a collection that people do not order would change it.
        const { rss } = await served.ask("usage");
        const { heapUsed } = await served.ask("heap");
        points.push({ edits: number - WARM_UP, rss: rss / MB, heap: heapUsed / MB });
      }
    }
  } finally {
    await served.stop();
  }
  table(
    `Growth over ${EDITS} edits, route and deep in turn, the plugin in vite`,
    ["edits", "heap after gc", "RSS"],
    points.map(({ edits, rss, heap }) => [edits, show(heap, "MB"), show(rss, "MB")]),
  );
  const first = points[0];
  const last = points.at(-1);
  const row = (what, unit, wanted) => ({
    figure: `${EDITS} edits: ${what}`,
    ours: show(last[unit], "MB"),
    beside: `${show(first[unit], "MB")} before`,
    ratio: last[unit] / first[unit],
    wanted,
  });
  return [row("heap after gc", "heap", "+1 MB"), row("RSS", "rss", "+8 MB")];
}
