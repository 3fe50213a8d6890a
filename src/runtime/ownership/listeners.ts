import { EventEmitter } from "node:events";
import type { Context } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import { findOwned, findOpener, own, ownableContext } from "./opener.ts";
import type { Opener } from "./opener.ts";
import { patchMethod } from "./patch.ts";
import type { OwnedResource } from "./resource.ts";
import { asShutdownHandler, forgetShutdown, isEndingSignal } from "./shutdown-handlers.ts";

type Listener = (...args: unknown[]) => void;

/** In which evaluation or request an emitter was made. What Node and foreign code have made is not here. */
const madeIn = new WeakMap<EventEmitter, Context>();

/** Whether project code made an emitter: what packages and Node share among all was made elsewhere. */
export function isMadeByProject(emitter: EventEmitter): boolean {
  return madeIn.has(emitter);
}

/** Let generations own the listeners that they add to emitters which outlive them. Returns the undo. */
export function ownListeners(): () => void {
  const undo = [
    patchMethod(EventEmitter, "init", (emitter, args, original) => {
      const context = ownableContext();
      if (context !== undefined && emitter instanceof EventEmitter) madeIn.set(emitter, context);
      return Reflect.apply(original, emitter, args);
    }),
    // `once` and `prependOnceListener` come through these as well.
    ...["on", "addListener", "prependListener"].map((name) =>
      patchMethod(EventEmitter.prototype, name, (emitter, args, original, callee) => {
        const context = ownableContext();
        if (context === undefined || !(emitter instanceof EventEmitter))
          return Reflect.apply(original, emitter, args);
        const opener = isOwnBusiness(emitter, context)
          ? undefined
          : findOpener({ context, callee, passesOn });
        const added = withShutdownHandler(emitter, args, opener);
        const result: unknown = Reflect.apply(original, emitter, added);
        if (opener !== undefined) noteListener(emitter, added, context, opener);
        return result;
      }),
    ),
  ];
  return () => {
    for (const step of undo) step();
    forgetShutdown();
  };
}

/** What is added to an emitter: handlers of signals run as a part of the server's end. */
function withShutdownHandler(
  emitter: EventEmitter,
  args: readonly unknown[],
  opener: Opener | undefined,
): readonly unknown[] {
  const [event, listener, ...rest] = args;
  if (!isEndingSignal(emitter, event) || typeof listener !== "function") return args;
  const module =
    opener?.kind === "generation" ? opener.owned.generation.module.displayName : "a package of the project";
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node calls whatever function it is given
  return [event, asShutdownHandler(event, listener as Listener, module), ...rest];
}

/** `once` of an emitter, `on` of a stream. All other listeners that Node adds are its own. */
function passesOn(frame: NodeJS.CallSite): boolean {
  return (
    frame.getFileName() === "node:events" ||
    /(?:^|\.)(?:on|once|addListener|prepend\w+)$/.test(frame.getFunctionName() ?? "")
  );
}

/** A stream, a connection, a response: made and listened to in one request or callback, gone with it. */
function isOwnBusiness(emitter: EventEmitter, context: Context): boolean {
  return madeIn.get(emitter) === context && context.evaluating?.phase !== "evaluating";
}

function noteListener(
  emitter: EventEmitter,
  [event, listener]: readonly unknown[],
  context: Context,
  opener: Opener,
): void {
  if (typeof listener !== "function" || (typeof event !== "string" && typeof event !== "symbol")) return;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node has accepted it as a listener
  const added = listener as Listener;
  if (opener.kind === "gone") {
    emitter.removeListener(event, added);
    return;
  }
  // What a package books once in the life of the process is not booked again by the next generation.
  const isPart = madeIn.get(emitter) === context;
  const onlyIfReplaced = isPart || !opener.isDirect;
  const replaceableBy = onlyIfReplaced ? opener.owned.generation : undefined;
  // A request that is on its way fails when everything closes, and its package has to hear that.
  const isNeeded = isPart && (!opener.isDirect || event === "error");
  own(opener.owned, new OwnedListener({ emitter, event, listener: added, isPart, isNeeded, replaceableBy }));
}

interface OwnedListenerInit {
  readonly emitter: EventEmitter;
  readonly event: string | symbol;
  readonly listener: Listener;
  readonly isPart: boolean;
  readonly isNeeded: boolean;
  readonly replaceableBy: Generation | undefined;
}

/** One listener. It holds its emitter weakly: a listener must not be what keeps an emitter alive. */
class OwnedListener implements OwnedResource {
  readonly kind = "listener";
  readonly since: number = Date.now();
  readonly subject = undefined;
  readonly #emitter: WeakRef<EventEmitter>;
  readonly #event: string | symbol;
  readonly #listener: WeakRef<Listener>;
  /** Set for emitters of the module itself and listeners of packages. */
  readonly #replaceableBy: Generation | undefined;
  /** A client listens to its own socket dozens of times. */
  readonly isPart: boolean;
  /** Its emitter ends by itself, and not without it. */
  readonly #isNeeded: boolean;

  constructor({ emitter, event, listener, isPart, isNeeded, replaceableBy }: OwnedListenerInit) {
    this.#emitter = new WeakRef(emitter);
    this.#event = event;
    this.#listener = new WeakRef(listener);
    this.#replaceableBy = replaceableBy;
    this.isPart = isPart;
    this.#isNeeded = isNeeded;
  }

  isOpen(): boolean {
    const listener = this.#listener.deref();
    const emitter = this.#emitter.deref();
    return listener !== undefined && emitter?.rawListeners(this.#event).includes(listener) === true;
  }

  close(): void | "left" {
    if (this.#replaceableBy !== undefined && !this.#isReplaced(this.#replaceableBy)) return "left";
    const listener = this.#listener.deref();
    if (listener !== undefined) this.#emitter.deref()?.removeListener(this.#event, listener);
    return undefined;
  }

  /** An emitter that two generations listen to is one that both were given. */
  #isReplaced(generation: Generation): boolean {
    const { live } = generation.module;
    // Pruned, or everything is closed: nobody follows.
    if (live === undefined || live === generation) return !this.#isNeeded;
    const successor = findOwned(live);
    return successor?.open.some((other) => other instanceof OwnedListener && other.#isTwinOf(this)) === true;
  }

  #isTwinOf(other: OwnedListener): boolean {
    return (
      this !== other &&
      this.#event === other.#event &&
      this.#emitter.deref() !== undefined &&
      this.#emitter.deref() === other.#emitter.deref()
    );
  }
}
