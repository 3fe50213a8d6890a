import path from "node:path";
import { setTimeout } from "node:timers/promises";
import vm from "node:vm";
import { createServer } from "vite";
import { createClient } from "./client.js";
import { serveWithOrbit, serveWithStockVite } from "./contenders.js";
import { median, percentile, show, table } from "./measure.js";
import { createProject, fiftyRoutes, ROUTES, routeText, SHARED, sharedText } from "./project.js";

const EDITS = 60;
const WARM_UP = 10;
const SAVED_AGAIN_MS = 300;
const DEADLINE_MS = 2_000;

/** Save, then ask again and again until the answer has the edit in it. */
export async function benchSaveToFresh() {
  const project = createProject(fiftyRoutes());
  const watched = await serveWithOrbit(project.root);
  const orbit = { ...watched, name: "orbit-hmr" };
  const contenders = [orbit];
  // One project, several servers: every edit is seen by all of them, and each is asked in its turn.
  const blindProject = createProject(fiftyRoutes());
  contenders.push({
    ...(await serveWithOrbit(blindProject.root, { watch: false })),
    name: "orbit-hmr, watcher off",
  });
  const stockProject = createProject(fiftyRoutes());
  contenders.push({
    ...(await serveWithStockVite(stockProject.root)),
    name: "Vite ssrLoadModule",
    mayLoseSaves: true,
  });
  const handProject = createProject(fiftyRoutes());
  contenders.push({
    ...(await serveWithStockVite(handProject.root, { watch: false })),
    name: "Vite ssrLoadModule, watcher off, invalidated by hand",
    isInvalidatedByHand: true,
  });
  const projects = [project, blindProject, stockProject, handProject];
  for (const [index, contender] of contenders.entries()) {
    contender.project = projects[index];
    contender.client = createClient(contender.origin);
    contender.times = { route: [], deep: [] };
    contender.stale = 0;
    for (let route = 0; route < ROUTES; route++) await contender.client.get(`/api/r${route}`);
  }
  const floor = await createFloor(project.root);
  const floorTimes = { route: [], deep: [] };

  for (let edit = 0; edit < EDITS + WARM_UP; edit++) {
    for (const kind of ["route", "deep"]) {
      for (const contender of contenders) {
        const took = await timeEdit(contender, kind, edit);
        if (edit >= WARM_UP && took !== undefined) contender.times[kind].push(took);
      }
      const took = await floor.time(kind, edit);
      if (edit >= WARM_UP) floorTimes[kind].push(took);
    }
  }
  const floors = { route: median(floorTimes.route), deep: median(floorTimes.deep) };
  const row = (name, times) => [
    name,
    show(median(times.route)),
    show(percentile(times.route, 0.95)),
    `${(median(times.route) / floors.route).toFixed(2)}x`,
    show(median(times.deep)),
    show(percentile(times.deep, 0.95)),
    `${(median(times.deep) / floors.deep).toFixed(2)}x`,
  ];
  table(
    `Save to fresh answer (${ROUTES} routes, ${SHARED} shared modules, ${EDITS} edits each, medians)`,
    ["contender", "route edit", "p95", "of floor", "deep edit", "p95", "of floor"],
    [
      row("floor: transform and evaluate that one file", floorTimes),
      ...contenders.map(({ name, times }) => row(name, times)),
    ],
  );
  for (const { name, lost = 0 } of contenders)
    if (lost > 0) console.log(`${name} has lost ${lost} saves for good: they are in no median.`);
  await floor.close();
  for (const { client, close, project: own } of contenders) {
    client.close();
    await close();
    own.remove();
  }
}

async function timeEdit(contender, kind, edit) {
  const mark = `${kind}-${edit}-${"x".repeat(edit % 7)}`;
  const route = edit % ROUTES;
  const file = kind === "route" ? `pages/api/r${route}.ts` : "lib/shared-0.ts";
  const text = kind === "route" ? routeText(route, mark, SHARED) : sharedText(0, mark);
  // The deep module's answer is the length of its mark: it changes with every edit in a way each route shows.
  const depth = (mark.length + edit) % 997;
  const body = kind === "route" ? text : text.replace("deepMark.length", String(depth * 1_000));
  const isFresh =
    kind === "route"
      ? (answer) => answer.mark === mark
      : (answer) => Math.floor(answer.first / 1_000) === depth;
  contender.project.write(file, body);
  const start = performance.now();
  if (contender.isInvalidatedByHand) contender.invalidate(file);
  for (;;) {
    const { status, text: answer } = await contender.client.get(`/api/r${route}`);
    if (status !== 200) throw new Error(`${contender.name} answered ${status}: ${answer}`);
    if (isFresh(JSON.parse(answer))) return performance.now() - start;
    if (performance.now() - start > DEADLINE_MS && contender.mayLoseSaves) {
      // A save that lands soon after another one may be lost for good: whoever saves once more gets it.
      contender.lost = (contender.lost ?? 0) + 1;
      await setTimeout(SAVED_AGAIN_MS);
      contender.project.write(file, `${body}\n// saved again`);
      await setTimeout(SAVED_AGAIN_MS);
      return undefined;
    }
    if (performance.now() - start > DEADLINE_MS)
      throw new Error(`${contender.name} never answered with edit ${mark}`);
  }
}

/** The least that any tool has to do: Vite's own transform of the edited file, and one evaluation. */
async function createFloor(root) {
  const server = await createServer({
    configFile: false,
    logLevel: "silent",
    root,
    server: { middlewareMode: true, watch: null },
  });
  const { ssr } = server.environments;
  return {
    async time(kind, edit) {
      const url = kind === "route" ? `/pages/api/r${edit % ROUTES}.ts` : "/lib/shared-0.ts";
      for (const node of ssr.moduleGraph.getModulesByFile(path.join(root, url)) ?? [])
        ssr.moduleGraph.invalidateModule(node);
      const start = performance.now();
      const { code } = await ssr.transformRequest(url);
      const run = vm.compileFunction(`return (async () => {${code}\n})()`, PARAMETERS);
      await run(
        async () => EVERYTHING,
        () => {},
        () => {},
        () => {},
        {},
        {},
      );
      return performance.now() - start;
    },
    close: () => server.close(),
  };
}

const PARAMETERS = [
  "__vite_ssr_import__",
  "__vite_ssr_dynamic_import__",
  "__vite_ssr_exportAll__",
  "__vite_ssr_exportName__",
  "__vite_ssr_exports__",
  "__vite_ssr_import_meta__",
];
// No `then`: what is awaited must not look like a promise.
const EVERYTHING = new Proxy({}, { get: (_target, name) => (name === "then" ? undefined : () => 0) });
