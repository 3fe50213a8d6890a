import type { Generation } from "./generation.ts";
import { liveImportsOf } from "./module-graph.ts";
import type { ModuleRecord } from "./module-record.ts";

/** Bring importers and bindings in line with what has just become live. */
export function connectLive(
  replacements: Iterable<readonly [ModuleRecord, Generation | undefined]>,
  all: Iterable<ModuleRecord>,
): void {
  for (const [module, replaced] of replacements) {
    for (const target of replaced?.source.imports ?? []) {
      if (target.kind === "project") target.importers.delete(module);
    }
    for (const target of replaced?.lateImports.values() ?? []) target.importers.delete(module);
    for (const target of liveImportsOf(module)) target.importers.add(module);
    module.pointBindingsToLive();
  }
  // What a module passes on may lead elsewhere now.
  for (const module of all) if (passesOn(module)) module.pointBindingsToLive();
}

/** Nobody imports a module any more, and it imports nothing. */
export function disconnect(module: ModuleRecord): void {
  for (const target of liveImportsOf(module)) target.importers.delete(module);
}

function passesOn(module: ModuleRecord): boolean {
  const analysis = module.live?.source.analysis;
  if (analysis === undefined) return false;
  if (analysis.stars.length > 0) return true;
  for (const exported of analysis.exports.values()) if (exported.kind === "forward") return true;
  return false;
}
