import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";

// What is published. Node takes longer to read some four hundred modules than to read Vite: 230 ms of every start.
// As a few files they take 80 ms. `build/` has what the compiler wrote, module by module.

/** What `package.json` names, and what is loaded by its name. */
const entries = ["index", "state/index", "vite/index", "cli/orbiton", "cli/server-process"];

const bundle = await rolldown({
  cwd: resolve("build"),
  platform: "node",
  input: Object.fromEntries(entries.map((entry) => [entry, `./${entry}.js`])),
  // Packages, and what Node has.
  external: /^(?![./]|[A-Z]:)/i,
});
const { output } = await bundle.write({
  dir: resolve("dist"),
  format: "esm",
  sourcemap: true,
  entryFileNames: "[name].js",
  // One folder deep, like `runtime/own-scripts.ts`, which knows by its own place what belongs to this package.
  chunkFileNames: "shared/[name].js",
});
removeOthers(new Set(output.map(({ fileName }) => fileName)));

/**
 * Files of an earlier build: the compiler has written the declarations.
 *
 * @param {ReadonlySet<string>} written
 */
function removeOthers(written) {
  for (const name of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
    if (/\.js(?:\.map)?$/.test(name) && !written.has(name.replaceAll("\\", "/"))) rmSync(join("dist", name));
  }
}
