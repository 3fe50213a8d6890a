import { median, percentile, show, table } from "../measure.js";
import { available } from "./contenders.js";
import { treeProject } from "./projects.js";
import { createProjectFor, start } from "./served.js";

const ROUTES = 50;

/**
 * From the spawn of the command to the first answer, in pairs. Both have started once before: caches are as they are
 * on any day but the first.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureStart({ pairs, only }) {
  const tree = treeProject(ROUTES);
  const all = available(["orbiton", "hono", "orbit"], only).map((contender) => {
    const project = createProjectFor(contender, tree.files);
    return { contender, project, times: [] };
  });
  try {
    for (let round = 0; round <= pairs; round++) {
      for (const { contender, project, times } of round % 2 === 0 ? all : all.toReversed()) {
        const served = await start(contender, project, { firstPath: tree.paths[0], isUnobserved: true });
        await served.stop();
        if (round > 0) times.push(served.startMs);
      }
    }
  } finally {
    for (const { project } of all) project.remove();
  }
  table(
    `Spawn to first answer, ${ROUTES} routes (${pairs} starts each, in turn)`,
    ["contender", "p50", "p95"],
    all.map(({ contender, times }) => [contender.name, show(median(times)), show(percentile(times, 0.95))]),
  );
  const ours = median(all[0].times);
  const hono = all.find(({ contender }) => contender.name === "@hono/vite-dev-server");
  return [
    {
      figure: "spawn to first answer, orbiton dev",
      ours: show(ours),
      beside: hono === undefined ? "" : `${show(median(hono.times))} hono`,
      ratio: ours / (hono && median(hono.times)),
      wanted: "1.0x",
    },
  ];
}
