import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { acceptedWay } from "./accepted-way.ts";
import type { Boundary } from "./accepted-way.ts";
import type { Invalidations } from "./invalidations.ts";
import { linked } from "../model/module-source.ts";

/**
 * Calls those who accept changes. It decides only who is called. Who runs again is decided by what it depends on, for
 * whoever accepts a module need not be the only one who has used it.
 */
export class Acceptance {
  readonly #graph: ModuleGraph;
  readonly #invalidations: Invalidations;
  /** What could not run and was told, until something runs again. */
  readonly #refused = new WeakMap<ModuleRecord, string>();

  constructor(graph: ModuleGraph, invalidations: Invalidations) {
    this.#graph = graph;
    this.#invalidations = invalidations;
  }

  /** Modules are about to be replaced. Returns what calls those who accept that, when the new ones are live. */
  prepare(replaced: ReadonlySet<ModuleRecord>): () => void {
    for (const module of replaced) this.#refused.delete(module);
    const { called, during } = this.#invalidations.takeUp(replaced);
    const { boundaries } = acceptedWay(
      this.#graph,
      called.filter(({ live }) => live !== undefined),
    );
    return () => during(() => call(boundaries, ({ namespace }) => namespace));
  }

  /** What was saved cannot run: those who accept it are told once, with no module. */
  refuse(modules: Iterable<ModuleRecord>): void {
    this.callWithout(this.newsAmong(modules));
  }

  /** Those whose newest text has not been refused before. */
  newsAmong(modules: Iterable<ModuleRecord>): readonly ModuleRecord[] {
    return [...modules].filter((module) => module.live !== undefined && this.#isNews(module));
  }

  callWithout(changed: readonly ModuleRecord[]): void {
    call(acceptedWay(this.#graph, changed).boundaries, () => undefined);
  }

  /** Files were saved that their modules only name, such as images. */
  noteSavedAssets(modules: Iterable<ModuleRecord>): void {
    const changed = [...modules].filter((module) => module.isSavedAsset);
    for (const module of changed) module.isSavedAsset = false;
    call(acceptedWay(this.#graph, changed).boundaries, ({ namespace }) => namespace);
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
