import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";

const FOLDER_MODE = 0o700;

/**
 * Where a project's own files may be kept, best first: `node_modules/.cache/orbit-hmr/`; and `.orbit-hmr/` for a project
 * without a `node_modules` of its own (or with one that others share through a link), or where nothing can be written there.
 */
export function cacheFolders(root: string): readonly string[] {
  const beside = path.join(root, ".orbit-hmr");
  const modules = path.join(root, "node_modules");
  return isOwn(modules, root) ? [path.join(modules, ".cache", "orbit-hmr"), beside] : [beside];
}

/** Make one of the {@link cacheFolders}, for its user's eyes only; git is told to ignore it. */
export function makeCacheFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  if (path.basename(folder) === ".orbit-hmr") writeFileSync(path.join(folder, ".gitignore"), "*\n");
}

function isOwn(modules: string, root: string): boolean {
  return existsSync(modules) && realpathSync(modules) === path.join(realpathSync(root), "node_modules");
}
