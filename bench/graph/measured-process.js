import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const reporter = fileURLToPath(new URL("report-usage.cjs", import.meta.url));

/** Run a script as a process of its own and say what the whole process has used, its start included. */
export function runMeasured(script, args, { cwd = process.cwd(), env = {} } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "orbit-usage-"));
  const usageFile = path.join(folder, "usage");
  const outputFile = path.join(folder, "output");
  const output = openSync(outputFile, "w");
  const began = performance.now();
  const { status } = spawnSync(process.execPath, ["--require", reporter, script, ...args], {
    cwd,
    env: { ...process.env, ...env, ORBIT_BENCH_USAGE: usageFile },
    // A file, not a pipe: a process that exits early may lose what is still in a pipe.
    stdio: ["ignore", output, "inherit"],
  });
  const wallMs = performance.now() - began;
  closeSync(output);
  if (status !== 0) throw new Error(`${script} ended with ${status ?? "a signal"}`);
  const usages = readFileSync(usageFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const result = {
    output: readFileSync(outputFile, "utf8"),
    wallMs,
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    maxRssMb: Math.max(...usages.map(({ maxRssMb }) => maxRssMb)),
  };
  rmSync(folder, { recursive: true });
  return result;
}
