import type { StateProblem } from "./generation.ts";
import { registry } from "./registry.ts";

/** The part of the console that is needed here. The library of this folder has none: it runs in any JavaScript. */
interface ConsoleOutput {
  readonly console?: { warn(message: string): void; error(message: string, error: unknown): void };
}

/**
 * Tells the host about a problem that no caller can catch. In production there is no host and nobody passed a logger
 * in; swallowing a subscriber's exception would hide a bug, so it goes where uncaught problems are looked for.
 */
export function report(problem: StateProblem): void {
  const { host } = registry();
  if (host?.report !== undefined) return host.report(problem);
  const output: ConsoleOutput & typeof globalThis = globalThis;
  if ("error" in problem) output.console?.error(problem.message, problem.error);
  else output.console?.warn(problem.message);
}

/** Topics may contain keys of the state, of which there is no end. */
const MAX_TOLD = 1_000;

/** Says something once per process, told apart by `topic`. */
export function reportOnce(topic: string, message: string): void {
  const { told } = registry();
  if (told.has(topic) || told.size >= MAX_TOLD) return;
  told.add(topic);
  report({ message: `[orbit] ${message}` });
}

/** Like {@link reportOnce}, in development only: in production it is what was ordered, and not news. */
export function mentionOnce(topic: string, message: string): void {
  if (registry().host !== undefined) reportOnce(topic, message);
}
