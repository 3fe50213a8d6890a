import { createClient } from "./client.js";
import { serveWithOrbit } from "./contenders.js";
import { settledHeap, table } from "./measure.js";
import { createProject } from "./project.js";

const EDITS = 2_000;
const MB = 2 ** 20;

function withFiftyDependencies() {
  const files = { "pages/api/index.ts": route("start") };
  for (let index = 0; index < 50; index++)
    files[`lib/m${index}.ts`] = `export const value = () => ${index};\n`;
  return files;
}

function route(mark) {
  const imports = Array.from(
    { length: 50 },
    (_, index) => `import { value as v${index} } from "../../lib/m${index}.ts";`,
  );
  const sum = Array.from({ length: 50 }, (_, index) => `v${index}()`).join(" + ");
  return `${imports.join("\n")}\nexport const GET = () => Response.json({ mark: "${mark}", sum: ${sum} });\n`;
}

function largeRoute(mark) {
  const numbers = Array.from({ length: 150_000 }, (_, index) => 100_000 + index).join(",");
  return `const table = [${numbers}];\nexport const GET = () => Response.json({ mark: "${mark}", count: table.length });\n`;
}

const countingRoute = (mark) => `let calls = 0;
export const GET = () => Response.json({ mark: "${mark}", calls: ++calls });
`;

const rememberingRoute = (mark) => `const seen = new Map();
export const GET = () => Response.json({ mark: "${mark}", size: seen.set("last", "${mark}").size });
`;

const statefulRoute = (mark) => `import { createStatefulHandler } from "orbit-hmr/state";
export const { GET } = createStatefulHandler({ calls: 0 }, (state) => ({
  GET: () => {
    const { calls } = state.updateState((previous) => ({ calls: previous.calls + 1 }));
    return Response.json({ mark: "${mark}", calls });
  },
}));
`;

const onlyRoute = (text) => ({ "pages/api/index.ts": text("start") });

/** The heap after thousands of edits, beside where it began. */
export async function benchMemory() {
  const rows = [];
  for (const [name, files, text, limit] of [
    ["a route with 50 dependencies", withFiftyDependencies(), route, 5],
    ["a route with a 1 MB literal", onlyRoute(largeRoute), largeRoute, 40],
    ["a route with a kept number", onlyRoute(countingRoute), countingRoute, 5],
    ["a route with a kept map", onlyRoute(rememberingRoute), rememberingRoute, 5],
    ["a route with a stateful handler", onlyRoute(statefulRoute), statefulRoute, 5],
  ]) {
    const project = createProject(files);
    const { origin, close } = await serveWithOrbit(project.root);
    const client = createClient(origin);
    const edit = async (index) => {
      project.write("pages/api/index.ts", text(`edit-${index}`));
      const { status } = await client.get("/api");
      if (status !== 200) throw new Error(`${name}: answered ${status}`);
    };
    for (let index = 0; index < 100; index++) await edit(-index);
    const before = await settledHeap();
    for (let index = 0; index < EDITS; index++) await edit(index);
    const after = await settledHeap();
    rows.push([
      name,
      `${(before / MB).toFixed(1)} MB`,
      `${(after / MB).toFixed(1)} MB`,
      `${((after - before) / MB).toFixed(1)} MB`,
      `${((after - before) / 1024 / EDITS).toFixed(1)} kB`,
      `${limit} MB`,
    ]);
    client.close();
    await close();
    project.remove();
  }
  table(
    `Heap after ${EDITS} edits, after collection`,
    ["project", "before", "after", "growth", "per edit", "limit of growth"],
    rows,
  );
}
