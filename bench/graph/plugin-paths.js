import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resolveConfig } from "vite";
import { bundlerSettings } from "../../build/vite/bundler-settings.js";
import { pluginResolution } from "../../build/vite/plugin-resolution.js";
import { openProjectGraph } from "../../build/project/index.js";
import { table } from "../measure.js";
import { compareEdges } from "./compare-edges.js";
import { edgesOfGraph } from "./graph-edges.js";
import { esbuildEdges, listSources } from "./oracle-edges.js";

// Which edges are missed of a project whose names only a plugin leads to files, as vite-tsconfig-paths does? The reference
// is esbuild, which reads the same tsconfig.json. `npm run build` first.
const MODULES = 300;
const ROUTES = 60;

const root = realpathSync(mkdtempSync(path.join(tmpdir(), "orbit-paths-")));
try {
  writeProject();
  const entries = listSources(root);
  const reference = await esbuildEdges({ root, entries });
  const rows = [];
  for (const [name, asks] of [
    ["files alone", false],
    ["files, then plugins", true],
  ]) {
    const {
      agreeing,
      missed,
      false: wrong,
    } = compareEdges(new Set((await findEdges(asks)).keys()), reference);
    rows.push([name, reference.size, agreeing.length, missed.length, wrong.length]);
  }
  table("Edges by a plugin's names", ["resolved by", "esbuild", "agreeing", "missed", "false"], rows);
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function findEdges(asks) {
  const config = await resolveConfig(
    { root, configFile: false, plugins: [pathsPlugin()], logLevel: "silent" },
    "serve",
  );
  const { resolveId, close } = pluginResolution(config);
  const graph = openProjectGraph({
    root,
    apiDirs: ["pages/api"],
    prefix: "/api",
    tracking: { enableASTAnalysis: true, trackNodeModules: false, maxDepth: Number.POSITIVE_INFINITY },
    bundler: bundlerSettings(config),
    resolveId: asks ? resolveId : undefined,
  });
  await graph.build();
  await graph.settled();
  const edges = edgesOfGraph(root, graph.toJSON());
  graph.close();
  await close();
  return edges;
}

function pathsPlugin() {
  return {
    name: "paths",
    resolveId: (id) => (id.startsWith("@/") ? path.join(root, "src", `${id.slice(2)}.ts`) : undefined),
  };
}

/** Each module imports up to three others, two of them by the name that the plugin knows. */
function writeProject() {
  write("package.json", `{ "type": "module" }`);
  write("tsconfig.json", `{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }`);
  for (let n = 0; n < MODULES; n++) {
    const imports = [`@/m${n + 1}`, `@/m${n * 2 + 1}`, `./m${n + 7}`].filter(
      (name) => Number(/\d+$/.exec(name)?.[0]) < MODULES,
    );
    write(
      `src/m${n}.ts`,
      `${imports.map((name) => `import "${name}";`).join("\n")}\nexport const m = ${n};\n`,
    );
  }
  for (let n = 0; n < ROUTES; n++)
    write(
      `pages/api/r${n}.ts`,
      `import { m } from "@/m${n * 5}";\nexport const GET = () => Response.json(m);\n`,
    );
}

function write(file, text) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
