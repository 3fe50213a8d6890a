import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

// A Vite that is newer than the one that the lock file has. It is no dependency: it has optional packages that cannot be had
// from every registry, and a lock file without them is refused.

const VERSION = "~8.4.0";
const folder = resolve(import.meta.dirname, "../node_modules/.cache/newest-vite");
const installed = resolve(folder, "node_modules/vite");

/** Where it is, if it is installed. */
export function findNewestVite() {
  return existsSync(resolve(installed, "dist/node/index.js")) ? installed : undefined;
}

/** Install it for the tests that serve with it; say which go without. */
export function installNewestVite() {
  if (findNewestVite() !== undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, "package.json"), "{}");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", `vite@${VERSION}`];
  spawnSync(npm, args, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  if (findNewestVite() === undefined)
    console.error(
      `SKIPPED: the tests with the newest Vite need vite@${VERSION}, which could not be installed.`,
    );
}
