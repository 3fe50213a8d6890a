import { type CornerCase, fromRoute, route } from "./corner-case.ts";

const value = "export const a = 1; export default a;";
const json = (object: object) => JSON.stringify(object);

/** Which file a specifier means. */
export const resolutionCases: readonly CornerCase[] = [
  {
    law: "the name of the JavaScript file means its TypeScript source",
    files: {
      [route]: `
        import "../../a.js";
        import "../../b.mjs";
        import "../../c.cjs";
        import "../../d.jsx";
        import "../../e.js";
        import "../../f.js";`,
      "a.ts": value,
      "b.mts": value,
      "c.cts": "export = 1;",
      "d.tsx": value,
      "e.tsx": value,
      "f.js": value,
      "f.ts": value,
    },
    edges: fromRoute("a.ts", "b.mts", "c.cts", "d.tsx", "e.tsx", "f.js"),
  },
  {
    law: "a folder means its index, and a file comes before a folder",
    files: {
      [route]: `
        import "../../lib";
        import "../../tools/";
        import "../../both";
        import "../../both/";
        import "./";
        import "..";
        import "../../main";`,
      "lib/index.ts": value,
      "tools/index.js": value,
      "both.ts": value,
      "both/index.ts": value,
      "pages/api/index.ts": `import "."; import "./route";`,
      "pages/index.tsx": value,
      "main/package.json": json({ main: "./entry.ts" }),
      "main/entry.ts": value,
      "main/index.ts": value,
    },
    edges: [
      ...fromRoute(
        "lib/index.ts",
        "tools/index.js",
        "both.ts",
        "both/index.ts",
        "pages/api/index.ts",
        "pages/index.tsx",
        "main/entry.ts",
      ),
      "pages/api/index.ts -> pages/api/index.ts",
      `pages/api/index.ts -> ${route}`,
    ],
  },
  {
    law: "extensions are tried in the order of Vite",
    files: {
      [route]: `import "../../a"; import "../../b"; import "../../c"; import "../../d"; import "../../e.config";`,
      "a.js": value,
      "a.ts": value,
      "b.ts": value,
      "b.tsx": value,
      "c.mjs": value,
      "c.js": value,
      "d.json": "{}",
      "e.config.ts": value,
    },
    edges: fromRoute("a.js", "b.ts", "c.mjs", "d.json", "e.config.ts"),
  },
  {
    law: "a name that no file answers to is none",
    files: {
      [route]: `
        import "../../missing.ts";
        import "../../types";
        import "not-installed";
        import "node:fs";
        import "fs";
        import "../../style.css";
        import "../../logo.svg";`,
      "types.d.ts": "export type T = 1;",
      "style.css": "",
      "logo.svg": "",
      "fs.ts": value,
    },
    edges: [],
  },
  {
    law: "paths of the tsconfig are aliases, also inherited, and the first target that exists wins",
    files: {
      "configs/base.json": json({ compilerOptions: { paths: { "base/*": ["../lib/*"] } } }),
      "tsconfig.json": json({
        compilerOptions: {
          paths: {
            "~/*": ["./lib/*"],
            "many/*": ["./nowhere/*", "./lib/*", "./other/*"],
            exact: ["./lib/a"],
            "@/lib/*": ["./lib/*"],
            "@/*": ["./other/*"],
            "*.suffix": ["./lib/*"],
          },
        },
      }),
      [route]: `
        import "~/a";
        import "many/b";
        import "exact";
        import "@/lib/c";
        import "@/d";
        import "e.suffix";
        import "base/f";
        import "../../inherits/g.ts";`,
      "inherits/tsconfig.json": json({ extends: "../configs/base.json" }),
      "inherits/g.ts": `import "base/f"; import "~/a";`,
      "lib/a.ts": value,
      "lib/b.ts": value,
      "other/b.ts": value,
      "lib/c.ts": value,
      "other/d.ts": value,
      "lib/e.ts": value,
      "lib/f.ts": value,
    },
    edges: [
      ...fromRoute("lib/a.ts", "lib/b.ts", "lib/c.ts", "other/d.ts", "lib/e.ts", "inherits/g.ts"),
      "inherits/g.ts -> lib/f.ts",
    ],
  },
  {
    law: "baseUrl makes folders below it bare names",
    files: {
      "tsconfig.json": json({ compilerOptions: { baseUrl: "./src", paths: { "#x": ["lib/b"] } } }),
      [route]: `import "lib/a"; import "#x";`,
      "src/lib/a.ts": value,
      "src/lib/b.ts": value,
    },
    edges: fromRoute("src/lib/a.ts", "src/lib/b.ts"),
  },
  {
    law: "package.json#imports are resolved with the conditions of a server",
    files: {
      "package.json": json({
        name: "app",
        type: "module",
        imports: {
          "#db": { browser: "./lib/browser.ts", node: "./lib/node.ts", default: "./lib/default.ts" },
          "#lib/*": "./lib/*.ts",
          "#lib/secret/*": null,
          "#either": { import: "./lib/esm.ts", require: "./lib/cjs.cts" },
          "#first": ["./lib/first.ts", "./lib/default.ts"],
        },
      }),
      [route]: `
        import "#db";
        import "#lib/a";
        import "#lib/secret/b";
        import "#either";
        import "#first";
        require("#either");`,
      "lib/browser.ts": value,
      "lib/node.ts": value,
      "lib/default.ts": value,
      "lib/a.ts": value,
      "lib/secret/b.ts": value,
      "lib/esm.ts": value,
      "lib/cjs.cts": "export = 1;",
      "lib/first.ts": value,
    },
    edges: fromRoute("lib/node.ts", "lib/a.ts", "lib/esm.ts", "lib/cjs.cts", "lib/first.ts"),
  },
  {
    law: "a package can import itself by its name",
    files: {
      "package.json": json({
        name: "app",
        exports: { ".": "./main.ts", "./lib/*": "./lib/*.ts", "./lib/hidden": null },
      }),
      [route]: `import "app"; import "app/lib/a"; import "app/lib/hidden"; import "app/other";`,
      "main.ts": value,
      "lib/a.ts": value,
      "lib/hidden.ts": value,
      "other.ts": value,
    },
    edges: fromRoute("main.ts", "lib/a.ts"),
  },
  {
    law: "a linked package of the workspace is its real files",
    files: {
      "package.json": json({ name: "app" }),
      "packages/ui/package.json": json({
        name: "@my/ui",
        exports: {
          ".": { types: "./index.d.ts", development: "./src/index.ts", default: "./built/index.js" },
          "./*.js": "./src/*.ts",
          "./kit": { import: "./src/kit.mts", require: "./src/kit.cts" },
        },
      }),
      "packages/ui/index.d.ts": "export {};",
      "packages/ui/src/index.ts": `import "./button.js"; import "@my/tools"; import "@my/ui/deep/input.js";`,
      "packages/ui/src/button.ts": value,
      "packages/ui/src/deep/input.ts": value,
      "packages/ui/src/kit.mts": value,
      "packages/ui/src/kit.cts": "export = 1;",
      "packages/ui/built/index.js": value,
      "packages/tools/package.json": json({ name: "@my/tools", main: "lib.cjs", module: "lib.ts" }),
      "packages/tools/lib.ts": value,
      "packages/tools/lib.cjs": "",
      [route]: `import "@my/ui"; import "@my/ui/button.js"; import "@my/ui/kit"; require("@my/ui/kit");`,
    },
    links: {
      "node_modules/@my/ui": "packages/ui",
      "packages/ui/node_modules/@my/tools": "packages/tools",
    },
    edges: [
      ...fromRoute(
        "packages/ui/src/index.ts",
        "packages/ui/src/button.ts",
        "packages/ui/src/kit.mts",
        "packages/ui/src/kit.cts",
      ),
      "packages/ui/src/index.ts -> packages/ui/src/button.ts",
      "packages/ui/src/index.ts -> packages/ui/src/deep/input.ts",
      "packages/ui/src/index.ts -> packages/tools/lib.ts",
    ],
  },
  {
    law: "installed packages are not looked into",
    files: {
      "node_modules/dep/package.json": json({ name: "dep", main: "index.js" }),
      "node_modules/dep/index.js": `import "../../lib/a.ts";`,
      [route]: `import "dep"; import "../../node_modules/dep/index.js"; import "../../lib/b.ts";`,
      "lib/a.ts": value,
      "lib/b.ts": value,
    },
    edges: fromRoute("lib/b.ts"),
  },
  {
    law: "a linked file or folder is where it points to",
    files: {
      [route]: `import "../../linked/a.ts"; import "../../link.ts";`,
      "real/a.ts": `import "./b.ts";`,
      "real/b.ts": value,
      "real/c.ts": `import "./b.ts";`,
    },
    links: { linked: "real", "link.ts": "real/c.ts" },
    edges: [...fromRoute("real/a.ts", "real/c.ts"), "real/a.ts -> real/b.ts", "real/c.ts -> real/b.ts"],
  },
  {
    law: "a JavaScript file may mean a TypeScript file as well",
    files: {
      [route]: `import "../../plain.js";`,
      "tsconfig.json": json({ compilerOptions: { allowJs: true, paths: { "~/*": ["./lib/*"] } } }),
      "plain.js": `import "./a"; import "~/b"; require("./c");`,
      "a.ts": value,
      "lib/b.ts": value,
      "c.ts": value,
    },
    edges: [...fromRoute("plain.js"), "plain.js -> a.ts", "plain.js -> lib/b.ts", "plain.js -> c.ts"],
  },
  {
    law: "paths of a tsconfig that leaves JavaScript out mean nothing there",
    files: {
      [route]: `import "../../plain.js"; import "~/b";`,
      "tsconfig.json": json({ compilerOptions: { paths: { "~/*": ["./lib/*"] } } }),
      "plain.js": `import "~/a";`,
      "lib/a.ts": value,
      "lib/b.ts": value,
    },
    edges: fromRoute("plain.js", "lib/b.ts"),
    differs: { esbuild: "does not ask for allowJs; Vite does" },
  },
  {
    law: "paths mean nothing in a file that the tsconfig leaves out, whoever asks first",
    files: {
      [route]: `import "~/a"; import "~/b";`,
      "tsconfig.json": json({
        compilerOptions: { paths: { "~/*": ["./lib/*"] } },
        include: ["pages", "lib"],
        exclude: ["lib/own"],
      }),
      "before.ts": `import "~/a";`,
      "lib/a.ts": `import "~/b";`,
      "lib/b.ts": value,
      "lib/own/c.ts": `import "~/a";`,
      "zoo/after.ts": `import "~/b";`,
    },
    edges: [...fromRoute("lib/a.ts", "lib/b.ts"), "lib/a.ts -> lib/b.ts"],
    differs: { esbuild: "does not ask whether the tsconfig takes a file in; Vite does" },
  },
  {
    law: "the folder of a tsconfig can be named in what extends it",
    files: {
      "configs/base.json": json({ compilerOptions: { paths: { "~/*": ["${configDir}/lib/*"] } } }),
      "configs/other.json": json({ compilerOptions: { verbatimModuleSyntax: true } }),
      "tsconfig.json": `// comments and trailing commas\n{ "extends": ["./configs/base.json", "./configs/other.json"], }`,
      [route]: `import { a as unused } from "~/a";`,
      "lib/a.ts": value,
    },
    edges: fromRoute("lib/a.ts"),
  },
  {
    law: "the projects that a tsconfig refers to have paths of their own",
    files: {
      "tsconfig.json": json({ files: [], references: [{ path: "./tsconfig.app.json" }] }),
      "tsconfig.app.json": json({
        compilerOptions: { paths: { "~/*": ["./lib/*"] } },
        include: ["pages", "lib"],
      }),
      [route]: `import "~/a";`,
      "lib/a.ts": value,
    },
    edges: fromRoute("lib/a.ts"),
    differs: { esbuild: "does not follow references of a tsconfig" },
  },
  {
    law: "exports of packages may nest, list and lead to other packages",
    files: {
      "package.json": json({ name: "app", imports: { "#ui": "@my/ui", "#ui/*": "@my/ui/*" } }),
      "packages/ui/package.json": json({
        name: "@my/ui",
        exports: {
          ".": { node: { development: { import: "./a.ts" }, default: "./not.ts" }, default: "./not.ts" },
          "./list": ["./b.ts"],
          "./icons/*/small.js": "./icons/*.ts",
          "./icons/private/*": null,
        },
      }),
      "packages/ui/a.ts": value,
      "packages/ui/b.ts": value,
      "packages/ui/not.ts": value,
      "packages/ui/icons/star.ts": value,
      [route]: `import "#ui"; import "#ui/list"; import "@my/ui/icons/star/small.js"; import "@my/ui/a.ts";`,
    },
    links: { "node_modules/@my/ui": "packages/ui" },
    edges: fromRoute("packages/ui/a.ts", "packages/ui/b.ts", "packages/ui/icons/star.ts"),
  },
  {
    law: "main of a package may leave out the extension or name a folder",
    files: {
      "packages/a/package.json": json({ name: "a", main: "lib/start" }),
      "packages/a/lib/start.ts": value,
      "packages/b/package.json": json({ name: "b", main: "./lib" }),
      "packages/b/lib/index.ts": value,
      "packages/c/package.json": json({ name: "c" }),
      "packages/c/index.ts": value,
      "packages/c/deep/file.ts": value,
      "packages/d/package.json": json({ name: "d", main: "./missing.js" }),
      "packages/d/index.ts": value,
      "packages/e/package.json": json({
        name: "e",
        main: "./a.ts",
        browser: { "./a.ts": "./not.ts", "./b.ts": false },
      }),
      "packages/e/a.ts": `import "./b.ts";`,
      "packages/e/b.ts": value,
      "packages/e/not.ts": value,
      [route]: `import "a"; import "b"; import "c"; import "c/deep/file"; import "d"; import "e";`,
    },
    links: Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((name) => [`node_modules/${name}`, `packages/${name}`]),
    ),
    edges: [
      ...fromRoute(
        "packages/a/lib/start.ts",
        "packages/b/lib/index.ts",
        "packages/c/index.ts",
        "packages/c/deep/file.ts",
        "packages/d/index.ts",
        "packages/e/a.ts",
      ),
      "packages/e/a.ts -> packages/e/b.ts",
    ],
  },
];
