import { syncBuiltinESMExports } from "node:module";
import { ENDING_SIGNALS } from "../protocol/ending-signal.ts";
import { OrbitError } from "../protocol/orbit-error.ts";
import { processSlot } from "../protocol/process-slot.ts";

type EscapeEvent = "unhandledRejection" | "uncaughtException";

/** An error that left a server module without passing a request: a rejection, a throwing timer or listener. */
export type EscapedError = { readonly origin: EscapeEvent; readonly error: unknown; readonly place: string };

/** What one dev server knows about its own modules. */
export type ProcessGuard = {
  /** The place in a server module that an error's stack leads to, such as `pages/api/users.ts:12`. */
  readonly attribute: (error: unknown) => string | undefined;
  /** Told about every escaped error that was attributed. */
  readonly report: (escaped: EscapedError) => void;
  /** Whether the process is about to end anyway: code that ends it then is done, and that is no news. @default never */
  readonly isEnding?: () => boolean;
};

type InstalledGuards = { readonly guards: Set<ProcessGuard>; uninstall?: (() => void) | undefined };

/**
 * Let server modules fail without ending the process: escaped errors are reported, and `process.exit()` throws.
 * Whatever cannot be attributed to a server module behaves as if nobody were listening. Returns the undo; several
 * servers share what is installed until the last of them undoes it.
 */
export function guardProcess(guard: ProcessGuard): () => void {
  // One slot per process: two copies of this package would take each other for somebody who handles foreign errors.
  const slot = processSlot("process-guard@1", (): InstalledGuards => ({ guards: new Set() }));
  slot.guards.add(guard);
  slot.uninstall ??= install(slot.guards);
  return () => {
    slot.guards.delete(guard);
    if (slot.guards.size > 0) return;
    slot.uninstall?.();
    slot.uninstall = undefined;
  };
}

function install(guards: ReadonlySet<ProcessGuard>): () => void {
  const undo = [
    listenForErrors(guards),
    throwFromTicks(),
    refuseEnding("exit", guards),
    refuseEnding("abort", guards),
    refuseSignals(guards),
  ];
  return () => {
    for (const step of undo) step();
  };
}

function listenForErrors(guards: ReadonlySet<ProcessGuard>): () => void {
  let isInstalled = true;
  const onException = (error: unknown): void => settle("uncaughtException", error, throwAgain);
  const onRejection = (reason: unknown): void => settle("unhandledRejection", reason, rejectAgain);

  const settle = (origin: EscapeEvent, error: unknown, repeat: (error: unknown) => void): void => {
    const owner = findOwner(error, guards);
    if (owner !== undefined) {
      if (isRefusedExit(error) && owner.guard.isEnding?.() === true) return;
      owner.guard.report({ origin, error, place: owner.place });
      return;
    }
    if (process.listenerCount(origin) > 1) return; // the others decide, as they would without us
    // Only Node itself prints, exits and obeys --unhandled-rejections as it should: let it happen again, unheard.
    unlisten();
    repeat(error);
    setImmediate(() => isInstalled && listen());
  };
  const listen = (): void => {
    process.on("uncaughtException", onException);
    process.on("unhandledRejection", onRejection);
  };
  const unlisten = (): void => {
    process.off("uncaughtException", onException);
    process.off("unhandledRejection", onRejection);
  };

  listen();
  return () => {
    isInstalled = false;
    unlisten();
  };
}

/** A tick later: thrown from inside a listener of errors, it would end the process with code 7 instead of 1. */
function throwAgain(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** What a microtask throws is reported when its asynchronous context is over: who it belongs to could not be told. */
function throwFromTicks(): () => void {
  const original = globalThis.queueMicrotask;
  const patched: typeof queueMicrotask = (callback) =>
    typeof callback === "function" ? original(() => throwingLater(callback)) : original(callback);
  globalThis.queueMicrotask = patched;
  return () => {
    if (globalThis.queueMicrotask === patched) globalThis.queueMicrotask = original;
  };
}

function throwingLater(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    throwAgain(error);
  }
}

function rejectAgain(reason: unknown): void {
  void Promise.reject(reason); // meant to stay unhandled
}

/** Make `process.exit` or `process.abort` throw when a server module calls it, directly or through a package. */
function refuseEnding(name: "exit" | "abort", guards: ReadonlySet<ProcessGuard>): () => void {
  const original: (...values: never[]) => never = process[name];
  const guarded = (...values: never[]): never => {
    const owner = findOwner(captureCall(guarded), guards);
    // The same number of arguments: `exit(undefined)` forgets `process.exitCode`, `exit()` does not.
    if (owner === undefined) return Reflect.apply(original, process, values);
    const isEnding = owner.guard.isEnding?.() === true;
    if (isEnding && name === "exit" && values[0] !== undefined) process.exitCode = values[0];
    const call = `process.${name}(${values.join(", ")})`;
    throw new OrbitError(
      "PROCESS_EXIT",
      `A call of ${call} in ${owner.place} was refused: it would end the dev server. Throw an error instead.`,
    );
  };
  replace(name, guarded);
  return () => {
    // Somebody who patched it after us calls us; without guards we only pass the call on.
    if (process[name] === guarded) replace(name, original);
  };
}

/** A handler may send itself the signal again as its last step; that would be the second one, which hurries. */
function refuseSignals(guards: ReadonlySet<ProcessGuard>): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on `process`, and put back as it was
  const original = process.kill;
  const guarded: typeof process.kill = (pid, signal) => {
    const isOwnEnd = pid === process.pid && ENDING_SIGNALS.some((each) => each === signal);
    const owner = isOwnEnd ? findOwner(captureCall(guarded), guards) : undefined;
    return owner?.guard.isEnding?.() === true || Reflect.apply(original, process, [pid, signal]);
  };
  replace("kill", guarded);
  return () => {
    if (process.kill === guarded) replace("kill", original);
  };
}

function isRefusedExit(error: unknown): boolean {
  return error instanceof OrbitError && error.code === "PROCESS_EXIT";
}

function replace(name: "exit" | "abort" | "kill", ending: (...values: never[]) => unknown): void {
  Object.assign(process, { [name]: ending });
  syncBuiltinESMExports(); // for `import { exit } from "node:process"`
}

/** The stack of a call, deep enough to see a server module below the packages it uses. */
function captureCall(callee: (...values: never[]) => unknown): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const call = new Error("Where the process was ended.");
  Error.captureStackTrace(call, callee);
  Error.stackTraceLimit = limit;
  return call;
}

type Owner = { readonly guard: ProcessGuard; readonly place: string };

function findOwner(error: unknown, guards: ReadonlySet<ProcessGuard>): Owner | undefined {
  for (const guard of guards) {
    const place = guard.attribute(error);
    if (place !== undefined) return { guard, place };
  }
  return undefined;
}
