import { diverge, runInContext } from "./context.ts";
import type { RequestContext, World } from "./context.ts";
import type { Generation } from "./generation.ts";
import type { ModuleRecord } from "./module-record.ts";

/** A request while it is answered. */
export interface OpenRequest {
  readonly version: number;
  /** Run the handler, or anything else that belongs to the request. */
  run<T>(body: () => T): T;
  /** The answer is complete, streams included. */
  close(): void;
}

/**
 * Requests keep the version they began with. That costs nothing until a commit replaces something under one of
 * them; from then on reads ask whose they are, until the last older request has ended.
 */
export class Requests {
  readonly #open = new Set<RequestContext & { readonly world: World }>();
  readonly #withHistory = new Set<ModuleRecord>();
  readonly #drained: (() => void)[] = [];
  #version = 0;
  /** The last version that replaced a generation: older requests see other code than new ones. */
  #replacedIn = 0;
  #endDivergence: (() => void) | undefined;

  get version(): number {
    return this.#version;
  }

  begin(entry: string): OpenRequest {
    const request: RequestContext & { world: World } = {
      entry,
      version: this.#version,
      open: true,
      world: { generationOf: (module) => this.#generationFor(request, module) },
    };
    this.#open.add(request);
    const context = { world: request.world, evaluating: undefined, request };
    return {
      version: request.version,
      run: (body) => runInContext(context, body),
      close: () => {
        if (!request.open) return;
        request.open = false;
        this.#open.delete(request);
        this.#forgetHistory();
      },
    };
  }

  /** A commit: `settle` makes generations live instead of old ones. */
  commit(old: readonly Generation[], settle: (version: number) => void): void {
    settle(++this.#version);
    if (old.length > 0) {
      this.#replacedIn = this.#version;
      for (const { module } of old) this.#withHistory.add(module);
      if (this.#hasOlder()) this.#endDivergence ??= diverge();
    }
    this.#forgetHistory();
  }

  /** Resolves when no request is older than the live version any more, or the deadline has passed. */
  async drained(deadlineMs: number): Promise<void> {
    if (!this.#hasOlder()) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
      timer.unref();
      this.#drained.push(resolve);
    });
    clearTimeout(timer);
  }

  #generationFor(request: RequestContext, module: ModuleRecord): Generation | undefined {
    let generation = module.live;
    if (!request.open || request.version >= this.#replacedIn) return generation;
    while (generation?.previous !== undefined && generation.liveSince > request.version) {
      generation = generation.previous;
    }
    return generation;
  }

  #hasOlder(): boolean {
    for (const request of this.#open) if (request.version < this.#replacedIn) return true;
    return false;
  }

  #forgetHistory(): void {
    if (this.#withHistory.size === 0 || this.#hasOlder()) return;
    for (const module of this.#withHistory) if (module.live !== undefined) module.live.previous = undefined;
    this.#withHistory.clear();
    this.#endDivergence?.();
    this.#endDivergence = undefined;
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
