import { ECHO_MS, ENDING_SIGNALS } from "../../protocol/ending-signal.ts";
import type { EndingSignal } from "../../protocol/ending-signal.ts";
import { runClosing, runOutside } from "../model/context.ts";

/*
 * A handler of SIGINT or its like is ordinary code, written for a process that is the project's alone: it cleans up,
 * perhaps for a while, and then ends the process. Here the server closes as well, so what the handler does is waited
 * for, and that it ends the process means that it is done.
 *
 *     signal ──> sentinel ──> handlers of the project ──> server closes, once they are done ──> the process ends
 *                   └──> told: whoever ends the process, unless somebody else listens, who decides then
 */

type Handler = (...args: readonly unknown[]) => unknown;

/** A signal has come. */
export interface ShutdownSignal {
  readonly signal: EndingSignal;
  /** Somebody besides the project listens to it. */
  readonly hasOthers: boolean;
  /** It is not the first of its kind. */
  readonly isRepeated: boolean;
}

/** How long handlers may take: less than those who wait for the process to end. */
const HANDLERS_MS = 4_000;
/** As long as that, calls of `process.exit` belong to it. */
const ENDING_MS = 10_000;

const listeners = new Set<(heard: ShutdownSignal) => void>();
const sentinels = new Map<EndingSignal, () => void>();
const wrappers = new WeakSet<Function>();
const running = new Set<Promise<unknown>>();
const heardAt = new Map<EndingSignal, number>();
let isEcho = false;

/** Whether an event of an emitter asks this process to end. */
export function isEndingSignal(emitter: object, event: unknown): event is EndingSignal {
  return emitter === process && ENDING_SIGNALS.some((signal) => signal === event);
}

/** What has to be given to `process` in place of a handler of project code. */
export function asShutdownHandler(signal: EndingSignal, handler: Handler, module: string): Handler {
  watch(signal);
  const isOnce = "listener" in handler;
  const wrapper = function (this: unknown, ...args: readonly unknown[]): unknown {
    // `once` looks for itself, and would not find this.
    if (isOnce) process.removeListener(signal, wrapper);
    return isEcho ? undefined : run(() => Reflect.apply(handler, this, args), module);
  };
  wrappers.add(wrapper);
  // As Node does for `once`: `off` finds it, and `listeners` shows what was given.
  return Object.assign(wrapper, { listener: isOnce ? handler.listener : handler });
}

/** A signal has come to another process that ends this one. Handlers that have heard of it already do not run again. */
export function runShutdownHandlers(signal: EndingSignal): void {
  hear(signal, true);
  for (const each of process.rawListeners(signal))
    if (wrappers.has(each)) Reflect.apply(each, process, [signal]);
}

/** Be told when signals come, as long as project code has handlers. Returns the undo. */
export function listenToShutdown(listener: (heard: ShutdownSignal) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whether the process is about to end, so that code which ends it is to be expected. */
export function isShuttingDown(): boolean {
  return Math.max(...heardAt.values()) > Date.now() - ENDING_MS;
}

/** Resolves when all handlers are done, or have had their time. */
export async function shutdownHandlersDone(): Promise<void> {
  if (running.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, HANDLERS_MS)));
  await Promise.race([Promise.allSettled(running), late]);
  clearTimeout(timer);
}

/** From now on signals do again what they do without project code. */
export function forgetShutdown(): void {
  for (const [signal, sentinel] of sentinels) process.off(signal, sentinel);
  sentinels.clear();
  heardAt.clear();
}

/** Hear of a signal before everybody else does. */
function watch(signal: EndingSignal): void {
  if (sentinels.has(signal)) return;
  const sentinel = (): void => {
    const others = process.rawListeners(signal).filter((each) => each !== sentinel && !wrappers.has(each));
    hear(signal, others.length > 0);
  };
  sentinels.set(signal, sentinel);
  // It is no listener of the module that happens to be the first to have one.
  runOutside(() => process.prependListener(signal, sentinel));
}

function hear(signal: EndingSignal, hasOthers: boolean): void {
  const now = Date.now();
  const before = heardAt.get(signal);
  isEcho = before !== undefined && now - before < ECHO_MS;
  if (isEcho) return;
  heardAt.set(signal, now);
  for (const listener of listeners) listener({ signal, hasOthers, isRepeated: before !== undefined });
}

function run(handler: () => unknown, module: string): unknown {
  let result: unknown;
  try {
    result = runClosing(module, handler);
  } catch (error) {
    if (!isExit(error)) throw error;
  }
  if (result instanceof Promise) wait(result);
  return result;
}

function wait(result: Promise<unknown>): void {
  running.add(result);
  const settled = result
    .finally(() => running.delete(result))
    .catch((error: unknown) => {
      if (!isExit(error)) throw error;
    });
  // A handler that fails is told like everything that nobody catches.
  void settled;
}

/** What `process.exit` throws where it must not end the process. */
function isExit(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "PROCESS_EXIT";
}
