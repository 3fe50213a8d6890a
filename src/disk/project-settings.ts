import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { INSTALLATION_RECORDS, LOCKFILES } from "../settings/settings-files.ts";
import { parseSettings } from "../settings/settings-json.ts";
import type { Settings } from "../settings/settings-json.ts";

/**
 * Files beside the code that decide how it is transformed and resolved: compiler settings with everything that they
 * extend or refer to, manifests of packages and, in the root, lock files.
 */
export type SettingsFiles = readonly string[];

/** The settings files that a folder has; the root has those that apply to everything as well. */
export function findSettings(
  folder: string,
  { root, tsconfig }: { readonly root: string; readonly tsconfig: string | undefined },
): SettingsFiles {
  const found = new Set<string>();
  for (const name of ["tsconfig.json", "jsconfig.json"]) addWithBases(path.join(folder, name), found);
  if (folder === root && tsconfig !== undefined) addWithBases(path.normalize(tsconfig), found);
  const ofPackages = folder === root ? [...installationRecords(folder), findInstallationRecord(folder)] : [];
  for (const file of [path.join(folder, "package.json"), ...ofPackages])
    if (file !== undefined && existsSync(file)) found.add(file);
  return [...found];
}

/**
 * The folders whose settings apply to a file: from its own up to the root; outside of the root, up to the package
 * that it belongs to.
 */
export function foldersAbove(file: string, root: string): string[] {
  const own = path.dirname(file);
  const isInside = own === root || own.startsWith(root + path.sep);
  const folders: string[] = [];
  for (let folder = own; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    folders.push(folder);
    if (isInside ? folder === root : existsSync(path.join(folder, "package.json"))) return folders;
  }
  return isInside ? [...folders, root] : [own];
}

/** What says which packages are installed; in a workspace it stands further up. */
export function findInstallationRecord(folder: string): string | undefined {
  const found = installationRecords(folder).find((file) => existsSync(file));
  const parent = path.dirname(folder);
  return found ?? (parent === folder ? undefined : findInstallationRecord(parent));
}

/** The files in a folder that say which packages are installed, the most reliable first. */
export function installationRecords(folder: string): string[] {
  return [...INSTALLATION_RECORDS, ...LOCKFILES].map((name) => path.join(folder, name));
}

function addWithBases(file: string, found: Set<string>): void {
  if (found.has(file) || !existsSync(file)) return;
  found.add(file);
  const parsed = readSettings(file);
  for (const base of [parsed?.["extends"]].flat()) {
    if (typeof base !== "string") continue;
    const resolved = resolveBase(base, file);
    if (resolved !== undefined) addWithBases(resolved, found);
  }
  for (const reference of [parsed?.["references"]].flat()) {
    const target: unknown =
      typeof reference === "object" && reference !== null ? Reflect.get(reference, "path") : undefined;
    if (typeof target !== "string") continue;
    const at = path.resolve(path.dirname(file), target);
    addWithBases(at.endsWith(".json") ? at : path.join(at, "tsconfig.json"), found);
  }
}

function resolveBase(base: string, from: string): string | undefined {
  if (base.startsWith(".") || path.isAbsolute(base)) {
    const at = path.resolve(path.dirname(from), base);
    return [at, `${at}.json`, path.join(at, "tsconfig.json")].find(
      (file) => file.endsWith(".json") && existsSync(file),
    );
  }
  const require = createRequire(from);
  for (const request of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      const found = require.resolve(request);
      if (found.endsWith(".json")) return found;
    } catch {
      // The next spelling, or a package that is not installed: then the compiler complains, with its own words.
    }
  }
  return undefined;
}

/** JSON with the comments and trailing commas that compilers' settings may have; `undefined` while it is none. */
export function readSettings(file: string): Settings | undefined {
  try {
    return parseSettings(readFileSync(file, "utf8"));
  } catch {
    // Not ours to read: whoever compiles with it says what is wrong.
    return undefined;
  }
}
