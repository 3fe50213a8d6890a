import { EDGE_KINDS } from "../protocol/panel.ts";
import type { GraphAnswer } from "../protocol/panel.ts";
import type { Session } from "./session.ts";

/** The graph of the whole project for the live panel. Where it has not been read yet it is read now. */
export async function panelGraphOf({ impact }: Session): Promise<GraphAnswer> {
  await impact.build();
  const { graph } = impact;
  if (graph === undefined) return { refusal: "There is no graph: DEPENDENCY_TRACKING turns it off." };
  const { nodes, edges } = graph.toJSON();
  const numbers = new Map(nodes.map(({ id }, at) => [id, at]));
  const numbersOf = (id: string): readonly number[] => {
    const at = numbers.get(id);
    return at === undefined ? [] : [at];
  };
  return {
    graph: {
      ids: nodes.map(({ id }) => id),
      routes: nodes.flatMap(({ path }, at) => (path === undefined ? [] : [{ at, path }])),
      externals: nodes.flatMap(({ kind }, at) => (kind === "external" ? [at] : [])),
      edges: edges.flatMap(({ from, to, kind }) =>
        numbersOf(from).flatMap((a) => numbersOf(to).flatMap((b) => [a, b, EDGE_KINDS.indexOf(kind)])),
      ),
      limits: graph.limits,
    },
  };
}
