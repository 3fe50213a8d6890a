import type { FileRead } from "../host.ts";
import type { RunReason } from "./run-reason.ts";

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
