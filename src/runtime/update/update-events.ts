import { within } from "../evaluate/deadline.ts";
import type { Wait } from "../evaluate/disposal.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { RunReason } from "../model/run-reason.ts";
import { acceptedWay } from "./accepted-way.ts";
import type { Boundary } from "./accepted-way.ts";

/** An update that listeners have been told of. */
export interface AnnouncedUpdate {
  /** It is over: something is live, or nothing has changed. */
  end(): void;
}

/**
 * Delivers events to `import.meta.hot.on`, those of Vite among them.
 *
 * Nothing is ever reloaded as a whole. Where Vite would, because nobody accepts a change, those hear of a full reload that
 * run again: for them it is one, and whoever is spared must not let go of anything.
 */
export class UpdateEvents {
  readonly #graph: ModuleGraph;
  readonly #deadlineMs: number;
  /** Listeners in code that is not live yet. */
  readonly #pending = new Set<Generation>();

  /** @param deadlineMs how long an update waits for listeners */
  constructor(graph: ModuleGraph, deadlineMs: number) {
    this.#graph = graph;
    this.#deadlineMs = deadlineMs;
  }

  /** A generation has begun to listen, or accepts something. */
  noteListener(generation: Generation): void {
    const { module } = generation;
    module.observer.listens(module);
    if (module.live === generation) return;
    this.#pending.add(generation);
    generation.scope.onLive(() => this.#pending.delete(generation));
    generation.scope.onDispose(() => this.#pending.delete(generation));
  }

  /**
   * Deliver an event to live code. Code that evaluates just now gets it when it is live.
   *
   * @returns what to wait for where a listener is asynchronous
   */
  emit(event: string, data: unknown): Promise<void> | undefined {
    for (const generation of this.#pending)
      generation.scope.onLive(() => void generation.hot?.emit(event, data));
    return this.#emitTo(this.#graph.roles.listening, event, data);
  }

  /** Something is about to run again, and nothing of it has run: who listens may take their time. */
  async begin(run: ReadonlyMap<ModuleRecord, RunReason>, wait: Wait): Promise<AnnouncedUpdate | undefined> {
    const { listening } = this.#graph.roles;
    const origins = [...run].flatMap(([module, reason]) =>
      module.live === undefined || follows(reason) ? [] : [module],
    );
    if (listening.size === 0 || origins.length === 0) return undefined;
    const { boundaries, hasDeadEnd } = acceptedWay(this.#graph, origins);
    const payload = updateOf(boundaries);
    const told = hasDeadEnd
      ? this.#emitTo(intersection(run.keys(), listening), "vite:beforeFullReload", reloadOf(origins))
      : this.#emitTo(listening, "vite:beforeUpdate", payload);
    if (told !== undefined) await wait(within(told, this.#deadlineMs, () => undefined));
    if (hasDeadEnd) return undefined;
    return { end: () => void this.#emitTo(listening, "vite:afterUpdate", payload) };
  }

  /** Modules that nobody imports any more are about to be disposed of. */
  beginPrune(pruned: readonly Generation[]): Promise<void> | undefined {
    if (pruned.length === 0) return undefined;
    const event = "vite:beforePrune";
    const payload = { type: "prune", paths: pruned.map(({ module }) => module.url) };
    const told = pruned.map((generation) => generation.hot?.emit(event, payload));
    return waitForAll([...told, this.emit(event, payload)]);
  }

  #emitTo(modules: Iterable<ModuleRecord>, event: string, data: unknown): Promise<void> | undefined {
    return waitForAll(Array.from(modules, ({ live }) => live?.hot?.emit(event, data)));
  }
}

/** Whether a module runs only because another one does. */
function follows(reason: RunReason): boolean {
  return "of" in reason || "by" in reason || "to" in reason;
}

function updateOf(boundaries: readonly Boundary[]): object {
  const updates = boundaries.map(({ by, accepted }) => ({
    type: "js-update",
    timestamp: Date.now(),
    path: by.module.url,
    acceptedPath: accepted.url,
    explicitImportRequired: false,
    isWithinCircularImport: false,
  }));
  return { type: "update", updates };
}

function reloadOf([origin]: readonly ModuleRecord[]): object {
  return { type: "full-reload", path: "*", triggeredBy: origin?.file };
}

function intersection<T>(some: Iterable<T>, others: ReadonlySet<T>): readonly T[] {
  return [...some].filter((each) => others.has(each));
}

function waitForAll(running: readonly (Promise<void> | undefined)[]): Promise<void> | undefined {
  const pending = running.filter((each) => each !== undefined);
  return pending.length === 0 ? undefined : Promise.all(pending).then(ignore);
}

function ignore(): void {}
