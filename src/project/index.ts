export { openProjectGraph } from "./project-graph.ts";
export type { ProjectGraph } from "./project-graph.ts";
export type { ProjectGraphOptions } from "./graph-options.ts";
export { GlobFolders } from "./glob-folders.ts";
export type { BundlerSettings } from "./bundler-settings.ts";
