import { table } from "./measure.js";
import { measureCheckout } from "./scale/checkout.js";
import { measureEdit } from "./scale/edit.js";
import { measureMemory } from "./scale/memory.js";
import { readOptions } from "./scale/options.js";
import { installPackages } from "./scale/packages.js";
import { measureRequests } from "./scale/requests.js";
import { measureStart } from "./scale/start.js";
import { measureStale, measureWall } from "./scale/wall.js";

/**
 * @typedef {object} Figure One row of the table at the end.
 * @property {string} figure
 * @property {string} ours
 * @property {string} beside
 * @property {number | undefined} ratio
 * @property {string} wanted
 */

/** @type {Record<string, (options: import("./scale/options.js").Options) => Promise<Figure[]>>} */
const figures = {
  edit: measureEdit,
  wall: measureWall,
  stale: measureStale,
  requests: measureRequests,
  checkout: measureCheckout,
  memory: measureMemory,
  start: measureStart,
};

/**
 * What grows with the project and what does not, beside what people use. Every contender has a process of its own;
 * only the ratios of one run mean anything.
 *
 * @param {readonly string[]} args Figures (all, where none is named) and counts: `edit --routes 50,500 --edits 30`.
 */
export async function benchScale(args) {
  const { figures: named, options } = readOptions(args);
  const unknown = named.find((name) => figures[name] === undefined);
  if (unknown !== undefined) {
    console.error(`There is no figure ${unknown}. Choose of ${Object.keys(figures).join(", ")}.`);
    process.exitCode = 2;
    return;
  }
  if (options.profile !== undefined)
    console.error("\nProfiling costs CPU: these figures are for finding out why, not for comparing.\n");
  installPackages();
  const rows = [];
  for (const name of named.length > 0 ? named : Object.keys(figures)) {
    const began = performance.now();
    try {
      rows.push(...(await figures[name](options)));
    } catch (error) {
      // The other figures are worth having all the same.
      console.error(`\n!!! ${name}: ${error.stack}\n`);
      rows.push({ figure: name, ours: "FAILED", beside: "", ratio: undefined, wanted: "" });
      process.exitCode = 1;
    }
    console.log(`\n(${name} took ${((performance.now() - began) / 1_000).toFixed(0)} s)`);
  }
  table(
    "Scale",
    ["figure", "ours", "beside", "ratio", "wanted"],
    rows.map(({ figure, ours, beside, ratio, wanted }) => [
      figure,
      ours,
      beside,
      ratio === undefined || Number.isNaN(ratio) ? "" : `${ratio.toFixed(2)}x`,
      wanted,
    ]),
  );
  console.log(
    "\nThe graph of 3,800 files (1.6 s cold, 0.2 s warm, 0.2 ms an edit wanted): npm run bench -- graph",
  );
}
