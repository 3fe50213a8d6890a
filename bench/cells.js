import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { moduleRunnerTransform, parseAst, transformWithOxc } from "vite";
import { cellCandidates, classShapes } from "../build/runtime/analysis/cells.js";
import { evaluatedUnits } from "../build/runtime/analysis/evaluation.js";
import { analyseModule } from "../build/runtime/analysis/index.js";
import { lazyFills } from "../build/runtime/analysis/lazy-fills.js";
import { readLinks } from "../build/runtime/analysis/links.js";
import { readModule } from "../build/runtime/analysis/visitors.js";
import { compileModule } from "../build/runtime/link/compile.js";
import { withoutHashbang } from "../build/runtime/link/source.js";
import { median, percentile, show, table } from "./measure.js";

const repository = fileURLToPath(new URL("..", import.meta.url));
const ROUNDS = 7;

/** What keeping top-level bindings costs each time that a file is saved: finding them, and rewriting their uses. */
export async function benchCells() {
  const plain = await corpus("");
  const stateful = await corpus(KEPT);
  table(
    `Kept bindings: analysis and rewriting per file (budget 1 ms), ${plain.length} TypeScript files of this repository`,
    ["files", "kept bindings", "median", "p95", "most", "all of analysis and compilation, median"],
    [row("as they are", plain), row("each with 20 kept bindings, used 90 times", stateful)],
  );
}

/** A file with a lot of state: ten counters and ten Maps. */
const KEPT = Array.from(
  { length: 10 },
  (_, index) => `
let count${index} = ${index};
const byName${index} = new Map<string, { id: number; seen: Date | undefined }>();
export function visit${index}(name: string): number {
  const known = byName${index}.get(name) ?? { id: count${index}++, seen: undefined };
  byName${index}.set(name, { ...known, seen: new Date() });
  if (byName${index}.size > 100) byName${index}.delete([...byName${index}.keys()][0] ?? "");
  return count${index} + byName${index}.size + (count${index} % 2);
}
`,
).join("");

/** Every file as the runtime gets it: types stripped, transformed, parsed. */
async function corpus(added) {
  const files = ["src", "test", "examples"].flatMap((folder) =>
    readdirSync(path.join(repository, folder), { recursive: true }).map((file) => path.join(folder, file)),
  );
  return Promise.all(
    files
      .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
      .toSorted()
      .map(async (file) => {
        const text = readFileSync(path.join(repository, file), "utf8") + added;
        const stripped = await transformWithOxc(text, `/${file}`, { target: "esnext", sourcemap: false });
        const transformed = await moduleRunnerTransform(stripped.code, null, `/${file}`, stripped.code);
        const code = withoutHashbang(transformed.code);
        return { file, code, program: parseAst(code) };
      }),
  );
}

function row(name, modules) {
  const measured = modules.map((module) => ({ ...timeOf(module), module }));
  const own = measured.map(({ cells }) => cells);
  return [
    name,
    String(measured.reduce((sum, { count }) => sum + count, 0)),
    show(median(own)),
    show(percentile(own, 0.95)),
    show(Math.max(...own)),
    show(median(measured.map(({ whole }) => whole))),
  ];
}

/** Milliseconds for one file: the median of several times. */
function timeOf({ file, code, program }) {
  const { imports, statements } = readLinks(program);
  const times = { cells: [], whole: [] };
  let count = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const model = readModule({ code, program, imports }, statements);
    const { bindings } = lazyFills(model, evaluatedUnits(model));
    let start = performance.now();
    const cells = cellCandidates(model, program, bindings);
    classShapes(program);
    let took = performance.now() - start;
    count = cells.length;

    start = performance.now();
    const analysis = analyseModule(code, program);
    const analysed = performance.now() - start;
    const compile = (kept) => {
      const before = performance.now();
      compileModule({
        code,
        analysis: { ...analysis, cells: kept },
        scriptName: `${file}?${round}`,
        moduleName: file,
      });
      return performance.now() - before;
    };
    // In turn, so that neither always goes first. What V8 needs for the longer text counts.
    const [without, within] =
      round % 2 === 0 ? [compile([]), compile(cells)] : [compile(cells), compile([])].toReversed();
    took += Math.max(0, within - without);
    times.cells.push(took);
    times.whole.push(analysed + within);
  }
  return { count, cells: median(times.cells), whole: median(times.whole) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await benchCells();
