import type { Clock } from "./clock.ts";
import { Debounce } from "./debounce.ts";
import type { FileStamps } from "../disk/file-stamps.ts";
import { FirstSave } from "./first-save.ts";
import type { EntryProblem, ReloadPorts } from "./ports.ts";

interface EagerWorkInit {
  readonly known: FileStamps;
  readonly ports: Omit<ReloadPorts<EntryProblem>, "isShownOnDisk">;
  readonly clock: Clock;
  readonly debounceMs: number;
  /** The entries in use. */
  readonly entries: () => Iterable<string>;
  /** Bring all entries in use up to date that these files concern. */
  readonly makeLive: (named: ReadonlySet<string>) => Promise<void>;
  /** The same, and tell it if it is quiet then. */
  readonly bringUpToDate: (named: ReadonlySet<string>) => Promise<void>;
}

/**
 * What is done before anybody asks for it. The first save after a quiet time is made live at once, where it is the only one;
 * a burst of events is one batch, and where all goes well one commit, for all routes in use.
 */
export class EagerWork {
  readonly #init: EagerWorkInit;
  readonly #events: Debounce<string>;
  readonly #firstSave: FirstSave;
  #underWay: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(init: EagerWorkInit) {
    this.#init = init;
    this.#events = new Debounce(init.debounceMs, init.clock, (files) => this.#reload(files));
    this.#firstSave = new FirstSave(init, (names) => this.#begin(async () => this.#makeFirstLive(names)));
  }

  /** Whether some of it is to come. */
  get isWaiting(): boolean {
    return this.#events.isWaiting;
  }

  /** A watcher has seen a file, known by these names. */
  noteSaved(names: readonly string[]): void {
    if (!this.isWaiting) this.#firstSave.begin(new Set(names));
    this.gather(names);
  }

  gather(names: readonly string[]): void {
    for (const name of names) this.#events.add(name);
  }

  /** Something is to be told once it is quiet. */
  touch(): void {
    this.#events.touch();
  }

  /** Do something when all that is under way has been done. */
  after(work: () => Promise<void>): Promise<void> {
    const done = this.#underWay.then(work);
    // Whoever began it hears of its failure.
    this.#underWay = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all of it that was begun is done. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  /** Stop all timers. */
  close(): void {
    this.#isClosed = true;
    this.#events.close();
    this.#firstSave.close();
  }

  async #makeFirstLive(names: ReadonlySet<string>): Promise<void> {
    if (!this.#isClosed && this.#firstSave.isAlone(names)) await this.#init.makeLive(names);
  }

  #reload(files: ReadonlySet<string>): void {
    if (this.#isClosed) return;
    if (this.#init.ports.isUnsettled()) this.gather([...files]);
    else this.#begin(async () => this.#init.bringUpToDate(files));
  }

  #begin(work: () => Promise<void>): void {
    this.after(work).catch((error: unknown) => this.#init.ports.onFailure(error));
  }
}
