import { realpathSync } from "node:fs";
import path from "node:path";
import { slashed } from "../disk/file-names.ts";

/** Turns paths into names of nodes, which are relative to the root, and back. */
export interface Names {
  /** Links followed: it is where files resolve to. */
  readonly root: string;
  /** The absolute path of a file that is given absolute or relative to the root. */
  absolute(file: string): string;
  /** The name of an absolute path. */
  of(file: string): string;
  /** The absolute path of a name that {@link Names.of} made. */
  fileOf(name: string): string;
}

export function createNames(root: string): Names {
  const given = slashed(path.resolve(root));
  const real = slashed(realOf(given));
  const below = `${real}/`;
  return {
    root: real,
    absolute(file) {
      const wanted = slashed(path.resolve(real, file));
      return wanted.startsWith(`${given}/`) ? real + wanted.slice(given.length) : wanted;
    },
    of: (file) => (file.startsWith(below) ? file.slice(below.length) : slashed(path.relative(real, file))),
    fileOf: (name) => (name.startsWith("../") ? path.posix.join(real, name) : below + name),
  };
}

function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // Not there: then nothing in it is either.
    return folder;
  }
}
