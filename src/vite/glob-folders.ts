import { readdirSync } from "node:fs";
import path from "node:path";

const GLOB_CALL = /import\.meta\.glob\s*(?:<[^>]*>)?\s*\(([^)]*)\)|\bimport\s*\(\s*(`[^`]*`)/g;
const STRING = /"([^"\\]*)"|'([^'\\]*)'|`([^`\\]*)`/g;

/**
 * The folders whose content decides what a module's globs match: `import.meta.glob` and `import()` with a template.
 * Read from the text as written, before a transform expands it.
 */
export function globFolders(code: string, file: string, root: string): readonly string[] {
  if (!code.includes("import.meta.glob") && !/\bimport\s*\(\s*`/.test(code)) return [];
  const folders = new Set<string>();
  for (const [, list, template] of code.matchAll(GLOB_CALL)) {
    for (const match of (list ?? template ?? "").matchAll(STRING)) {
      const pattern = match[1] ?? match[2] ?? match[3] ?? "";
      const isPattern = /^[./!]/.test(pattern) && /[*{$]/.test(pattern);
      if (isPattern) for (const folder of foldersBelow(baseOf(pattern, file, root))) folders.add(folder);
    }
  }
  return [...folders];
}

function baseOf(pattern: string, file: string, root: string): string {
  const wanted = pattern.replace(/^!/, "");
  const fixed = wanted.slice(0, wanted.search(/[*{$]/));
  const folder = fixed.slice(0, fixed.lastIndexOf("/") + 1);
  return folder.startsWith("/") ? path.join(root, folder) : path.resolve(path.dirname(file), folder);
}

function foldersBelow(folder: string): string[] {
  const clean = folder.endsWith(path.sep) && folder.length > 1 ? folder.slice(0, -1) : folder;
  try {
    const below = readdirSync(clean, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
      .flatMap((entry) => foldersBelow(path.join(clean, entry.name)));
    return [clean, ...below];
  } catch {
    // Not there yet: then it is the missing folder that is watched.
    return [clean];
  }
}
