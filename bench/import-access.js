import { createClient } from "./client.js";
import { serveWithOrbit } from "./contenders.js";
import { table } from "./measure.js";
import { createProject } from "./project.js";

const CALLS = 20_000_000;

/** What a call of an imported function costs in a handler, beside a call of one in the same file. */
export async function benchImportAccess() {
  const project = createProject({
    "lib/one.ts": "export function one(): number { return 1; }\n",
    "lib/others.ts": Array.from(
      { length: 8 },
      (_, index) => `export function f${index}(): number { return ${index}; }`,
    ).join("\n"),
    "pages/api/index.ts": `
import { one } from "../../lib/one.ts";
import * as all from "../../lib/one.ts";
import { f0, f1, f2, f3, f4, f5, f6, f7 } from "../../lib/others.ts";
function own(): number { return 1; }
function plain(calls: number): number { let sum = 0; for (let i = 0; i < calls; i++) sum += own(); return sum; }
function imported(calls: number): number { let sum = 0; for (let i = 0; i < calls; i++) sum += one(); return sum; }
function member(calls: number): number { let sum = 0; for (let i = 0; i < calls; i++) sum += all.one(); return sum; }
function time(run: (calls: number) => number): number {
  const start = performance.now();
  run(${CALLS});
  return ((performance.now() - start) * 1e6) / ${CALLS};
}
export const GET = () => {
  // Many different imports first: reads must stay cheap when no call site knows its target.
  for (let i = 0; i < 100_000; i++) f0() + f1() + f2() + f3() + f4() + f5() + f6() + f7();
  time(plain); time(imported); time(member);
  const rounds = [1, 2, 3, 4, 5].map(() => ({ plain: time(plain), imported: time(imported), member: time(member) }));
  return Response.json(rounds);
};
`,
  });
  const { origin, close } = await serveWithOrbit(project.root);
  const client = createClient(origin);
  await client.get("/api");
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const rounds = JSON.parse((await client.get("/api")).text);
  const median = (key) => rounds.map((round) => round[key]).toSorted((a, b) => a - b)[2];
  table(
    "Calling an imported function in a handler, no older request in flight (median of 5)",
    ["call", "ns"],
    [
      ["of a function in the same file", median("plain").toFixed(2)],
      ["of an imported function", median("imported").toFixed(2)],
      ["of a member of an imported namespace", median("member").toFixed(2)],
      [
        "difference of an imported function (budget 10 ns)",
        (median("imported") - median("plain")).toFixed(2),
      ],
    ],
  );
  client.close();
  await close();
  project.remove();
}
