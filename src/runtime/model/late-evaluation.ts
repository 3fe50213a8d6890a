import { AsyncResource, createHook, executionAsyncResource } from "node:async_hooks";
import { currentContext, trackReads, runOutside } from "./context.ts";
import type { Generation } from "./generation.ts";

/*
 * Promise chains that start at top level go on evaluating after the module is done, but a timer, a listener or a
 * request does not, although they inherit the same AsyncLocalStorage. So the token of an evaluation is handed on
 * from promise to promise only:
 *
 *     top level ──> promise ──> its continuation ──> promise ──> …      what is left of the evaluation
 *         └──────> timer, socket: not the evaluation any more
 *
 * When the last promise that holds the token is gone, so is the token, and with it the reason to record: a
 * FinalizationRegistry says when. A chain that is not done by the deadline is a loop of the program, not its start.
 */
const CONTINUATION: unique symbol = Symbol("orbit-hmr:evaluation");

/** Told when code of an evaluation begins to run, and when it gives way to other code. */
export interface EvaluationObserver {
  resumed(): void;
  paused(): void;
}

interface AsyncContinuation {
  readonly generation: Generation;
  readonly observer: EvaluationObserver;
  promises: number;
  isClosed: boolean;
}

type ContinuationCarrier = object & { [CONTINUATION]?: AsyncContinuation | undefined };

let openContinuations = 0;

const tailHook = createHook({
  init(_id, type, _trigger, resource: ContinuationCarrier) {
    if (type !== "PROMISE") return;
    const continuation = openContinuation();
    if (continuation === undefined) return;
    continuation.promises++;
    resource[CONTINUATION] = continuation;
  },
  before() {
    openContinuation()?.observer.resumed();
  },
  after() {
    openContinuation()?.observer.paused();
  },
});

function openContinuation(): AsyncContinuation | undefined {
  const continuation = (executionAsyncResource() as ContinuationCarrier)[CONTINUATION];
  return continuation?.isClosed === false ? continuation : undefined;
}

const collectedTails = new FinalizationRegistry<() => void>((close) => {
  close();
});

/** What a top level returned, and what ends its continuation. */
export interface StartedEvaluation<T> {
  readonly result: T;
  /**
   * The module is done: let its continuation end when nothing continues it any more, or after the deadline. Returns whether it has
   * ended already.
   */
  finish(): boolean;
}

interface StartInit {
  readonly generation: Generation;
  readonly observer: EvaluationObserver;
  readonly deadlineMs: number;
}

/** Run the synchronous part of a top level so that the promises it starts are known as its own. */
export function startEvaluation<T>(
  { generation, observer, deadlineMs }: StartInit,
  body: () => T,
): StartedEvaluation<T> {
  const continuation: AsyncContinuation = { generation, observer, promises: 0, isClosed: false };
  const carrier = executionAsyncResource() as ContinuationCarrier;
  const outer = carrier[CONTINUATION];
  const finish = finisherOf(continuation, openContinuationHook(), deadlineMs);
  carrier[CONTINUATION] = continuation;
  let isStarted = false;
  try {
    const result = body();
    isStarted = true;
    return { result, finish };
  } finally {
    carrier[CONTINUATION] = outer;
    observer.paused();
    // What it has started before it failed runs on.
    if (!isStarted) finish();
  }
}

/** Promises are followed, and reads recorded, until the returned function is called. */
function openContinuationHook(): () => void {
  if (openContinuations++ === 0) tailHook.enable();
  const endTracking = trackReads();
  let isEnded = false;
  return () => {
    if (isEnded) return;
    isEnded = true;
    endTracking();
    if (--openContinuations === 0) tailHook.disable();
  };
}

/** It holds the continuation weakly: only the promises of the evaluation keep it. */
function finisherOf(continuation: AsyncContinuation, end: () => void, deadlineMs: number): () => boolean {
  const weak = new WeakRef(continuation);
  return () => {
    const left = weak.deref();
    // Without promises nothing can go on later; with them, the garbage collector knows when nothing does.
    if (left === undefined || left.promises === 0) {
      end();
      return true;
    }
    const timer = setTimeout(() => {
      const late = weak.deref();
      if (late !== undefined) late.isClosed = true;
      end();
    }, deadlineMs).unref();
    collectedTails.register(left, () => {
      clearTimeout(timer);
      end();
    });
    return false;
  };
}

/**
 * Run the loop's own work that project code has asked for, an `import()`: neither it nor what it starts is a part of
 * the evaluation.
 */
export function apart<T>(body: () => T): T {
  return new AsyncResource("orbit-hmr").runInAsyncScope(() => runOutside(body));
}

/** The generation whose top level the running code still continues, if any. */
export function evaluatingGeneration(): Generation | undefined {
  const evaluating = currentContext()?.evaluating;
  if (evaluating?.phase === "evaluating") return evaluating;
  return openContinuations === 0 ? undefined : openContinuation()?.generation;
}
