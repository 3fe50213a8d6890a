import type { EdgeKind } from "./answers.ts";

/** The kinds of one edge as bits: a module can import, require and point to the same file. */
const BITS: Readonly<Record<EdgeKind, number>> = {
  static: 1,
  dynamic: 2,
  require: 4,
  glob: 8,
  url: 16,
  read: 32,
};
const KINDS: readonly EdgeKind[] = ["static", "dynamic", "require", "glob", "url", "read"];

/** The edges that leave one node: kinds by target. */
export class OutgoingEdges {
  readonly bits: Map<number, number> = new Map();

  add(target: number, kind: EdgeKind): void {
    this.bits.set(target, (this.bits.get(target) ?? 0) | BITS[kind]);
  }
}

const NONE: ReadonlyMap<number, number> = new Map();
const NOBODY: readonly number[] = [];

/** Nodes as numbers, with edges in both directions. Cycles cost nothing: a search marks what it has seen. */
export class DependencyGraph {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #targets: (ReadonlyMap<number, number> | undefined)[] = [];
  /** Lists, not sets: searches do little else than walk through them. */
  readonly #sources: (number[] | undefined)[] = [];
  /** Who led to a node that is gone, at the time it went. */
  readonly #former = new Map<number, readonly number[]>();
  #edges = 0;

  get size(): number {
    return this.#names.length;
  }

  get edgeCount(): number {
    return this.#edges;
  }

  /** The number of a name, given to it now if it has none. */
  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.push(name) - 1;
    this.#ids.set(name, id);
    return id;
  }

  find(name: string): number | undefined {
    return this.#ids.get(name);
  }

  nameOf(id: number): string {
    return this.#names[id] ?? "";
  }

  /** Kinds, as bits, by target. */
  targetsOf(id: number): ReadonlyMap<number, number> {
    return this.#targets[id] ?? NONE;
  }

  /** Those that lead to a node, as they are now. */
  sourcesOf(id: number): readonly number[] {
    return this.#sources[id] ?? NOBODY;
  }

  /** Those who led to it when it went, if it is gone. */
  formerSourcesOf(id: number): readonly number[] {
    return (this.#former.size > 0 && this.#former.get(id)) || NOBODY;
  }

  /** Replace the edges that leave a node. Returns whether they are others now, and which targets they led to before only. */
  link(id: number, edges: OutgoingEdges): { readonly isChanged: boolean; readonly lost: readonly number[] } {
    const before = this.targetsOf(id);
    const after = edges.bits;
    let isChanged = before.size !== after.size;
    const lost: number[] = [];
    for (const [target, bits] of after) {
      if (bits === before.get(target)) continue;
      isChanged = true;
      if (!before.has(target)) (this.#sources[target] ??= []).push(id);
    }
    if (!isChanged) return { isChanged, lost };
    for (const target of before.keys()) {
      if (after.has(target)) continue;
      this.#removeSource(target, id);
      lost.push(target);
    }
    this.#edges += countKinds(after) - countKinds(before);
    this.#targets[id] = after;
    return { isChanged, lost };
  }

  /** A node is gone. Those who lead to it are remembered: it was they who depended on it. */
  remove(id: number): ReturnType<DependencyGraph["link"]> {
    this.#former.set(id, [...this.sourcesOf(id)]);
    return this.link(id, new OutgoingEdges());
  }

  /** Everything that leads to a node, itself included, as long as none of it is `held`; `undefined` when some of it is. */
  unheldAbove(id: number, isHeld: (id: number) => boolean): ReadonlySet<number> | undefined {
    const found = new Set([id]);
    for (const each of found) {
      if (isHeld(each)) return undefined;
      for (const source of this.sourcesOf(each)) found.add(source);
    }
    return found;
  }

  /** Whether a node was removed, and nobody has said since that it is there again. */
  isGone(id: number): boolean {
    return this.#former.has(id);
  }

  /** A node that was gone is there again. */
  restore(id: number): void {
    this.#former.delete(id);
  }

  #removeSource(id: number, source: number): void {
    const sources = this.#sources[id] ?? [];
    const at = sources.indexOf(source);
    const last = sources.pop();
    if (last !== undefined && last !== source) sources[at] = last;
  }
}

/** The kinds that the bits of an edge stand for. */
export function kindsOf(bits: number): readonly EdgeKind[] {
  return KINDS.filter((kind) => (bits & BITS[kind]) !== 0);
}

function countKinds(edges: ReadonlyMap<number, number>): number {
  let count = 0;
  for (const bits of edges.values()) for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
