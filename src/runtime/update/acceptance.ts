import type { Generation } from "../model/generation.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";

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

/**
 * Calls those who accept changes, by Vite's rule: a change goes up from a module to its importers until somebody accepts
 * it. It decides only who is called. Who runs again is decided by what it depends on, for whoever accepts a module need
 * not be the only one who has used it.
 */
export class Acceptance {
  readonly #graph: ModuleGraph;
  /** What could not run and was told, until something runs again. */
  readonly #refused = new WeakMap<ModuleRecord, string>();

  constructor(graph: ModuleGraph) {
    this.#graph = graph;
  }

  wayOf(changed: Iterable<ModuleRecord>): AcceptedWay {
    if (this.#graph.roles.listening.size === 0) return NOWHERE;
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

  /** Modules are about to be replaced. Returns what calls those who accept that, when the new ones are live. */
  prepare(replaced: ReadonlySet<ModuleRecord>): () => void {
    for (const module of replaced) this.#refused.delete(module);
    const { boundaries } = this.wayOf([...replaced].filter(({ live }) => live !== undefined));
    return () => call(boundaries, ({ namespace }) => namespace);
  }

  /** What was saved cannot run: those who accept it are told once, with no module. */
  refuse(modules: Iterable<ModuleRecord>): void {
    const changed = [...modules].filter((module) => module.live !== undefined && this.#isNews(module));
    call(this.wayOf(changed).boundaries, () => undefined);
  }

  /** Files were saved that their modules only name, such as images. */
  noteSavedAssets(modules: Iterable<ModuleRecord>): void {
    const changed = [...modules].filter((module) => module.isSavedAsset);
    for (const module of changed) module.isSavedAsset = false;
    call(this.wayOf(changed).boundaries, ({ namespace }) => namespace);
  }

  #isNews(module: ModuleRecord): boolean {
    const { source } = module;
    const text = source?.kind === "broken" ? source.problem.message : linked(source)?.code;
    if (text === undefined || this.#refused.get(module) === text) return false;
    this.#refused.set(module, text);
    return true;
  }
}

function call(
  boundaries: readonly Boundary[],
  namespaceOf: (accepted: ModuleRecord) => object | undefined,
): void {
  for (const { by, accepted } of boundaries) by.hot?.callAccepted(accepted, namespaceOf(accepted));
}
