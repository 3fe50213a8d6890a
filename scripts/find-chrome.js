import { homedir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { isExecutable, usualPlaces } from "./find-executable.js";

/**
 * Where a Chrome or Chromium is: `CHROME_PATH`, then the usual places, then Playwright's own download.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} The path of an executable.
 */
export function findChrome(env = process.env) {
  if (env.CHROME_PATH) return env.CHROME_PATH;
  return [...placesOf(env), chromium.executablePath()].find(isExecutable);
}

/** @param {NodeJS.ProcessEnv} env */
function placesOf(env) {
  if (process.platform === "win32") return windowsPlaces(env);
  return [...(process.platform === "darwin" ? macPlaces() : []), ...onPath(env)];
}

/** @param {NodeJS.ProcessEnv} env */
function onPath(env) {
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
  return usualPlaces(names, ["/opt/google/chrome", "/snap/bin"], env);
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
