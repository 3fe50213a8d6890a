import { liveImportsOf } from "./edges.ts";
import { pointBindingsToLive } from "./exports.ts";
import type { Generation } from "./generation.ts";
import type { ModuleGraph } from "./module-graph.ts";
import type { ModuleRecord } from "./module-record.ts";
import { isSameInterface } from "./module-source.ts";

/** Bring importers and bindings in line with what has just become live. */
export function connectLive(
  replacements: ReadonlyMap<ModuleRecord, Generation | undefined>,
  { roles }: ModuleGraph,
): void {
  for (const [module, replaced] of replacements) {
    for (const target of replaced?.source.imports ?? []) {
      if (target.kind === "project") target.importers.delete(module);
    }
    for (const target of replaced?.lateImports.values() ?? []) target.importers.delete(module);
    for (const target of liveImportsOf(module)) target.importers.add(module);
    pointBindingsToLive(module);
  }
  // What a module passes on leads elsewhere only if another one exports something else.
  if ([...replacements].every(([module, replaced]) => isSameExports(module.live, replaced))) return;
  for (const module of roles.forwarders) pointBindingsToLive(module);
}

/** Nobody imports a module any more, and it imports nothing. */
export function disconnect(module: ModuleRecord): void {
  for (const target of liveImportsOf(module)) target.importers.delete(module);
}

/** Assigned exports, as those of CommonJS, are known only when the module has run. */
function isSameExports(now: Generation | undefined, before: Generation | undefined): boolean {
  if (now === undefined || before === undefined) return false;
  if (now.locals.size !== before.locals.size || !isSameInterface(now.source, before.source)) return false;
  for (const name of now.locals.keys()) if (!before.locals.has(name)) return false;
  return true;
}
