import type { Snapshot } from "../model/context.ts";
import { reach, staticImportsOf } from "../model/edges.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { ModuleProblem } from "../model/problems.ts";

/** A top level that waits for too long, and what it waits for, if that is known never to come. */
export function overdueProblem(
  generation: Generation,
  snapshot: Snapshot,
  deadlineMs: number,
): ModuleProblem {
  const { module } = generation;
  const { displayName, file } = module;
  const circle = requestThatWaitsFor(generation, snapshot);
  const advice =
    circle === undefined
      ? "Look for an `await` that never ends."
      : `It waits for \`import(${JSON.stringify(circle.specifier)})\`, and ${circle.target.displayName} waits for it: each waits for the other, in Node as well. Import without \`await\`, or move what both need to a module of its own.`;
  return new ModuleProblem({
    kind: "deadline",
    message: `${displayName} has waited at top level for ${deadlineMs / 1000} s and is not done. ${advice}`,
    file,
  });
}

/** What its code has asked for, and cannot get before it is done itself. */
function requestThatWaitsFor(
  { module, lateImports }: Generation,
  snapshot: Snapshot,
): { readonly specifier: string; readonly target: ModuleRecord } | undefined {
  const awaitedBy = (each: ModuleRecord): readonly ModuleRecord[] =>
    isOpen(each, snapshot) ? [...staticImportsOf(each), ...requestsOf(each, snapshot)] : [];
  for (const [specifier, target] of lateImports)
    if (reach([target], awaitedBy).has(module)) return { specifier, target };
  return undefined;
}

function isOpen(module: ModuleRecord, snapshot: Snapshot): boolean {
  const phase = snapshot.generationOf(module)?.phase;
  return phase === "linked" || phase === "evaluating";
}

function requestsOf(module: ModuleRecord, snapshot: Snapshot): Iterable<ModuleRecord> {
  return snapshot.generationOf(module)?.lateImports.values() ?? [];
}
