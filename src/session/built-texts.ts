import { readFileSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "../disk/atomic-file.ts";
import { cacheFolders, makeCacheFolder } from "../disk/cache-folder.ts";
import { contentDigest } from "../disk/content-digest.ts";
import type { Contents } from "../disk/folder-contents.ts";

const FILE = "components-1.json";

/** From which texts of components an output was made: remembered over the end of the process, as long as it is that output. */
export class BuiltTexts {
  readonly #root: string;
  #stored: string | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** The texts by their files; nothing where they are not known. */
  read(output: Contents): ReadonlyMap<string, string> | undefined {
    for (const folder of cacheFolders(this.#root)) {
      const kept = contentIn(path.join(folder, FILE));
      if (kept?.output === digestOf(output))
        return new Map(Object.entries(kept.texts).map(([name, text]) => [path.join(this.#root, name), text]));
    }
    return undefined;
  }

  /** A disk that refuses costs this much: pages that are loaded after a restart wait for a build. */
  write(output: Contents, texts: ReadonlyMap<string, string>): void {
    // Nobody needs to know of a project without any.
    if (texts.size === 0 && this.#stored === undefined) return;
    const names = [...texts].map(([file, text]) => [path.relative(this.#root, file), text] as const);
    const text = JSON.stringify({ output: digestOf(output), texts: Object.fromEntries(names) });
    if (text === this.#stored) return;
    this.#stored = text;
    for (const folder of cacheFolders(this.#root)) if (isWritten(folder, text)) return;
  }
}

interface KeptTexts {
  readonly output: string;
  readonly texts: Readonly<Record<string, string>>;
}

function contentIn(file: string): KeptTexts | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by its digest: nobody else writes it
    return JSON.parse(readFileSync(file, "utf8")) as KeptTexts;
  } catch {
    return undefined;
  }
}

function isWritten(folder: string, text: string): boolean {
  try {
    makeCacheFolder(folder);
    replaceFile(path.join(folder, FILE), text);
    return true;
  } catch {
    return false;
  }
}

function digestOf(output: Contents): string {
  const files = [...output.keys()].toSorted();
  return contentDigest(JSON.stringify(files.map((file) => [file, output.get(file)])));
}
