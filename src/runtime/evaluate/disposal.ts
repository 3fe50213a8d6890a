import type { RuntimeHost } from "../host.ts";
import { evaluationsSoFar } from "../model/clock.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { within } from "./deadline.ts";
import type { KeepRules } from "./keep-policy.ts";

/** Waits for an evaluation that is under way, letting others have their turn meanwhile. */
export type Wait = (running: Promise<void>) => Promise<void>;

interface DisposalInit {
  readonly deadlineMs: number;
  readonly keepRules: Pick<KeepRules, "reasonOf">;
  readonly notice: RuntimeHost["notice"];
}

/**
 * Lets what runs again clean up before it does.
 *
 * Code is written for Vite's order: `registry.add(job)` at top level and `registry.remove(job)` in a dispose handler leave
 * nothing behind only if the handler runs first. So the handlers run when all new text is known to link, and nothing of it
 * has run. What they do cannot be taken back: a generation that has cleaned up runs again before it serves, also if the
 * new one comes to nothing and its file says again what it said before.
 */
export class Disposal {
  readonly #init: DisposalInit;

  constructor(init: DisposalInit) {
    this.#init = init;
  }

  /** Handlers of all modules that run again, those of the last one evaluated first. */
  async begin(modules: Iterable<ModuleRecord>, wait: Wait): Promise<void> {
    const replaced = [...modules].flatMap(({ live }) => live ?? []);
    for (const generation of replaced.toSorted((a, b) => b.evaluatedAs - a.evaluatedAs)) {
      const running = generation.hot?.disposeAll("replaced");
      if (hasCleanedUp(generation)) this.#mark(generation.module);
      if (running !== undefined) await wait(this.#limit(running, generation.module));
    }
  }

  #mark(module: ModuleRecord): void {
    const reason = this.#init.keepRules.reasonOf(module) ?? { kind: "requested" };
    module.markStale({ reason, since: evaluationsSoFar() });
  }

  async #limit(running: Promise<void>, { displayName }: ModuleRecord): Promise<void> {
    const { deadlineMs, notice } = this.#init;
    await within(running, deadlineMs, () => {
      const error = new Error(`It is not done after ${deadlineMs / 1000} s: the new code runs.`);
      notice({ kind: "dispose-failed", module: displayName, error });
    });
  }
}

/** Modules whose live generations have cleaned up although nothing replaces them yet. */
export function disposedAmong(modules: Iterable<ModuleRecord>): readonly string[] {
  return [...modules].flatMap(({ live, displayName }) =>
    live !== undefined && hasCleanedUp(live) ? [displayName] : [],
  );
}

function hasCleanedUp({ hot }: Generation): boolean {
  return (hot?.handlersRun ?? 0) > 0;
}
