import type { Clock } from "./clock.ts";
import { updateTogether } from "./batch.ts";
import type { BatchParts } from "./batch.ts";
import { EagerWork } from "./eager-work.ts";
import { readinessAfter } from "./entry-state.ts";
import type { Answer, EntryState } from "./entry-state.ts";
import type { FileStamps } from "../disk/file-stamps.ts";
import { mayGoOn } from "./rounds.ts";
import type { EntryProblem, Readiness, ReloadPorts, ReloadSettings, UpdateOutcome } from "./ports.ts";
import { Retries } from "./retries.ts";
import type { Retry } from "./retries.ts";

/**
 * The loop, and the barrier in front of it.
 *
 *     file event ── debounce ──┐
 *     request ── barrier ──────┴─> apply ─> update ─> check again ─> serve
 *
 * A request never trusts the watcher: what its answer is built from is compared with the disk before it is served,
 * and again after a commit. Events only make that happen earlier.
 */
export class Reloads<Problem extends EntryProblem> {
  readonly #known: FileStamps;
  readonly #ports: ReloadPorts<Problem>;
  readonly #states = new Map<string, EntryState<Problem>>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Promise<Readiness<Problem>>>();
  readonly #retries: Retries;
  readonly #eager: EagerWork;
  #isClosed = false;
  /** How many checks and updates are under way. */
  #working = 0;
  /** Changes that are being taken in: until that is done, nobody knows what they concern. */
  readonly #applying = new Set<Promise<void>>();
  /** Something has happened since it was quiet. */
  #hasNews = false;
  readonly #batch: BatchParts<Problem>;

