import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { benchAnchors } from "./anchors.js";
import { benchBarrier, benchThroughput } from "./barrier.js";
import { benchBuilds } from "./builds.js";
import { benchCells } from "./cells.js";
import { benchGraph } from "./graph.js";
import { benchImportAccess } from "./import-access.js";
import { benchLoopThread } from "./loop-thread.js";
import { benchMemory } from "./memory.js";
import { benchPages } from "./pages.js";
import { benchPanel } from "./panel.js";
import { benchPersistence } from "./persistence.js";
import { benchResources } from "./resources.js";
import { benchSaveToFresh } from "./save-to-fresh.js";
import { benchScale } from "./scale.js";
import { benchStaleAnswers } from "./stale-answers.js";

const [name, ...rest] = process.argv.slice(2);
const benches = {
  "save-to-fresh": benchSaveToFresh,
  "stale-answers": benchStaleAnswers,
  anchors: benchAnchors,
  barrier: benchBarrier,
  throughput: benchThroughput,
  memory: benchMemory,
  "loop-thread": benchLoopThread,
  cells: benchCells,
  "import-access": benchImportAccess,
  persistence: benchPersistence,
  pages: benchPages,
  panel: benchPanel,
  builds: benchBuilds,
  resources: benchResources,
  graph: benchGraph,
  scale: () => benchScale(rest),
};

// Each bench has a process of its own: one must not pay for what another left in the heap.
if (name === undefined) {
  for (const each of Object.keys(benches)) {
    const { status } = spawnSync(process.execPath, ["--expose-gc", fileURLToPath(import.meta.url), each], {
      stdio: "inherit",
    });
    if (status !== 0) process.exitCode = 1;
  }
} else if (benches[name] === undefined) {
  console.error(`There is no bench ${name}. Choose one of ${Object.keys(benches).join(", ")}.`);
  process.exitCode = 2;
} else {
  await benches[name]();
}
