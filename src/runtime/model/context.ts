import { AsyncLocalStorage } from "node:async_hooks";
import type { Generation } from "./generation.ts";
import type { FillSource } from "../analysis/index.ts";
import type { ModuleRecord } from "./module-record.ts";

/**
 * Which generation of each module a piece of running code sees.
 *
 * Nearly always that is the live one, and then nothing here runs: reads go straight to it. Only while a
 * transaction evaluates new generations aside, or a request is older than the live version, do snapshots differ.
 */
export interface Snapshot {
  generationOf(module: ModuleRecord): Generation | undefined;
}

/** What every request sees that is not older than the last commit. */
export const liveSnapshot: Snapshot = { generationOf: (module) => module.live };

/** What the current asynchronous context belongs to. */
export interface Context {
  readonly snapshot: Snapshot;
  /** Set while top-level code runs, in every callback that it starts. */
  readonly evaluating: Generation | undefined;
  /** The request that is answered, for attribution. */
  readonly request: RequestContext | undefined;
  /** What is closed, as people know it: what that code opens is nobody's. @default nothing */
  readonly closing?: string;
  /** What is being made to be kept: the innermost one. */
  readonly fill?: OpenFill | undefined;
}

/** An expression that runs, and whose value a module will keep. */
export interface OpenFill {
  readonly generation: Generation;
  readonly source: FillSource;
  /** It is part of what another one makes. */
  readonly outer: OpenFill | undefined;
}

/** One request, as the runtime sees it. */
export interface RequestContext {
  readonly entry: string;
  readonly version: number;
  open: boolean;
}

const contexts = new AsyncLocalStorage<Context>();

/** How many reasons there are right now for a read not to be answered by the live generation, unrecorded. */
let trackers = 0;

/** True while every read has to ask whose snapshot it belongs to. Reads test this one number and nothing else. */
export function areReadsTracked(): boolean {
  return trackers > 0;
}

/** Make reads ask for their snapshot until the returned function is called (once). */
export function trackReads(): () => void {
  trackers++;
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    trackers--;
  };
}

/** The context of the running code, if it belongs to an evaluation or a request. */
export function currentContext(): Context | undefined {
  return contexts.getStore();
}

/**
 * What runs from here on, and all that it starts, is done for a value that will be kept.
 *
 * @returns what {@link leaveFill} gets when the value is there; should it never be, the context ends with whoever called
 */
export function enterFill(generation: Generation, source: FillSource): Context | undefined {
  const before = contexts.getStore();
  if (before !== undefined)
    contexts.enterWith({ ...before, fill: { generation, source, outer: before.fill } });
  return before;
}

/** See {@link enterFill}. */
export function leaveFill(before: Context | undefined): void {
  if (before !== undefined) contexts.enterWith(before);
}

/** Run `body`, and all that it starts, in `context`. */
export function runInContext<T>(context: Context, body: () => T): T {
  return contexts.run(context, body);
}

/** Run what closes something, of which nothing may end the process: neither now nor in what it starts. */
export function runClosing<T>(closing: string, body: () => T): T {
  return contexts.run({ snapshot: liveSnapshot, evaluating: undefined, request: undefined, closing }, body);
}

/** Run `body` outside of every evaluation and request: the loop's own work must not look like theirs. */
export function runOutside<T>(body: () => T): T {
  return contexts.exit(body);
}
