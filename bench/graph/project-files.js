import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";

const sourceName = /\.[cm]?[jt]sx?$/;
const declarationName = /\.d\.([^.]+\.)?[cm]?ts$/;
const testName = /\.(test|spec|stories)\.[^.]+$/;
const skippedFolders = new Set(["node_modules", "dist", "build", "coverage", "__tests__", "__mocks__"]);

// What Vite's dev server uses for server modules; both oracles are told so.
export const extensions = [".mjs", ".js", ".mts", ".ts", ".jsx", ".tsx", ".json"];
export const serverConditions = ["module", "node", "development"];
export const mainFields = ["module", "jsnext:main", "jsnext", "main"];

/** The source files below the folders, without tests. */
export function listSources(root, folders = ["."]) {
  const files = [];
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !skippedFolders.has(entry.name) && !entry.name.startsWith(".")) visit(file);
      if (entry.isFile() && isSource(entry.name)) files.push(file);
    }
  };
  for (const folder of folders) visit(path.resolve(root, folder));
  return files;
}

function isSource(name) {
  return sourceName.test(name) && !declarationName.test(name) && !testName.test(name);
}

/**
 * The name of a file in the project that the comparison is about: relative to the root, by its real path.
 * Undefined for packages, assets, stylesheets, declarations and whatever is no file.
 */
export function nameInProject(root, id) {
  const file = id.replace(/[?#].*$/, "");
  if (!path.isAbsolute(file) || !existsSync(file)) return undefined;
  const name = path.relative(root, realpathSync(file)).replaceAll(path.sep, "/");
  const isOutside = name.startsWith("../") || name.split("/").includes("node_modules");
  const isCompared = name.endsWith(".json") || (sourceName.test(name) && !declarationName.test(name));
  return isOutside || !isCompared ? undefined : name;
}
