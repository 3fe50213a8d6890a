import type { Generation, LateAnswer, LateRequest } from "./generation.ts";
import { canAskFor } from "./edges.ts";
import type { ModuleRecord } from "./module-record.ts";
import { linked } from "./module-source.ts";
import { isSameProblem } from "./problems.ts";

/** Note what code was answered. What an evaluation was answered holds for as long as it is live. */
export function noteRequest({ requests }: Generation, specifier: string, request: LateRequest): void {
  const known = requests.get(specifier);
  if (known?.isOfEvaluation === true && !request.isOfEvaluation) return;
  requests.set(specifier, request);
}

/** A new generation goes on with what its text can still ask for. */
export function keepRequests(replaced: Generation, successor: Generation): void {
  for (const [specifier, target] of replaced.lateImports) {
    if (successor.lateImports.has(specifier) || !canAskFor(successor.source, specifier)) continue;
    successor.lateImports.set(specifier, target);
  }
  for (const [specifier, request] of replaced.requests) {
    if (successor.requests.has(specifier) || !canAskFor(successor.source, specifier)) continue;
    successor.requests.set(specifier, { ...request, answer: answerNow(request), isOfEvaluation: false });
  }
}

const NOTHING: readonly never[] = [];

/** What a module's code has asked for, and can ask for again; also where it failed for that. */
export function requestsOf(module: ModuleRecord): readonly (readonly [string, LateRequest])[] {
  const { live, attemptedRequests, source } = module;
  if (attemptedRequests === undefined && (live === undefined || live.requests.size === 0)) return NOTHING;
  const newest = linked(source) ?? live?.source;
  return [...(live?.requests ?? []), ...(attemptedRequests ?? [])].filter(
    ([specifier]) => newest === undefined || canAskFor(newest, specifier),
  );
}

/** Modules that a module's code has asked for, be it in vain. */
export function requestedBy(module: ModuleRecord): readonly ModuleRecord[] {
  const requests = requestsOf(module);
  return requests.length === 0 ? NOTHING : requests.flatMap(([, { target }]) => target ?? []);
}

/** The first request of a module that would be answered otherwise now, if what it was answered is held by something. */
export function findOutdatedRequest(module: ModuleRecord): string | undefined {
  const { live } = module;
  if (live === undefined) return undefined;
  const { capturedRequests, lazyRequests } = live.source.analysis;
  const kept = new Set([...capturedRequests, ...lazyRequests]);
  for (const [specifier, request] of live.requests) {
    const isHeld = request.isOfEvaluation || kept.has(specifier) || kept.has("*");
    if (isHeld && !isSameAnswer(request.answer, answerNow(request))) return specifier;
  }
  return undefined;
}

function answerNow({ target }: LateRequest): LateAnswer {
  return target?.unloadable ?? target;
}

function isSameAnswer(a: LateAnswer, b: LateAnswer): boolean {
  if (a === undefined || b === undefined || "id" in a || "id" in b) return a === b;
  return isSameProblem(a, b);
}
