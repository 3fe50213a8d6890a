import type { TemplateElement, TemplateNode } from "../protocol/component.ts";

/**
 * Say of each node of a template which one of the template before it is: `from` counts those in document order. What is alike
 * on one level keeps its order; what is left is the same where it is found once, word for word, in both.
 */
export function correlate(before: TemplateElement, after: TemplateElement): TemplateElement {
  const pairs = new Map<TemplateNode, TemplateNode>();
  pair(before, after, pairs);
  pairMoved(before, after, pairs);
  const places = new Map(inOrder(before).map((node, index) => [node, index]));
  const fromOf = (node: TemplateNode): { readonly from?: number } => {
    const was = pairs.get(node);
    const from = was === undefined ? undefined : places.get(was);
    return from === undefined ? {} : { from };
  };
  const placedElement = (node: TemplateElement): TemplateElement => {
    const { from: _, children, ...rest } = node;
    return { ...rest, children: children.map(placed), ...fromOf(node) };
  };
  const placed = (node: TemplateNode): TemplateNode =>
    node.kind === "text" ? { kind: "text", parts: node.parts, ...fromOf(node) } : placedElement(node);
  return placedElement(after);
}

function pair(before: TemplateNode, after: TemplateNode, pairs: Map<TemplateNode, TemplateNode>): void {
  pairs.set(after, before);
  if (before.kind === "text" || after.kind === "text") return;
  for (const [from, to] of bestRow(before.children, after.children)) pair(from, to, pairs);
}

/** The row of pairs, in the order of both, that is most alike. */
function bestRow(
  from: readonly TemplateNode[],
  to: readonly TemplateNode[],
): readonly (readonly [TemplateNode, TemplateNode])[] {
  const best = Array.from({ length: from.length + 1 }, () => new Uint32Array(to.length + 1));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (const [i, a] of [...from.entries()].toReversed())
    for (const [j, b] of [...to.entries()].toReversed()) {
      const likeness = likenessOf(a, b);
      const paired = likeness === 0 ? 0 : likeness + at(i + 1, j + 1);
      best[i]?.fill(Math.max(paired, at(i + 1, j), at(i, j + 1)), j, j + 1);
    }
  const row: (readonly [TemplateNode, TemplateNode])[] = [];
  let [i, j] = [0, 0];
  while (at(i, j) > 0) {
    const [a, b] = [from[i], to[j]];
    if (at(i + 1, j) === at(i, j)) i++;
    else if (at(i, j + 1) === at(i, j)) j++;
    else {
      if (a !== undefined && b !== undefined) row.push([a, b]);
      i++;
      j++;
    }
  }
  return row;
}

function likenessOf(a: TemplateNode, b: TemplateNode): number {
  if (a.kind === "text" || b.kind === "text") {
    if (a.kind !== b.kind) return 0;
    if (textOf(a) === textOf(b)) return 8;
    return holesOf(a) === holesOf(b) ? 4 : 1;
  }
  if (a.kind !== b.kind || a.tag !== b.tag || a.times !== b.times || a.bound.join() !== b.bound.join())
    return 0;
  return textOf(a) === textOf(b) ? 8 : 3;
}

function pairMoved(before: TemplateNode, after: TemplateNode, pairs: Map<TemplateNode, TemplateNode>): void {
  const taken = new Set(pairs.values());
  const come = byText(inOrder(after).filter((node) => !pairs.has(node)));
  const gone = byText(inOrder(before).filter((node) => !taken.has(node)));
  for (const [text, [to, ...others]] of come) {
    const [from, ...more] = gone.get(text) ?? [];
    if (from === undefined || to === undefined || others.length + more.length > 0) continue;
    if (pairs.has(to) || (to.kind === "text" && holesOf(to) === "[]")) continue;
    pair(from, to, pairs);
  }
}

function byText(nodes: readonly TemplateNode[]): ReadonlyMap<string, readonly TemplateNode[]> {
  const all = new Map<string, TemplateNode[]>();
  for (const node of nodes) all.set(textOf(node), [...(all.get(textOf(node)) ?? []), node]);
  return all;
}

function inOrder(node: TemplateNode): readonly TemplateNode[] {
  return node.kind === "text" ? [node] : [node, ...node.children.flatMap(inOrder)];
}

function holesOf(node: TemplateNode): string {
  return node.kind === "text" ? JSON.stringify(node.parts.filter((part) => typeof part !== "string")) : "";
}

/** A node with all that is in it, apart from where it was before. */
function textOf(node: TemplateNode): string {
  return JSON.stringify(node, (name, value: unknown) => (name === "from" ? undefined : value));
}
