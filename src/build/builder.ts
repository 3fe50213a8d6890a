import type { Contents } from "../disk/folder-contents.ts";
import { changedFiles } from "../disk/folder-contents.ts";
import type { BuildStatus } from "../protocol/build.ts";
import type { Clock } from "../reload/clock.ts";
import type { BuildResult, BuildTool, RunningBuild } from "./build-tool.ts";

/** Something has become of a build. */
export type BuildNews =
  | {
      readonly type: "begun";
      /** What was saved for it, as absolute paths. */
      readonly files: readonly string[];
      /** All that it is built from. */
      readonly inputs: Contents;
    }
  | {
      readonly type: "ended";
      readonly status: Exclude<BuildStatus, "starting">;
      /** What was saved for it, as absolute paths. */
      readonly files: readonly string[];
      readonly ms: number;
      readonly result: BuildResult;
      /** The files of the output that are others than before. */
      readonly output: readonly string[];
      /** Those of them that were not there before. */
      readonly added: ReadonlySet<string>;
    }
  /** How far it is. */
  | { readonly type: "noted"; readonly progress: string }
  /** It writes what it is built from: it is not built again for these files. */
  | { readonly type: "endless"; readonly files: readonly string[] };

export interface BuilderPorts {
  readonly tool: BuildTool;
  /** What it is built from, as it is now. */
  readonly inputs: { read(): Contents };
  /** What the last builds have made, as it is now. */
  readonly output: { read(): Contents; digestOf(file: string): string | undefined };
  readonly clock: Clock;
  readonly onNews: (news: BuildNews) => void;
}

/** Saves that come so soon after one another are one. */
const DEBOUNCE_MS = 40;
/** Whoever saves all the time gets a build as well. */
const MAX_WAIT_MS = 300;
/**
 * A build that writes its own inputs looks like somebody who saves all the time: before it is built for the third time, nothing has
 * to be saved for so long.
 */
const PAUSE_MS = 300;
/** A build that is younger than this part of what builds take is ended for a newer one: little is lost with it. */
const YOUNG_SHARE = 0.3;
const MAX_DURATIONS = 9;

interface CurrentBuild {
  readonly from: Contents;
  readonly running: RunningBuild;
  readonly startedAt: number;
  /** Its result is of no use any more. */
  isEnded: boolean;
}

/** The time until something is looked at. */
interface PendingLook {
  readonly since: number;
  readonly isPause: boolean;
  readonly cancel: () => void;
}

/**
 * Builds when what it is built from has changed: one build at a time, and always what was saved last.
 *
 *     saved ── debounce ──> begin ──> running ──> ended: what has been saved meanwhile is built next
 *                 │                      │
 *                 └── saved meanwhile ───┴── ended before its time, where it is young
 *
 * Events are hints. Whether there is something to build is found out by what the inputs hold, before and after each build.
 */
export class Builder {
  readonly #ports: BuilderPorts;
  /** What the last build that ended by itself was made from. */
  #built: Contents | undefined;
  /** What was there of the output when that was told last. */
  #told: Map<string, string>;
  #current: CurrentBuild | undefined;
  #waiting: PendingLook | undefined;
  /** It is built, whatever the inputs hold. */
  #isForced = false;
  #isClosed = false;
  /** How long the last builds have taken that ended by themselves. */
  readonly #durations: number[] = [];
  /** Files that have changed while the last builds ran, and in how many of them. */
  #writes = new Map<string, number>();
  #onIdle = new Set<() => void>();

  constructor(ports: BuilderPorts) {
    this.#ports = ports;
    this.#told = new Map(ports.output.read());
  }

  /** Whether nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.#current === undefined && this.#waiting === undefined;
  }

  /** Whether something waits to be built, or is, since that time of the clock. */
  hasBegunSince(time: number): boolean {
    return this.#waiting !== undefined || (this.#current?.startedAt ?? -Infinity) >= time;
  }

  /** Whether there is anything that could be served. */
  get hasOutput(): boolean {
    return this.#told.size > 0;
  }

  /** What is there of the output, as it was told last. */
  get output(): Contents {
    return this.#told;
  }

