import type { TemplateElement, TemplateNode, TemplateText } from "../protocol/component.ts";
import { longestCommon } from "./longest-common.ts";

// Runs in pages as well: nothing is imported that a page would not want.

/**
 * Find out which node of a template before is which node of the template after. What code draws or writes is the same only
 * where it is the same code in the same loop, condition, slot and component, and the pairs of all else follow from likeness:
 * first what is identical, wherever it has been moved to, then what has the same tag, in order where there is one.
 *
 * @returns `after`, with the places of the nodes of `before`, in document order from 0, in `from`
 */
export function correlate(before: TemplateElement, after: TemplateElement): TemplateElement {
  const correlation = new Correlation();
  if (correlation.isAlike(before, after, "key")) correlation.pairContexts(before, after);
  const places = new Map(nodesOf(before).map((node, index) => [node, index]));
  return withOrigins(after, (node) => {
    const was = correlation.partnerOf(node);
    return was && places.get(was);
  });
}

/** A node and all that is in it, in document order. */
export function nodesOf(node: TemplateNode): readonly TemplateNode[] {
  return node.kind === "text" ? [node] : [node, ...node.children.flatMap(nodesOf)];
}

/** Whether code decides when and where what is in a node is drawn: what is in it is a context of its own. */
export function isContext(node: TemplateNode): boolean {
  return node.kind !== "text" && (node.kind !== "element" || node.times !== "one");
}

/** The expressions in a text. */
export function holesOf({ parts }: TemplateText): readonly string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : [part.hole])).toSorted();
}

/** Numbers that nodes share if they are alike: in all that is in them, in all that they are themselves, in what they must share. */
interface Likeness {
  readonly content: number;
  readonly own: number;
  readonly key: number;
}
/** From the strictest on. */
const LIKENESSES = ["content", "own", "key"] as const;

class Correlation {
  readonly #before = new Map<TemplateNode, TemplateNode>();
  readonly #taken = new Set<TemplateNode>();
  readonly #numbers = new Map<string, number>();
  readonly #likenesses = new Map<TemplateNode, Likeness>();

  partnerOf(after: TemplateNode): TemplateNode | undefined {
    return this.#before.get(after);
  }

  /** Whether two nodes are alike, and in what. */
  isAlike(before: TemplateNode, after: TemplateNode, inWhat: keyof Likeness): boolean {
    return this.#likenessOf(before)[inWhat] === this.#likenessOf(after)[inWhat];
  }

  /** Pair two nodes of one key, and all that belongs together in them. */
  pairContexts(before: TemplateElement, after: TemplateElement): void {
    if (this.isAlike(before, after, "content")) return this.#pairWhole(before, after);
    this.#pair(before, after);
    const from = membersOf(before);
    const to = membersOf(after);
    this.#pairUnique(from, to);
    this.#pairChildren(before, after);
    this.#pairMoved(from, to.filter(isDynamic), (was, node) => this.isAlike(was, node, "key"));
    this.#pairTextsOf([after, ...to], isDynamic);
    this.#pairMoved(from, to.filter(isDynamic), hasAllHoles);
    // A text that has lost its holes has remained the text of its element.
    this.#pairTextsOf([after, ...to], () => true);
    for (const node of to.filter(isContext)) {
      const was = this.#before.get(node);
      if (was === undefined || was.kind === "text" || node.kind === "text") continue;
      if (!this.isAlike(was, node, "content")) this.pairContexts(was, node);
    }
  }

  /** What is there once before and once after, and is identical, is the same: wherever it stands. */
  #pairUnique(before: readonly TemplateNode[], after: readonly TemplateNode[]): void {
    const contentOf = (node: TemplateNode): number => this.#likenessOf(node).content;
    const from = groupBy(before, contentOf);
    const to = groupBy(after, contentOf);
    for (const node of after) {
      // Words may be the same by chance.
      if (node.kind === "text" && !isDynamic(node)) continue;
      const [was, ...others] = from.get(contentOf(node)) ?? [];
      const isUnique = others.length === 0 && to.get(contentOf(node))?.length === 1;
      if (was !== undefined && isUnique && this.#isFree(was, node)) this.#pairWhole(was, node);
    }
  }

