import timers from "node:timers";
import timersPromises from "node:timers/promises";
import type { Context } from "../model/context.ts";
import { findOpener, own, ownableContext, runContinued } from "./opener.ts";
import type { Opener } from "./opener.ts";
import { patchMethod } from "./patch.ts";
import type { Callable, Patched } from "./patch.ts";
import type { OwnedResources, OwnedResource } from "./resource.ts";

const TIMERS = ["setTimeout", "setInterval", "setImmediate"] as const;
const CLEARING = {
  setTimeout: "clearTimeout",
  setInterval: "clearInterval",
  setImmediate: "clearImmediate",
} as const;

/** Let generations own the timers that they set. Returns the undo. */
export function ownTimers(): () => void {
  const undo = TIMERS.map((name) => patchMethod([globalThis, timers], name, timerOf(name)));
  undo.push(
    ...(["setTimeout", "setImmediate"] as const).map((name) =>
      patchMethod(timersPromises, name, sleepOf(name)),
    ),
  );
  return () => {
    for (const step of undo) step();
  };
}

function timerOf(name: (typeof TIMERS)[number]): Patched {
  const isOneShot = name !== "setInterval";
  const clear = (timer: object): unknown => Reflect.apply(timers[CLEARING[name]], timers, [timer]);
  return (self, args, original, callee) => {
    const opener = openerOf(isOneShot, callee);
    if (opener === undefined) return Reflect.apply(original, self, args);
    const timer: unknown = Reflect.apply(original, self, continuing(args, opener));
    if (typeof timer !== "object" || timer === null) return timer;
    if (opener.kind === "gone") clear(timer);
    else own(opener.owned, timerResource(timer, clear));
    return timer;
  };
}

/**
 * A request that is answered waits for its one-shot timers, and they end by themselves: without them it would hang.
 * What goes on after the answer is a loop of the module.
 */
function openerOf(isOneShot: boolean, callee: Callable): Opener | undefined {
  const context = ownableContext();
  if (context === undefined || (isOneShot && isAnswering(context))) return undefined;
  return findOpener({ context, callee });
}

function isAnswering({ request }: Context): boolean {
  return request?.open === true;
}

/** Schedulers of packages set their next timer when the last one fires. */
function continuing(args: readonly unknown[], opener: Opener): readonly unknown[] {
  const [callback, ...rest] = args;
  if (opener.kind === "gone" || opener.isDirect || typeof callback !== "function") return args;
  const { owned } = opener;
  const fired = function (this: unknown, ...values: readonly unknown[]): unknown {
    // Stacks are read up to the function of this name.
    const continuation = (): unknown => Reflect.apply(callback, this, values);
    return runContinued(owned, continuation);
  };
  return [fired, ...rest];
}

/**
 * Node holds a timer for as long as it can fire. Held weakly here, a fired one is collected with its callback, and
 * with everything that the callback would go on with.
 */
function timerResource(timer: object, clear: (timer: object) => unknown): OwnedResource {
  const weak = new WeakRef(timer);
  return {
    kind: "timer",
    since: Date.now(),
    get subject() {
      return weak.deref() ?? weak;
    },
    isOpen() {
      const held = weak.deref();
      // Fired and cleared timers carry the same mark.
      return held !== undefined && Reflect.get(held, "_destroyed") !== true;
    },
    close() {
      const held = weak.deref();
      if (held !== undefined) clear(held);
    },
  };
}

/** `await setTimeout(ms)`: once closed, the promise stays open for ever and its loop is collected. */
function sleepOf(name: "setTimeout" | "setImmediate"): Patched {
  return (self, args, original, callee) => {
    const opener = openerOf(true, callee);
    if (opener === undefined) return Reflect.apply(original, self, args);
    if (opener.kind === "gone") return new Promise(() => undefined);
    const options = name === "setTimeout" ? args[2] : args[1];
    const theirs: unknown = Reflect.get(Object(options), "signal");
    const closing = new AbortController();
    const signal = theirs instanceof AbortSignal ? AbortSignal.any([theirs, closing.signal]) : closing.signal;
    const withSignal = { ...Object(options), signal };
    const rest = name === "setTimeout" ? [args[0], args[1], withSignal] : [args[0], withSignal];
    return closableSleep(opener.owned, closing, Promise.resolve(Reflect.apply(original, self, rest)));
  };
}

async function closableSleep(
  owned: OwnedResources,
  closing: AbortController,
  sleep: Promise<unknown>,
): Promise<unknown> {
  let isOpen = true;
  own(owned, {
    kind: "timer",
    since: Date.now(),
    subject: undefined,
    isOpen: () => isOpen,
    close: () => closing.abort(),
  });
  try {
    return await sleep;
  } catch (error) {
    if (!closing.signal.aborted) throw error;
    return await new Promise(() => undefined);
  } finally {
    isOpen = false;
  }
}
