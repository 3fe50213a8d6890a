import { createRequire } from "node:module";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { readyToScan, scanModule } from "../../src/graph/index.ts";
import type { ModuleImports, SyntaxNode } from "../../src/graph/index.ts";

const vite = createRequire(import.meta.url).resolve("vite/package.json");
const { parseSync } = createRequire(vite)("rolldown/utils") as {
  readonly parseSync: (file: string, text: string) => { readonly program: SyntaxNode };
};

beforeAll(async () => readyToScan());

function scan(code: string, readsSyntax = true): ModuleImports {
  const parse = (): SyntaxNode => parseSync("module.ts", code).program;
  return scanModule({ code, written: code, parse: readsSyntax ? parse : undefined });
}

/** Requests as `kind specifier`, patterns as `glob pattern`, what cannot be read as `open call line:column`. */
function edges(code: string, readsSyntax = true): readonly string[] {
  const { requests, globs, opaque } = scan(code, readsSyntax);
  return [
    ...requests.map(({ kind, specifier }) => `${kind} ${specifier}`),
    ...globs.map(
      ({ patterns, base }) => `glob ${patterns.join(" ")}${base === undefined ? "" : ` in ${base}`}`,
    ),
    ...opaque.map(({ call, line, column }) => `open ${call} ${line}:${column}`),
  ];
}

type Case = readonly [law: string, code: string, expected: readonly string[]];

const SOURCES = "{js,jsx,ts,tsx,mjs,mts,cjs,cts,json}";

const imports: readonly Case[] = [
  ["an import is an edge", `import a, { b } from "./a";`, ["static ./a"]],
  ["an import for its effects is an edge", `import "./a";`, ["static ./a"]],
  ["a re-export is an edge", `export { a } from "./a";`, ["static ./a"]],
  ["export * is an edge", `export * from "./a"; export * as b from "./b";`, ["static ./a", "static ./b"]],
  ["an import of JSON is an edge", `import a from "./a.json" with { type: "json" };`, ["static ./a.json"]],
  ["the same import twice is one edge", `import "./a"; import * as a from "./a";`, ["static ./a"]],
  ["an import in a string is none", `const a = "import './a'"; const b = \`import("./b")\`;`, []],
  ["escapes in a specifier are read", `import "./\\u0061";`, ["static ./a"]],
];

const dynamic: readonly Case[] = [
  ["import() of a name is an edge", `await import("./a");`, ["dynamic ./a"]],
  ["import() of a template without holes is an edge", "import(`./a`);", ["dynamic ./a"]],
  ["both sides of a condition are edges", `import(c ? "./a" : "./b");`, ["dynamic ./a", "dynamic ./b"]],
  [
    "conditions nest",
    `import(c ? "./a" : d ? ("./b") : "./c");`,
    ["dynamic ./a", "dynamic ./b", "dynamic ./c"],
  ],
  [
    "both sides of || and ?? are edges",
    `import("./a" || "./b"); import(("./c") ?? "./d");`,
    ["dynamic ./a", "dynamic ./b", "dynamic ./c", "dynamic ./d"],
  ],
  ["a sum of texts is one name", `import("./a" + "/b" + ".js");`, ["dynamic ./a/b.js"]],
  ["the last of a sequence is the name", `import((0, "./a"));`, ["dynamic ./a"]],
  [
    "a URL beside the module is a name",
    `import(new URL("./a.js", import.meta.url).href);`,
    ["dynamic ./a.js", "url ./a.js"],
  ],
  ["what is open on one side is said", `import(name || "./a");`, ["dynamic ./a", "open import 1:1"]],
  ["a name that nobody can read is said with its place", `\n  import(name);`, ["open import 2:3"]],
  ["a template that begins with a hole is open", "import(`${a}/b.js`);", ["open import 1:1"]],
];

const globs: readonly Case[] = [
  ["a hole in front of an extension is one name, as in Vite", "import(`./a/${b}.ts`);", ["glob ./a/*.ts"]],
  ["a sum with a hole is a pattern", `import("./a/" + b + ".ts");`, ["glob ./a/*.ts"]],
  [
    "a hole at the end can be any module below",
    "import(`./a/${b}`);",
    [`glob ./a/**/*.${SOURCES} ./a/**/*/index.${SOURCES}`],
  ],
  [
    "signs in the fixed part mean themselves",
    "import(`./(a)/[b]/${c}.ts`);",
    ["glob ./\\(a\\)/\\[b\\]/*.ts"],
  ],
  ["a query is no part of the pattern", "import(`./a/${b}.ts?raw`);", ["glob ./a/*.ts"]],
  ["require of a template is a pattern", "require(`./a/${b}.js`);", ["glob ./a/*.js"]],
  ["import.meta.glob takes one pattern", `import.meta.glob("./a/*.ts");`, ["glob ./a/*.ts"]],
  [
    "import.meta.glob takes a list, with what is left out",
    `import.meta.glob(["./a/*.ts", "!**/x.ts"]);`,
    ["glob ./a/*.ts !**/x.ts"],
  ],
  [
    "options of import.meta.glob are no patterns",
    `import.meta.glob("./a/*", { eager: true, import: "b" });`,
    ["glob ./a/*"],
  ],
  ["import.meta.glob knows a base", `import.meta.glob("./*.ts", { base: "./a" });`, ["glob ./*.ts in ./a"]],
];

