import { readFileSync, statSync } from "node:fs";
import type { FileChangeKind, ModuleImports } from "../graph/index.ts";
import { contentDigest } from "../disk/content-digest.ts";
import type { ModuleScanner } from "./module-scanner.ts";
import { isOfPackage } from "../protocol/package-files.ts";

/** What is known of a module's text. */
export interface FileRecord {
  readonly imports: ModuleImports;
  readonly fingerprint: string;
  /** Of the bytes. */
  readonly hash: string;
  readonly mtimeMs: number;
  readonly size: number;
  /** It does not parse; the rest is of the last text that did. */
  readonly isBroken: boolean;
}

const NOTHING: ModuleImports = { requests: [], globs: [], opaque: [] };

/** The texts of modules, each read again only when it may have changed. */
export class FileRecords {
  readonly #scanner: ModuleScanner;
  readonly #records = new Map<string, FileRecord>();
  readonly #opaque = new Set<string>();
  /** From an earlier process, until the file is looked at. */
  #stored: ReadonlyMap<string, { readonly record: FileRecord }>;

  constructor(scanner: ModuleScanner, stored: ReadonlyMap<string, { readonly record: FileRecord }>) {
    this.#scanner = scanner;
    this.#stored = stored;
  }

  get entries(): ReadonlyMap<string, FileRecord> {
    return this.#records;
  }

  get(file: string): FileRecord | undefined {
    return this.#records.get(file);
  }

  /** The modules with imports that nobody can read; packages compute imports all the time, theirs do not count. */
  get opaque(): ReadonlySet<string> {
    return this.#opaque;
  }

  delete(file: string): void {
    this.#records.delete(file);
    this.#opaque.delete(file);
  }

  /** What earlier processes knew is not needed any more. */
  forgetStored(): void {
    this.#stored = new Map();
  }

  /** Look at a file. `removed` when it is not there. */
  read(file: string): FileChangeKind {
    const before = this.#records.get(file);
    const stored = before ?? this.#stored.get(file)?.record;
    try {
      // Taken before the text is read: what is written in between shows at the next look.
      const { mtimeMs, size } = statSync(file);
      if (before === undefined && stored?.mtimeMs === mtimeMs && stored.size === size) {
        this.#set(file, stored);
        return "added";
      }
      const record = this.#scan({ file, bytes: readFileSync(file), mtimeMs, size, known: stored });
      this.#set(file, record);
      return changeOf(before, record);
    } catch {
      // Deleted, or not ours to read: nothing can be known of it.
      this.delete(file);
      return "removed";
    }
  }

  #set(file: string, record: FileRecord): void {
    this.#records.set(file, record);
    if (record.imports.opaque.length > 0 && !isOfPackage(file)) this.#opaque.add(file);
    else this.#opaque.delete(file);
  }

  #scan({ file, bytes, mtimeMs, size, known }: ReadText): FileRecord {
    const hash = contentDigest(bytes);
    if (known?.hash === hash) return { ...known, mtimeMs, size };
    const scanned = this.#scanner.scan(file, bytes.toString("utf8"), known);
    if (scanned !== undefined) return { ...scanned, hash, mtimeMs, size, isBroken: false };
    const { imports, fingerprint } = known ?? { imports: NOTHING, fingerprint: hash };
    return { imports, fingerprint, hash, mtimeMs, size, isBroken: true };
  }
}

interface ReadText {
  readonly file: string;
  readonly bytes: Buffer;
  readonly mtimeMs: number;
  readonly size: number;
  readonly known: FileRecord | undefined;
}

function changeOf(before: FileRecord | undefined, after: FileRecord): FileChangeKind {
  if (before === undefined) return after.isBroken ? "broken" : "added";
  if (before.hash === after.hash) return "same";
  if (after.isBroken) return "broken";
  return before.fingerprint === after.fingerprint && !before.isBroken ? "equivalent" : "changed";
}