  /** Something may have been saved. */
  note(): void {
    if (this.#isClosed || this.#waiting?.isPause === true) return;
    const { clock } = this.#ports;
    const since = this.#waiting?.since ?? clock.now;
    this.#waiting?.cancel();
    const ms = Math.max(0, Math.min(DEBOUNCE_MS, since + MAX_WAIT_MS - clock.now));
    const cancel = clock.after(ms, () => {
      this.#waiting = undefined;
      if (this.#current === undefined) this.#begin();
      else if (this.#isYoung(this.#current) && this.#isOutdated(this.#current)) this.#endEarly(this.#current);
      // What runs looks at the inputs again when it has ended.
      else this.#tellIdle();
    });
    this.#waiting = { since, isPause: false, cancel };
  }

  /** Build now, whatever has changed; a build that runs is ended for it. */
  buildNow(): void {
    if (this.#isClosed) return;
    this.#isForced = true;
    this.#writes.clear();
    this.#stopWaiting();
    if (this.#current === undefined) this.#begin();
    else this.#endEarly(this.#current);
  }

  /** Whether a file of the output is another one than was told. From now on it has been. */
  takeOutput(file: string): boolean {
    const digest = this.#ports.output.digestOf(file);
    if (digest === this.#told.get(file)) return false;
    if (digest === undefined) this.#told.delete(file);
    else this.#told.set(file, digest);
    return true;
  }

  /** Resolves when everything that is saved by now has been built, or could not be. */
  async settled(): Promise<void> {
    if (this.isIdle) this.#begin();
    else if (this.#waiting?.isPause === false && this.#current === undefined) {
      this.#stopWaiting();
      this.#begin();
    }
    while (!this.isIdle && !this.#isClosed) await new Promise<void>((resolve) => this.#onIdle.add(resolve));
  }

  /** Resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopWaiting();
    const current = this.#current;
    current?.running.stop();
    await current?.running.ended;
    this.#tellIdle();
  }

  /** Begin when nothing has been saved for a while. */
  #beginWhenQuiet(): void {
    const { inputs, clock } = this.#ports;
    const seen = inputs.read();
    const cancel = clock.after(PAUSE_MS, () => {
      this.#waiting = undefined;
      if (changedFiles(seen, inputs.read()).length > 0) this.#writes.clear();
      this.#begin();
    });
    this.#waiting = { since: clock.now, isPause: true, cancel };
  }

  #stopWaiting(): void {
    this.#waiting?.cancel();
    this.#waiting = undefined;
  }

  #isYoung({ startedAt }: CurrentBuild): boolean {
    const usual = this.#durations.toSorted((a, b) => a - b)[Math.floor(this.#durations.length / 2)];
    return usual !== undefined && this.#ports.clock.now - startedAt < usual * YOUNG_SHARE;
  }

  /** An event may come late, or twice. */
  #isOutdated({ from }: CurrentBuild): boolean {
    return changedFiles(from, this.#ports.inputs.read()).length > 0;
  }

  #endEarly(current: CurrentBuild): void {
    current.isEnded = true;
    current.running.stop();
  }

  #begin(): void {
    const { inputs, tool, clock, onNews } = this.#ports;
    const from = inputs.read();
    const files = this.#built === undefined ? [] : changedFiles(this.#built, from);
    if (this.#built !== undefined && files.length === 0 && !this.#isForced) return this.#tellIdle();
    this.#isForced = false;
    onNews({ type: "begun", files, inputs: from });
    const current = {
      running: tool.start((progress) => onNews({ type: "noted", progress }), files),
      from,
      startedAt: clock.now,
      isEnded: false,
    };
    this.#current = current;
    void this.#follow(current, files);
  }

  async #follow(current: CurrentBuild, files: readonly string[]): Promise<void> {
    const result = await current.running.ended;
    this.#current = undefined;
    if (this.#isClosed) return;
    const { inputs, clock, onNews } = this.#ports;
    const ms = clock.now - current.startedAt;
    const { from } = current;
    if (current.isEnded) {
      onNews({ type: "ended", status: "superseded", files, ms, result, output: [], added: new Set() });
      // What it has written may be half of it, also where all is saved as it was before.
      this.#isForced = true;
      return this.#begin();
    }
    this.#built = from;
    this.#durations.push(ms);
    if (this.#durations.length > MAX_DURATIONS) this.#durations.shift();
    const saved = changedFiles(from, inputs.read());
    const isLast = saved.length === 0;
    const status = result.isOk ? undefined : isLast ? "failed" : "superseded";
    const told = this.#told;
    const output = result.isOk ? this.#takeOutput() : [];
    onNews({
      type: "ended",
      status: status ?? (output.length === 0 && result.isFresh !== false ? "unchanged" : "completed"),
      files,
      ms,
      result,
      output,
      added: new Set(output.filter((file) => !told.has(file))),
    });
    this.#goOn(saved);
  }

  /** Build what has been saved while the last one ran, unless it was that which has written it. */
  #goOn(saved: readonly string[]): void {
    if (saved.length === 0) {
      this.#writes.clear();
      return this.#isForced ? this.#begin() : this.#tellIdle();
    }
    this.#writes = new Map(saved.map((file) => [file, (this.#writes.get(file) ?? 0) + 1]));
    const most = Math.max(...this.#writes.values());
    this.#stopWaiting();
    if (most === 1) return this.#begin();
    // Somebody who saves the same file during two builds is done some time; a build that writes it is not.
    if (most === 2) return this.#beginWhenQuiet();
    const endless = [...this.#writes].filter(([, times]) => times === most).map(([file]) => file);
    this.#writes.clear();
    this.#ports.onNews({ type: "endless", files: endless });
    // What somebody has saved meanwhile is not of its making.
    const now = this.#ports.inputs.read();
    const built = new Map(this.#built);
    for (const file of endless) {
      const digest = now.get(file);
      if (digest === undefined) built.delete(file);
      else built.set(file, digest);
    }
    this.#built = built;
    this.#begin();
  }

  #takeOutput(): readonly string[] {
    const now = this.#ports.output.read();
    const changed = changedFiles(this.#told, now);
    this.#told = new Map(now);
    return changed;
  }

  #tellIdle(): void {
    if (!this.isIdle && !this.#isClosed) return;
    const waiting = this.#onIdle;
    this.#onIdle = new Set();
    for (const resolve of waiting) resolve();
  }
}
