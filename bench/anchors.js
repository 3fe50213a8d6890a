import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createClient } from "./client.js";
import { serveWithOrbit, serveWithStockVite } from "./contenders.js";
import { median, show, table } from "./measure.js";
import { createProject } from "./project.js";

const SAVES = 15;
/** Long enough for every timer of the probe to have fired, and for old ones to have been closed. */
const SETTLED_MS = 150;
const PATIENCE_MS = 2_000;

/**
 * What an edit does to state and to what is open: `entry` imports `leaf`, which is edited, `other`, `state`, and
 * `store`, which imports `leaf` as well. Asked right after a synchronous write, the harshest way.
 */
export async function benchAnchors() {
  const orbit = await probe("orbit", serveWithOrbit);
  const stock = await probe("stock", serveWithStockVite);
  table(
    "State after an edit (y: kept)",
    ["contender", ...Object.keys(orbit.route)],
    [
      ["orbit-hmr", ...Object.values(orbit.route)],
      ["Vite ssrLoadModule per request", ...Object.values(stock.route)],
    ],
  );
  table(
    `State and resources after edits of \`leaf\`, and freshness over ${SAVES} saves`,
    ["probe", "orbit-hmr", "Vite ssrLoadModule per request"],
    Object.keys(orbit.leaf).map((name) => [name, orbit.leaf[name], stock.leaf[name]]),
  );
}

async function probe(name, serve) {
  const traces = (globalThis[`anchors_${name}`] = { leaves: 0, ticks: new Map(), disposed: [] });
  // Beside it: whoever reads a global that an edited module writes runs again.
  globalThis[`others_${name}`] = { evaluations: 0 };
  const project = createProject(files(name));
  const { origin, close } = await serve(project.root);
  const client = createClient(origin);
  const ask = async (route = "entry") => {
    const { status, text } = await client.get(`/api/${route}`);
    return status === 200 ? JSON.parse(text) : { status };
  };
  const session = { project, ask, traces, edits: 0, name };
  try {
    return {
      route: await probeRoute(session),
      leaf: {
        ...(await probeState(session)),
        ...(await probeResources(session)),
        ...(await probeNothing(session)),
        ...(await probeBroken(session)),
        ...(await probeFreshness(session)),
      },
    };
  } finally {
    client.close();
    await close();
    project.remove();
  }
}

function files(name) {
  return {
    "pages/api/route.ts": routeText(name, "start"),
    "pages/api/neighbour.ts": "let hits: number = 0;\nexport const GET = () => Response.json(++hits);\n",
    "lib/part.ts": partText("start"),
    "pages/api/entry.ts": `
import { count, mark } from "../../lib/leaf.ts";
import { read } from "../../lib/text.ts";
import { evaluation } from "../../lib/other.ts";
import { state } from "../../lib/state.ts";
import { put } from "../../lib/store.ts";
export const GET = () => Response.json({ mark: mark(), own: count(), other: evaluation, state: ++state.counter, store: put(), text: read() });
`,
    "lib/leaf.ts": leafText(name, "start"),
    "lib/other.ts": `export const evaluation: number = ++globalThis.others_${name}.evaluations;\n`,
    "lib/state.ts": "export const state = { counter: 0 };\n",
    "lib/store.ts": `import { mark } from "./leaf.ts";\nconst entries = new Map<number, string>();\nexport const put = () => entries.set(entries.size, mark()).size;\n`,
    "lib/text.ts": `import { readFileSync } from "node:fs";\nconst text = readFileSync(new URL("./text.txt", import.meta.url), "utf8");\nexport const read = () => text;\n`,
    "lib/text.txt": "first",
  };
}

/** A route with state of its own, and state that everybody can see. */
function routeText(name, mark) {
  return `
import { part } from "../../lib/part.ts";
let hits: number = 0;
const seen = new Map<number, true>();
export const GET = () => {
  globalThis.hits_${name} = (globalThis.hits_${name} ?? 0) + 1;
  seen.set(++hits, true);
  return Response.json({ mark: "${mark}", part: part(), hits, seen: seen.size, global: globalThis.hits_${name}, pid: process.pid });
};
`;
}

function partText(mark) {
  return `export const part = (): string => "${mark}";\n`;
}

/** Two timers: one that a dispose handler clears, and one that nobody clears. */
function leafText(name, mark) {
  return `
let calls: number = 0;
const seen = new Map<number, true>();
const traces = globalThis.anchors_${name};
const me: number = ++traces.leaves;
setInterval(() => traces.ticks.set(me, Date.now()), 10).unref();
const cleared = setInterval(() => {}, 10);
cleared.unref();
import.meta.hot?.dispose(() => { clearInterval(cleared); traces.disposed.push(me); });
export const mark = (): string => "${mark}";
export const count = (): readonly number[] => { calls++; seen.set(calls, true); return [calls, seen.size]; };
`;
}

function edit({ project, name }, mark) {
  project.write("lib/leaf.ts", leafText(name, mark));
}

/** Save, and ask until the answer is new. Returns it, and how many were not. */
async function editUntilFresh(session) {
  const mark = `edit-${++session.edits}`;
  // Vite's watcher drops a save that follows another one within 50 ms.
  await sleep(60);
  edit(session, mark);
  const start = performance.now();
  for (let stale = 0; ; stale++) {
    const answer = await session.ask();
    const ms = performance.now() - start;
    if (answer.mark === mark) return { answer, stale, ms };
    if (ms > PATIENCE_MS) throw new Error(`${session.name} never answered with ${mark}`);
  }
}