  /** Pair what is in two nodes that are paired, and so on downwards. */
  #pairChildren(before: TemplateElement, after: TemplateElement): void {
    if (this.isAlike(before, after, "content")) return;
    this.#align(before.children, after.children, LIKENESSES);
    for (const node of after.children) {
      const was = this.#before.get(node);
      if (was === undefined || was.kind === "text" || node.kind === "text" || isContext(node)) continue;
      this.#pairChildren(was, node);
    }
  }

  /** Pair neighbours in order by the first likeness, those between them by the next, and the rest in any order. */
  #align(
    before: readonly TemplateNode[],
    after: readonly TemplateNode[],
    [likeness, ...others]: readonly (keyof Likeness)[],
  ): void {
    if (likeness === undefined) return;
    const isPair = (was: TemplateNode, node: TemplateNode): boolean =>
      this.#before.get(node) === was || (this.#isFree(was, node) && this.isAlike(was, node, likeness));
    let [i, j] = [0, 0];
    for (const [from, to] of [
      ...longestCommon(before, after, isPair),
      [before.length, after.length] as const,
    ]) {
      const [was, node] = [before[from], after[to]];
      if (was !== undefined && node !== undefined) this.#pairAlike(was, node, likeness);
      this.#align(before.slice(i, from), after.slice(j, to), others);
      [i, j] = [from + 1, to + 1];
    }
    for (const node of after) {
      const was = before.find((other) => this.#isFree(other, node) && this.isAlike(other, node, likeness));
      if (was !== undefined) this.#pairAlike(was, node, likeness);
    }
  }

  #pairAlike(was: TemplateNode, node: TemplateNode, likeness: keyof Likeness): void {
    if (!this.#isFree(was, node)) return;
    if (likeness === "content") this.#pairWhole(was, node);
    else this.#pair(was, node);
  }

  /** What code draws or writes is found again wherever it stands now. */
  #pairMoved(
    before: readonly TemplateNode[],
    after: readonly TemplateNode[],
    isLike: (was: TemplateNode, node: TemplateNode) => boolean,
  ): void {
    for (const node of after) {
      const was = before.find((other) => this.#isFree(other, node) && isLike(other, node));
      if (was === undefined) continue;
      this.#pair(was, node);
      if (was.kind !== "text" && node.kind !== "text" && !isContext(node)) this.#pairChildren(was, node);
    }
  }

  /** Pair texts of elements that are paired, where no hole would be without its code. */
  #pairTextsOf(owners: readonly TemplateNode[], isMeant: (text: TemplateNode) => boolean): void {
    for (const node of owners) {
      const was = this.#before.get(node);
      if (was === undefined || was.kind === "text" || node.kind === "text") continue;
      for (const text of node.children.filter(isMeant)) {
        const free = was.children.find((other) => this.#isFree(other, text) && hasAllHoles(other, text));
        if (free !== undefined) this.#pair(free, text);
      }
    }
  }

  #isFree(before: TemplateNode, after: TemplateNode): boolean {
    return !this.#taken.has(before) && !this.#before.has(after);
  }

  #pair(before: TemplateNode, after: TemplateNode): void {
    this.#before.set(after, before);
    this.#taken.add(before);
  }

  /** Pair two nodes that are identical, with all that is in them. */
  #pairWhole(before: TemplateNode, after: TemplateNode): void {
    if (this.#isFree(before, after)) this.#pair(before, after);
    if (before.kind === "text" || after.kind === "text") return;
    for (const [index, node] of after.children.entries()) {
      const was = before.children[index];
      if (was !== undefined) this.#pairWhole(was, node);
    }
  }

  #likenessOf(node: TemplateNode): Likeness {
    const known = this.#likenesses.get(node);
    if (known !== undefined) return known;
    const key = this.#numberOf(keyOf(node));
    const own = this.#numberOf(`${key} ${ownOf(node)}`);
    const inside = node.kind === "text" ? [] : node.children.map((child) => this.#likenessOf(child).content);
    const content = this.#numberOf(
      `${own} ${inside.join(" ")} ${node.kind === "text" ? JSON.stringify(node.parts) : ""}`,
    );
    const likeness = { key, own, content };
    this.#likenesses.set(node, likeness);
    return likeness;
  }

  #numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}

/** What belongs together with an element: all that is in it down to other contexts, those included. */
function membersOf(owner: TemplateElement): readonly TemplateNode[] {
  return owner.children.flatMap((node) =>
    node.kind === "text" || isContext(node) ? [node] : [node, ...membersOf(node)],
  );
}

/** What a node has to have in common with what it was. */
function keyOf(node: TemplateNode): string {
  return JSON.stringify(
    node.kind === "text"
      ? [node.kind, ...holesOf(node)]
      : [node.kind, node.tag, node.times, ...(node.code ?? [])],
  );
}

/** What a node is itself, beside its key. */
function ownOf(node: TemplateNode): string {
  if (node.kind === "text") return "";
  return JSON.stringify([
    Object.entries(node.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    node.bound,
  ]);
}

function isDynamic(node: TemplateNode): boolean {
  return node.kind === "text" ? holesOf(node).length > 0 : isContext(node) || node.code !== undefined;
}

/** Whether all that code writes into a text was written into the text before. */
function hasAllHoles(before: TemplateNode, after: TemplateNode): boolean {
  if (before.kind !== "text" || after.kind !== "text") return false;
  const left = [...holesOf(before)];
  return holesOf(after).every((hole) => {
    const at = left.indexOf(hole);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

function groupBy<Item, Key>(
  items: readonly Item[],
  keyFor: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyFor(item));
    if (group === undefined) groups.set(keyFor(item), [item]);
    else group.push(item);
  }
  return groups;
}

function withOrigins<Node extends TemplateNode>(
  node: Node,
  originOf: (node: TemplateNode) => number | undefined,
): Node {
  const { from: _, ...own } = node;
  const from = originOf(node);
  const children =
    node.kind === "text" ? undefined : node.children.map((child) => withOrigins(child, originOf));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is in a node, with another origin
  return { ...own, ...(children && { children }), ...(from !== undefined && { from }) } as unknown as Node;
}
