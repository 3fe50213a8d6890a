export { esbuildEdges } from "./esbuild-edges.js";
export { listSources, nameInProject } from "./project-files.js";
export { rolldownEdges } from "./rolldown-edges.js";
