import { readFileSync } from "node:fs";
import { table } from "../measure.js";

// Which functions cost what: `node bench/scale/show-profile.js <file.cpuprofile> [rows]`. A profile is written by
// `npm run bench -- scale <figure> --profile <folder>`.

const [file, rows = "40"] = process.argv.slice(2);
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8"));
const byId = new Map(nodes.map((node) => [node.id, { ...node, selfMs: 0 }]));
for (const [at, id] of samples.entries()) byId.get(id).selfMs += timeDeltas[at] / 1_000;

const functions = new Map();
const idle = new Set(["(idle)", "(program)", "(root)"]);

/** Time within a function counts once, however deep it calls itself. */
function walk(node, callers) {
  const name = nameOf(node.callFrame);
  const isOutermost = !callers.has(name);
  if (isOutermost) callers.add(name);
  const totalMs = (node.children ?? []).reduce((sum, id) => sum + walk(byId.get(id), callers), node.selfMs);
  const seen = functions.get(name) ?? { selfMs: 0, totalMs: 0 };
  seen.selfMs += node.selfMs;
  if (isOutermost) {
    seen.totalMs += totalMs;
    callers.delete(name);
  }
  functions.set(name, seen);
  return totalMs;
}

function nameOf({ functionName, url, lineNumber }) {
  if (url === "") return functionName;
  const place = url.replace(/^.*\/(?=(?:dist|node_modules)\/)/, "").replace("node_modules/", "");
  return `${place}:${functionName || `(line ${lineNumber + 1})`}`;
}

walk(byId.get(nodes[0].id), new Set());
const busyMs = [...functions].reduce((sum, [name, { selfMs }]) => sum + (idle.has(name) ? 0 : selfMs), 0);
for (const by of ["totalMs", "selfMs"]) {
  table(
    `${file}: ${busyMs.toFixed(0)} ms busy, by ${by === "totalMs" ? "what a function and what it calls took" : "what a function itself took"}`,
    ["function", "total ms", "self ms", "total of busy", "self of busy"],
    [...functions]
      .filter(([name]) => !idle.has(name))
      .toSorted(([, a], [, b]) => b[by] - a[by])
      .slice(0, Number(rows))
      .map(([name, { totalMs, selfMs }]) => [
        name,
        totalMs.toFixed(1),
        selfMs.toFixed(1),
        `${((totalMs / busyMs) * 100).toFixed(1)} %`,
        `${((selfMs / busyMs) * 100).toFixed(1)} %`,
      ]),
  );
}
