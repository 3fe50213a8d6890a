import { describe, expect, test } from "vitest";
import { classifySettings } from "../../src/settings/classify-settings.ts";
import { strongestEffect } from "../../src/settings/settings-impact.ts";
import type { SettingsEffect } from "../../src/settings/settings-impact.ts";
import { settingsKindOf } from "../../src/settings/settings-files.ts";

/** Stands for the parser: what is no code between braces is comment. */
const fingerprint = (_file: string, text: string): string | undefined =>
  text.includes("{") === text.includes("}") ? text.replaceAll(/\/\/.*|\s/g, "") : undefined;

type Text = string | object | undefined;
type Case = readonly [
  what: string,
  before: Text,
  after: Text,
  effect: SettingsEffect | "wait",
  parts?: readonly string[],
];

function classify(file: string, before: Text, after: Text): readonly [unknown, unknown] {
  const [old, now] = [before, after].map((text) => (typeof text === "object" ? JSON.stringify(text) : text));
  const kind = settingsKindOf(file) ?? "compiler";
  const impact = classifySettings({ file, kind, before: old, after: now }, fingerprint);
  return [impact?.effect ?? "wait", impact?.parts];
}

function table(file: string, cases: readonly Case[]): void {
  test.for(cases)(`${file}: %s`, ([, before, after, effect, parts]) => {
    const [found, named] = classify(file, before, after);
    expect([found, parts && named]).toEqual([effect, parts]);
  });
}

const options = (compilerOptions: object, rest: object = {}): object => ({ compilerOptions, ...rest });

const lock = (packages: object, rest: object = {}): object => ({ lockfileVersion: 3, packages, ...rest });
const pad = (version: string, rest: object = {}): object => ({
  "": { name: "app", version: "1.0.0" },
  "node_modules/left-pad": { version, integrity: `sha-${version}`, ...rest },
});

describe("package.json", () => {
  table("packages/a/package.json", [
    ["same text", { name: "a" }, { name: "a" }, "nothing", []],
    ["a script", { scripts: { dev: "vite" } }, { scripts: { dev: "vite", b: "c" } }, "nothing", ["scripts"]],
    [
      "what people read",
      { version: "1", description: "" },
      { version: "2" },
      "nothing",
      ["version", "description"],
    ],
    ["formatting", `{"type":"module"}`, `{\n  "type": "module"\n}`, "nothing", []],
    ["a mark at the beginning", `{"type":"module"}`, `\uFEFF{"type":"module"}`, "nothing", []],
    ["order of keys", { name: "a", type: "module" }, { type: "module", name: "a" }, "nothing", []],
    [
      "order of dependencies",
      { dependencies: { a: "1", b: "2" } },
      { dependencies: { b: "2", a: "1" } },
      "nothing",
      [],
    ],
    [
      "order of conditions",
      { exports: { node: "./a", default: "./b" } },
      { exports: { default: "./b", node: "./a" } },
      "resolve",
      ["exports"],
    ],
    ["imports", { imports: { "#a": "./a" } }, { imports: { "#a": "./b" } }, "resolve", ["imports"]],
    ["the kind of modules", {}, { type: "module" }, "resolve", ["type"]],
    ["main", { main: "a" }, { main: "b" }, "resolve", ["main"]],
    ["name, for imports of itself", { name: "a" }, { name: "b" }, "resolve", ["name"]],
    ["something that nobody knows", {}, { "x-tool": 1 }, "resolve", ["x-tool"]],
    [
      "a dependency",
      { dependencies: { a: "1" } },
      { dependencies: { a: "2" } },
      "packages",
      ["dependencies"],
    ],
    ["a dependency for development", {}, { devDependencies: { a: "1" } }, "packages", ["devDependencies"]],
    [
      "overrides and workspaces",
      {},
      { overrides: { a: "1" }, workspaces: ["b"] },
      "packages",
      ["overrides", "workspaces"],
    ],
    [
      "a dependency and imports",
      {},
      { dependencies: {}, imports: {} },
      "packages",
      ["dependencies", "imports"],
    ],
    ["half written", { name: "a" }, `{"name":`, "wait"],
    ["empty, as editors leave it for a moment", { name: "a" }, "", "wait"],
    ["readable again", `{"name":`, { name: "a" }, "transform"],
    ["created", undefined, { type: "module" }, "resolve", ["type"]],
    ["created: it begins a package of its own", undefined, { scripts: {} }, "resolve", ["scripts"]],
    ["deleted", { type: "module", dependencies: { a: "1" } }, undefined, "packages"],
  ]);
});

