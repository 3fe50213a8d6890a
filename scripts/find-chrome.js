import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/**
 * Where a Chrome or Chromium is: `CHROME_PATH`, then the usual places, then Playwright's own download.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} The path of an executable.
 */
export function findChrome(env = process.env) {
  if (env.CHROME_PATH) return env.CHROME_PATH;
  return [...usualPlaces(env), chromium.executablePath()].find(isExecutable);
}

/** @param {NodeJS.ProcessEnv} env */
function usualPlaces(env) {
  if (process.platform === "win32") return windowsPlaces(env);
  return [...(process.platform === "darwin" ? macPlaces() : []), ...onPath(env)];
}

/** @param {NodeJS.ProcessEnv} env */
function onPath({ PATH = "" }) {
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
  const folders = [...PATH.split(delimiter), "/opt/google/chrome", "/snap/bin"].filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

function macPlaces() {
  return ["/Applications", join(homedir(), "Applications")].flatMap((folder) =>
    ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (app) => `${folder}/${app}.app/Contents/MacOS/${app}`,
    ),
  );
}

/** @param {NodeJS.ProcessEnv} env */
function windowsPlaces(env) {
  const roots = [env.ProgramFiles, env["ProgramFiles(x86)"], env.LocalAppData].filter(Boolean);
  const programs = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
  return programs.flatMap((program) => roots.map((root) => join(root, program)));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run
  }
}
