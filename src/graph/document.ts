import type { GraphDocument, GraphDocumentEdge, GraphDocumentNode, NodeKind } from "./answers.ts";
import { kindsOf } from "./dependency-graph.ts";
import type { DependencyGraph } from "./dependency-graph.ts";

/** What is known of a node beside its edges; `undefined` for one that is no part of the document. */
export type DescribeNode = (id: number) => { readonly kind: NodeKind; readonly path?: string } | undefined;

/** The graph as a document, in the order of its names. */
export function documentOf(graph: DependencyGraph, describe: DescribeNode): GraphDocument {
  const nodes: GraphDocumentNode[] = [];
  const edges: GraphDocumentEdge[] = [];
  for (let id = 0; id < graph.size; id++) {
    const described = describe(id);
    if (described === undefined) continue;
    const from = graph.nameOf(id);
    nodes.push({ id: from, ...described });
    for (const [target, bits] of graph.targetsOf(id)) {
      for (const kind of kindsOf(bits)) edges.push({ from, to: graph.nameOf(target), kind });
    }
  }
  return {
    nodes: nodes.toSorted((a, b) => compare(a.id, b.id)),
    edges: edges.toSorted(
      (a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.kind, b.kind),
    ),
  };
}

/** A document in the language of Graphviz. */
export function dotOf({ nodes, edges }: GraphDocument): string {
  const shapes: Readonly<Record<NodeKind, string>> = {
    route: "box, style=bold",
    module: "box",
    asset: "note",
    external: "ellipse",
  };
  const lines = [
    ...nodes.map(({ id, kind, path }) => {
      const label = path === undefined ? quote(id) : quote(`${path}\n${id}`);
      return `${quote(id)} [shape=${shapes[kind]}, label=${label}];`;
    }),
    ...edges.map(({ from, to, kind }) => {
      const style = kind === "static" ? "" : ` [label=${quote(kind)}, style=dashed]`;
      return `${quote(from)} -> ${quote(to)}${style};`;
    }),
  ];
  return `digraph project {\n  rankdir=LR;\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

function quote(text: string): string {
  return `"${text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`)}"`;
}

/** By code units: the same everywhere, whatever the language of the machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
