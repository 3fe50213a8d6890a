import { statSync } from "node:fs";

/** What is at a path now, links followed. */
export function kindAt(path: string): "file" | "folder" | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true) return "file";
    return stats?.isDirectory() === true ? "folder" : undefined;
  } catch {
    // Not ours to see, or a folder on the way has become a file.
    return undefined;
  }
}

/** Whether there is a folder at a path; links are followed. */
export function isFolder(path: string): boolean {
  return kindAt(path) === "folder";
}

/** When a file was saved last, in epoch milliseconds; 0 where there is none. */
export function savedAt(file: string): number {
  // Bundlers begin the names of modules that are no files with it, and no path can have it.
  if (file.includes("\0")) return 0;
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
