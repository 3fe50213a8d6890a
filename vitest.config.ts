import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const src = fileURLToPath(new URL("src/", import.meta.url));
const build = fileURLToPath(new URL("build/", import.meta.url));

/** Whether what the compiler has written is tested, and not the sources: `npm test` has made it just before. */
const isCompiled = process.env["ORBIT_COMPILED"] !== undefined;

/**
 * Node loads what the compiler has written by itself: to load some four hundred sources takes each file of tests longer than
 * many of its tests. What is mocked or loaded twice has to be a source.
 */
const compiled: Plugin = {
  name: "orbit-hmr:compiled-sources",
  enforce: "pre",
  resolveId(source, importer) {
    if (importer === undefined || !/^\.\.?\/.*\.tsx?$/.test(source)) return undefined;
    const file = resolve(dirname(importer), source);
    if (!file.startsWith(src) || importer.startsWith(src)) return undefined;
    if (/\bvi\.(?:mock|resetModules)\(/.test(readFileSync(importer, "utf8"))) return undefined;
    return join(build, relative(src, file)).replace(/\.tsx?$/, ".js");
  },
};

export default defineConfig({
  plugins: isCompiled ? [compiled] : [],
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // For two cores: much of what a file of tests does is to wait for a browser or a watcher. More would only wait for each other.
    maxWorkers: 3,
    // Packages are what Node makes of them, here as in a server.
    deps: { interopDefault: false },
    server: { deps: { external: [new RegExp(`^${build.replaceAll(/[^\w/]/g, String.raw`\$&`)}`)] } },
    projects: [
      { extends: true, test: { name: "all", include: ["test/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "in CommonJS",
          include: ["test/runtime/ownership/*.test.ts"],
          env: { ORBIT_TEST_FORMAT: "commonjs" },
        },
      },
    ],
  },
});
