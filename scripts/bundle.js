import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { rolldown } from "rolldown";

// Makes `dist/`, all that is published, of `build/`, what the compiler has written. Node takes longer to read some four
// hundred modules than to read Vite, 230 ms of every start; as a few files they take 80.

/** What `package.json` names, and what is loaded by its name. */
const entries = [
  "index",
  "node/index",
  "state/index",
  "vite/index",
  "vite/index-on-any-node",
  "cli/orbiton",
  "cli/main",
  "cli/server-process",
];
const build = resolve("build");
const dist = resolve("dist");

rmSync(dist, { recursive: true, force: true });
cpSync(build, dist, {
  recursive: true,
  filter: (file) =>
    statSync(file).isDirectory() ? !/(?:\.tsbuildinfo|[/\\]panel)$/.test(file) : file.endsWith(".d.ts"),
});
const bundle = await rolldown({
  cwd: build,
  platform: "node",
  input: Object.fromEntries(entries.map((entry) => [entry, `./${entry}.js`])),
  // Packages, and what Node has.
  external: /^(?![./]|[A-Z]:)/i,
});
const { output } = await bundle.write({
  dir: dist,
  plugins: [
    { name: "late-names-of-vite", renderChunk: (code) => ({ code: withLateNames(code), map: null }) },
  ],
  format: "esm",
  // What is written is readable, and what a map would lead to is not published: it would be half of the package.
  sourcemap: false,
  entryFileNames: "[name].js",
  // One folder deep, like `runtime/own-scripts.ts`, which knows by its own place what belongs to this package.
  chunkFileNames: "shared/[name].js",
});

// What pages are given: one classic script and modules, each a file of its own, as small as it goes; and what people
// import, for their own bundler to make small.
for (const [name, format, from = name] of /** @type {const} */ ([
  ["boot", "iife"],
  ["page", "esm"],
  ["overlay", "esm"],
  ["keeper", "esm", "reload/keeper"],
  ["assets", "esm", "assets/index"],
  ["modules", "esm", "modules/apply-updates"],
  ["components", "esm", "components/component-patches"],
  ["morph", "esm", "patch/page-patches"],
  ["index", "esm"],
])) {
  const client = await rolldown({ cwd: build, platform: "browser", input: `./client/${from}.js` });
  await client.write({
    file: resolve(dist, `client/${name}.js`),
    format,
    minify: name !== "index",
    sourcemap: false,
  });
}

// The live panel: what draws the graph is large, and loaded when somebody wants to see it.
const panel = await rolldown({
  cwd: build,
  platform: "browser",
  input: "./panel/panel.js",
  transform: { define: { "process.env.NODE_ENV": '"production"' } },
});
await panel.write({
  dir: resolve(dist, "client"),
  format: "esm",
  minify: true,
  sourcemap: false,
  entryFileNames: "panel.js",
  chunkFileNames: "panel-graph.js",
  // Their licences want to go with them.
  postBanner: ({ isEntry }) => licenceOf(isEntry ? "preact" : "cytoscape"),
});
cpSync("src/panel/panel.css", resolve(dist, "client/panel.css"));

// Which modules each file was made of: a test wants to know what a process loads.
const modules = output.map((file) => [file.fileName, "moduleIds" in file ? file.moduleIds : []]);
writeFileSync(resolve(build, "bundled.json"), JSON.stringify(Object.fromEntries(modules)));

/** @param {string} name */
function licenceOf(name) {
  return `/*! ${name}\n${readFileSync(resolve("node_modules", name, "LICENSE"), "utf8").trim()}\n*/`;
}

/**
 * A name that a module of Vite lacks is an error of the language before anything has run. Something else stands for it here,
 * which a class can extend, so that what is loaded can say in a sentence which Vite it needs.
 *
 * @param {string} code
 * @returns {string} with the same number of lines
 */
function withLateNames(code) {
  return code.replace(/^import \{([^}]*)\} from "vite";$/m, (_, names) => {
    const late = names.split(",").map((name) => `${name.trim().replace(" as ", ": ")} = MissingInVite`);
    return `import * as vite from "vite"; class MissingInVite {} const { ${late.join(", ")} } = vite;`;
  });
}
