import type { FileRead } from "../host.ts";
import type { RunReason } from "./run-reason.ts";

/** A request, as far as its reads are concerned. */
export interface ReadingRequest {
  readonly open: boolean;
}

/** What one initializer has asked for. */
export interface AskedInputs {
  readonly paths: Set<string>;
  readonly keys: Set<string>;
}

/** What one evaluation has read besides modules: files, folder listings, keys of the environment. */
export interface InputReads {
  /** By the names under which the host tells of a change. */
  readonly files: ReadonlyMap<string, FileRead>;
  readonly keys: ReadonlySet<string>;
  /** Something of it is not what it was, whether the generation is live by now or not. */
  readonly outdatedBy: RunReason | undefined;
  /** Called right before the read, so that a write in between shows as a change. */
  noteFile(read: FileRead): void;
  /** Called right before a file is read for what these top-level bindings will keep. */
  noteFilled(read: FileRead, bindings: readonly string[]): void;
  /**
   * Called right before a request reads a file that may be kept without anybody seeing it: by a package that the module
   * has called, or by the package `by` for itself. A later request that reads it again shows that it is not.
   */
  noteRequestRead(read: FileRead, request: ReadingRequest, by: string | undefined): void;
  /** All bindings that hold what was read of files. */
  readonly filled: ReadonlySet<string>;
  /** Those that hold what files do not say any more. */
  readonly outdated: ReadonlySet<string>;
  /** The values of these bindings go on from another generation, with what was read for them. */
  keepFilled(reads: InputReads, bindings: readonly string[]): void;
  /** By the names of the files, which bindings hold what was read of them. */
  readonly fills: ReadonlyMap<string, ReadonlySet<string>>;
  noteKey(key: string): void;
  noteAllKeys(): void;
  /** An object of this module was filled by another evaluation: with what that has read, for all one knows. */
  include(reads: InputReads): void;
  /** Note what is asked for until `end` is called. */
  note(): { readonly asked: AskedInputs; end(): void };
  /** Something goes on that was made by asking for this. */
  takeOver(reads: InputReads, asked: AskedInputs): void;
  /** Nobody is served from it any more. */
  release(): void;
}
