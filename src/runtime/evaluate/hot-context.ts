import { runClosing, runOutside } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import type { AcceptedModule, CloseReason, HotHandlers } from "../model/hot-handlers.ts";

type DisposeHandler = (data: Record<string, unknown>) => unknown;
type AcceptCallback = (module: object | undefined) => void;
type Namespaces = readonly (object | undefined)[];
/** `accept()`, `accept(callback)`, `accept(specifier, callback)`, `accept(specifiers, callback)`. */
type AcceptArguments =
  | readonly [callback?: AcceptCallback]
  | readonly [specifiers: string | readonly string[], callback?: (modules: unknown) => void];
/** Whose replacement is accepted, and who is called then. */
interface Accepted {
  /** As they are written; the module itself where none are. */
  readonly specifiers: readonly string[] | undefined;
  readonly callback: ((modules: Namespaces) => void) | undefined;
}
type EventCallback = (data: unknown) => unknown;

/** What `import.meta.hot` asks of the runtime. */
export interface HotPort {
  send(event: string, data: unknown): void;
  invalidate(generation: Generation, message: string | undefined): void;
  /** Whether a specifier leads a module to another one. */
  leadsTo(generation: Generation, specifier: string, target: AcceptedModule): boolean;
  /** It has asked to be told of updates. */
  listens(generation: Generation): void;
  /** A dispose or prune handler has thrown. */
  disposeFailed(generation: Generation, error: unknown): void;
  /** An accept callback has thrown. */
  callbackFailed(generation: Generation, error: unknown): void;
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
  readonly #accepted: Accepted[] = [];
  readonly #listeners = new Map<string, Set<EventCallback>>();
  handlersRun = 0;
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

  accept(...[first, callback]: AcceptArguments): void {
    if (first === undefined || typeof first === "function") this.#acceptItself(first);
    else if (typeof first === "string") {
      this.#accept({ specifiers: [first], callback: callback && (([module]) => callback(module)) });
    } else if (Array.isArray(first)) this.#accept({ specifiers: first, callback });
    else
      throw new TypeError("import.meta.hot.accept takes a callback, a specifier or an array of specifiers.");
  }

  acceptExports(_names: unknown, callback?: AcceptCallback): void {
    this.#acceptItself(callback);
  }

  #acceptItself(callback: AcceptCallback | undefined): void {
    this.#accept({ specifiers: undefined, callback: callback && (([module]) => callback(module)) });
  }

  #accept(accepted: Accepted): void {
    this.#accepted.push(accepted);
    this.#port.listens(this.#generation);
  }

  /** The handler runs before the next generation evaluates, as soon as its text is known to link. */
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
    this.#port.listens(this.#generation);
  }

  off(event: string, callback: EventCallback): void {
    this.#listeners.get(event)?.delete(callback);
  }

  send(event: string, data?: unknown): void {
    this.#port.send(event, data);
  }

  /** @internal */
  emit(event: string, data: unknown): Promise<void> | undefined {
    const failed = (error: unknown): void => this.#port.callbackFailed(this.#generation, error);
    const running = Array.from(this.#listeners.get(event) ?? [], (callback) => {
      try {
        const result = runOutside(() => callback(data));
        return isThenable(result) ? Promise.resolve(result).then(ignore, failed) : undefined;
      } catch (error) {
        failed(error);
        return undefined;
      }
    }).filter((each) => each !== undefined);
    return running.length === 0 ? undefined : Promise.all(running).then(ignore);
  }

  /** @internal */
  disposeAll(reason: CloseReason): Promise<void> | undefined {
    // What came to nothing has nothing to hand over.
    const data = reason === "abandoned" ? { ...this.data } : this.data;
    return this.#run(this.#dispose.splice(0).toReversed(), data);
  }

  /** @internal */
  pruneAll(): Promise<void> | undefined {
    return this.#run(this.#prune.splice(0).toReversed(), this.data);
  }

  /** One after another. Nobody has to wait where none of them takes its time. */
  #run(handlers: readonly DisposeHandler[], data: Record<string, unknown>): Promise<void> | undefined {
    for (const [index, handler] of handlers.entries()) {
      this.handlersRun++;
      const running = this.#call(handler, data);
      if (running !== undefined) return running.then(() => this.#run(handlers.slice(index + 1), data));
    }
    return undefined;
  }

  #call(handler: DisposeHandler, data: Record<string, unknown>): Promise<void> | undefined {
    const failed = (error: unknown): void => this.#port.disposeFailed(this.#generation, error);
    try {
      const result = runClosing(this.#generation.module.displayName, () => handler(data));
      return isThenable(result) ? Promise.resolve(result).then(ignore, failed) : undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  /** @internal */
  get acceptsItself(): boolean {
    return this.#accepted.some(({ specifiers }) => specifiers === undefined);
  }

  /** @internal */
  accepts(dependency: AcceptedModule): boolean {
    return this.#accepted.some(
      ({ specifiers }) => specifiers?.some((each) => this.#leadsTo(each, dependency)) === true,
    );
  }

  /** @internal */
  callAccepted(accepted: AcceptedModule, namespace: object | undefined): void {
    const isItself = accepted === this.#generation.module;
    for (const { specifiers, callback } of this.#accepted.slice()) {
      const modules = specifiers?.map((each) => this.#leadsTo(each, accepted));
      if (callback === undefined || !(modules?.includes(true) ?? isItself)) continue;
      try {
        runOutside(() => callback((modules ?? [true]).map((isThis) => (isThis ? namespace : undefined))));
      } catch (error) {
        this.#port.callbackFailed(this.#generation, error);
      }
    }
  }

  #leadsTo(specifier: string, target: AcceptedModule): boolean {
    return this.#port.leadsTo(this.#generation, specifier, target);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}

function ignore(): void {}
