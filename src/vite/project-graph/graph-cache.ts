import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolders, makeCacheFolder } from "../cache-folder.ts";
import type { Target } from "./file-resolver.ts";
import type { ModuleRecord } from "./module-records.ts";
import type { Names } from "./paths.ts";

/** What must be the same for stored knowledge to be true. */
export interface CacheKeys {
  /** Of everything that decides how a text is read. */
  readonly reading: string;
  /** Of everything that decides where a specifier leads, the files that there are among it. */
  readonly resolving: string;
}

/** One module as it is stored. */
export interface StoredModule {
  readonly record: ModuleRecord;
  /** Where its requests led, as far as that is stored. */
  readonly targets: readonly (Target | undefined)[];
}

/** One module as it is known. */
export interface LinkedModule extends StoredModule {
  readonly targets: readonly Target[];
}

/** What an earlier process knew. */
export interface StoredGraph {
  readonly modules: ReadonlyMap<string, StoredModule>;
  /** Nothing has changed that decides where specifiers lead. */
  readonly areTargetsTrue: boolean;
}

const FILE = "graph-1.json";
const EMPTY: StoredGraph = { modules: new Map(), areTargetsTrue: false };

/** Read what was stored. What cannot be read, or was stored under other settings, is nothing. */
export function readGraphCache(names: Names, keys: CacheKeys): StoredGraph {
  for (const folder of cacheFolders(names.root)) {
    try {
      const stored: unknown = JSON.parse(readFileSync(path.join(folder, FILE), "utf8"));
      if (!isDocument(stored) || stored.reading !== keys.reading) continue;
      const modules = new Map(stored.modules.map((row) => [names.fileOf(row[0]), fromRow(row, names)]));
      return { modules, areTargetsTrue: stored.resolving === keys.resolving };
    } catch {
      // Not there, torn or foreign: everything is read again, and a good one is written in its place.
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
  const rows = Array.from(modules, ([file, module]) => toRow(names.of(file), module, names));
  const document: Document = { ...keys, modules: rows };
  const text = JSON.stringify(document);
  return cacheFolders(names.root).some((folder) => writeWhole(folder, text));
}

function writeWhole(folder: string, text: string): boolean {
  const temporary = path.join(folder, `graph-1.${process.pid}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    makeCacheFolder(folder);
    writeFileSync(temporary, text);
    renameSync(temporary, path.join(folder, FILE));
    return true;
  } catch {
    // Not ours to write: the next folder, or none.
    rmSync(temporary, { force: true });
    return false;
  }
}

type Row = readonly [
  name: string,
  mtimeMs: number,
  size: number,
  hash: string,
  fingerprint: string,
  isBroken: boolean,
  imports: ModuleRecord["imports"],
  targets: readonly string[],
];

interface Document extends CacheKeys {
  readonly modules: readonly Row[];
}

function toRow(name: string, { record, targets }: LinkedModule, names: Names): Row {
  const { mtimeMs, size, hash, fingerprint, isBroken, imports } = record;
  return [
    name,
    mtimeMs,
    size,
    hash,
    fingerprint,
    isBroken,
    imports,
    targets.map((target) => toEnd(target, names)),
  ];
}

/** Only what can be believed later: the rest is looked for again, and so is what a plugin said. */
function toEnd(target: Target, names: Names): string {
  if (target.kind === "external") return `e${target.name}`;
  if (target.kind === "ignored") return "i";
  return target.kind === "file" && !target.isFromPlugin ? `f${names.of(target.file)}` : "";
}

function fromRow(row: Row, names: Names): StoredModule {
  const [, mtimeMs, size, hash, fingerprint, isBroken, imports, ends] = row;
  const targets = ends.map((end): Target | undefined => {
    const name = end.slice(1);
    if (end.startsWith("f")) return { kind: "file", file: names.fileOf(name) };
    if (end === "i") return { kind: "ignored" };
    return end.startsWith("e") ? { kind: "external", name } : undefined;
  });
  return { record: { mtimeMs, size, hash, fingerprint, isBroken, imports }, targets };
}

function isDocument(value: unknown): value is Document {
  if (typeof value !== "object" || value === null) return false;
  const { modules }: { readonly modules?: unknown } = value;
  return Array.isArray(modules) && modules.every(isRow);
}

function isRow(value: unknown): value is Row {
  if (!Array.isArray(value)) return false;
  const [name, mtimeMs, size, hash, fingerprint, isBroken, imports, targets] = value as readonly unknown[];
  return (
    [name, hash, fingerprint].every((each) => typeof each === "string") &&
    [mtimeMs, size].every((each) => typeof each === "number") &&
    typeof isBroken === "boolean" &&
    isImports(imports) &&
    Array.isArray(targets) &&
    targets.length === imports.requests.length &&
    targets.every((each) => typeof each === "string")
  );
}

function isImports(value: unknown): value is ModuleRecord["imports"] {
  if (typeof value !== "object" || value === null) return false;
  const { requests, globs, opaque }: Partial<Record<string, unknown>> = { ...value };
  return [requests, globs, opaque].every(Array.isArray);
}
