import type { Generation } from "../model/generation.ts";
import type { CloseReason, HotHandlers } from "../model/hot-handlers.ts";

type DisposeHandler = (data: Record<string, unknown>) => unknown;
type AcceptCallback = (module: object | undefined) => void;
type Namespaces = readonly (object | undefined)[];
/** `accept()`, `accept(callback)`, `accept(specifier, callback)`, `accept(specifiers, callback)`. */
type AcceptArguments =
  | readonly [callback?: AcceptCallback]
  | readonly [specifiers: string | readonly string[], callback?: (modules: unknown) => void];
type EventCallback = (data: unknown) => void;

/** What `import.meta.hot` asks of the runtime. */
export interface HotPort {
  send(event: string, data: unknown): void;
  invalidate(generation: Generation, message: string | undefined): void;
  resolve(generation: Generation, specifier: string): string;
  /** A dispose handler has thrown. */
  disposeFailed(generation: Generation, error: unknown): void;
}

/**
 * `import.meta.hot` on the server, with the contract of Vite's client and without its holes: any number of
 * handlers per module, awaited ones too. `accept` only adds callbacks: who runs again is decided elsewhere.
 */
export class HotContext implements HotHandlers {
  readonly #generation: Generation;
  readonly #port: HotPort;
  readonly #dispose: DisposeHandler[] = [];
  readonly #prune: DisposeHandler[] = [];
  readonly #accepts: AcceptCallback[] = [];
  readonly #acceptsOf: {
    readonly dependencies: readonly string[];
    readonly callback: (modules: Namespaces) => void;
  }[] = [];
  readonly #listeners = new Map<string, Set<EventCallback>>();
  #hasHandedOver = false;
  /** Called before anybody gets the data. */
  onDataUse: (() => void) | undefined;

  constructor(generation: Generation, port: HotPort) {
    this.#generation = generation;
    this.#port = port;
  }

  /** What the previous generation handed over; the same object for the module's whole life. */
  get data(): Record<string, unknown> {
    this.onDataUse?.();
    return this.#generation.module.hotData;
  }

  accept(...args: AcceptArguments): void {
    const [first, callback] = args;
    if (typeof first === "function") this.#accepts.push(first);
    if (callback === undefined || first === undefined || typeof first === "function") return;
    const resolve = (specifier: string): string => this.#port.resolve(this.#generation, specifier);
    const accepted =
      typeof first === "string"
        ? { dependencies: [resolve(first)], callback: ([module]: Namespaces) => callback(module) }
        : { dependencies: first.map(resolve), callback };
    this.#acceptsOf.push(accepted);
    this.#generation.module.observer.accepts(this.#generation.module);
  }

  acceptExports(_names: unknown, callback?: AcceptCallback): void {
    if (callback !== undefined) this.#accepts.push(callback);
  }

  /**
   * A handler that takes `data` runs before the new generation evaluates, one without parameters after the
   * new generation is live.
   */
  dispose(handler: DisposeHandler): void {
    this.#dispose.push(handler);
  }

  prune(handler: DisposeHandler): void {
    this.#prune.push(handler);
  }

  /** Every importer has to run again: this module knows that it cannot be replaced under them. */
  invalidate(message?: string): void {
    this.#port.invalidate(this.#generation, message);
  }

  /** Kept for compatibility: Vite's is a no-op as well. */
  decline(): void {}

  on(event: string, callback: EventCallback): void {
    const callbacks = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, callbacks.add(callback));
  }

  off(event: string, callback: EventCallback): void {
    this.#listeners.get(event)?.delete(callback);
  }

  send(event: string, data?: unknown): void {
    this.#port.send(event, data);
  }

  /** @internal */
  emit(event: string, data: unknown): void {
    for (const callback of this.#listeners.get(event) ?? []) callback(data);
  }

  /** @internal Handlers that hand over; each runs once, also when the transaction they ran for failed. */
  handOver(): Promise<void> | undefined {
    if (this.#hasHandedOver) return undefined;
    this.#hasHandedOver = true;
    const handlers = this.#dispose.filter((handler) => handler.length > 0);
    return handlers.length === 0 ? undefined : this.#run(handlers, this.data);
  }

  /** @internal Everything that cleans up. Returns how many handlers ran. */
  async close(reason: CloseReason): Promise<number> {
    const handlers = this.#hasHandedOver
      ? this.#dispose.filter((handler) => handler.length === 0)
      : [...this.#dispose];
    if (reason === "pruned") handlers.push(...this.#prune);
    this.#dispose.length = 0;
    this.#prune.length = 0;
    // What came to nothing has nothing to hand over.
    const data = reason === "abandoned" ? { ...this.data } : this.data;
    // Last opened, first closed.
    await this.#run(handlers.toReversed(), data);
    return handlers.length;
  }

  async #run(handlers: readonly DisposeHandler[], data: Record<string, unknown>): Promise<void> {
    for (const handler of handlers) {
      try {
        await handler(data);
      } catch (error) {
        this.#port.disposeFailed(this.#generation, error);
      }
    }
  }

  /** @internal The module itself was replaced. */
  accepted(namespace: object): void {
    for (const callback of this.#accepts) callback(namespace);
  }

  /** @internal Modules that this one accepted were replaced. */
  dependenciesReplaced(replaced: ReadonlyMap<string, object>): void {
    for (const { dependencies, callback } of this.#acceptsOf) {
      if (dependencies.some((id) => replaced.has(id))) callback(dependencies.map((id) => replaced.get(id)));
    }
  }
}