describe("tsconfig.json", () => {
  table("tsconfig.json", [
    ["a comment", `{ "compilerOptions": {} }`, `{ /* new */ "compilerOptions": {}, } // more`, "nothing", []],
    [
      "what looks like a comment",
      `{ "compilerOptions": { "jsxImportSource": "a//b" } }`,
      `{ "compilerOptions": { "jsxImportSource": "a//c" } }`,
      "transform",
    ],
    ["strict", options({}), options({ strict: true }), "nothing", ["compilerOptions.strict"]],
    ["noEmit, lib, types", options({ lib: ["es5"] }), options({ noEmit: true, types: [] }), "nothing"],
    [
      "strict, where metadata of types is written",
      options({ emitDecoratorMetadata: true }),
      options({ emitDecoratorMetadata: true, strict: true }),
      "transform",
    ],
    ["paths", options({ paths: {} }), options({ paths: { a: ["b"] } }), "resolve", ["compilerOptions.paths"]],
    [
      "order of paths",
      options({ paths: { a: ["1"], b: ["2"] } }),
      options({ paths: { b: ["2"], a: ["1"] } }),
      "nothing",
    ],
    [
      "baseUrl, and strict beside it",
      options({}),
      options({ baseUrl: ".", strict: true }),
      "resolve",
      ["compilerOptions.baseUrl"],
    ],
    ["jsx", options({ jsx: "react" }), options({ jsx: "preserve" }), "transform", ["compilerOptions.jsx"]],
    ["target", options({}), options({ target: "es2020" }), "transform"],
    ["verbatimModuleSyntax", options({}), options({ verbatimModuleSyntax: true }), "transform"],
    ["experimentalDecorators", options({}), options({ experimentalDecorators: true }), "transform"],
    ["useDefineForClassFields", options({}), options({ useDefineForClassFields: false }), "transform"],
    ["an option that nobody knows", options({}), options({ brandNew: 1 }), "transform"],
    ["extends", options({}), options({}, { extends: "./base.json" }), "transform", ["extends"]],
    [
      "which files it applies to",
      options({}),
      options({}, { include: ["src"], exclude: ["lib"] }),
      "transform",
      ["include", "exclude"],
    ],
    ["references", {}, { references: [{ path: "./a" }] }, "transform"],
    ["what editors read", {}, { $schema: "x", compileOnSave: true }, "nothing"],
    [
      "paths and jsx",
      options({}),
      options({ paths: {}, jsx: "react" }),
      "transform",
      ["compilerOptions.paths", "compilerOptions.jsx"],
    ],
    ["half written", options({}), `{ "compilerOptions": { "pa`, "wait"],
    ["readable again", `{ "compilerOptions": { "pa`, options({}), "transform"],
    ["deleted", options({ strict: true }), undefined, "transform"],
    ["created", undefined, options({ strict: true }), "transform"],
    ["no object", options({}), "[]", "wait"],
  ]);
});

describe("lock files", () => {
  table("package-lock.json", [
    [
      "the project's own name",
      lock({ "": { name: "a" } }, { name: "a" }),
      lock({ "": { name: "b" } }, { name: "b" }),
      "nothing",
    ],
    [
      "what npm notes beside it",
      lock(pad("1.0.0")),
      lock(pad("1.0.0", { dev: true, funding: {} })),
      "nothing",
    ],
    [
      "order of packages",
      lock({ a: { version: "1" }, b: {} }),
      lock({ b: {}, a: { version: "1" } }),
      "nothing",
    ],
    ["another version", lock(pad("1.0.0")), lock(pad("1.1.0")), "packages", ["left-pad 1.0.0 → 1.1.0"]],
    ["another content", lock(pad("1.0.0")), lock(pad("1.0.0", { integrity: "x" })), "packages", ["left-pad"]],
    ["a new one", lock({}), lock(pad("1.0.0")), "packages", ["left-pad 1.0.0 is new"]],
    ["one that is gone", lock(pad("1.0.0")), lock({}), "packages", ["left-pad is gone"]],
    [
      "a nested one",
      lock({ "node_modules/a/node_modules/@s/b": { version: "1" } }),
      lock({ "node_modules/a/node_modules/@s/b": { version: "2" } }),
      "packages",
      ["@s/b 1 → 2"],
    ],
    ["half written", lock({}), `{"packages":`, "wait"],
    ["readable again", `{"packages":`, lock({}), "packages"],
    [
      "an old format",
      { dependencies: { a: { version: "1" } } },
      { dependencies: { a: { version: "2" } } },
      "packages",
    ],
    ["created", undefined, lock(pad("1.0.0")), "packages"],
    ["deleted, which installs nothing", lock(pad("1.0.0")), undefined, "nothing"],
  ]);
  table("node_modules/.package-lock.json", [
    ["another version", lock(pad("1.0.0")), lock(pad("1.1.0")), "packages", ["left-pad 1.0.0 → 1.1.0"]],
  ]);
  table("pnpm-lock.yaml", [
    ["a comment", "a: 1\n", "# new\na: 1\n", "nothing"],
    ["empty lines", "a: 1\nb: 2\n", "a: 1\n\nb: 2\n\n", "nothing"],
    ["a version", "a: 1\n", "a: 2\n", "packages"],
  ]);
  table("yarn.lock", [["a comment", "# yarn v1\n\na@1:\n", "# yarn v2\n\na@1:\n", "nothing"]]);
  table("bun.lock", [
    ["a comma", `{ "packages": { "a": ["a@1"] } }`, `{ "packages": { "a": ["a@1"], }, }`, "nothing"],
    ["a version", `{ "packages": { "a": ["a@1"] } }`, `{ "packages": { "a": ["a@2"] } }`, "packages", ["a"]],
  ]);
});

describe("configs of the server", () => {
  table("vite.config.ts", [
    ["a comment", "export default {}", "export default {} // new", "nothing"],
    ["formatting", "export default {}", "export default {\n}", "nothing"],
    ["an option", "export default {}", "export default { base: 1 }", "server"],
    ["broken", "export default {}", "export default {", "server"],
    ["broken in another way", "export default {", "export default { a", "server"],
    ["mended", "export default {", "export default {}", "server"],
    ["created", undefined, "export default {}", "server"],
    ["deleted", "export default {}", undefined, "server"],
  ]);
});

test("the strongest effect of several decides", () => {
  expect(strongestEffect([])).toBe("nothing");
  expect(strongestEffect(["resolve", "packages", "nothing"])).toBe("packages");
  expect(strongestEffect(["transform", "resolve"])).toBe("transform");
});
