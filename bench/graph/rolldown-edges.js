import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { extensions, mainFields, nameInProject, serverConditions } from "./project-files.js";

// Vite brings rolldown along; asked for through Vite it is found wherever the package manager has put it.
const fromVite = createRequire(createRequire(import.meta.url).resolve("vite/package.json"));
const { scan, viteDynamicImportVarsPlugin, viteImportGlobPlugin } = await import(
  pathToFileURL(fromVite.resolve("rolldown/experimental")).href
);

/** Who imports whom as rolldown sees it, with the two plugins that Vite adds for globs: `from -> to`, relative to the root. */
export async function rolldownEdges({ root, entries }) {
  const edges = new Set();
  await scan({
    input: entries,
    cwd: root,
    platform: "node",
    tsconfig: true,
    treeshake: false,
    resolve: { conditionNames: serverConditions, mainFields, extensions },
    transform: { jsx: { development: true } },
    logLevel: "silent",
    plugins: [
      viteDynamicImportVarsPlugin({ sourcemap: false }),
      viteImportGlobPlugin({ root, sourcemap: false, restoreQueryExtension: false }),
      projectFilesOnly(root),
      {
        name: "note-edges",
        moduleParsed({ id, importedIds, dynamicallyImportedIds }) {
          const from = nameInProject(root, id);
          for (const target of [...importedIds, ...dynamicallyImportedIds]) {
            const to = nameInProject(root, target);
            if (from !== undefined && to !== undefined) edges.add(`${from} -> ${to}`);
          }
        },
      },
    ],
  });
  return edges;
}

function projectFilesOnly(root) {
  return {
    name: "project-files-only",
    async resolveId(id, importer, options) {
      const resolved = await this.resolve(id, importer, { ...options, skipSelf: true });
      if (resolved && !resolved.external && nameInProject(root, resolved.id) !== undefined) return resolved;
      return { id, external: true };
    },
  };
}
