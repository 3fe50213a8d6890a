import { realpathSync } from "node:fs";
import path from "node:path";
import { globsOfText } from "../graph/index.ts";
import type { ResolveSettings } from "./bundler-settings.ts";
import { FileResolver } from "./file-resolver.ts";
import { locateGlob } from "./glob-paths.ts";
import type { GlobFolder } from "./glob-paths.ts";
import { parsed } from "./module-scanner.ts";
import { slashed } from "../disk/file-names.ts";
import { entriesOf } from "./project-files.ts";
import { kindAt } from "../disk/file-kind.ts";

/** Says which folders a text looks into: what they hold decides what its patterns mean. */
export class GlobFolders {
  readonly #root: string;
  readonly #settings: ResolveSettings;
  #resolver: FileResolver | undefined;

  constructor(root: string, settings: ResolveSettings) {
    this.#root = slashed(root);
    this.#settings = settings;
  }

  /** The folders that the patterns of a module look into, as its text is written. */
  of(file: string, text: string): readonly string[] {
    const globs = globsOfText(text, () => parsed(file, text));
    if (globs.length === 0) return [];
    const resolver = (this.#resolver ??= new FileResolver(this.#root, this.#settings, {
      trackNodeModules: true,
    }));
    // What is asked is what there is now.
    resolver.clear();
    const folderOf = (from: string, prefix: string): string | undefined => resolver.folderOf(from, prefix);
    const place = { root: this.#root, importer: slashed(file), folderOf };
    const starts = globs.flatMap((glob) => locateGlob(glob, place).folders);
    return [...new Set(starts.flatMap((start) => Array.from(foldersIn(start, new Set()))))];
  }
}

/** A folder and those below it. One that is not there yet is looked for. */
function* foldersIn(
  { path: folder, depth, isOpenToHidden }: GlobFolder,
  followed: Set<string>,
): Iterable<string> {
  yield path.normalize(folder);
  if (depth === 0) return;
  for (const entry of entriesOf(folder)) {
    const at = `${folder}/${entry.name}`;
    if (entry.name === "node_modules" || (entry.name.startsWith(".") && !isOpenToHidden)) continue;
    if (entry.isDirectory() || (entry.isSymbolicLink() && isNewFolder(at, followed)))
      yield* foldersIn({ path: at, depth: depth - 1, isOpenToHidden }, followed);
  }
}

/** Links may lead in circles. */
function isNewFolder(link: string, followed: Set<string>): boolean {
  if (kindAt(link) !== "folder") return false;
  const target = realpathSync(link);
  const isNew = !followed.has(target);
  followed.add(target);
  return isNew;
}
