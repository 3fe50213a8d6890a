/** Nodes, numbered from 0, and where their edges lead. */
export interface Edges {
  readonly size: number;
  targetsOf(id: number): { keys(): Iterator<number>; has(id: number): boolean };
}

/** How many groups of nodes there are that all reach each other: more than one node, or one that reaches itself. */
export function countCycles(graph: Edges): number {
  const order = new Int32Array(graph.size);
  const low = new Int32Array(graph.size);
  const isOpen = new Uint8Array(graph.size);
  const open: number[] = [];
  // No recursion: a chain of imports may be longer than the stack is deep.
  const path: { readonly id: number; readonly targets: Iterator<number> }[] = [];
  let next = 1;
  let cycles = 0;

  const enter = (id: number): void => {
    order[id] = low[id] = next++;
    isOpen[id] = 1;
    open.push(id);
    path.push({ id, targets: graph.targetsOf(id).keys() });
  };
  const leave = (id: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent) low[parent.id] = Math.min(low[parent.id] ?? 0, low[id] ?? 0);
    if (low[id] !== order[id]) return;
    const group = open.splice(open.lastIndexOf(id));
    for (const member of group) isOpen[member] = 0;
    if (group.length > 1 || graph.targetsOf(id).has(id)) cycles++;
  };

  for (let id = 0; id < graph.size; id++) {
    if (order[id] !== 0) continue;
    enter(id);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { value: target, done } = top.targets.next();
      if (done === true) leave(top.id);
      else if (order[target] === 0) enter(target);
      else if (isOpen[target] === 1) low[top.id] = Math.min(low[top.id] ?? 0, order[target] ?? 0);
    }
  }
  return cycles;
}
