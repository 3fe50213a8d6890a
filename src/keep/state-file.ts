import { decodeEntry } from "../state/decode-snapshot.ts";
import { addKeeper, keptEntries, keptId } from "../state/kept-entries.ts";
import type { SavedEntry } from "../state/saved-state.ts";
import { timers } from "../reload/clock.ts";
import type { Clock } from "../reload/clock.ts";
import { KeptValues } from "./kept-values.ts";
import type { HeldValue } from "./kept-values.ts";
import { openStateDisk } from "./state-disk.ts";
import type { StateDisk } from "./state-disk.ts";
import { writeContent } from "./state-lines.ts";
import { readState } from "./state-reading.ts";
import { WriteSchedule } from "./write-schedule.ts";

/** What {@link openStateFile} needs. */
export interface StateFileInit {
  readonly root: string;
  /** Told once each: what cannot be kept, an unreadable file, a disk that refuses. Prefixed `[orbit]`. */
  readonly report: (message: string) => void;
  /** Forget what earlier processes left. What this one leaves is kept as ever. @default false */
  readonly isClean?: boolean;
  /** All values together, in characters. @default 64 * 2 ** 20 */
  readonly maxLength?: number;
  /** @default timers that keep no process alive */
  readonly clock?: Clock;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default openStateDisk(root) */
  readonly disk?: StateDisk;
}

/** What an earlier process has left. */
export interface RestoredSummary {
  /** Each waits until code defines it: `store:cart`, `cell:pages/api/users.ts`. */
  readonly ids: readonly string[];
  /** Epoch milliseconds; absent when nothing was left. */
  readonly savedAt?: number;
}

/** A value beside explicit state that is to outlive the process. */
export interface NamedValue {
  /** Unique in the project, and for people: `pages/api/users.ts`. */
  readonly name: string;
  /** What code the value belongs to: under another signature it is not given back. */
  readonly signature: string;
  /** Objects that several values share stay shared within one of them only. */
  readonly value: unknown;
  /** What people call a place in the value, such as `.sessions.ada`. @default its path behind the name */
  readonly nameOf?: (path: string) => string;
}

/** State on its way to the next process. */
export interface StateFile {
  /** Reads what an earlier process has left. Once, before any server module is evaluated. */
  restore(): RestoredSummary;
  /** The value that was kept under a name for this code, if there is one. */
  recall(name: string, signature: string): { readonly value: unknown } | undefined;
  /** Keeps what `values` gives, from now on. Those it no longer gives are forgotten. @returns Ends it. */
  provide(values: () => Iterable<NamedValue>): () => void;
  /** Something may have changed in place: after each request, for example. What is set through the API says so itself. */
  touched(): void;
  /** Writes what has changed before it returns. */
  flush(): void;
  /** Writes what has changed, and ends. */
  close(): void;
}

/** Shorter work than this is not throttled. */
const SHORT_WORK_MS = 10;
/** Large state is looked at less often, so that it never takes much more than a twentieth of the time. */
const REST_PER_WORK = 20;
/** A disk that has refused is asked again from time to time. */
const RETRY_AFTER_MS = 5_000;

/**
 * Keep explicit state, and what else is provided, over restarts. It is written a moment after a change, and
 * synchronously when the process exits. It belongs to the project's first server. Should two write it all the same, no lock
 * is needed: each replaces it as a whole, with what the other has written in it, and the last one to change a value
 * decides it.
 */
export function openStateFile(init: StateFileInit): StateFile {
  return new WrittenState(init);
}

class WrittenState implements StateFile {
  readonly #init: StateFileInit;
  readonly #disk: StateDisk;
  readonly #schedule: WriteSchedule;
  readonly #now: () => number;
  readonly #values: KeptValues;
  readonly #providers = new Set<() => Iterable<NamedValue>>();
  readonly #removeKeeper: () => void;
  readonly #onExit = (): void => this.flush();
  #stamp: string | undefined;
  #writing: "no" | "yes" | "superseded" = "no";
  #lastWorkMs = 0;
  #hasFailed = false;
  #isClosed = false;

