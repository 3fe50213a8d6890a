import { readFileSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "../disk/atomic-file.ts";
import { cacheFolders, makeCacheFolder } from "../disk/cache-folder.ts";
import { logStored } from "./graph-log.ts";
import { fromEnd, fromRows, isCacheRows, toRows } from "./cache-rows.ts";
import type { CacheRows, LinkedModule, StoredModule } from "./cache-rows.ts";
import type { Target } from "./file-resolver.ts";
import type { Names } from "./paths.ts";

/** What must be the same for stored knowledge to be true. */
export interface CacheKeys {
  /** Of everything that decides how a text is read. */
  readonly reading: string;
  /** Of everything that decides where a specifier leads, the files that there are among it. */
  readonly resolving: string;
}

/** What an earlier process knew. */
export interface StoredGraph {
  readonly modules: ReadonlyMap<string, StoredModule>;
  /** Nothing has changed that decides where specifiers lead. */
  readonly areTargetsTrue: boolean;
}

const FILE = "graph-1.json";
const EMPTY: StoredGraph = { modules: new Map(), areTargetsTrue: false };

/** Whether it can be believed that a name still leads where it led. */
type Believes = (target: Target) => boolean;

/** Read what was stored. What cannot be read, or was stored under other settings, is nothing. */
export function readGraphCache(names: Names, keys: CacheKeys, believes: Believes): StoredGraph {
  for (const file of cacheFolders(names.root).map((folder) => path.join(folder, FILE))) {
    try {
      const text = readText(file);
      const stored: unknown = text === undefined ? undefined : JSON.parse(text);
      const isTrue = isDocument(stored) && stored.reading === keys.reading;
      logStored(file, text === undefined ? "not there" : isTrue ? "used" : "of other settings");
      if (!isTrue) continue;
      const areTargetsTrue = stored.resolving === keys.resolving;
      const believed = (end: string): Target | undefined => {
        const target = areTargetsTrue ? fromEnd(end, names) : undefined;
        return target && believes(target) ? target : undefined;
      };
      return { modules: fromRows(stored, names, believed), areTargetsTrue };
    } catch {
      // Torn or foreign: everything is read again, and a good one is written in its place.
      logStored(file, "no graph");
    }
  }
  return EMPTY;
}

/** Replace what is stored as a whole. Returns whether it could be written: a project without a cache is only slower. */
export function writeGraphCache(
  names: Names,
  keys: CacheKeys,
  modules: Iterable<readonly [string, LinkedModule]>,
): boolean {
  const document: Document = { ...keys, ...toRows(modules, names) };
  const text = JSON.stringify(document);
  return cacheFolders(names.root).some((folder) => writeWhole(folder, text));
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Nothing was stored, or it is not ours to read.
    return undefined;
  }
}

function writeWhole(folder: string, text: string): boolean {
  try {
    makeCacheFolder(folder);
    replaceFile(path.join(folder, FILE), text);
    return true;
  } catch {
    // Not ours to write: the next folder, or none.
    return false;
  }
}

type Document = CacheKeys & CacheRows;

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && isCacheRows(value);
}
