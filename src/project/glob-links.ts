import { folderOfGlob, matcherOf } from "../graph/index.ts";
import type { GlobRequest, PathTest } from "../graph/index.ts";
import type { FileResolver } from "./file-resolver.ts";
import type { ProjectFiles } from "./project-files.ts";

/** Patterns of one module, as paths. */
export interface GlobLink {
  readonly folders: readonly string[];
  readonly matches: PathTest;
}

/** What the patterns of modules mean on this disk. */
export class GlobLinks {
  readonly #root: string;
  readonly #files: ProjectFiles;
  readonly #resolver: FileResolver;
  readonly #links = new Map<string, readonly GlobLink[]>();

  constructor(root: string, files: ProjectFiles, resolver: FileResolver) {
    this.#root = root;
    this.#files = files;
    this.#resolver = resolver;
  }

  /** Read the patterns of a module, in place of what they were. */
  set(importer: string, globs: readonly GlobRequest[]): void {
    if (globs.length === 0) this.#links.delete(importer);
    else
      this.#links.set(
        importer,
        globs.flatMap((glob) => this.#read(importer, glob)),
      );
  }

  delete(importer: string): void {
    this.#links.delete(importer);
  }

  /** The files that the patterns of a module mean; never the module itself. */
  *filesOf(importer: string): Iterable<string> {
    for (const { folders, matches } of this.#links.get(importer) ?? []) {
      for (const folder of folders) {
        for (const file of this.#files.below(folder)) if (file !== importer && matches(file)) yield file;
      }
    }
  }

  /** The modules one of whose patterns means a file, whether it is there or not. */
  *matching(file: string): Iterable<string> {
    for (const [importer, links] of this.#links) {
      if (importer !== file && links.some(({ matches }) => matches(file))) yield importer;
    }
  }

  #read(importer: string, { patterns, base }: GlobRequest): readonly GlobLink[] {
    const paths = patterns.map((pattern) => this.#absolute(importer, pattern, base));
    const wanted = paths.filter((path) => path !== undefined && !path.startsWith("!"));
    const unwanted = paths.flatMap((path) => (path?.startsWith("!") === true ? path.slice(1) : []));
    const known = wanted.filter((path) => path !== undefined);
    const folders = new Set(known.map((path) => folderOfGlob(path).replace(/(?<=.)\/$/, "")));
    if (known.length === 0) return [];
    return [{ folders: outermost([...folders]), matches: matcherOf({ wanted: known, unwanted }) }];
  }

  /** A pattern with the folder that it begins in; what nobody can find means no file. */
  #absolute(importer: string, pattern: string, base: string | undefined): string | undefined {
    const sign = pattern.startsWith("!") ? "!" : "";
    const plain = pattern.slice(sign.length);
    const own = importer.slice(0, importer.lastIndexOf("/"));
    const start = base === undefined ? own : this.#join(own, base);
    if (/^(?:\.\.?\/|\/)/.test(plain)) return sign + this.#join(start, plain);
    if (plain.startsWith("**")) return `${sign}${base === undefined ? this.#root : start}/${plain}`;
    const prefix = folderOfGlob(plain);
    const folder = prefix === "" ? undefined : this.#resolver.folderOf(importer, prefix);
    return folder === undefined ? undefined : `${sign}${folder}/${plain.slice(prefix.length)}`;
  }

  #join(folder: string, path: string): string {
    let at = path.startsWith("/") ? this.#root : folder;
    let rest = path.replace(/^\/+/, "");
    for (let step = /^(\.\.?)(?:\/|$)/.exec(rest); step; step = /^(\.\.?)(?:\/|$)/.exec(rest)) {
      if (step[1] === "..") at = at.slice(0, Math.max(at.lastIndexOf("/"), 0));
      rest = rest.slice(step[0].length);
    }
    return rest === "" ? at : `${at}/${rest}`;
  }
}

/** Without those that lie in another one: each file is met once. */
function outermost(folders: readonly string[]): readonly string[] {
  return folders.filter(
    (folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );
}
