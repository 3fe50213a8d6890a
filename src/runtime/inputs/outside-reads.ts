import type { FileRead, RuntimeHost } from "../host.ts";
import { evaluationsSoFar } from "../model/clock.ts";
import type { AskedInputs, InputReads } from "../model/input-reads.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { RunReason } from "../model/run-reason.ts";

/** Stands for all keys of the environment: somebody has enumerated it. */
const ALL_KEYS = "*";

/** See {@link InputReads}. */
export class ExternalInputs implements InputReads {
  readonly module: ModuleRecord;
  readonly files: Map<string, FileRead> = new Map();
  readonly keys: Set<string> = new Set();
  outdatedBy: RunReason | undefined;
  readonly #readers: OutsideReaders;
  readonly #asked = new Set<string>();
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
    for (const name of this.#readers.host.noteFileRead(read)) this.#addFile(name, read);
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
    for (const [name, read] of files) this.#addFile(name, read);
    for (const key of keys) this.noteKey(key);
    if (outdatedBy !== undefined) this.outdate(outdatedBy);
  }

  note(): { readonly asked: AskedInputs; end(): void } {
    const asked: AskedInputs = { paths: new Set(), keys: new Set() };
    this.#noted = asked;
    return { asked, end: () => (this.#noted = undefined) };
  }

  takeOver({ files, keys }: InputReads, asked: AskedInputs): void {
    for (const [name, read] of files) if (asked.paths.has(read.path)) this.#addFile(name, read);
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

  remove(reads: ExternalInputs): void {
    for (const key of reads.keys) removeFrom(this.#byKey, key, reads);
    const forgotten = [...reads.files.keys()].filter((name) => removeFrom(this.#byFile, name, reads));
    if (forgotten.length > 0) this.host.forgetFileReads(forgotten);
  }

  /** @param names as the host has given them for reads */
  noteFilesChanged(names: Iterable<string>): void {
    for (const name of names) {
      for (const reads of this.#byFile.get(name) ?? []) {
        const file = this.host.displayPath(reads.files.get(name)?.path ?? name);
        reads.outdate({ kind: "file", file });
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
