import path from "node:path";
import { compileGlob, splitGlob } from "../graph/index.ts";
import type { GlobRequest, PathTest } from "../graph/index.ts";

/** A glob on the disk. */
export interface LocatedGlob {
  readonly folders: readonly GlobFolder[];
  readonly matches: PathTest;
}

/** A folder below which files may be meant. */
export interface GlobFolder {
  readonly path: string;
  /** How many folders deeper. */
  readonly depth: number;
  /** Names that begin with a dot may be meant. */
  readonly isOpenToHidden: boolean;
}

/** Where patterns begin. */
export interface GlobPlace {
  readonly root: string;
  readonly importer: string;
  /** The folder that the beginning of a pattern means which is no path by itself. */
  readonly folderOf: (importer: string, prefix: string) => string | undefined;
}

/** A pattern that begins in a folder. */
interface PlacedPattern {
  readonly start: string;
  readonly pattern: string;
}

/** Find what a glob means; a pattern whose beginning nobody can find means no file. */
export function locateGlob(glob: GlobRequest, place: GlobPlace): LocatedGlob {
  const own = path.posix.dirname(place.importer);
  const base =
    glob.base === undefined ? own : path.posix.join(glob.base.startsWith("/") ? place.root : own, glob.base);
  const placed = (pattern: string, anywhere: string): PlacedPattern | undefined => {
    if (/^\.{0,2}\//.test(pattern)) return join(pattern, base, place.root);
    if (pattern.startsWith("**")) return { start: anywhere, pattern };
    const { folder, below } = splitGlob(pattern);
    const start = folder === "" ? undefined : place.folderOf(place.importer, folder);
    return start === undefined ? undefined : { start, pattern: below };
  };
  const wanted = glob.patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .flatMap((pattern) => placed(pattern, glob.base === undefined ? place.root : base) ?? []);
  const folders = wanted.map((each) => folderOf(each, glob));
  const top = commonFolder(folders.map((folder) => folder.path));
  const unwanted = glob.patterns
    .filter((pattern) => pattern.startsWith("!"))
    .flatMap((pattern) => placed(pattern.slice(1), top) ?? []);
  const isWanted = anyOf(wanted, glob);
  const isUnwanted = anyOf(unwanted, glob);
  return { folders, matches: (file) => isWanted(file) && !isUnwanted(file) };
}

/** A relative pattern, or one from the root, without the steps at its beginning. */
function join(pattern: string, folder: string, root: string): PlacedPattern {
  let start = pattern.startsWith("/") ? root : folder;
  let rest = path.posix.normalize(pattern).replace(/^\//, "");
  while (rest.startsWith("../")) {
    start = path.posix.dirname(start);
    rest = rest.slice(3);
  }
  return { start, pattern: rest };
}

function anyOf(patterns: readonly PlacedPattern[], glob: GlobRequest): PathTest {
  const tests = patterns.map(({ start, pattern }) => ({
    inside: inside(start),
    matches: compileGlob(pattern, glob),
  }));
  return (file) =>
    tests.some(
      ({ inside: folder, matches }) => file.startsWith(folder) && matches(file.slice(folder.length)),
    );
}

function folderOf({ start, pattern }: PlacedPattern, { isExhaustive }: GlobRequest): GlobFolder {
  const { folder, below: rest } = splitGlob(pattern);
  return {
    path: path.posix.join(start, folder),
    depth: rest.includes("**") ? Infinity : rest.split("/").length - 1,
    isOpenToHidden: isExhaustive === true || /(?:^|[/{,|(])\./.test(rest),
  };
}

/** The innermost folder that all folders lie in. */
function commonFolder(folders: readonly string[]): string {
  let common = folders[0] ?? "/";
  while (!folders.every((folder) => inside(folder).startsWith(inside(common))))
    common = path.posix.dirname(common);
  return common;
}

function inside(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}
