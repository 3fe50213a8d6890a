import { setTimeout as pause } from "node:timers/promises";
import { median, show, table } from "../measure.js";
import { available } from "./contenders.js";
import { within } from "./options.js";
import { treeProject } from "./projects.js";
import { askAll, profiled, serve } from "./served.js";

/**
 * What a server does after an answer is counted with the edit that caused it: gathered saves are looked at when it has
 * been quiet for a while. The other one has its edit in the middle of that.
 */
const QUIET_MS = 200;
const APART_MS = 100;
/** Edits go round so many routes, spread over the project: the warm-up has asked each of them. */
const ROUTES_IN_TURN = 20;
const GETS = 20;

/**
 * CPU of the server for one edit and the request after it, with no watcher: save, then ask at once.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureEdit({ routes, edits, warmUp, profile, budget }) {
  const results = [];
  for (const count of routes)
    results.push({ count, ...(await measureSize(count, { edits, warmUp, profile, budget })) });
  const editRow = ({ count, ours, hand }, kind) => [
    count,
    words[kind],
    show(ours[kind]),
    show(hand[kind]),
    asFactor(ours[kind] / hand[kind]),
    show(ours.answered[kind]),
    show(hand.answered[kind]),
    asFactor(ours.answered[kind] / hand.answered[kind]),
    asFactor(ours[kind] / results[0].ours[kind]),
    asFactor(hand[kind] / results[0].hand[kind]),
  ];
  table(
    `CPU of the server per edit with its GET, watcher off (medians, up to ${edits} edits after ${warmUp}; growth is beside the smallest project)`,
    [
      "routes",
      "what",
      "orbit-hmr",
      "by hand",
      "ratio",
      "by the answer",
      "by hand",
      "ratio",
      "growth",
      "by hand",
    ],
    results.flatMap((result) => ["route", "deep"].map((kind) => editRow(result, kind))),
  );
  table(
    "CPU of the server per GET without an edit",
    ["routes", "what", "orbit-hmr", "by hand", "ratio"],
    results.flatMap(({ count, ours, hand }) =>
      ["back", "apart"].map((kind) => [
        count,
        words[kind],
        show(ours[kind]),
        show(hand[kind]),
        asFactor(ours[kind] / hand[kind]),
      ]),
    ),
  );
  return summarize(results);
}

const words = {
  route: "edit of a route",
  deep: "edit of the deep module",
  back: "GET without an edit, back to back",
  apart: "GET without an edit, every 15 ms",
};

const asFactor = (ratio) => `${ratio.toFixed(2)}x`;

function summarize(results) {
  const [first, ...larger] = results;
  const wanted = { route: "1.0x", deep: "0.9x", back: "1.3x", apart: "" };
  const limits = { 500: "1.2x", 2000: "1.4x" };
  const beside = (figure, ours, hand, limit) => ({
    figure: `CPU: ${figure}, R = ${first.count}`,
    ours: show(ours),
    beside: `${show(hand)} by hand`,
    ratio: ours / hand,
    wanted: limit,
  });
  const growth = (figure, ours, before, count) => ({
    figure: `CPU: ${figure}, growth to R = ${count}`,
    ours: show(ours),
    beside: `${show(before)} at R = ${first.count}`,
    ratio: ours / before,
    wanted: limits[count] ?? "",
  });
  return [
    ...["route", "deep"].flatMap((kind) => [
      beside(`${words[kind]}, in all`, first.ours[kind], first.hand[kind], wanted[kind]),
      beside(
        `${words[kind]}, by its answer`,
        first.ours.answered[kind],
        first.hand.answered[kind],
        wanted[kind],
      ),
    ]),
    ...["back", "apart"].map((kind) => beside(words[kind], first.ours[kind], first.hand[kind], wanted[kind])),
    ...larger.flatMap(({ count, ours }) =>
      ["route", "deep"].flatMap((kind) => [
        growth(`${words[kind]}, in all`, ours[kind], first.ours[kind], count),
        growth(`${words[kind]}, by its answer`, ours.answered[kind], first.ours.answered[kind], count),
      ]),
    ),
  ];
}

async function measureSize(count, { edits, warmUp, profile, budget }) {
  const tree = treeProject(count);
  const [ours, hand] = await Promise.all(
    available(["unwatched", "byHand"]).map((contender) =>
      serve(contender, tree.files, { firstPath: tree.paths[0] }),
    ),
  );
  const both = [ours, hand];
  try {
    await Promise.all(both.map(async ({ client }) => askAll(client, tree.paths)));
    const times = new Map(
      both.map((served) => [served, { route: [], deep: [], answered: { route: [], deep: [] } }]),
    );
    const round = async (number, isCounted) => {
      for (const kind of ["route", "deep"]) {
        const route = Math.floor(((number % ROUTES_IN_TURN) * count) / ROUTES_IN_TURN);
        const taken = await turn(alternating(both, number), async (served) =>
          save(served, tree.edit(kind, number + 1, route)),
        );
        for (const [served, { answeredMs, allMs }] of isCounted ? taken : []) {
          times.get(served).answered[kind].push(answeredMs);
          times.get(served)[kind].push(allMs);
        }
      }
    };
    for (let number = 0; number < warmUp; number++) await round(number, false);
    await profiled(profile, `edit-${count}`, both, async () => {
      const isInTime = within(budget);
      for (let number = warmUp; number < warmUp + edits && isInTime(number - warmUp); number++)
        await round(number, true);
    });
    const asking = await costOfAsking(both);
    const gets = await measureGets(both, tree.paths[0]);
    return Object.fromEntries(
      both.map((served) => {
        const { route, deep, answered } = times.get(served);
        const { answeredMs, allMs } = asking.get(served);
        return [
          served.isOurs ? "ours" : "hand",
          {
            route: median(route) - allMs,
            deep: median(deep) - allMs,
            answered: {
              route: median(answered.route) - answeredMs,
              deep: median(answered.deep) - answeredMs,
            },
            ...gets.get(served),
          },
        ];
      }),
    );
  } finally {
    await Promise.all(both.map((served) => served.stop()));
  }
}

/** Each of the servers acts, one some time after the other; what each has used by its answer, and in all. */
async function turn(both, act) {
  const before = await usages(both);
  const taken = new Map();
  for (const served of both) {
    const started = await served.ask("usage");
    await act(served);
    const answered = await served.ask("usage");
    taken.set(served, { answeredMs: answered.cpuMs - started.cpuMs });
    await pause(APART_MS);
  }
  await pause(QUIET_MS - APART_MS);
  const after = await usages(both);
  for (const served of both) taken.get(served).allMs = after.get(served) - before.get(served);
  return taken;
}

