import type { RuntimeHost } from "../host.ts";
import { evaluationsSoFar } from "../model/clock.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { UpdateEvents } from "./update-events.ts";

/** One `invalidate()` after another, each called because of the one before. */
interface InvalidationChain {
  readonly first: ModuleRecord;
  /** Who has called it. */
  readonly by: Set<ModuleRecord>;
}

/**
 * What `import.meta.hot.invalidate()` does: those run again that import the module.
 *
 * In a circle everybody who runs again may invalidate the next one. So a module is not invalidated a second time by what
 * its own invalidation has led to: it runs once more, to see what has changed behind it, and nobody is called for that.
 */
export class Invalidations {
  readonly #events: UpdateEvents;
  readonly #host: RuntimeHost;
  /** Why modules run that have been invalidated and have not run yet. */
  readonly #chains = new WeakMap<ModuleRecord, InvalidationChain>();
  /** Those of them that have been part of their chain already. */
  readonly #closing = new WeakSet<ModuleRecord>();
  #current: InvalidationChain | undefined;

  constructor(events: UpdateEvents, host: RuntimeHost) {
    this.#events = events;
    this.#host = host;
  }

  invalidate({ module }: Generation, message: string | undefined): void {
    const chain = this.#current ?? { first: module, by: new Set() };
    chain.by.add(module);
    const payload = { path: module.url, message, firstInvalidatedBy: chain.first.url };
    void this.#events.emit("vite:invalidate", payload);
    this.#host.send("vite:invalidate", payload);
    const because = `${module.displayName} was invalidated${message === undefined ? "" : `: ${message}`}`;
    this.#host.notice({ kind: "invalidated", module: module.displayName, message });
    for (const importer of module.importers) {
      if (importer === module) continue;
      this.#chains.set(importer, chain);
      if (chain.by.has(importer)) this.#closing.add(importer);
      importer.markStale({ reason: { kind: "stale", because }, since: evaluationsSoFar() });
    }
  }

  /** Modules are about to be replaced. Returns those for which callbacks are called, and how. */
  takeUp(replaced: Iterable<ModuleRecord>): {
    readonly called: readonly ModuleRecord[];
    readonly during: (call: () => void) => void;
  } {
    let chain: InvalidationChain | undefined;
    const called = [...replaced].filter((module) => {
      chain ??= this.#chains.get(module);
      this.#chains.delete(module);
      return !this.#closing.delete(module);
    });
    return { called, during: (call) => this.#during(chain, call) };
  }

  #during(chain: InvalidationChain | undefined, call: () => void): void {
    const before = this.#current;
    this.#current = chain;
    try {
      call();
    } finally {
      this.#current = before;
    }
  }
}
