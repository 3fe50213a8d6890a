import type { DependencyGraph } from "./dependency-graph.ts";

/** What a search over importers found. It is valid until the next search. */
export interface Reach {
  /** In the order of their distance, the start included. */
  readonly ids: Int32Array;
  readonly has: (id: number) => boolean;
  /** The shortest way from the start to a node that was found, both included; among equals, the first by name. */
  readonly chainTo: (id: number) => readonly number[];
  /** The search was cut: there may be more. */
  readonly isCut: boolean;
}

/** Where a search begins and how far it goes. */
export interface ReachInput {
  readonly start: readonly number[];
  /** Nodes that depend on one of the start, whatever edges say. */
  readonly dependentsOf: (id: number) => Iterable<number>;
  /** How many edges deep. */
  readonly maxDepth: number;
}

/** Finds everything that leads to some nodes: one search for a whole batch, whose memory the next one uses again. */
export class ReachSearch {
  readonly #graph: DependencyGraph;
  #stamps = new Uint32Array(0);
  #depths = new Int32Array(0);
  #parents = new Int32Array(0);
  #queue = new Int32Array(0);
  #stamp = 0;

  constructor(graph: DependencyGraph) {
    this.#graph = graph;
  }

  find({ start, dependentsOf, maxDepth }: ReachInput): Reach {
    this.#prepare();
    const graph = this.#graph;
    // Local, because this loop is nearly all that a query costs.
    const [stamps, parents, depths, queue, stamp] = [
      this.#stamps,
      this.#parents,
      this.#depths,
      this.#queue,
      this.#stamp,
    ];
    let length = 0;
    const visit = (id: number, parent: number, depth: number): void => {
      if (stamps[id] === stamp) return;
      stamps[id] = stamp;
      parents[id] = parent;
      depths[id] = depth;
      queue[length++] = id;
    };
    for (const id of start) visit(id, -1, 0);
    let at = 0;
    for (let depth = 1; depth <= maxDepth && at < length; depth++) {
      for (const end = length; at < end; at++) {
        const id = queue[at] ?? 0;
        for (const source of graph.sourcesOf(id)) visit(source, id, depth);
        for (const source of graph.formerSourcesOf(id)) visit(source, id, depth);
        if (depth === 1) for (const source of dependentsOf(id)) visit(source, id, depth);
      }
    }
    const isCut = this.#hasMore(at, length);
    return {
      ids: this.#queue.subarray(0, length),
      has: (id) => this.#stamps[id] === this.#stamp,
      chainTo: (id) => this.#chainTo(id),
      isCut,
    };
  }

  /** Whether what is left at the end of the search leads to anything that was not found. */
  #hasMore(from: number, length: number): boolean {
    for (let at = from; at < length; at++) {
      for (const source of this.#graph.sourcesOf(this.#queue[at] ?? 0)) {
        if (this.#stamps[source] !== this.#stamp) return true;
      }
    }
    return false;
  }

  #chainTo(id: number): readonly number[] {
    const chain: number[] = [];
    for (let each = id; each >= 0; each = this.#nextTowardsStart(each)) chain.push(each);
    return chain.toReversed();
  }

  /** In which order nodes were found depends on the order of past edits; which of them comes first by name does not. */
  #nextTowardsStart(id: number): number {
    const depth = this.#depths[id] ?? 0;
    let best = -1;
    for (const target of this.#graph.targetsOf(id).keys()) {
      const isOnWay = this.#stamps[target] === this.#stamp && this.#depths[target] === depth - 1;
      if (!isOnWay) continue;
      if (best < 0 || this.#graph.nameOf(target) < this.#graph.nameOf(best)) best = target;
    }
    return best < 0 ? (this.#parents[id] ?? -1) : best;
  }

  #prepare(): void {
    this.#stamp++;
    const { size } = this.#graph;
    if (this.#stamps.length >= size) return;
    const room = size * 2;
    this.#stamps = new Uint32Array(room);
    this.#depths = new Int32Array(room);
    this.#parents = new Int32Array(room);
    this.#queue = new Int32Array(room);
    this.#stamp = 1;
  }
}
