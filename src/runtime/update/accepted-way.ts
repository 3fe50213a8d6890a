import type { Generation } from "../model/generation.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";

/** A module that accepts a change, as its live generation has said. */
export interface Boundary {
  readonly by: Generation;
  /** What has changed for it: itself, or a module that it imports. */
  readonly accepted: ModuleRecord;
}

/** How far up a change goes before somebody accepts it. */
export interface AcceptedWay {
  readonly boundaries: readonly Boundary[];
  /** On some way up nobody does. */
  readonly hasDeadEnd: boolean;
}

const NOWHERE: AcceptedWay = { boundaries: [], hasDeadEnd: false };

/** Vite's rule: a change goes up from a module to its importers until somebody accepts it. */
export function acceptedWay({ roles }: ModuleGraph, changed: Iterable<ModuleRecord>): AcceptedWay {
  if (roles.listening.size === 0) return NOWHERE;
  const boundaries: Boundary[] = [];
  let hasDeadEnd = false;
  const traversed = new Set(changed);
  for (const module of traversed) {
    const { live, importers } = module;
    if (live?.hot?.acceptsItself === true) {
      boundaries.push({ by: live, accepted: module });
      continue;
    }
    if (importers.size === 0) hasDeadEnd = true;
    for (const importer of importers) {
      const by = importer.live;
      if (by?.hot?.accepts(module) === true) boundaries.push({ by, accepted: module });
      else traversed.add(importer);
    }
  }
  return { boundaries, hasDeadEnd };
}
