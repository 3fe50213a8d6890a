/** What becomes of a node of the text before, or of none, in the text after. */
export type NodeChange =
  | { readonly kind: "kept" | "changed"; readonly from: ChildNode; readonly to: ChildNode }
  | { readonly kind: "gone"; readonly from: ChildNode }
  | { readonly kind: "come"; readonly to: ChildNode };

type Pair = readonly [from: ChildNode, to: ChildNode];

/** So many pairs of nodes are compared at most, beyond those at both ends that are the same. */
const MAX_PAIRS = 250_000;

/** How the children of an element have changed, in their new order; `undefined` where that would take too long to find out. */
export function align(
  from: readonly ChildNode[],
  to: readonly ChildNode[],
): readonly NodeChange[] | undefined {
  const most = Math.min(from.length, to.length);
  let begin = 0;
  while (begin < most && isSame(from[begin], to[begin])) begin++;
  let end = 0;
  while (end < most - begin && isSame(from.at(-1 - end), to.at(-1 - end))) end++;
  const between = { from: from.slice(begin, from.length - end), to: to.slice(begin, to.length - end) };
  if (between.from.length * between.to.length > MAX_PAIRS) return undefined;
  return betweenKept(from, to, [
    ...zip(from.slice(0, begin), to.slice(0, begin)),
    ...longestCommon(between.from, between.to),
    ...zip(from.slice(from.length - end), to.slice(to.length - end)),
  ]);
}

/** Whether two nodes can be one before and after an edit. */
export function isSameKind(a: Node, b: Node): boolean {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  return !(a instanceof Element) || !(b instanceof Element) || a.id === b.id;
}

function isSame(a: ChildNode | undefined, b: ChildNode | undefined): boolean {
  return a !== undefined && b !== undefined && a.isEqualNode(b);
}

function zip(from: readonly ChildNode[], to: readonly ChildNode[]): readonly Pair[] {
  return from.flatMap((node, index): readonly Pair[] => {
    const other = to[index];
    return other === undefined ? [] : [[node, other]];
  });
}

/** The longest row of nodes that both have, in this order. */
function longestCommon(from: readonly ChildNode[], to: readonly ChildNode[]): readonly Pair[] {
  // How many are common from here on, by the places in both.
  const rest = Array.from({ length: from.length + 1 }, () => new Uint32Array(to.length + 1));
  const restAt = (i: number, j: number): number => rest[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--) {
      const skipped = Math.max(restAt(i + 1, j), restAt(i, j + 1));
      rest[i]?.fill(isSame(from[i], to[j]) ? restAt(i + 1, j + 1) + 1 : skipped, j, j + 1);
    }
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (restAt(i, j) > 0) {
    if (restAt(i + 1, j) === restAt(i, j)) i++;
    else if (restAt(i, j + 1) === restAt(i, j)) j++;
    else pairs.push(...zip(from.slice(i, ++i), to.slice(j, ++j)));
  }
  return pairs;
}

/** All changes, where these nodes are kept. */
function betweenKept(
  from: readonly ChildNode[],
  to: readonly ChildNode[],
  kept: readonly Pair[],
): readonly NodeChange[] {
  const changes: NodeChange[] = [];
  let i = 0;
  let j = 0;
  for (const [a, b] of kept) {
    changes.push(...pairUp(from.slice(i, from.indexOf(a, i)), to.slice(j, to.indexOf(b, j))));
    changes.push({ kind: "kept", from: a, to: b });
    i = from.indexOf(a, i) + 1;
    j = to.indexOf(b, j) + 1;
  }
  return [...changes, ...pairUp(from.slice(i), to.slice(j))];
}

/** Between nodes that stay, those of one kind are one that has changed. */
function pairUp(gone: readonly ChildNode[], come: readonly ChildNode[]): readonly NodeChange[] {
  const changes: NodeChange[] = [];
  let next = 0;
  for (const from of gone) {
    const at = come.findIndex((to, index) => index >= next && isSameKind(from, to));
    const to = come[at];
    if (to === undefined) {
      changes.push({ kind: "gone", from });
      continue;
    }
    changes.push(...come.slice(next, at).map(coming), { kind: "changed", from, to });
    next = at + 1;
  }
  return [...changes, ...come.slice(next).map(coming)];
}

function coming(to: ChildNode): NodeChange {
  return { kind: "come", to };
}
