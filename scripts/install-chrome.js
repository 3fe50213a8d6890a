import { spawnSync } from "node:child_process";
import { findChrome } from "./find-chrome.js";

/**
 * Install a Chromium for the browser tests: from Debian where that is possible, else Playwright's download.
 *
 * @returns {string | undefined} The path of the executable; `undefined` when nothing worked.
 */
export function installChrome() {
  return fromDebian() ?? fromPlaywright();
}

function fromDebian() {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const isPossible = process.platform === "linux" && succeeds([...asRoot, "apt-get", "--version"], "ignore");
  if (!isPossible) return undefined;
  console.log("No Chrome found: installing chromium with apt-get.");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const isInstalled =
    succeeds([...asRoot, "apt-get", "update"], "inherit", env) &&
    succeeds(
      [...asRoot, "apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
      "inherit",
      env,
    );
  return isInstalled ? workingChrome() : undefined;
}

function fromPlaywright() {
  console.log("No Chrome found: downloading one with playwright-core.");
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  return succeeds([npx, "playwright-core", "install", "chromium"], "inherit") ? findChrome() : undefined;
}

/** Ubuntu's chromium package is a stand-in that starts nothing where snap is missing. */
function workingChrome() {
  const path = findChrome();
  return path !== undefined && succeeds([path, "--version"], "ignore") ? path : undefined;
}

/**
 * @param {readonly string[]} command
 * @param {"ignore" | "inherit"} stdio
 * @param {NodeJS.ProcessEnv} env
 */
function succeeds([program, ...args], stdio, env = process.env) {
  return spawnSync(program, args, { stdio, env, shell: program.endsWith(".cmd") }).status === 0;
}
