import type { DependencyGraph } from "./dependency-graph.ts";

/** Puts nodes into the order of their names without comparing names again each time. */
export class NameOrder {
  readonly #graph: DependencyGraph;
  #ranks = new Uint32Array(0);
  #byRank = new Uint32Array(0);

  constructor(graph: DependencyGraph) {
    this.#graph = graph;
  }

  /** The names of some nodes, sorted. */
  namesOf(ids: Int32Array): string[] {
    this.#prepare();
    const [ranks, byRank] = [this.#ranks, this.#byRank];
    const found = new Uint32Array(ids.length);
    for (let at = 0; at < ids.length; at++) found[at] = ranks[ids[at] ?? 0] ?? 0;
    const names: string[] = [];
    for (const rank of found.toSorted()) names.push(this.#graph.nameOf(byRank[rank] ?? 0));
    return names;
  }

  #prepare(): void {
    const { size } = this.#graph;
    if (this.#ranks.length === size) return;
    const ids = Array.from({ length: size }, (_, id) => id);
    const compare = (a: number, b: number): number =>
      this.#graph.nameOf(a) < this.#graph.nameOf(b) ? -1 : 1;
    this.#byRank = Uint32Array.from(ids.toSorted(compare));
    this.#ranks = new Uint32Array(size);
    for (const [rank, id] of this.#byRank.entries()) this.#ranks[id] = rank;
  }
}
