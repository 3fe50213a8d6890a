import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run
  }
}

/**
 * Where programs of these names could be: on the `PATH`, then in folders that are not always on it.
 *
 * @param {readonly string[]} names
 * @param {readonly string[]} folders
 * @param {NodeJS.ProcessEnv} env
 */
export function usualPlaces(names, folders, { PATH = "" }) {
  return [...PATH.split(delimiter).filter(Boolean), ...folders].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  );
}

/**
 * The names in a folder that have a version in them, the newest first.
 *
 * @param {string} folder
 */
export function newestIn(folder, pattern = /^\d+$/) {
  try {
    const names = readdirSync(folder).filter((name) => pattern.test(name));
    return names.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
  } catch {
    return []; // no such folder: nothing was installed there
  }
}