const yes = (now, before) => (now > before ? "y" : "n");

/** The route is edited, then a module that it imports. */
async function probeRoute({ project, ask, name }) {
  const before = (await ask("route"), await ask("route"));
  const neighbour = (await ask("neighbour"), await ask("neighbour"));
  const until = async (isFresh) => {
    for (;;) {
      const answer = await ask("route");
      if (isFresh(answer)) return answer;
    }
  };
  project.write("pages/api/route.ts", routeText(name, "edited"));
  const edited = await until(({ mark }) => mark === "edited");
  const beside = await ask("neighbour");
  await sleep(SETTLED_MS);
  const again = await ask("route");
  project.write("lib/part.ts", partText("edited"));
  const deep = await until(({ part }) => part === "edited");
  return {
    "route edit: its counter": yes(edited.hits, before.hits),
    "its Map": yes(edited.seen, before.seen),
    "other route's counter": yes(beside, neighbour),
    globalThis: yes(edited.global, before.global),
    "same pid": edited.pid === before.pid ? "y" : "n",
    "dep edit: route counter": yes(deep.hits, again.hits),
    "globalThis ": yes(deep.global, again.global),
  };
}

const isKept = (now, before) => (now > before ? "kept" : "lost");

async function probeState(session) {
  const before = (await session.ask(), await session.ask());
  const { answer } = await editUntilFresh(session);
  return {
    "unrelated `other`": answer.other === before.other ? "kept, not run again" : "run again",
    "counter in the module `state`": isKept(answer.state, before.state),
    "top-level `let` of the edited file": isKept(answer.own[0], before.own[0]),
    "top-level `Map` of the edited file": isKept(answer.own[1], before.own[1]),
    "`Map` in an importer of the edited file": isKept(answer.store, before.store),
  };
}

async function probeResources(session) {
  const { traces } = session;
  const [leaves, disposed] = [traces.leaves, traces.disposed.length];
  for (let count = 0; count < 10; count++) await editUntilFresh(session);
  await sleep(SETTLED_MS);
  const since = Date.now();
  await sleep(SETTLED_MS);
  const ticking = [...traces.ticks.values()].filter((at) => at > since).length;
  return {
    "timers leaked by 10 edits (nobody clears them)": String(ticking - 1),
    "dispose handlers run in 10 edits": `${traces.disposed.length - disposed} of ${traces.leaves - leaves}`,
  };
}

async function probeNothing(session) {
  const { project, traces, ask } = session;
  const runsAfter = async (change) => {
    await sleep(SETTLED_MS);
    const before = traces.leaves;
    change();
    await ask();
    await sleep(SETTLED_MS);
    await ask();
    return traces.leaves === before ? "nothing runs" : `${traces.leaves - before} run again`;
  };
  const file = path.join(project.root, "lib/leaf.ts");
  const text = readFileSync(file, "utf8");
  return {
    "save with identical bytes": await runsAfter(() => writeFileSync(file, text)),
    "edit of a comment": await runsAfter(() => writeFileSync(file, `${text}// said\n`)),
  };
}

async function probeBroken(session) {
  const { project, ask, traces } = session;
  const disposed = traces.disposed.length;
  const before = await ask();
  project.write("lib/leaf.ts", "nonsense(");
  const { status = "the old answer" } = await ask();
  await sleep(SETTLED_MS);
  const wasDisposed = traces.disposed.length > disposed;
  const { answer } = await editUntilFresh(session);
  const isWhole = answer.own[0] > before.own[0] && answer.store > before.store;
  return {
    "syntax error: next request": `${status}${wasDisposed ? ", old module disposed" : ""}`,
    "state after it is mended": isWhole ? "kept" : "lost",
  };
}

async function probeFreshness(session) {
  const times = [];
  let stale = 0;
  for (let save = 0; save < SAVES; save++) {
    await sleep(SETTLED_MS);
    const fresh = await editUntilFresh(session);
    if (fresh.stale > 0) stale++;
    times.push(fresh.ms);
  }
  await sleep(SETTLED_MS);
  session.project.write("lib/text.txt", "second");
  await session.ask();
  await sleep(SETTLED_MS);
  const { text } = await session.ask();
  let renamed = 0;
  for (let save = 0; save < 20; save++) {
    await sleep(60);
    renamed += (await seesRename(session)) ? 1 : 0;
  }
  return {
    "save, then a request at once: stale": `${stale} of ${SAVES}`,
    "until fresh, median / most": `${show(median(times))} / ${show(Math.max(...times))}`,
    "file read with `fs.readFileSync` at the top level": text === "second" ? "fresh" : "stale",
    "saves by rename seen": `${renamed} of 20`,
  };
}

/** As vim saves: a new file takes the place of the old one. */
async function seesRename({ project, name, ask }) {
  const mark = `renamed-${Math.random()}`;
  const file = path.join(project.root, "lib/leaf.ts");
  writeFileSync(`${file}~`, leafText(name, mark));
  renameSync(`${file}~`, file);
  for (const start = performance.now(); performance.now() - start < PATIENCE_MS;)
    if ((await ask()).mark === mark) return true;
  return false;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await benchAnchors();
