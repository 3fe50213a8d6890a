import { createClient } from "./client.js";
import { serveWithOrbit, serveWithStockVite } from "./contenders.js";
import { table } from "./measure.js";
import { createProject, fiftyRoutes, ROUTES, routeText, SHARED, sharedText } from "./project.js";

/** Save, ask once at once, count the answers that do not know of the save. */
export async function benchStaleAnswers() {
  const rows = [];
  for (const [name, serve, requests] of [
    ["orbit-hmr", (root) => serveWithOrbit(root), 2_000],
    ["orbit-hmr, watcher off", (root) => serveWithOrbit(root, { watch: false }), 2_000],
    ["Vite ssrLoadModule", (root) => serveWithStockVite(root), 200],
  ]) {
    const project = createProject(fiftyRoutes());
    const contender = await serve(project.root);
    const client = createClient(contender.origin);
    for (let route = 0; route < ROUTES; route++) await client.get(`/api/r${route}`);
    let stale = 0;
    for (let edit = 0; edit < requests; edit++) stale += (await isStale(project, client, edit)) ? 1 : 0;
    rows.push([name, `${stale} of ${requests}`]);
    client.close();
    await contender.close();
    project.remove();
  }
  table(
    "Stale answers to a request sent 0 ms after the save (route and deep edits in turn)",
    ["contender", "stale"],
    rows,
  );
}

async function isStale(project, client, edit) {
  const route = edit % ROUTES;
  if (edit % 2 === 0) {
    const mark = `edit-${edit}`;
    project.write(`pages/api/r${route}.ts`, routeText(route, mark, SHARED));
    return JSON.parse((await client.get(`/api/r${route}`)).text).mark !== mark;
  }
  project.write("lib/shared-0.ts", sharedText(0, "x").replace("deepMark.length", String(edit * 1_000)));
  return Math.floor(JSON.parse((await client.get(`/api/r${route}`)).text).first / 1_000) !== edit;
}
