import { expectFunction, expectKey } from "./argument.ts";
import type { GenerationScope } from "./generation.ts";
import { currentScope, standingOf } from "./phase.ts";
import type { Entry, SingletonBody } from "./entries.ts";
import { entryOf, forgetEntry, liveEntries, registry } from "./registry.ts";
import { report } from "./report.ts";

/** Options of {@link createSingleton}. */
export interface SingletonOptions<Value> {
  /**
   * Closes the value when `globalStateManager.clear` lets go of it, when code that made it never became live, or, with
   * `preserveState: false`, when its module was replaced. Gets what the promise resolved to if the factory was async.
   */
  readonly dispose?: (value: Awaited<Value>) => unknown;
}

/**
 * Makes a value once and returns the same one from then on, whatever code is replaced: for clients and pools. A factory
 * that throws keeps nothing. The promise of an async factory is kept; one that rejects is forgotten, so that the next
 * call tries again.
 *
 * @throws TypeError when an argument is wrong, and whatever `factory` throws.
 * @example
 * const pool = createSingleton("pool", () => new Pool(), { dispose: (open) => open.end() });
 */
export function createSingleton<Value>(
  key: string,
  factory: () => Value,
  options: SingletonOptions<Value> = {},
): Value {
  expectKey("createSingleton", "key", key);
  expectFunction("createSingleton", "factory", factory);
  if (options.dispose !== undefined) expectFunction("createSingleton", "options.dispose", options.dispose);
  const entry = entryOf("singleton", key);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key is the contract: one key, one type
  const dispose = options.dispose as SingletonBody["dispose"];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key is the contract: one key, one type
  return keptOrMade(entry, { factory, dispose }).value as Value;
}

/** Closes the value of a singleton and forgets it; once the generation that asks is live, if one is evaluated. */
export function clearSingleton(entry: Entry<"singleton">): void {
  const standing = standingOf(undefined);
  const clear = (): void => {
    const { live } = entry;
    if (live === undefined) return;
    entry.live = undefined;
    void close(entry, live);
  };
  if (standing.kind === "live") clear();
  if (standing.kind === "aside") standing.scope.onLive(clear);
}

/**
 * The process is done with all of them. Closing begins last made first, and none waits for another one that may hang.
 * Resolves when those that have a `dispose` are closed.
 */
export async function closeSingletons(): Promise<void> {
  const closing = liveEntries()
    .toReversed()
    .map(async (entry) => {
      if (entry.kind !== "singleton" || entry.live === undefined) return;
      const { live } = entry;
      entry.live = undefined;
      await close(entry, live);
    });
  await Promise.all(closing);
}

/** What a call of `createSingleton` offers, in case nothing is kept. */
interface Offer {
  readonly factory: () => unknown;
  readonly dispose: SingletonBody["dispose"];
}

function keptOrMade(entry: Entry<"singleton">, offer: Offer): SingletonBody {
  const scope = currentScope();
  const standing = standingOf(scope);
  if (standing.kind === "aside") return keptOrStaged(entry, standing.scope, offer);
  if (standing.kind === "abandoned") return entry.live ?? make(entry, offer);
  if (entry.live === undefined) {
    // Code that is evaluated aside may have made it already; it is in use from now on.
    entry.live = entry.aside?.body ?? make(entry, offer);
    entry.aside = undefined;
  }
  return entry.live;
}

function keptOrStaged(entry: Entry<"singleton">, scope: GenerationScope, offer: Offer): SingletonBody {
  const startsAnew = !scope.preserveState && entry.makers.has(scope.module);
  if (entry.live !== undefined && !startsAnew) {
    const { live } = entry;
    scope.onLive(() => {
      live.dispose = offer.dispose;
      become(entry, scope, entry.live);
    });
    return live;
  }
  const body = entry.aside?.body ?? make(entry, offer, !scope.preserveState);
  entry.aside ??= { body, uses: entry.uses, isIntact: () => true, restore: () => undefined };
  entry.drafts.set(scope, { steps: [], startsAnew, definitions: 1 });
  scope.onLive(() => become(entry, scope, body.hasFailed ? undefined : body));
  scope.onDispose(() => letGo(entry, scope, body));
  return body;
}

function make(
  entry: Entry<"singleton">,
  { factory, dispose }: Offer,
  closesWithGeneration: boolean = false,
): SingletonBody {
  let value: unknown;
  try {
    const { host } = registry();
    value = host?.outside === undefined ? factory() : host.outside(factory);
  } catch (error) {
    if (entry.live === undefined && entry.drafts.size === 0) forgetEntry(entry);
    throw error;
  }
  const body: SingletonBody = { value, dispose, closesWithGeneration, hasFailed: false };
  if (isPromise(value)) {
    // Only to forget it: the caller has the same promise and hears of the failure there.
    void value.then(undefined, () => {
      body.hasFailed = true;
      if (entry.live === body) entry.live = undefined;
      if (entry.aside?.body === body) entry.aside = undefined;
    });
  }
  return body;
}

function become(entry: Entry<"singleton">, scope: GenerationScope, body: SingletonBody | undefined): void {
  const previous = entry.live;
  entry.drafts.delete(scope);
  entry.makers.add(scope.module);
  entry.isKept = scope.preserveState;
  if (entry.aside?.body === body) entry.aside = undefined;
  entry.live = body;
  // One that belongs to a generation is closed with it: requests that still run may use it until then.
  if (previous !== undefined && previous !== body && !previous.closesWithGeneration)
    void close(entry, previous);
}

function letGo(entry: Entry<"singleton">, scope: GenerationScope, body: SingletonBody): void {
  const wasPending = entry.drafts.delete(scope);
  if (wasPending) {
    if (entry.live === body || entry.drafts.size > 0) return;
    entry.aside = undefined;
    if (entry.live === undefined) forgetEntry(entry);
    void close(entry, body);
  } else if (body.closesWithGeneration) {
    if (entry.live === body) entry.live = undefined;
    void close(entry, body);
  }
}

/** Closing begins at once, unless the value itself is waited for. Resolves when it is done; a failure is reported. */
async function close({ key }: Entry<"singleton">, { value, dispose }: SingletonBody): Promise<void> {
  if (dispose === undefined) return;
  let made = value;
  if (isPromise(value)) {
    try {
      made = await value;
    } catch {
      // A factory that failed has left nothing to close.
      return;
    }
  }
  try {
    const { host } = registry();
    const run = (): unknown => dispose(made);
    const closing = host?.closing === undefined ? run() : host.closing(`the singleton "${key}"`, run);
    if (isPromise(closing)) await closing;
  } catch (error) {
    report({ message: `[orbit] Disposing of the singleton "${key}" failed.`, error });
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
