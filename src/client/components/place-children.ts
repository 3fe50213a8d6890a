/** Whether an element has exactly these children, comments aside. */
export function hasChildren(parent: Element, children: readonly ChildNode[]): boolean {
  const now = contentOf(parent);
  return now.length === children.length && now.every((node, index) => node === children[index]);
}

/** What an element holds, without comments and the like. */
export function contentOf(parent: Element): readonly ChildNode[] {
  return [...parent.childNodes].filter((node) => node instanceof Element || node instanceof Text);
}

/** Put children into an element in this order; what else is there stays, somewhere among them. As few as possible are moved. */
export function placeChildren(parent: Element, children: readonly ChildNode[]): void {
  const places = new Map([...parent.childNodes].map((node, index) => [node, index]));
  const staying = longestRising(
    children.filter((node) => node.parentNode === parent),
    (node) => places.get(node) ?? 0,
  );
  let next: ChildNode | null = null;
  for (const node of children.toReversed()) {
    if (!staying.has(node)) move(parent, node, next);
    next = node;
  }
}

/** Where a browser can, a node is moved with what it has: focus, frames, what plays and how far it is scrolled. */
function move(parent: Element, node: ChildNode, next: ChildNode | null): void {
  const moveBefore: unknown = Reflect.get(parent, "moveBefore");
  if (typeof moveBefore === "function" && node.isConnected && parent.isConnected)
    Reflect.apply(moveBefore, parent, [node, next]);
  else parent.insertBefore(node, next);
}

/** The most nodes that are in their order already. */
function longestRising(
  nodes: readonly ChildNode[],
  placeOf: (node: ChildNode) => number,
): ReadonlySet<ChildNode> {
  // Of each length, the row that ends first, as a chain from its end.
  const rows: { readonly node: ChildNode; readonly before: number; readonly place: number }[][] = [];
  for (const node of nodes) {
    const place = placeOf(node);
    const length = rows.findLastIndex((row) => (row.at(-1)?.place ?? 0) < place) + 1;
    const row = rows[length] ?? [];
    rows[length] = row;
    row.push({ node, place, before: (rows[length - 1]?.length ?? 0) - 1 });
  }
  const rising = new Set<ChildNode>();
  let index = (rows.at(-1)?.length ?? 0) - 1;
  for (const row of rows.toReversed()) {
    const end = row[index];
    if (end === undefined) break;
    rising.add(end.node);
    index = end.before;
  }
  return rising;
}
