import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChrome } from "./find-chrome.js";
import { installChrome } from "./install-chrome.js";
import { installPrograms } from "./install-programs.js";
import { installNewestVite } from "./newest-vite.js";

// `npm test`: everything that has to hold, in the order in which a failure is cheapest to understand.
// A test that fails on a busy machine is tried once more, and named: `npx vitest run` does not forgive it.
// Arguments go to vitest: `npm test -- test/cli` runs those tests only.

const bin = (name) => join("node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);
const checks = [
  { name: "build", command: [bin("tsc"), "-b", "src"] },
  { name: "bundle", command: [process.execPath, join("scripts", "bundle.js")] },
  { name: "types", command: [bin("tsc"), "-b"] },
  { name: "types of the example", command: [bin("tsc"), "-p", "examples/api-routes"] },
  { name: "lint", command: [bin("oxlint"), "--deny-warnings"] },
  { name: "format", command: [bin("oxfmt"), "--check", "."] },
];

process.exitCode = main(process.argv.slice(2));

/** @param {readonly string[]} filters */
function main(filters) {
  const chromePath = findChrome() ?? installChrome();
  if (chromePath === undefined) {
    console.error("The browser tests need Chrome or Chromium: install one, or set CHROME_PATH to it.");
    return 1;
  }
  installPrograms();
  installNewestVite();
  const failedChecks = checks.filter(({ name, command }) => {
    console.log(`\n> ${name}`);
    return run(command) !== 0;
  });
  const isBuilt = failedChecks.every(({ name }) => name !== "build");
  const { passed, failed } = runTests(filters, chromePath, isBuilt);
  if (failedChecks.length > 0) console.log(`Failed before the tests: ${namesOf(failedChecks)}.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || failedChecks.length > 0 ? 1 : 0;
}

/**
 * @param {readonly string[]} filters
 * @param {string} chromePath
 * @param {boolean} isBuilt test what the compiler has written: Node loads it in a fraction of the time
 */
function runTests(filters, chromePath, isBuilt) {
  console.log("\n> tests");
  const folder = mkdtempSync(join(tmpdir(), "orbit-test-"));
  const resultFile = join(folder, "results.json");
  const reporters = [
    "--reporter=default",
    "--reporter=./scripts/flaky-reporter.js",
    "--reporter=json",
    `--outputFile.json=${resultFile}`,
  ];
  try {
    const exitCode = run([bin("vitest"), "run", "--retry=1", ...reporters, ...filters], {
      ...process.env,
      CHROME_PATH: chromePath,
      ...(isBuilt && { ORBIT_COMPILED: "1" }),
    });
    return countTests(JSON.parse(readFileSync(resultFile, "utf8")), exitCode);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function countTests({ numPassedTests, numFailedTests, testResults }, exitCode) {
  // A file that cannot be loaded has no tests that could fail.
  const unloaded = testResults.filter(({ status, assertionResults }) => {
    return status === "failed" && assertionResults.every((test) => test.status !== "failed");
  });
  const failed = numFailedTests + unloaded.length;
  // Errors outside of tests count as well: vitest says so by its exit code alone.
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** @param {readonly string[]} command */
function run([program, ...args], env = process.env) {
  const { status, error } = spawnSync(program, args, {
    stdio: "inherit",
    env,
    shell: program.endsWith(".cmd"),
  });
  if (error !== undefined) console.error(error.message);
  return status ?? 1;
}

function namesOf(failedChecks) {
  return failedChecks.map(({ name }) => name).join(", ");
}
