import type { Clock } from "./clock.ts";
import type { FileStamps } from "../disk/file-stamps.ts";
import type { EntryProblem, ReloadPorts } from "./ports.ts";

/** What a program writes together is on disk within this time, in milliseconds. */
const TOGETHER_MS = 4;

interface FirstSaveParts {
  readonly known: FileStamps;
  readonly ports: Pick<ReloadPorts<EntryProblem>, "basePaths" | "pathsOf" | "isContent" | "isUnsettled">;
  readonly clock: Clock;
  /** The entries in use. */
  readonly entries: () => Iterable<string>;
}

/**
 * The first save after a quiet time need not wait for others where there are none. Whether there are is asked of the disk: the
 * events of files that were saved together may come far apart.
 */
export class FirstSave {
  readonly #parts: FirstSaveParts;
  readonly #onDue: (names: ReadonlySet<string>) => void;
  #cancel: (() => void) | undefined;

  /** @param onDue called when all that was saved together with a file is on disk */
  constructor(parts: FirstSaveParts, onDue: (names: ReadonlySet<string>) => void) {
    this.#parts = parts;
    this.#onDue = onDue;
  }

  /** @param names all names of the file that was saved */
  begin(names: ReadonlySet<string>): void {
    this.close();
    this.#cancel = this.#parts.clock.after(TOGETHER_MS, () => this.#onDue(names));
  }

  /** Whether the file is all that was saved, and whole. */
  isAlone(names: ReadonlySet<string>): boolean {
    const { known, ports, entries } = this.#parts;
    if (ports.isUnsettled()) return false;
    const named = known.findChanged([...names].filter((name) => known.isKnown(name)));
    if (named.length === 0 || !named.every((name) => ports.isContent(name))) return false;
    const changed = known.findChanged([...ports.basePaths(), ...ports.pathsOf(...entries())]);
    return changed.every((name) => names.has(name));
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
