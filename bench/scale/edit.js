import { setTimeout as pause } from "node:timers/promises";
import { median, show, table } from "../measure.js";
import { available } from "./contenders.js";
import { treeProject } from "./projects.js";
import { serve } from "./served.js";

/** What a server does after an answer is counted with the edit that caused it: it has so long to do it. */
const TURN_MS = 25;
/** Edits go round so many routes, spread over the project: the warm-up has asked each of them. */
const ROUTES_IN_TURN = 20;
const GETS = 20;

/**
 * CPU of the server for one edit and the request after it, with no watcher: save, then ask at once.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureEdit({ routes, edits, warmUp }) {
  const results = [];
  for (const count of routes) results.push({ count, ...(await measureSize(count, { edits, warmUp })) });
  const cells = ({ count, ours, hand }, kind) => [
    show(ours[kind]),
    show(hand[kind]),
    `${(ours[kind] / hand[kind]).toFixed(2)}x`,
    `${(ours[kind] / results[0].ours[kind]).toFixed(2)}x`,
    `${(hand[kind] / results[0].hand[kind]).toFixed(2)}x`,
    count,
  ];
  table(
    `CPU of the server per edit with its GET, watcher off (${edits} edits after ${warmUp}, medians; growth is beside the smallest project)`,
    ["routes", "what", "orbit-hmr", "by hand", "ratio", "growth", "growth by hand"],
    results.flatMap((result) =>
      kinds.map((kind) => [result.count, words[kind], ...cells(result, kind).slice(0, 5)]),
    ),
  );
  return summarize(results);
}

const kinds = ["route", "deep", "back", "apart"];
const words = {
  route: "edit of a route",
  deep: "edit of the deep module",
  back: "GET without an edit, back to back",
  apart: "GET without an edit, every 15 ms",
};

function summarize(results) {
  const [first, ...larger] = results;
  const wanted = { route: "1.0x", deep: "0.9x", back: "1.3x", apart: "" };
  const rows = kinds.map((kind) => ({
    figure: `CPU: ${words[kind]}, R = ${first.count}`,
    ours: show(first.ours[kind]),
    beside: `${show(first.hand[kind])} by hand`,
    ratio: first.ours[kind] / first.hand[kind],
    wanted: wanted[kind],
  }));
  const limits = { 500: "1.2x", 2000: "1.4x" };
  for (const { count, ours } of larger) {
    for (const kind of ["route", "deep"]) {
      rows.push({
        figure: `CPU: ${words[kind]}, growth to R = ${count}`,
        ours: show(ours[kind]),
        beside: `${show(first.ours[kind])} at R = ${first.count}`,
        ratio: ours[kind] / first.ours[kind],
        wanted: limits[count] ?? "",
      });
    }
  }
  return rows;
}

async function measureSize(count, { edits, warmUp }) {
  const tree = treeProject(count);
  const [ours, hand] = await Promise.all(
    available(["unwatched", "byHand"]).map((contender) =>
      serve(contender, tree.files, { firstPath: tree.paths[0] }),
    ),
  );
  const both = [ours, hand];
  try {
    await Promise.all(both.map(async ({ client }) => askAll(client, tree.paths)));
    const times = new Map(both.map((served) => [served, { route: [], deep: [], idle: [] }]));
    for (let round = 0; round < edits + warmUp; round++) {
      for (const kind of ["route", "deep"]) {
        const route = Math.floor(((round % ROUTES_IN_TURN) * count) / ROUTES_IN_TURN);
        for (const served of alternating(both, round)) {
          const cpuMs = await turn(served, async () => save(served, tree.edit(kind, round + 1, route)));
          if (round >= warmUp) times.get(served)[kind].push(cpuMs);
        }
      }
      for (const served of both)
        if (round >= warmUp) times.get(served).idle.push(await turn(served, async () => undefined));
    }
    const gets = await measureGets(both, tree.paths[0]);
    return Object.fromEntries(
      both.map((served) => {
        const { route, deep, idle } = times.get(served);
        // A turn in which nothing happens costs what asking costs.
        const asking = median(idle);
        return [
          served === ours ? "ours" : "hand",
          { route: median(route) - asking, deep: median(deep) - asking, ...gets.get(served) },
        ];
      }),
    );
  } finally {
    await Promise.all(both.map((served) => served.stop()));
  }
}

async function turn(served, act) {
  const before = await served.usage();
  await act();
  await pause(TURN_MS);
  const after = await served.usage();
  return after.cpuMs - before.cpuMs;
}

async function save({ name, project, client }, { file, text, path, isFresh }) {
  project.write(file, text);
  const { status, text: answer } = await client.get(
    path,
    name === "Vite by hand" ? { "x-edited": file } : {},
  );
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
        const cpuMs = await turn(served, async () => {
          for (let each = 0; each < GETS; each++) {
            await served.client.get(path);
            await between();
          }
        });
        const asking = await turn(served, async () => undefined);
        if (round >= 3) results.get(served)[way].push((cpuMs - asking) / GETS);
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

/** Ask each route once, a few at a time. */
export async function askAll(client, paths) {
  for (const path of paths) {
    const { status, text } = await client.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
  }
}
