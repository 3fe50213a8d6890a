import path from "node:path";
import { build } from "esbuild";
import { extensions, mainFields, nameInProject, serverConditions } from "./project-files.js";

/** Who imports whom as esbuild sees it: `from -> to`, relative to the root. */
export async function esbuildEdges({ root, entries }) {
  const { metafile } = await build({
    // One virtual entry: with one for each file esbuild would also write a bundle for each file.
    stdin: {
      contents: entries.map((entry) => `import ${JSON.stringify(entry)};`).join("\n"),
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    // What could be left out of a bundle is still evaluated by a server.
    treeShaking: false,
    ignoreAnnotations: true,
    conditions: serverConditions,
    mainFields,
    resolveExtensions: extensions,
    jsx: "automatic",
    jsxDev: true,
    logLevel: "silent",
    outfile: path.join(root, "bundle.js"),
    plugins: [projectFilesOnly(root)],
  });
  return edgesOf(root, metafile);
}

/** `packages: "external"` would also leave out the workspace's own packages, so each id is resolved and looked at. */
function projectFilesOnly(root) {
  const isAsking = Symbol("asking");
  const answers = new Map();
  return {
    name: "project-files-only",
    setup({ onResolve, resolve }) {
      const find = async ({ path: id, importer, resolveDir, kind }) => {
        const { errors, path: file } = await resolve(id, {
          importer,
          resolveDir,
          kind,
          pluginData: isAsking,
        });
        const isOurs = errors.length === 0 && nameInProject(root, file) !== undefined;
        // What a plugin resolves is compiled without its tsconfig, so esbuild is left to find its own files again.
        return isOurs ? undefined : { path: id, external: true };
      };
      onResolve({ filter: /.*/ }, (request) => {
        if (request.pluginData === isAsking) return undefined;
        const key = `${request.kind} ${request.resolveDir} ${request.path}`;
        if (!answers.has(key)) answers.set(key, find(request));
        return answers.get(key);
      });
    },
  };
}

function edgesOf(root, { inputs }) {
  const edges = new Set();
  const nameOf = (input) => nameInProject(root, path.resolve(root, input));
  for (const [input, { imports }] of Object.entries(inputs)) {
    const from = nameOf(input);
    if (from === undefined) continue;
    for (const { path: target, external, kind } of imports) {
      // `require.resolve` names a file without loading it: rolldown does not write that down.
      const to = external || kind === "require-resolve" ? undefined : nameOf(target);
      if (to !== undefined) edges.add(`${from} -> ${to}`);
    }
  }
  return edges;
}