  constructor(init: StateFileInit) {
    const {
      root,
      disk = openStateDisk(root),
      clock = timers,
      now = Date.now,
      maxLength = 64 * 2 ** 20,
    } = init;
    this.#init = init;
    this.#disk = disk;
    this.#schedule = new WriteSchedule({ clock, now, write: async () => this.#write() });
    this.#now = now;
    this.#values = new KeptValues({
      maxLength,
      now,
      say: (message) => this.#say(message),
    });
    this.#removeKeeper = addKeeper({
      touched: () => this.touched(),
      recall: (kind, key) => this.#recallEntry(kind, key),
      forget: (key) => this.#forget(key),
    });
    process.on("exit", this.#onExit);
  }

  restore(): RestoredSummary {
    if (this.#init.isClean === true) {
      this.#attempt(() => this.#disk.remove());
      return { ids: [] };
    }
    const savedAt = this.#read();
    return { ids: this.#values.ids, ...(savedAt === undefined ? {} : { savedAt }) };
  }

  recall(name: string, signature: string): { readonly value: unknown } | undefined {
    const found = this.#values.recall(cellId(name), name);
    if (typeof found?.value !== "object" || found.value === null) return undefined;
    const cell: Partial<NamedValue> = found.value;
    return cell.signature === signature ? { value: cell.value } : undefined;
  }

  provide(values: () => Iterable<NamedValue>): () => void {
    this.#providers.add(values);
    this.touched();
    return () => void this.#providers.delete(values);
  }

  touched(): void {
    this.#schedule.touched();
  }

  flush(): void {
    this.#attempt(() => {
      this.#look();
      const changes = this.#values.changes();
      // What is being written may never arrive: the process may be about to end.
      const values = changes ?? (this.#writing === "no" ? undefined : this.#values.all());
      if (values === undefined) return;
      if (this.#writing === "yes") this.#writing = "superseded";
      this.#stamp = this.#disk.writeNow(this.#textOf(values));
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    this.#schedule.close();
    this.#removeKeeper();
    process.off("exit", this.#onExit);
  }

  async #write(): Promise<void> {
    this.#writing = "yes";
    try {
      const text = this.#changedText();
      if (text !== undefined) {
        const stamp = await this.#disk.write(text, () => !this.#isSuperseded());
        // A flush that came in between has written something newer.
        if (stamp !== undefined && !this.#isSuperseded()) this.#stamp = stamp;
        this.#hasFailed = false;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#writing = "no";
  }

  #isSuperseded(): boolean {
    return this.#writing === "superseded";
  }

  #changedText(): string | undefined {
    const start = performance.now();
    this.#look();
    const changes = this.#values.changes();
    const text = changes && this.#textOf(changes);
    const workMs = performance.now() - start;
    // Twice in a row: once, it may have been cold code, a collection of garbage or a busy machine.
    this.#schedule.rest((Math.min(workMs, this.#lastWorkMs) - SHORT_WORK_MS) * REST_PER_WORK);
    this.#lastWorkMs = workMs;
    return text;
  }

  #textOf(values: ReturnType<KeptValues["all"]>): string {
    return writeContent({ savedAt: this.#now(), values }, this.#init.root);
  }

  /** Brings together what this process holds and what another server may have written. */
  #look(): void {
    this.#schedule.looked();
    if (this.#disk.stamp() !== this.#stamp) this.#read();
    this.#values.update(this.#held());
  }

  *#held(): Generator<HeldValue> {
    for (const { saved, ...entry } of keptEntries()) {
      const nameOf = (path: string): string =>
        entry.label + path.replace(/^\.(?:state|records|windows|value)/, "");
      yield { ...entry, nameOf, value: saved };
    }
    for (const provider of this.#providers) {
      for (const { name, signature, value, nameOf = (path: string) => name + path } of provider()) {
        yield {
          id: cellId(name),
          label: name,
          nameOf: (path) => nameOf(path.slice(".value".length)),
          value: () => ({ signature, value }),
        };
      }
    }
  }

  /** @returns When it was saved. */
  #read(): number | undefined {
    return this.#attempt(() => {
      this.#stamp = this.#disk.stamp();
      const { content, problem } = readState(this.#disk, this.#init.root, this.#now());
      this.#values.load(content?.values ?? new Map());
      if (problem !== undefined) {
        this.#stamp = undefined;
        this.#say(problem);
      }
      return content?.savedAt;
    });
  }

  #recallEntry(kind: string, key: string): SavedEntry | undefined {
    const label = `${kind} "${key}"`;
    const found = this.#values.recall(keptId(kind, key), label);
    if (found === undefined) return undefined;
    try {
      const entry = decodeEntry(found.value, label);
      return entry.kind === kind && entry.key === key ? entry : undefined;
    } catch {
      this.#say(`${label} starts anew: what was stored of it has a wrong form.`);
      return undefined;
    }
  }

  #forget(key: string | undefined): void {
    this.#values.forget((id) =>
      key === undefined
        ? !id.startsWith(CELL)
        : !id.startsWith(CELL) && id.slice(id.indexOf(":") + 1) === key,
    );
    this.touched();
  }

  #attempt<Result>(step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** The disk is full, or nobody may write: state lives on in memory, and that is said once. */
  #fail(error: unknown): void {
    this.#values.notWritten();
    this.#schedule.rest(RETRY_AFTER_MS);
    if (!this.#hasFailed) {
      this.#say(`State is not kept over restarts: ${this.#disk.name} cannot be used (${messageOf(error)}).`);
    }
    this.#hasFailed = true;
  }

  #say(message: string): void {
    this.#init.report(`[orbit] ${message}`);
  }
}

const CELL = "cell:";

function cellId(name: string): string {
  return CELL + name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