async function usages(both) {
  const all = new Map();
  for (const served of both) all.set(served, (await served.ask("usage")).cpuMs);
  return all;
}

/** A turn in which nothing happens. */
async function costOfAsking(both) {
  const turns = [];
  for (let each = 0; each < 10; each++) turns.push(await turn(both, async () => undefined));
  return new Map(
    both.map((served) => [
      served,
      {
        answeredMs: median(turns.map((taken) => taken.get(served).answeredMs)),
        allMs: median(turns.map((taken) => taken.get(served).allMs)),
      },
    ]),
  );
}

async function save({ name, project, client, headersFor }, { file, text, path, isFresh }) {
  project.write(file, text);
  const { status, text: answer } = await client.get(path, headersFor(file));
  if (status !== 200) throw new Error(`${name} answered ${status}: ${answer}`);
  if (!isFresh(JSON.parse(answer)))
    throw new Error(`${name} answered with old code after ${file} was saved: ${answer}`);
}

async function measureGets(both, path) {
  const rounds = 20;
  const ways = {
    back: async () => undefined,
    apart: async () => pause(15),
  };
  const results = new Map(both.map((served) => [served, { back: [], apart: [] }]));
  // Files that are older than two seconds are believed by their stamps.
  await pause(2_500);
  for (let round = 0; round < rounds + 3; round++) {
    for (const [way, between] of Object.entries(ways)) {
      for (const served of alternating(both, round)) {
        const before = await served.ask("usage");
        for (let each = 0; each < GETS; each++) {
          await served.client.get(path);
          await between();
        }
        const after = await served.ask("usage");
        if (round >= 3) results.get(served)[way].push((after.cpuMs - before.cpuMs) / GETS);
      }
    }
  }
  for (const each of results.values()) for (const way of Object.keys(ways)) each[way] = median(each[way]);
  return results;
}

/** The one that goes first finds the other's garbage in the caches of the machine: they take turns. */
function alternating(both, round) {
  return round % 2 === 0 ? both : both.toReversed();
}
