import { setTimeout as pause } from "node:timers/promises";
import { median, show, table } from "../measure.js";
import { available } from "./contenders.js";
import { checkoutProject } from "./projects.js";
import { askAll, profiled, serve, usageOfTree } from "./served.js";

const DEADLINE_MS = 45_000;
const SETTLE_MS = 500;
const words = {
  chain: "a chain of 20 modules below all of them",
  flat: "a flat tree",
};

/**
 * 200 files written in one go, as a `git checkout` does: until the first route that is asked is fresh, and until all
 * 170 are, each asked in its turn.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureCheckout({ rounds, only, profile }) {
  const rows = [];
  for (const shape of /** @type {const} */ (["chain", "flat"]))
    rows.push(...(await measureShape(shape, { rounds, only, profile })));
  return rows;
}

async function measureShape(shape, { rounds, only, profile }) {
  const tree = checkoutProject(shape);
  const all = [];
  try {
    for (const contender of available(
      ["orbiton", "orbit", "unwatched", "byHand", "bun", "hotHook", "hono", "floor"],
      only,
    )) {
      const served = await serve(contender, tree.files, { firstPath: tree.paths[0] });
      all.push({ served, first: [], last: [], cpu: [] });
      await askAll(served.client, tree.paths);
    }
    for (let number = 1; number <= rounds; number++) {
      for (const { served, first, last, cpu } of all) {
        const before = usageOfTree(served.pid);
        const took = await profiled(profile, `checkout-${shape}`, [served], () =>
          checkOut(served, tree, number),
        );
        first.push(took.first);
        last.push(took.last);
        // Work that is put off is work.
        await pause(SETTLE_MS);
        cpu.push(usageOfTree(served.pid).cpuMs - before.cpuMs);
      }
    }
  } finally {
    await Promise.all(all.map(({ served }) => served.stop()));
  }
  table(
    `200 files in one go, 500 routes, ${words[shape]} (median of ${rounds})`,
    ["contender", "first route fresh", "all 170 fresh", "CPU"],
    all.map(({ served, first, last, cpu }) => [
      served.name,
      show(median(first)),
      show(median(last)),
      show(median(cpu)),
    ]),
  );
  const of = (name) => all.find(({ served }) => served.name === name);
  const peer = of("bun --hot");
  return ["first", "last"].map((which) => {
    const ours = median(all[0][which]);
    const beside = peer && median(peer[which]);
    return {
      figure: `200 files, ${shape}: ${which === "first" ? "first" : "all"} fresh`,
      ours: show(ours),
      beside: peer === undefined ? "" : `${show(beside)} bun`,
      ratio: ours / beside,
      wanted: "1.0x",
    };
  });
}

async function checkOut({ project, client, headersFor }, tree, number) {
  const texts = Object.entries(tree.checkout(number));
  const start = performance.now();
  for (const [file, text] of texts) project.write(file, text);
  // Who has no watcher is told once.
  let headers = headersFor("*");
  let first;
  for (const [route, path] of tree.editedPaths.entries()) {
    for (;;) {
      const { status, text } = await client
        .get(path, headers)
        .catch((error) => ({ status: 0, text: error.message }));
      headers = {};
      if (status === 200 && tree.isFresh(route, JSON.parse(text), number)) break;
      if (performance.now() - start > DEADLINE_MS) return { first: first ?? Infinity, last: Infinity };
      await pause(1);
    }
    first ??= performance.now() - start;
  }
  return { first, last: performance.now() - start };
}
