import type { FileRead, RuntimeHost } from "../host.ts";
import { evaluationsSoFar } from "../model/clock.ts";
import type { AskedInputs, InputReads, ReadingRequest } from "../model/input-reads.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { RunReason } from "../model/run-reason.ts";

/** Stands for all keys of the environment: somebody has enumerated it. */
const ALL_KEYS = "*";

interface RequestRead {
  readonly request: WeakRef<ReadingRequest>;
  readonly names: readonly string[];
  /** A later request has read it again. */
  isAnew: boolean;
}

/** See {@link InputReads}. */
export class ExternalInputs implements InputReads {
  readonly module: ModuleRecord;
  readonly files: Map<string, FileRead> = new Map();
  readonly keys: Set<string> = new Set();
  readonly fills: Map<string, Set<string>> = new Map();
  readonly outdated: Set<string> = new Set();
  outdatedBy: RunReason | undefined;
  readonly #readers: OutsideReaders;
  readonly #asked = new Set<string>();
  /** The names of what the evaluation itself has read. */
  readonly #read = new Set<string>();
  /** By path: what requests have read that nobody seems to keep. */
  readonly #requestReads = new Map<string, RequestRead>();
  /** By name: the package that may keep it. */
  readonly #keptBy = new Map<string, string>();
  #noted: AskedInputs | undefined;
  #isReleased = false;

  constructor(module: ModuleRecord, readers: OutsideReaders) {
    this.module = module;
    this.#readers = readers;
  }

