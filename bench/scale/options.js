import { parseArgs } from "node:util";

/**
 * @typedef {object} Options
 * @property {number[]} routes Sizes of the project.
 * @property {number} edits Counted edits per point.
 * @property {number} warmUp Edits before them.
 * @property {number} rounds
 * @property {number} seconds Of load per round.
 * @property {number} saves
 * @property {number} pairs Starts of each contender.
 * @property {number} budget Seconds that the edits of one project may take, once 20 of them are counted.
 * @property {string | undefined} profile A folder for CPU profiles of what is measured; profiled figures are no figures.
 * @property {string[] | undefined} only Contenders beside ours; all where it is not given.
 */

const FEWEST_EDITS = 20;
const defaults = {
  routes: "50,500,2000",
  edits: "60",
  "warm-up": "20",
  rounds: "3",
  seconds: "4",
  saves: "2000",
  pairs: "8",
  budget: "90",
};

/**
 * @param {readonly string[]} args
 * @returns {{ figures: string[], options: Options }}
 */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(
      [...Object.keys(defaults), "only", "profile"].map((name) => [name, { type: "string" }]),
    ),
  });
  const given = { ...defaults, ...values };
  return {
    figures: positionals,
    options: {
      routes: given.routes.split(",").map((count) => wholeNumber("routes", count)),
      edits: wholeNumber("edits", given.edits),
      warmUp: wholeNumber("warm-up", given["warm-up"]),
      rounds: wholeNumber("rounds", given.rounds),
      seconds: wholeNumber("seconds", given.seconds),
      saves: wholeNumber("saves", given.saves),
      pairs: wholeNumber("pairs", given.pairs),
      budget: wholeNumber("budget", given.budget),
      only: given.only?.split(","),
      profile: given.profile,
    },
  };
}

/**
 * A machine that others use may be slow: what is counted by then has to do.
 *
 * @param {number} budget
 * @returns {(counted: number) => boolean} Whether there is time for more.
 */
export function within(budget) {
  const deadline = performance.now() + budget * 1_000;
  return (counted) => counted < FEWEST_EDITS || performance.now() < deadline;
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new TypeError(`Expected --${name} to be a whole number above 0, got ${text}.`);
}
