import { expect, test, vi } from "vitest";
import { createDevServer } from "../../src/index.ts";
import { loadProjectOptions } from "../../src/vite/project-options.ts";
import { createProject } from "./support/project.ts";

/** A config that cannot be loaded, the place that is said, and what is said of it. */
const faults: readonly (readonly [
  how: string,
  files: Readonly<Record<string, string>>,
  place: string | undefined,
  words: string,
])[] = [
  [
    "a syntax error",
    { "vite.config.ts": "export default {\n  plugins: [;\n};\n" },
    "vite.config.ts:2:13",
    "Unexpected token",
  ],
  [
    "a syntax error in the first line",
    { "vite.config.mjs": "export default { plugins: [; };\n" },
    "vite.config.mjs:1:28",
    "Unexpected token",
  ],
  [
    "a syntax error in CommonJS",
    { "vite.config.cjs": "module.exports = { plugins: [ };\n" },
    "vite.config.cjs:1:31",
    "Unexpected token",
  ],
  [
    "a syntax error in orbiton.config",
    { "orbiton.config.ts": "export default {\n  port: 80a0,\n};\n" },
    "orbiton.config.ts:2:11",
    "Invalid",
  ],
  [
    "a syntax error in what a config imports",
    {
      "vite.config.ts": `import "./config/more.ts";\nexport default {};\n`,
      "config/more.ts": "export default (;\n",
    },
    "config/more.ts:1:17",
    "Unexpected token",
  ],
  [
    "a file that is missing",
    { "vite.config.ts": `import { a } from "./nowhere.ts";\nexport default { base: a };\n` },
    "vite.config.ts:1:19",
    'Cannot find "./nowhere.ts". Create the file or correct the import.',
  ],
  [
    "a package that is missing",
    {
      "yarn.lock": "",
      "vite.config.ts": `import type { Plugin } from "not-there-either";\nimport react from "@vitejs/not-there";\nexport default { plugins: [react()] };\n`,
    },
    "vite.config.ts:2:19",
    'Cannot find "@vitejs/not-there". Install it: `yarn add @vitejs/not-there`.',
  ],
  ["an error that it throws", { "vite.config.js": `throw new Error("no env");` }, undefined, "no env"],
  [
    "bad JSON",
    { "orbiton.config.json": `{\n  "port": 1,,\n}` },
    "orbiton.config.json:2:13",
    "Expected double-quoted property name",
  ],
  ["JSON that ends too early", { "orbiton.config.json": `{\n  "port": 1` }, "orbiton.config.json:2:12", ""],
  [
    "bad TOML",
    { "orbiton.config.toml": "# ports\nport = = 2\n" },
    "orbiton.config.toml:2:8",
    "Invalid TOML document",
  ],
];

const route = { "pages/api/a.js": "export const GET = () => new Response();\n" };

test.each(faults)(
  "a config with %s is told in plain text, with its place as it was written",
  async (_how, files, place, words) => {
    const printed = vi.spyOn(console, "warn");
    const { root } = createProject({ ...route, ...files });
    const error = await createDevServer({ root, port: 0 }).catch((thrown: unknown) => thrown as Error);
    const said = error instanceof Error ? error.message : "";
    const [sentence, at] = said.split("\n");
    expect(sentence).toMatch(/^\[orbit\] (?:vite|orbiton)\.config\.\w+ cannot be loaded: /);
    const hasFrame = said.split("\n").some((line) => /^> \d+ \| /.test(line));
    expect({ at, hasFrame }).toEqual({ at: place, hasFrame: place !== undefined });
    expect(said).toContain(words);
    // oxlint-disable-next-line no-control-regex -- colours are what is looked for
    expect(said).not.toMatch(/\u001B|__vite_injected|Build failed|\[PARSE_ERROR\]/);
    expect(said).not.toContain(root);
    expect(printed).not.toHaveBeenCalled();
    expect(await loadProjectOptions(root).catch((thrown: Error) => thrown.message)).toContain(words);
  },
);