const requires: readonly Case[] = [
  ["require is an edge", `const a = require("./a");`, ["require ./a"]],
  ["require deep inside is an edge", `function f() { if (x) return () => require("./a"); }`, ["require ./a"]],
  ["require with a condition has both edges", `require(c ? "./a" : "./b");`, ["require ./a", "require ./b"]],
  ["require.resolve points to a file", `require.resolve("./a.js");`, ["url ./a.js"]],
  ["require of anything is open", `const a = 1;\nrequire(a);`, ["open require 2:1"]],
  ["a parameter called require is no require", `function f(require) { require("./a"); }`, []],
  ["a variable called require is no require", `{ const require = (x) => x; require("./a"); }`, []],
  [
    "a var in a block hides require in its function",
    `function f() { { var require = g; } require("./a"); }`,
    [],
  ],
  ["a function called require is no require", `function require() {} require("./a");`, []],
  ["an import called require is no require", `import require from "./r"; require("./a");`, ["static ./r"]],
  ["what hides require ends with its scope", `{ let require = g; } require("./a");`, ["require ./a"]],
  ["a caught error called require is no require", `try {} catch (require) { require("./a"); }`, []],
  ["a loop variable called require is no require", `for (const require of x) require("./a");`, []],
  ["destructuring can hide require", `const { a: { require = 1 }, ...b } = c; require("./a");`, []],
  ["a member called require is none", `a.require("./a");`, []],
  [
    "what createRequire made requires",
    `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); require("./a");`,
    ["static node:module", "require ./a"],
  ],
  [
    "what createRequire made requires, whatever its name",
    `import { createRequire as make } from "module"; const load = make(import.meta.url); f(() => load("./a"));`,
    ["static module", "require ./a"],
  ],
  [
    "what createRequire made need not have a name",
    `import module from "node:module"; module.createRequire(import.meta.url)("./a");`,
    ["static node:module", "require ./a"],
  ],
  [
    "what waits for createRequire requires",
    `const load = (await import("node:module")).createRequire(x); (await load)("./a"); load(await "./b");`,
    ["dynamic node:module", "require ./a", "require ./b"],
  ],
  [
    "a part of Node's module that is createRequire makes one",
    `const { createRequire: make } = require("module"); const load = make(x); load("./a");`,
    ["require module", "require ./a"],
  ],
  [
    "what is a part of a made require is none",
    `const { cache } = process.getBuiltinModule("module").createRequire(x); cache("./a");`,
    [],
  ],
  [
    "a createRequire of another module is none",
    `import { createRequire } from "./mine"; createRequire(x)("./a");`,
    ["static ./mine"],
  ],
  [
    "a decorator of a parameter requires",
    `class A { constructor(@inject(() => require("./a")) a, @inject(() => require("./b")) { b } = {}) {} }`,
    ["require ./a", "require ./b"],
  ],
];

const urls: readonly Case[] = [
  ["a URL beside the module is an edge", `new URL("./a.wasm", import.meta.url);`, ["url ./a.wasm"]],
  [
    "a worker's URL is an edge",
    `new Worker(new URL("./w.ts", import.meta.url), { type: "module" });`,
    ["url ./w.ts"],
  ],
  ["a URL with a hole is a pattern", "new URL(`./a/${b}.png`, import.meta.url);", ["glob ./a/**/*.png"]],
  ["a URL of the web is none", `new URL("https://example.com/", import.meta.url);`, []],
  ["a URL with another base is none", `new URL("./a", base); new URL("./b", "https://example.com");`, []],
  ["a URL class of its own is none", `class URL {} new URL("./a", import.meta.url);`, []],
  ["a URL that nobody can read loads nothing", `new URL(a, import.meta.url);`, []],
];

describe("what a module asks for", () => {
  test.each([...imports, ...dynamic, ...globs, ...requires, ...urls])("%s", (_, code, expected) => {
    expect(edges(code)).toEqual(expected);
  });

  test("syntax is not parsed where the lexer can tell", () => {
    const parse = vi.fn<() => undefined>();
    const code = `import "./a"; import("./b"); import(\`./c/\${d}.ts\`); export * from "./e";`;
    expect(scanModule({ code, written: code, parse }).requests).toHaveLength(3);
    expect(parse).not.toHaveBeenCalled();
  });

  test("places are those of the text that people see", () => {
    const written = `// é😀\nconst load = (name: string) =>\n  import(name);\n`;
    const code = `const load=name=>import(name);`;
    const parse = (which: "code" | "written"): SyntaxNode =>
      parseSync("module.ts", which === "code" ? code : written).program;
    expect(scanModule({ code, written, parse }).opaque).toEqual([{ call: "import", line: 3, column: 3 }]);
  });
});

describe("with the lexer alone", () => {
  test.each<Case>([
    [
      "imports are edges",
      `import "./a"; export * from "./b"; import("./c");`,
      ["static ./a", "static ./b", "dynamic ./c"],
    ],
    ["a template is a pattern", "import(`./a/${b}.ts`);", ["glob ./a/*.ts"]],
    ["a computed import is open", `\nimport(c ? "./a" : "./b");`, ["open import 2:1"]],
    [
      "require, globs and URLs are missed",
      `require("./a"); import.meta.glob("./b"); new URL("./c", import.meta.url);`,
      [],
    ],
  ])("%s", (_, code, expected) => {
    expect(edges(code, false)).toEqual(expected);
  });
});