  noteFile(read: FileRead): void {
    this.#noted?.paths.add(read.path);
    const question = `${read.asks} ${read.path}`;
    if (this.#isReleased || this.#asked.has(question)) return;
    this.#asked.add(question);
    for (const name of this.#readers.host.noteFileRead(read)) this.#addRead(name, read);
  }

  noteFilled(read: FileRead, bindings: readonly string[]): void {
    const question = `${read.asks} ${read.path} ${bindings.join()}`;
    if (this.#isReleased || this.#asked.has(question)) return;
    this.#asked.add(question);
    for (const name of this.#readers.host.noteFileRead(read)) this.#addFill(name, read, bindings);
  }

  get filled(): ReadonlySet<string> {
    const filled = new Set<string>();
    for (const bindings of this.fills.values()) for (const binding of bindings) filled.add(binding);
    return filled;
  }

  keepFilled({ fills, files }: InputReads, kept: readonly string[]): void {
    for (const [name, bindings] of fills) {
      const read = files.get(name);
      const left = kept.filter((binding) => bindings.has(binding));
      if (read !== undefined && left.length > 0) this.#addFill(name, read, left);
    }
  }

  noteRequestRead(read: FileRead, request: ReadingRequest, by: string | undefined): void {
    const seen = this.#requestReads.get(read.path);
    if (this.#isReleased || seen?.isAnew === true) return;
    if (seen === undefined) {
      const names = this.#readers.host.noteFileRead(read);
      this.#requestReads.set(read.path, { request: new WeakRef(request), names, isAnew: false });
      for (const name of names) {
        if (by === undefined) this.#addFill(name, read, []);
        else this.#addFile(name, read);
        if (by !== undefined) this.#keptBy.set(name, by);
      }
      return;
    }
    const first = seen.request.deref();
    // Two at a time may both have found nothing that is kept.
    if (first === request || first?.open === true) return;
    seen.isAnew = true;
    for (const name of seen.names) this.#forget(name);
  }

  /** Nobody keeps what was read of it, as far as only requests have read it. */
  #forget(name: string): void {
    this.#keptBy.delete(name);
    if (this.#read.has(name) || (this.fills.get(name)?.size ?? 0) > 0) return;
    this.fills.delete(name);
    this.files.delete(name);
    this.#readers.removeFile(name, this);
  }

  #addFill(name: string, read: FileRead, bindings: readonly string[]): void {
    if (this.#isReleased) return;
    this.#addFile(name, read);
    const known = this.fills.get(name) ?? new Set();
    this.fills.set(name, known);
    for (const binding of bindings) known.add(binding);
  }

  /** The package that may have for itself what lies there. */
  keeperOf(name: string): string | undefined {
    return this.#keptBy.get(name);
  }

  /** What lies there, `file` as people know it, is not what it was. */
  noteFileChanged(name: string, file: string): void {
    if (!this.#read.has(name) && !this.fills.has(name)) return;
    for (const binding of this.fills.get(name) ?? []) this.outdated.add(binding);
    this.outdate({ kind: this.#read.has(name) ? "file" : "filled-from-file", file });
  }

  #addRead(name: string, read: FileRead): void {
    this.#read.add(name);
    this.#addFile(name, read);
  }

  #addFile(name: string, read: FileRead): void {
    if (this.#isReleased || this.files.has(name)) return;
    this.files.set(name, read);
    this.#readers.addFile(name, this);
    this.module.observer.marked(this.module);
  }

  noteKey(key: string): void {
    this.#noted?.keys.add(key);
    if (this.#isReleased || this.keys.has(key)) return;
    this.keys.add(key);
    this.#readers.addKey(key, this);
  }

  noteAllKeys(): void {
    this.noteKey(ALL_KEYS);
  }

  include({ files, keys, outdatedBy }: InputReads): void {
    for (const [name, read] of files) this.#addRead(name, read);
    for (const key of keys) this.noteKey(key);
    if (outdatedBy !== undefined) this.outdate(outdatedBy);
  }

  note(): { readonly asked: AskedInputs; end(): void } {
    const asked: AskedInputs = { paths: new Set(), keys: new Set() };
    this.#noted = asked;
    return { asked, end: () => (this.#noted = undefined) };
  }

  takeOver({ files, keys }: InputReads, asked: AskedInputs): void {
    for (const [name, read] of files) if (asked.paths.has(read.path)) this.#addRead(name, read);
    for (const key of keys) if (asked.keys.has(key)) this.noteKey(key);
  }

  /** What the evaluation saw is not there any more. */
  outdate(reason: RunReason): void {
    const { module } = this;
    this.outdatedBy ??= reason;
    module.outsideChanges++;
    module.observer.marked(module);
    if (module.live?.outside === this) module.markStale({ reason, since: evaluationsSoFar() });
  }

  release(): void {
    this.#isReleased = true;
    this.#readers.remove(this);
  }
}

/** Who has read what, for one runtime: an index of all {@link ExternalInputs} that still count. */
export class OutsideReaders {
  readonly host: RuntimeHost;
  readonly #byFile = new Map<string, Set<ExternalInputs>>();
  readonly #byKey = new Map<string, Set<ExternalInputs>>();

  constructor(host: RuntimeHost) {
    this.host = host;
  }

  addFile(name: string, reads: ExternalInputs): void {
    addTo(this.#byFile, name, reads);
  }

  addKey(key: string, reads: ExternalInputs): void {
    addTo(this.#byKey, key, reads);
  }

  removeFile(name: string, reads: ExternalInputs): void {
    if (removeFrom(this.#byFile, name, reads)) this.host.forgetFileReads([name]);
  }

  remove(reads: ExternalInputs): void {
    for (const key of reads.keys) removeFrom(this.#byKey, key, reads);
    const forgotten = [...reads.files.keys()].filter((name) => removeFrom(this.#byFile, name, reads));
    if (forgotten.length > 0) this.host.forgetFileReads(forgotten);
  }

  /** @param names as the host has given them for reads */
  noteFilesChanged(names: Iterable<string>): void {
    for (const name of names) {
      const keepers = new Set<string>();
      for (const reads of this.#byFile.get(name) ?? []) {
        const file = this.host.displayPath(reads.files.get(name)?.path ?? name);
        const keeper = reads.keeperOf(name);
        if (keeper !== undefined && !keepers.has(keeper))
          this.host.notice({ kind: "kept-by-package", package: keeper, file });
        if (keeper !== undefined) keepers.add(keeper);
        reads.noteFileChanged(name, file);
      }
    }
  }

  noteKeysChanged(keys: readonly string[]): void {
    const readers = new Set<ExternalInputs>();
    for (const key of [...keys, ALL_KEYS]) {
      for (const reads of this.#byKey.get(key) ?? []) readers.add(reads);
    }
    for (const reads of readers) {
      const read = reads.keys.has(ALL_KEYS) ? keys : keys.filter((key) => reads.keys.has(key));
      reads.outdate({ kind: "environment", keys: read });
    }
  }
}

function addTo(index: Map<string, Set<ExternalInputs>>, name: string, reads: ExternalInputs): void {
  const readers = index.get(name);
  if (readers === undefined) index.set(name, new Set([reads]));
  else readers.add(reads);
}

/** Returns whether nobody is left. */
function removeFrom(index: Map<string, Set<ExternalInputs>>, name: string, reads: ExternalInputs): boolean {
  const readers = index.get(name);
  readers?.delete(reads);
  return readers?.size === 0 && index.delete(name);
}
