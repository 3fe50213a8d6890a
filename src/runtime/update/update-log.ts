import { debuglog } from "node:util";
import type { ModuleRecord } from "../model/module-record.ts";
import type { RunReason } from "../model/run-reason.ts";
import type { EvaluationPlan } from "../model/evaluation-plan.ts";

const log = debuglog("orbit:plan");

/** Say what a plan makes run, and why; with `NODE_DEBUG=orbit:plan`. */
export function logPlan({ run, stale, spared, pruned }: EvaluationPlan): void {
  if (!log.enabled) return;
  log("runs %s", wordsOf(run));
  if (stale.size > 0)
    log("later %s", wordsOf(new Map([...stale].map(([module, { reason }]) => [module, reason]))));
  if (spared.size > 0) log("as is %s", [...spared].map(({ displayName }) => displayName).join(", "));
  if (pruned.size > 0) log("lets go %s", [...pruned].map(({ displayName }) => displayName).join(", "));
}

/** Say why what was evaluated does not become live, and the whole begins again. */
export function logAgain(found: {
  readonly unplanned: ReadonlyMap<ModuleRecord, RunReason>;
  readonly unkept: ReadonlyMap<ModuleRecord, readonly string[]>;
  readonly isOvertaken: boolean;
}): void {
  if (!log.enabled) return;
  const { unplanned, unkept, isOvertaken } = found;
  if (unplanned.size > 0) log("again, with %s", wordsOf(unplanned));
  for (const [{ displayName }, names] of unkept)
    log("again, %s does not keep %s", displayName, names.join(", "));
  if (isOvertaken) log("again: another update was faster");
}

function wordsOf(run: ReadonlyMap<ModuleRecord, RunReason>): string {
  return (
    [...run].map(([{ displayName }, reason]) => `${displayName} (${wordOf(reason)})`).join(", ") || "nothing"
  );
}

function wordOf(reason: RunReason): string {
  const source =
    "of" in reason ? reason.of : "by" in reason ? reason.by : "to" in reason ? reason.to : undefined;
  return source === undefined ? reason.kind : `${reason.kind} ${source.displayName}`;
}
