import type { GlobRequest } from "../graph/index.ts";
import type { FileResolver } from "./file-resolver.ts";
import { locateGlob } from "./glob-paths.ts";
import type { LocatedGlob } from "./glob-paths.ts";
import type { ProjectFiles } from "./project-files.ts";

/** What the patterns of modules mean on this disk. */
export class GlobLinks {
  readonly #root: string;
  readonly #files: ProjectFiles;
  readonly #resolver: FileResolver;
  readonly #links = new Map<string, readonly LocatedGlob[]>();

  constructor(root: string, files: ProjectFiles, resolver: FileResolver) {
    this.#root = root;
    this.#files = files;
    this.#resolver = resolver;
  }

  /** Read the patterns of a module, in place of what they were. */
  set(importer: string, globs: readonly GlobRequest[]): void {
    if (globs.length === 0) {
      this.#links.delete(importer);
      return;
    }
    const folderOf = (from: string, prefix: string): string | undefined =>
      this.#resolver.folderOf(from, prefix);
    const place = { root: this.#root, importer, folderOf };
    this.#links.set(
      importer,
      globs.map((glob) => locateGlob(glob, place)),
    );
  }

  delete(importer: string): void {
    this.#links.delete(importer);
  }

  /** The files that the patterns of a module mean; never the module itself. */
  *filesOf(importer: string): Iterable<string> {
    for (const { folders, matches } of this.#links.get(importer) ?? []) {
      for (const folder of outermost(folders.map((each) => each.path))) {
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
}

/** Without those that lie in another one: each file is met once. */
function outermost(folders: readonly string[]): readonly string[] {
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );
}