  constructor(init: {
    readonly known: FileStamps;
    readonly ports: ReloadPorts<Problem>;
    readonly settings: ReloadSettings;
    readonly clock: Clock;
  }) {
    this.#known = init.known;
    this.#ports = init.ports;
    this.#retries = new Retries({
      clock: init.clock,
      max: init.settings.maxRetries,
      attempt: async (retry) => this.#retry(retry),
    });
    this.#batch = {
      known: init.known,
      ports: init.ports,
      states: this.#states,
      isShown: (readiness) => this.#isShown(readiness),
      isKnownBroken: (entry) => this.#stateOf(entry)?.readiness.status === "broken",
      applyFileChanges: async (changed, told) => this.#applyFileChanges(changed, told),
      conclude: (entry, outcome, paths) => {
        // Whoever is bringing an entry up to date just now concludes that.
        if (!this.#underWay.has(entry)) this.#conclude(entry, outcome, paths);
      },
    };
    this.#eager = new EagerWork({
      known: init.known,
      ports: init.ports,
      clock: init.clock,
      debounceMs: init.settings.debounceMs,
      entries: () => this.#states.keys(),
      makeLive: async (named) => this.#makeLive(named),
      bringUpToDate: async (named) => this.#bringUpToDate(named),
    });
  }

  /** The barrier. Synchronous when nothing has changed: that is nearly always, and it costs one `stat` a file. */
  ready(entry: string): Answer<Problem> {
    const found = this.#check(entry);
    if (found instanceof Promise) return found.then((each) => this.#triedAgain(entry, each));
    return this.#triedAgain(entry, found);
  }

  /** A request on an entry that is ready has asked for something that failed, and may pass. */
  noteFailureMet(entry: string): void {
    this.#retries.note(entry);
  }

  /** A watcher saw something. Its word is taken as a hint: the disk decides. */
  noteEvent(file: string): void {
    if (this.#isClosed) return;
    this.#eager.noteSaved(this.#ports.namesOf(file));
  }

  /** Something has happened that no check has found: it is told when it is quiet. */
  noteNews(): void {
    this.#hasNews = true;
    this.#announceQuiet();
  }

  /** Forget an entry that no longer exists, be it under way just now. */
  forget(entry: string): void {
    this.#underWay.delete(entry);
    this.#states.delete(entry);
    this.#retries.cancel(entry);
  }

  /** What is known about an entry that has been asked for. */
  readinessOf(entry: string): Readiness<Problem> | undefined {
    return this.#states.get(entry)?.readiness;
  }

  /**
   * Make everything live that was saved, or find out why it cannot be, whether a watcher has seen it or not: one look,
   * and where all goes well one commit. Resolves when nothing is left to be tried again.
   */
  async settle(): Promise<void> {
    await this.#eager.after(async () => {
      await this.#bringUpToDate();
      // Whoever is under way with an entry, or has found it broken before, is waited for.
      for (const entry of this.#states.keys()) await this.ready(entry);
    });
    await this.#retries.settled();
  }

  /** Resolves when all eager work that was begun is done. */
  async settled(): Promise<void> {
    await this.#eager.settled();
  }

  /** Stop all timers. */
  close(): void {
    this.#isClosed = true;
    this.#eager.close();
    this.#retries.close();
  }

  /** What was found out about an entry, as far as it still holds. */
  #stateOf(entry: string): EntryState<Problem> | undefined {
    const state = this.#states.get(entry);
    if (state === undefined || !this.#isShown(state.readiness)) return undefined;
    const revision = this.#ports.revision();
    if (state.revision === revision) return state;
    // A text that is read just now is neither outdated any more nor known yet: wait for whoever reads it.
    if (this.#working > 0 || state.readiness.status === "broken" || !this.#ports.isCurrent(entry))
      return undefined;
    state.revision = revision;
    state.paths = this.#ports.pathsOf(entry);
    return state;
  }

  #check(entry: string): Answer<Problem> {
    const state = this.#stateOf(entry);
    if (state === undefined || this.#applying.size > 0 || this.#underWay.has(entry))
      return this.#shareNext(entry);
    const changed = this.#known.findChanged(state.paths);
    return changed.length === 0 ? state.readiness : this.#shareNext(entry, changed);
  }

  /** Whoever meets a failure that may have passed has it tried once more. */
  #triedAgain(entry: string, found: Readiness<Problem>): Answer<Problem> {
    return this.#retries.meet(entry)?.then(async (isTried) => (isTried ? this.ready(entry) : found)) ?? found;
  }

  #isShown(readiness: Readiness<Problem>): boolean {
    return readiness.status === "ready" || this.#ports.isShownOnDisk(readiness.problem);
  }

  /**
   * Requests that wait at the same time share one check. It has to begin after each of them arrived, so those that
   * come while one is under way share the next.
   *
   * @param seen what a look has found that was taken just now
   */
  #shareNext(entry: string, seen?: readonly string[]): Promise<Readiness<Problem>> {
    const waiting = this.#waiting.get(entry);
    if (waiting !== undefined) return waiting;
    const next = (async () => {
      await this.#underWay.get(entry);
      this.#waiting.delete(entry);
      const bringing = this.#work(async () => this.#bring(entry, seen));
      const done = bringing.then(
        () => undefined,
        () => undefined,
      );
      this.#underWay.set(entry, done);
      try {
        return await bringing;
      } finally {
        if (this.#underWay.get(entry) === done) this.#underWay.delete(entry);
        this.#announceQuiet();
      }
    })();
    this.#waiting.set(entry, next);
    return next;
  }

  async #bring(entry: string, seen?: readonly string[]): Promise<Readiness<Problem>> {
    let changed = seen ?? this.#known.findChanged(this.#ports.pathsOf(entry));
    for (let round = 0; ; round++) {
      await this.#applyFileChanges(changed);
      const outcome = await this.#ports.update([entry], false);
      const paths = this.#ports.pathsOf(entry);
      // Look once more at what was read while it was evaluated: a save may have come in between.
      changed = this.#known.findTouched(paths);
      const isDone = changed.length === 0 && (outcome.status === "failed" || this.#ports.isCurrent(entry));
      if (!isDone && mayGoOn(round)) continue;
      return this.#underWay.has(entry) ? this.#conclude(entry, outcome, paths) : readinessAfter(outcome);
    }
  }

  async #work<T>(run: () => Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await run();
    } finally {
      this.#working--;
    }
  }

  async #applyFileChanges(changed: readonly string[], told: ReadonlySet<string> = new Set()): Promise<void> {
    // What one look has found concerns others, and no watcher may be there to say so.
    for (const file of changed) if (!told.has(file)) this.#gather(file);
    if (changed.length > 0) {
      this.#hasNews = true;
      const applying: Promise<void> = this.#ports
        .applyFileChanges(changed)
        .finally(() => this.#applying.delete(applying));
      this.#applying.add(applying);
      await applying;
    }
    // Changes that another check has found may affect this entry, and no longer show on disk.
    await Promise.allSettled(this.#applying);
  }

  #gather(file: string): void {
    if (!this.#isClosed) this.#eager.gather(this.#ports.namesOf(file));
  }

  /** Whoever tells what happened waits for the rest of it: it is quiet one pass of the loop later. */
  #announceQuiet(): void {
    if (this.#hasNews && !this.#isClosed) this.#eager.touch();
  }

  #conclude(entry: string, outcome: UpdateOutcome<Problem>, paths: readonly string[]): Readiness<Problem> {
    const before = this.#states.get(entry)?.readiness;
    const readiness = readinessAfter(outcome);
    const revision = this.#working > 1 ? undefined : this.#ports.revision();
    this.#states.set(entry, { readiness, revision, paths });
    if (outcome.status !== "unchanged") this.#hasNews = true;
    if (readiness.status === "ready") {
      if (before?.status !== "broken") return readiness;
      this.#retries.cancel(entry);
      this.#ports.onRecovered([entry]);
    } else if (before?.status !== "broken" || before.problem !== readiness.problem) {
      this.#ports.onBroken(entry, readiness.problem, 0);
      if (readiness.problem.mayPass) this.#retries.begin(entry);
      else this.#retries.cancel(entry);
    }
    return readiness;
  }

  /** Requests are answered with the failure meanwhile. Returns whether it may still pass. */
  async #retry({ entry, count, isLast }: Retry): Promise<boolean> {
    try {
      const before = this.#states.get(entry)?.readiness.status;
      const outcome = await this.#work(async () => this.#ports.update([entry], true));
      const state = this.#states.get(entry);
      // Somebody else has mended it meanwhile, or it is gone.
      if (this.#isClosed || state === undefined || state.readiness.status !== before) return false;
      if (before === "broken" && outcome.status === "failed") {
        state.readiness = readinessAfter(outcome);
        state.revision = this.#working > 0 ? undefined : this.#ports.revision();
        if (isLast) this.#ports.onBroken(entry, outcome.problem, count);
        return outcome.problem.mayPass;
      }
      this.#conclude(entry, outcome, this.#ports.pathsOf(entry));
      this.#announceQuiet();
    } catch (error) {
      this.#ports.onFailure(error);
    }
    return false;
  }

  /** @param named files that were touched; all that entries in use are built from counts where none are given */
  async #bringUpToDate(named?: ReadonlySet<string>): Promise<void> {
    await this.#makeLive(named);
    if (this.#isClosed || this.#eager.isWaiting || this.#underWay.size > 0) return;
    this.#hasNews = false;
    this.#ports.onQuiet();
  }

  async #makeLive(named: ReadonlySet<string> | undefined): Promise<void> {
    await this.#ports.lookAround();
    const isolated = await this.#work(async () => updateTogether(named, this.#batch));
    for (const entry of isolated) await this.ready(entry);
  }
}
