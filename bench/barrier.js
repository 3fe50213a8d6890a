import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "./client.js";
import { serveWithOrbit, serveWithStockVite } from "./contenders.js";
import { median, show, table } from "./measure.js";
import { createProject } from "./project.js";

/** A route that reaches a chain of so many files. */
function chain(length) {
  const files = {
    "pages/api/index.ts": `import { value } from "../../lib/m0.ts";\nexport const GET = () => Response.json({ value: value() });\n`,
  };
  for (let index = 0; index < length - 1; index++) {
    const next = index === length - 2 ? "" : `import { value as next } from "./m${index + 1}.ts";\n`;
    files[`lib/m${index}.ts`] = `${next}export const value = () => ${next === "" ? "1" : "next() + 1"};\n`;
  }
  return files;
}

/** What a request pays for the certainty that nothing has changed. */
export async function benchBarrier() {
  const rows = [];
  for (const [length, budget] of [
    [30, 120],
    [500, 1_500],
  ]) {
    const project = createProject(chain(length));
    const { server, origin, close } = await serveWithOrbit(project.root);
    const client = createClient(origin);
    await client.get("/api");
    // Young files are compared by content; an ordinary one is older.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.get("/api");
    const session = server.config.plugins.find(({ name }) => name === "orbit-hmr").api.session();
    const entry = session.routes.entryOf(session.routes.table().routes[0]);
    const times = [];
    for (let round = 0; round < 2_200; round++) {
      const start = performance.now();
      session.routes.table();
      const readiness = session.reloads.ready(entry);
      const took = (performance.now() - start) * 1_000;
      if (readiness.status !== "ready") throw new Error("the barrier was expected to find nothing");
      if (round >= 200) times.push(took);
    }
    rows.push([`${length} files`, show(median(times), "µs"), `${budget} µs`]);
    client.close();
    await close();
    project.remove();
  }
  table(
    "Barrier: the check before a request when nothing has changed (median of 2,000)",
    ["closure", "median", "budget"],
    rows,
  );
}

const CONNECTIONS = 50;
const SECONDS = 4;
const ROUNDS = 3;

/** Requests per second, both servers in turn in one process, so that only the ratio counts. */
export async function benchThroughput() {
  const project = createProject(chain(30));
  const orbit = await serveWithOrbit(project.root);
  // The stock routes know files, not patterns.
  const stock = await serveWithStockVite(project.root);
  const results = { orbit: [], stock: [] };
  for (let round = 0; round < ROUNDS; round++) {
    results.orbit.push(await countRequests(orbit.origin, "/api"));
    results.stock.push(await countRequests(stock.origin, "/api/index"));
  }
  const rps = { orbit: median(results.orbit), stock: median(results.stock) };
  table(
    `Requests per second, ${CONNECTIONS} connections, a route with 30 files (median of ${ROUNDS})`,
    ["contender", "requests/s", "of stock"],
    [
      ["orbit-hmr", rps.orbit.toFixed(0), `${(rps.orbit / rps.stock).toFixed(2)}x`],
      ["Vite ssrLoadModule per request", rps.stock.toFixed(0), "1.00x"],
    ],
  );
  await orbit.close();
  await stock.close();
  project.remove();
}

async function countRequests(origin, path) {
  const { port } = new URL(origin);
  const client = fileURLToPath(new URL("load-client.js", import.meta.url));
  const args = [client, port, path, String(CONNECTIONS), String(SECONDS * 1_000)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { perSecond, failed } = JSON.parse(stdout);
  if (failed > 0) throw new Error(`${failed} requests to ${path} failed`);
  return perSecond;
}
