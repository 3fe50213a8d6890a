import { type CornerCase, fromRoute, route } from "./corner-case.ts";

const value = "export const a = 1; export default a;";
const LEFT_OUT = "is not asked about what names a file without loading it";
const modules = (letters: string) =>
  Object.fromEntries(letters.split("").map((letter) => [`${letter}.ts`, value]));

/** Every way to write an import, and what only looks like one. */
export const syntaxCases: readonly CornerCase[] = [
  {
    law: "every form of import and re-export of values is one",
    files: {
      [route]: `
        import a1 from "../../a.ts";
        import { a as a2 } from "../../b.ts";
        import * as a3 from "../../c.ts";
        import "../../d.ts";
        import { default as a4 } from "../../e.ts";
        import a5, * as a6 from "../../f.ts";
        import { "a" as a7 } from "../../g.ts";
        export { a } from "../../h.ts";
        export * from "../../i.ts";
        export * as all from "../../j.ts";
        export { default } from "../../k.ts";
        console.log(a1, a2, a3, a4, a5, a6, a7);`,
      ...modules("abcdefghijk"),
    },
    edges: fromRoute(...Object.keys(modules("abcdefghijk"))),
  },
  {
    law: "a barrel leads to all that it re-exports",
    files: {
      [route]: `import { a } from "../../lib"; export { a };`,
      "lib/index.ts": `export * from "./a"; export * from "./b"; export type * from "./c";`,
      "lib/a.ts": "export const a = 1;",
      "lib/b.ts": "export const b = 1;",
      "lib/c.ts": "export const c = 1;",
    },
    edges: [...fromRoute("lib/index.ts"), "lib/index.ts -> lib/a.ts", "lib/index.ts -> lib/b.ts"],
  },
  {
    law: "cycles, and a file that imports itself, are written down once",
    files: {
      [route]: `import "../../a.ts"; import { a } from "../../a.ts"; export { a as b } from "../../a.ts"; export { a }`,
      "a.ts": `import * as self from "./a.ts"; import "./b.ts"; export const a = () => self;`,
      "b.ts": `import { a } from "./a.ts"; export const b = () => a;`,
    },
    edges: [...fromRoute("a.ts"), "a.ts -> a.ts", "a.ts -> b.ts", "b.ts -> a.ts"],
  },
  {
    law: "text that looks like an import is none",
    files: {
      [route]: `
        // import "../../a.ts"; require("../../a.ts")
        /* export * from "../../a.ts" */
        const text = 'import "../../a.ts"';
        const template = \`import("../../a.ts") \${"require('../../a.ts')"}\`;
        const pattern = /import("..\\/..\\/a.ts")|require\\("..\\/..\\/a.ts"\\)/;
        const object = { import: (id: string) => id, require(id: string) { return id } };
        object.import("../../a.ts");
        object.require("../../a.ts");
        export const x = [text, template, pattern, import.meta.url, object?.require("../../a.ts")];`,
      "a.ts": value,
    },
    edges: [],
  },
  {
    law: "dynamic imports of a literal are ones, wherever they stand",
    files: {
      [route]: `
        export const lazy = () => import("../../a.ts");
        export default import(/* a comment */ "../../b.ts");
        await import(\`../../c.ts\`);
        class K { static x = import("../../d.ts"); m = async () => (await import("../../e.ts")).a }
        export const { a = import("../../f.ts") } = {} as { a?: unknown };
        export const t = \`\${await import("../../g.ts")}\`;
        if (import.meta.url === K.name) void import("../../data.json", { with: { type: "json" } });`,
      ...modules("abcdefg"),
      "data.json": "{}",
    },
    edges: fromRoute(...Object.keys(modules("abcdefg")), "data.json"),
  },
  {
    law: "a dynamic import of one of several literals leads to each of them",
    files: {
      [route]: `
        const name: string | undefined = process.env.NAME;
        export const x = [
          import(name ? "../../a.ts" : "../../b.ts"),
          import(name ? "../../c.ts" : process.env.OTHER ? "../../d.ts" : "../../e.ts"),
          import(("../../f.ts" as string)),
        ];`,
      ...modules("abcdef"),
    },
    edges: fromRoute(...Object.keys(modules("abcdef"))),
  },
  {
    law: "a dynamic import of literals that are joined leads to what they make",
    files: { [route]: `export const x = import("../../" + "a.ts");`, "a.ts": value },
    edges: fromRoute("a.ts"),
    differs: { rolldown: "does not fold constants before it looks for imports" },
  },
  {
    law: "a dynamic import of a template leads to all files it can name",
    files: {
      [route]: `
        export const text = (language: string) => import(\`../../texts/\${language}.ts\`);
        export const page = (name: string) => import(\`./\${name}/page.ts\`);`,
      "texts/de.ts": value,
      "texts/en.ts": value,
      "texts/deep/fr.ts": value,
      "texts/notes.js": value,
      "pages/api/[id]/page.ts": value,
      "pages/api/other/page.ts": value,
      "pages/api/other/not.ts": value,
    },
    edges: fromRoute("texts/de.ts", "texts/en.ts", "pages/api/[id]/page.ts", "pages/api/other/page.ts"),
    differs: { esbuild: "writes down the pattern in place of the files" },
  },
  {
    law: "require of a literal is one, in any kind of file",
    files: {
      [route]: `
        export const lazy = () => require("../../a.cjs");
        import "../../old.cjs";
        import "../../older.cts";
        try { require("../../maybe.cjs") } catch {}`,
      "old.cjs": `const { a } = require("./b.cjs"); module.exports = require("./data.json"); exports.a = a;`,
      "older.cts": `const a = require("./c.cjs"); export = a;`,
      "a.cjs": "",
      "b.cjs": `module.exports = process.env.X ? require("./c.cjs") : require(\`./d.cjs\`);`,
      "c.cjs": "",
      "d.cjs": "",
      "maybe.cjs": "",
      "data.json": "{}",
    },
    edges: [
      ...fromRoute("a.cjs", "old.cjs", "older.cts", "maybe.cjs"),
      "old.cjs -> b.cjs",
      "old.cjs -> data.json",
      "older.cts -> c.cjs",
      "b.cjs -> c.cjs",
      "b.cjs -> d.cjs",
    ],
  },
  {
    law: "a function that is only called require is none",
    files: {
      [route]: `
        export function load(require: (id: string) => unknown) { return require("../../a.cjs"); }
        export const other = () => { const require = (id: string) => id; return require("../../a.cjs"); };
        export class K { require(id: string) { return this.require("../../a.cjs"); } }
        for (const require of [String]) require("../../a.cjs");
        try { throw String } catch (require) { require("../../a.cjs") }
        { function require(id: string) { return id } require("../../a.cjs"); }
        export const named = function require(id: string): unknown { return require("../../a.cjs"); };
        require("../../b.cjs");`,
      "a.cjs": "",
      "b.cjs": "",
    },
    edges: fromRoute("b.cjs"),
  },
  {
    law: "asking for the path of a file leads to it",
    files: {
      [route]: `
        export const path = require.resolve("../../a.cjs");
        export const known = typeof require;`,
      "a.cjs": "",
    },
    edges: fromRoute("a.cjs"),
    differs: { esbuild: LEFT_OUT, rolldown: LEFT_OUT },
  },
  {
    law: "JSON is one, with and without attributes",
    files: {
      [route]: `
        import a from "../../a.json";
        import b from "../../b.json" with { type: "json" };
        export { default as c } from "../../c.json";
        console.log(a, b);`,
      "a.json": "{}",
      "b.json": "[1]",
      "c.json": "1",
    },
    edges: fromRoute("a.json", "b.json", "c.json"),
  },
  {
    law: "JSX uses what it names",
    files: {
      [route]: `import "../../page.tsx"; import "../../view.jsx";`,
      "page.tsx": `
        import { Box } from "./box.tsx";
        import * as ui from "./ui.tsx";
        import { Props } from "./props.tsx";
        import { lower } from "./lower.tsx";
        const pick = <T,>(x: T) => x;
        export default (props: Props) => <><Box {...props}>it's {pick(1)} import "./not.ts" require('./not.ts')</Box><ui.Line /><lower /></>;`,
      "view.jsx": `import { Box } from "./box"; export default () => <Box title='it"s'>don't</Box>;`,
      "box.tsx": "export const Box = () => null;",
      "ui.tsx": "export const Line = () => null;",
      "props.tsx": "export interface Props {}",
      "lower.tsx": "export const lower = 1;",
      "not.ts": value,
    },
    edges: [
      ...fromRoute("page.tsx", "view.jsx"),
      "page.tsx -> box.tsx",
      "page.tsx -> ui.tsx",
      "view.jsx -> box.tsx",
    ],
  },
  {
    law: "the function that JSX is compiled to is used by it",
    files: {
      "tsconfig.json": `{ "compilerOptions": { "jsx": "react", "jsxFactory": "h", "jsxFragmentFactory": "Fragment" } }`,
      [route]: `import "../../page.tsx"; import "../../pragma/page.tsx"; import "../../none.tsx";`,
      "page.tsx": `import { h, Fragment } from "./h.ts"; import { other } from "./other.ts"; export default <><p /></>;`,
      "pragma/tsconfig.json": "{}",
      "pragma/page.tsx": `/** @jsxRuntime classic @jsx make */ import { make } from "../h.ts"; export default <p />;`,
      "none.tsx": `import { h } from "./h.ts"; export default 1;`,
      "h.ts": "export const h = () => {}; export const Fragment = 1; export const make = h;",
      "other.ts": value,
    },
    edges: [
      ...fromRoute("page.tsx", "pragma/page.tsx", "none.tsx"),
      "page.tsx -> h.ts",
      "pragma/page.tsx -> h.ts",
    ],
  },
  {
    law: "escapes, spaces and signs in a name are part of it",
    files: {
      [route]: `
        import "../../\\u0061.ts";
        import '../../it\\'s.ts';
        import "../../a b.ts";
        import "../../[id].ts";
        import "../../(group)/c.ts";
        import "../../größe.ts";`,
      "a.ts": value,
      "it's.ts": value,
      "a b.ts": value,
      "[id].ts": value,
      "(group)/c.ts": value,
      "größe.ts": value,
    },
    edges: fromRoute("a.ts", "it's.ts", "a b.ts", "[id].ts", "(group)/c.ts", "größe.ts"),
  },
  {
    law: "a byte order mark and a first line for the shell change nothing",
    files: {
      [route]: `import "../../bom.ts"; import "../../shell.ts";`,
      "bom.ts": `\uFEFFimport "./a.ts";`,
      "shell.ts": `#!/usr/bin/env node\nimport "./a.ts";`,
      "a.ts": value,
    },
    edges: [...fromRoute("bom.ts", "shell.ts"), "bom.ts -> a.ts", "shell.ts -> a.ts"],
  },
  {
    law: "import.meta.glob leads to all files that match",
    files: {
      [route]: `
        export const lazy = import.meta.glob("../../jobs/*.ts");
        export const eager = import.meta.glob(["../../tools/**/*.{ts,js}", "!**/skipped.ts"], { eager: true, import: "default" });`,
      "jobs/a.ts": value,
      "jobs/b.js": value,
      "tools/a.ts": value,
      "tools/deep/b.js": value,
      "tools/skipped.ts": value,
    },
    edges: fromRoute("jobs/a.ts", "tools/a.ts", "tools/deep/b.js"),
    differs: { esbuild: "knows nothing of Vite's import.meta.glob" },
  },
  {
    law: "new URL beside import.meta.url is one",
    files: {
      [route]: `
        export const worker = new URL("../../worker.ts", import.meta.url);
        export const other = new URL("../../not.ts", "file:///");`,
      "worker.ts": value,
      "not.ts": value,
    },
    edges: fromRoute("worker.ts"),
    differs: { esbuild: LEFT_OUT, rolldown: LEFT_OUT },
  },
  {
    law: "a require made by createRequire is one",
    files: {
      [route]: `
        import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        export const a = require("../../a.cjs");`,
      "a.cjs": "",
    },
    edges: fromRoute("a.cjs"),
    differs: { esbuild: "leaves it to Node", rolldown: "leaves it to Node" },
  },
  {
    law: "types around a call of require or import change nothing",
    files: {
      [route]: `
        declare const require: <T = unknown>(id: string) => T;
        export const all = [
          require<typeof import("../../not.ts")>("../../a.cjs"),
          (require as (id: string) => unknown)("../../b.cjs"),
          require("../../c.cjs" as string),
          require("../../d.cjs")!,
          import("../../e.ts" satisfies string),
        ];`,
      "a.cjs": "",
      "b.cjs": "",
      "c.cjs": "",
      "d.cjs": "",
      "e.ts": value,
      "not.ts": value,
    },
    edges: fromRoute("a.cjs", "b.cjs", "c.cjs", "d.cjs", "e.ts"),
  },
  {
    law: "CommonJS files may return and be strict",
    files: {
      [route]: `import "../../old.cjs"; import "../../plain.js";`,
      "old.cjs": `#!/usr/bin/env node\nif (process.env.X) return;\nmodule.exports = { import: 1, export: require("./a.cjs") };`,
      "plain.js": `"use strict"; module.exports = class { static { this.x = require("./b.cjs") } }`,
      "a.cjs": "",
      "b.cjs": "",
    },
    edges: [...fromRoute("old.cjs", "plain.js"), "old.cjs -> a.cjs", "plain.js -> b.cjs"],
  },
  {
    law: "CommonJS files may be written in the old, loose way",
    files: {
      [route]: `import "../../sloppy.cjs";`,
      "sloppy.cjs": `var old = 010, yield = require("./a.cjs"); with (yield) { require("./b.cjs") } delete old;`,
      "a.cjs": "",
      "b.cjs": "",
    },
    edges: [...fromRoute("sloppy.cjs"), "sloppy.cjs -> a.cjs", "sloppy.cjs -> b.cjs"],
    differs: { esbuild: "cannot put such a file into a bundle of ES modules" },
  },
  {
    law: "line ends, white space and comments may stand anywhere in an import",
    files: {
      [route]: `import\r\n"../../a.ts"\r\nexport\r\n*\r\nfrom\r\n'../../b.ts'\r\nimport/**/{a}/**/from/**/"../../c.ts"/**/;export{a}\r\nimport { a as b } /* from "./not.ts" */ from "../../d.ts"; export default b\u2028import\t(\n"../../e.ts"\n)`,
      ...modules("abcde"),
    },
    edges: fromRoute(...Object.keys(modules("abcde"))),
  },
  {
    law: "methods and properties called import or require are none",
    files: {
      [route]: `
        class K { import(id: string) { return id } static async require(id: string) { return id } get = { import: 1 } }
        const k = new K();
        k.import("../../a.ts"); k?.import("../../a.ts"); K.require("../../a.ts"); K["require"]("../../a.ts");
        const o = { import(id: string) { return id }, require: (id: string) => id };
        export { o as import, k as require };
        export const division = 1 / 2 / o.import("../../a.ts").length / 3;
        export const pattern = [/[/"]import("..\\/..\\/a.ts")/g, \`\${\`\${o.require("../../a.ts")}\`}\`];`,
      "a.ts": value,
    },
    edges: [],
  },
  {
    law: "the runtime of JSX is one, if it belongs to the workspace",
    files: {
      "tsconfig.json": `{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "@my/jsx" } }`,
      "packages/jsx/package.json": `{ "name": "@my/jsx", "exports": { "./*": "./*.ts" } }`,
      "packages/jsx/jsx-runtime.ts": "export const jsx = 1, jsxs = 1, Fragment = 1;",
      "packages/jsx/jsx-dev-runtime.ts": "export const jsxDEV = 1, Fragment = 1;",
      [route]: `import "../../page.tsx"; import "../../none.tsx"`,
      "page.tsx": "export default <p />;",
      "none.tsx": "export default 1;",
    },
    links: { "node_modules/@my/jsx": "packages/jsx" },
    edges: [...fromRoute("page.tsx", "none.tsx"), "page.tsx -> packages/jsx/jsx-dev-runtime.ts"],
  },
];
