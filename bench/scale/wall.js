import { setTimeout as pause } from "node:timers/promises";
import { median, percentile, show, table } from "../measure.js";
import { available } from "./contenders.js";
import { within } from "./options.js";
import { treeProject } from "./projects.js";
import { askAll, serve } from "./served.js";

const DEADLINE_MS = 3_000;
/** Watchers drop a second event of a file within 50 ms: nobody is measured by that. */
const GAP_MS = 80;
const ROUTES_IN_TURN = 20;

/**
 * Save, then ask again and again over one connection until the answer knows of it; with the watcher, as people work.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureWall({ routes, edits, warmUp, only, budget }) {
  const rows = [];
  for (const count of routes) rows.push(...(await measureSize(count, { edits, warmUp, only, budget })));
  return rows;
}

async function measureSize(count, { edits, warmUp, only, budget }) {
  const tree = treeProject(count);
  const all = [];
  try {
    for (const contender of available(["orbiton", "hotHook", "bun", "hono", "floor"], only)) {
      const served = await serve(contender, tree.files, { firstPath: tree.paths[0] });
      all.push({ served, route: [], deep: [], stale: 0, backwards: 0, lost: 0 });
      await askAll(served.client, tree.paths);
    }
    const isInTime = within(budget);
    for (let round = 0; round < edits + warmUp && isInTime(round - warmUp); round++) {
      for (const kind of ["route", "deep"]) {
        const route = Math.floor(((round % ROUTES_IN_TURN) * count) / ROUTES_IN_TURN);
        for (let at = 0; at < all.length; at++) {
          const each = all[(at + round) % all.length];
          const edit = tree.edit(kind, round * 2 + (kind === "deep" ? 1 : 2), route);
          const result = await timeEdit(each.served, edit);
          if (round >= warmUp) note(each, kind, result);
          await pause(GAP_MS / all.length + Math.random() * 5);
        }
      }
    }
  } finally {
    await Promise.all(all.map(({ served }) => served.stop()));
  }
  table(
    `Save to fresh answer through the watcher, ${count} routes (wall, ${all[0].route.length} edits each after ${warmUp})`,
    [
      "contender",
      "route p50",
      "p95",
      "deep p50",
      "p95",
      "old answers after the save",
      "old after fresh",
      "never fresh",
    ],
    all.map(({ served, route, deep, stale, backwards, lost }) => [
      served.name,
      show(median(route)),
      show(percentile(route, 0.95)),
      show(median(deep)),
      show(percentile(deep, 0.95)),
      stale,
      backwards,
      lost,
    ]),
  );
  return summarize(count, all);
}

function note(each, kind, { ms, stale, backwards }) {
  if (ms === undefined) each.lost++;
  else each[kind].push(ms);
  each.stale += stale;
  each.backwards += backwards;
}

function summarize(count, [ours, ...others]) {
  const peers = others.filter(({ served }) => served.name !== "floor");
  const rows = ["route", "deep"].flatMap((kind) =>
    [0.5, 0.95].map((share) => {
      const best = peers
        .map(({ served, [kind]: times }) => ({ name: served.name, ms: percentile(times, share) }))
        .toSorted((a, b) => a.ms - b.ms)[0];
      const own = percentile(ours[kind], share);
      return {
        figure: `save to fresh, ${kind}, R = ${count}, p${share * 100}`,
        ours: show(own),
        beside: best === undefined ? "" : `${show(best.ms)} ${best.name}`,
        ratio: own / best?.ms,
        wanted: share === 0.5 ? "1.0x" : "",
      };
    }),
  );
  return [
    ...rows,
    {
      figure: `old answers, R = ${count}, watcher on`,
      ours: `${ours.stale}`,
      beside: "",
      ratio: undefined,
      wanted: "0",
    },
  ];
}

async function timeEdit({ name, isOurs, project, client }, { file, text, path, isFresh }) {
  const start = performance.now();
  project.write(file, text);
  let stale = 0;
  for (;;) {
    const answer = await client.get(path).catch((error) => ({ status: 0, text: error.message }));
    if (answer.status === 200 && isFresh(JSON.parse(answer.text))) break;
    if (isOurs && answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
    stale++;
    if (performance.now() - start > DEADLINE_MS) return { ms: undefined, stale, backwards: 0 };
    // A client that never rests would be measured with the server, on a machine with few cores.
    await pause(1);
  }
  const ms = performance.now() - start;
  let backwards = 0;
  for (let again = 0; again < 3; again++) {
    const { text: later } = await client.get(path);
    if (!isFresh(JSON.parse(later))) backwards++;
  }
  return { ms, stale, backwards };
}

/**
 * Save and ask once, at once: how many answers do not know of the save.
 *
 * @param {import("./options.js").Options} options
 */
export async function measureStale({ saves }) {
  const count = 50;
  const tree = treeProject(count);
  const rows = [];
  for (const contender of available(["orbiton", "unwatched"])) {
    const served = await serve(contender, tree.files, { firstPath: tree.paths[0] });
    try {
      await askAll(served.client, tree.paths);
      let stale = 0;
      for (let number = 1; number <= saves; number++) {
        const { file, text, path, isFresh } = tree.edit(
          number % 2 === 0 ? "route" : "deep",
          number,
          number % count,
        );
        served.project.write(file, text);
        const answer = await served.client.get(path);
        if (answer.status !== 200 || !isFresh(JSON.parse(answer.text))) stale++;
      }
      rows.push({
        figure: `old answers, ${served.name}`,
        ours: `${stale} of ${saves}`,
        beside: "",
        ratio: undefined,
        wanted: "0",
      });
    } finally {
      await served.stop();
    }
  }
  return rows;
}
