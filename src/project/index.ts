export { openProjectGraph } from "./project-graph.ts";
export type { ProjectGraph, ProjectGraphOptions } from "./project-graph.ts";
