import path from "node:path";

/** A path with `/` between its parts on every system. */
export function slashed(file: string): string {
  return path.sep === "\\" ? file.replaceAll("\\", "/") : file;
}

/** How people see a file: from the root, with forward slashes. */
export function displayName(root: string, file: string): string {
  // Modules of plugins have names of their own, with a mark that no terminal shows.
  return path.isAbsolute(file) ? slashed(path.relative(root, file)) || "." : file.replace("\0", "");
}

/** Whether a path is that of a folder, or lies below it. */
export function isAtOrBelow(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}
