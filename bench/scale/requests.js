import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, show, table } from "../measure.js";
import { available } from "./contenders.js";
import { treeProject } from "./projects.js";
import { askAll, profiled, serve, usageOfTree } from "./served.js";

const CONNECTIONS = 50;
const ROUTES = 50;
const loadClient = fileURLToPath(new URL("../load-client.js", import.meta.url));

/**
 * Requests per second under 50 connections that are kept. The client has a process of its own.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureRequests({ rounds, seconds, only, profile }) {
  // Each route answers some 100 bytes of JSON, and reaches a dozen files.
  const tree = treeProject(ROUTES);
  const all = [];
  try {
    for (const contender of available(
      ["orbiton", "orbit", "hono", "byHand", "hotHook", "bun", "floor"],
      only,
    )) {
      const served = await serve(contender, tree.files, { firstPath: tree.paths[0] });
      all.push({ served, runs: [] });
      await askAll(served.client, tree.paths);
    }
    // The first thousands of requests are slower than all others.
    for (const { served } of all) await load(served, 1);
    for (let round = 0; round < rounds; round++)
      for (const { served, runs } of all)
        runs.push(await profiled(profile, "requests", [served], () => load(served, seconds)));
  } finally {
    await Promise.all(all.map(({ served }) => served.stop()));
  }
  const results = all.map(({ served, runs }) => {
    const [perSecond, p50, p99, cpuMs] = ["perSecond", "p50", "p99", "cpuMs"].map((what) =>
      median(runs.map((run) => run[what])),
    );
    return { name: served.name, perSecond, p50, p99, cpuMs };
  });
  const hono = results.find(({ name }) => name === "@hono/vite-dev-server");
  table(
    `Requests per second, ${CONNECTIONS} connections, 100 bytes of JSON (median of ${rounds} runs of ${seconds} s)`,
    ["contender", "requests/s", "of hono", "p50", "p99", "CPU a request"],
    results.map(({ name, perSecond, p50, p99, cpuMs }) => [
      name,
      perSecond.toFixed(0),
      hono === undefined ? "" : `${(perSecond / hono.perSecond).toFixed(2)}x`,
      show(p50),
      show(p99),
      show(cpuMs),
    ]),
  );
  return summarize(results[0], hono);
}

function summarize(ours, hono) {
  return [
    {
      figure: "requests/s",
      ours: ours.perSecond.toFixed(0),
      beside: hono === undefined ? "" : `${hono.perSecond.toFixed(0)} hono`,
      ratio: ours.perSecond / hono?.perSecond,
      wanted: "at least 2x",
    },
    {
      figure: "p99 of them",
      ours: show(ours.p99),
      beside: hono === undefined ? "" : `${show(hono.p99)} hono`,
      ratio: ours.p99 / hono?.p99,
      wanted: "1.0x",
    },
  ];
}

async function load({ pid, port }, seconds) {
  const before = usageOfTree(pid);
  const args = [loadClient, String(port), "/api/r7", String(CONNECTIONS), String(seconds * 1_000)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { perSecond, failed, answered, p50, p99 } = JSON.parse(stdout);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return { perSecond, p50, p99, cpuMs: (usageOfTree(pid).cpuMs - before.cpuMs) / answered };
}
