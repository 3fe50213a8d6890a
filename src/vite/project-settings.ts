import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const LOCKFILES: readonly string[] = [
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

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
  const others = ["package.json", ...(folder === root ? LOCKFILES : [])];
  for (const name of others) {
    const file = path.join(folder, name);
    if (existsSync(file)) found.add(file);
  }
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

/** Whether a file says which versions of packages are installed. */
export function isLockfile(file: string): boolean {
  return LOCKFILES.includes(path.basename(file));
}

/** The parts of a package.json that an installation acts on. */
export function dependenciesOf(manifest: string): string {
  const parsed = readJson(manifest) ?? {};
  const fields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides"];
  return JSON.stringify(fields.map((field) => parsed[field]));
}

function addWithBases(file: string, found: Set<string>): void {
  if (found.has(file) || !existsSync(file)) return;
  found.add(file);
  const parsed = readJson(file);
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
export function readJson(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = readFileSync(file, "utf8");
    const plain = text
      .replaceAll(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
        part.startsWith('"') ? part : "",
      )
      .replaceAll(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, (part) => (part === "," ? "" : part));
    const parsed: unknown = JSON.parse(plain);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any object is a record of unknown
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // Half written: whoever compiles with it says what is wrong.
    return undefined;
  }
}
