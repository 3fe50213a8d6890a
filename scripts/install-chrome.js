import { findChrome } from "./find-chrome.js";
import { installFromDebian, succeeds } from "./install-from-debian.js";

/**
 * Install a Chromium for the browser tests: from Debian where that is possible, else Playwright's download.
 *
 * @returns {string | undefined} The path of the executable; `undefined` when nothing worked.
 */
export function installChrome() {
  return fromDebian() ?? fromPlaywright();
}

function fromDebian() {
  return installFromDebian(["chromium"]) ? workingChrome() : undefined;
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
