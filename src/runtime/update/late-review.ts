import { findLinkProblem } from "../link/link-problems.ts";
import { evaluationsSoFar } from "../model/clock.ts";
import { lateImportsOf, staticOrder } from "../model/edges.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import { findOutdatedRequest, requestedBy } from "../model/late-requests.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { isSameProblem } from "../model/problems.ts";
import type { ModuleProblem } from "../model/problems.ts";

/**
 * Find out what running code would be answered now, wherever it has asked for modules. Who holds another answer has to
 * run again.
 *
 * @returns whether something can be had that could not before, or cannot any more
 */
export function reviewRequests(
  closure: ReadonlySet<ModuleRecord>,
  problemOf: (module: ModuleRecord) => ModuleProblem | undefined,
): boolean {
  let isNews = false;
  for (const target of askedBy(closure)) {
    const problem = problemOf(target);
    if (isSameProblem(problem, target.unloadable)) continue;
    target.unloadable = problem;
    isNews = true;
  }
  for (const module of closure) {
    const specifier = findOutdatedRequest(module);
    const isMarked = module.stale?.reason.kind === "late-import";
    if (specifier === undefined && isMarked) module.markFresh(undefined);
    if (specifier !== undefined)
      module.markStale({ reason: { kind: "late-import", specifier }, since: evaluationsSoFar() });
  }
  return isNews;
}

function askedBy(closure: Iterable<ModuleRecord>): ReadonlySet<ModuleRecord> {
  const asked = new Set<ModuleRecord>();
  for (const module of closure) {
    for (const target of lateImportsOf(module)) asked.add(target);
    for (const target of requestedBy(module)) asked.add(target);
  }
  return asked;
}

/** What keeps a module from running: a problem of its text or of one that it imports, or an evaluation that failed. */
export function findProblem(
  module: ModuleRecord,
  failed: ReadonlyMap<ModuleRecord, ModuleProblem>,
): ModuleProblem | undefined {
  const needed = staticOrder([module]);
  return findLinkProblem(needed) ?? needed.map((each) => failed.get(each)).find(Boolean);
}

/** What entries in use have asked for while they ran, and why it cannot be loaded; files that are not there may be optional. */
export function findUnloadable(graph: ModuleGraph): ReadonlyMap<ModuleRecord, ModuleProblem> {
  const found = new Map<ModuleRecord, ModuleProblem>();
  if (graph.roles.unloadable.size === 0) return found;
  const inUse = graph.watchedFrom([...graph.entries.values()]);
  for (const module of graph.roles.unloadable) {
    const { unloadable } = module;
    const isMissing = unloadable?.kind === "unresolved" && unloadable.file === module.file;
    if (unloadable !== undefined && !isMissing && inUse.has(module)) found.set(module, unloadable);
  }
  return found;
}
