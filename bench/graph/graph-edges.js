import path from "node:path";
import { nameInProject } from "./project-files.js";

/** The graph's edges in the words of the oracles: the kinds of each `from -> to`, source files and JSON only. */
export function edgesOfGraph(root, { edges }) {
  const kinds = new Map();
  const isCompared = (id) => nameInProject(root, path.join(root, id)) !== undefined;
  for (const { from, to, kind } of edges) {
    if (!isCompared(from) || !isCompared(to)) continue;
    const edge = `${from} -> ${to}`;
    kinds.set(edge, [...(kinds.get(edge) ?? []), kind]);
  }
  return kinds;
}
