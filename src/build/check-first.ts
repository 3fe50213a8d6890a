import type { Clock } from "../reload/clock.ts";
import type { BuildResult, BuildTool, RunningBuild } from "./build-tool.ts";

/** Where crates that others wait for take less, a build says as soon what is wrong. */
const WORTH_MS = 1_000;
/** So many of the last times count. */
const MAX_TIMES = 3;

export interface CheckFirst {
  readonly build: BuildTool;
  /** Says what is wrong with the sources, and makes nothing. */
  readonly check: BuildTool;
  /** Names the crate of a file: what a build takes depends on where something was saved. */
  readonly crateOf: (file: string) => string;
  readonly clock: Clock;
}

/**
 * A build that is checked first where that pays. A program is compiled when the crates that it uses have been made, which may
 * take long; to be checked, it need not wait for that. But a check that finds nothing is time lost: so it is for crates alone whose
 * last builds have kept others waiting, and for as long as it has been the faster one.
 */
export function checkFirst({ build, check, crateOf, clock }: CheckFirst): BuildTool {
  const waits = new Times();
  const checks = new Times();
  /** The first check has to look at everything: it says nothing of those that follow. */
  let isWarm = false;
  const pays = (crate: string): boolean => {
    const wait = waits.of(crate) ?? 0;
    return wait > WORTH_MS && (checks.of(crate) ?? 0) < wait;
  };
  return {
    name: build.name,
    start(note, files) {
      const crates = [...new Set(files.map(crateOf))];
      const toBuild = (): RunningBuild => build.start(note, files);
      const noteWait = (result: BuildResult): BuildResult => {
        if (result.isOk) for (const crate of crates) waits.add(crate, result.waitMs ?? 0);
        return result;
      };
      const noteCheck = (ms: number): void => {
        if (isWarm) for (const crate of crates) checks.add(crate, ms);
        isWarm = true;
      };
      if (!crates.some(pays)) {
        const running = toBuild();
        return { ended: running.ended.then(noteWait), stop: () => running.stop() };
      }
      let isStopped = false;
      const startedAt = clock.now;
      let running = check.start(note, files);
      const run = async (): Promise<BuildResult> => {
        const checked = await running.ended;
        // One that was ended, or that does not know an argument, says nothing of the sources.
        if (isStopped) return checked;
        noteCheck(clock.now - startedAt);
        if (checked.diagnostics.some(({ level }) => level === "error")) return checked;
        running = toBuild();
        return noteWait(await running.ended);
      };
      const stop = (): void => {
        isStopped = true;
        running.stop();
      };
      return { ended: run(), stop };
    },
  };
}

/** The last times that something has taken, in milliseconds, by what it was taken for. */
class Times {
  readonly #times = new Map<string, readonly number[]>();

  add(name: string, ms: number): void {
    this.#times.set(name, [...(this.#times.get(name) ?? []), ms].slice(-MAX_TIMES));
  }

  /** The median. */
  of(name: string): number | undefined {
    const times = this.#times.get(name) ?? [];
    return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  }
}
