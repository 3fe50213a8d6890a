import { expect, test } from "vitest";
import { analyse, analyseScript } from "./analyse.ts";

test("imports are listed in source order with what they ask for", async () => {
  const { analysis } = analyseScript(`
    import first, { a, b as c } from "./a.js";
    import * as all from "./b.js";
    import "./c.js";
    use(first, a, c, all);
    import { "two words" as d } from "./d.js";
    export { e } from "./e.js";
    use(d);
  `);
  expect(analysis.imports.map(({ index, specifier, names }) => ({ index, specifier, names }))).toEqual([
    { index: 0, specifier: "./a.js", names: ["default", "a", "b"] },
    { index: 1, specifier: "./b.js", names: undefined },
    { index: 2, specifier: "./c.js", names: undefined },
    { index: 3, specifier: "./d.js", names: ["two words"] },
    { index: 4, specifier: "./e.js", names: ["e"] },
  ]);
});

test("exports tell what is made here from what is passed on", async () => {
  const { analysis } = analyseScript(`
    import one, { two } from "./a.js";
    import * as three from "./b.js";
    export { four, default as five } from "./c.js";
    export * as six from "./d.js";
    export * from "./e.js";
    export { one, two, three };
    export const seven = 7, { eight: [nine] } = {};
    export default class {}
    function ten() {}
    export { ten as "a name" };
  `);
  expect(Object.fromEntries(analysis.exports)).toEqual({
    one: { kind: "forward", import: 0, name: "default" },
    two: { kind: "forward", import: 0, name: "two" },
    three: { kind: "forward", import: 1, name: "*" },
    four: { kind: "forward", import: 2, name: "four" },
    five: { kind: "forward", import: 2, name: "default" },
    six: { kind: "forward", import: 3, name: "*" },
    seven: { kind: "local", binding: "seven" },
    nine: { kind: "local", binding: "nine" },
    default: { kind: "local", binding: "__vite_ssr_export_default__" },
    "a name": { kind: "local", binding: "ten" },
  });
  expect(analysis.stars.map((index) => analysis.imports[index]?.specifier)).toEqual(["./e.js"]);
});

test.each([
  ["a computed member", "use(ns[key])", ["value"], ["*"]],
  ["an argument", "use(ns)", ["value"], ["*"]],
  ["a spread", "use({ ...ns })", ["value"], ["*"]],
  ["in", "use('a' in ns)", ["value"], ["*"]],
  ["a shorthand property", "use({ ns })", ["value"], ["*"]],
  ["destructuring", "const { a } = ns", ["value"], ["*"]],
  ["a for-in loop", "for (const name in ns) use(name)", ["value"], ["*"]],
  ["a deleted member", "delete ns.a; delete ns?.['b']", ["value", "value"], ["*"]],
  ["a member", "use(ns.a, ns.b.c, ns?.d, ns['e'], new ns.F(), ns.é)", [], ["F", "a", "b", "d", "e", "é"]],
  ["a member on a line of its own", "use(ns\n  .a, ns /* of it */ . b)", [], ["a", "b"]],
  [
    "a called member",
    "ns.a(); ns?.b(); ns['c']?.(); (ns.d)()",
    Array(4).fill("receiver"),
    ["a", "b", "c", "d"],
  ],
  ["a tag", "ns.a`text`", ["receiver"], ["a"]],
  ["a member that is called alone", "(0, ns.a)(); ns.b.call(1)", [], ["a", "b"]],
  ["a re-export", "export { ns }", [], []],
  ["a local of that name", "use((ns) => ns)", [], []],
  ["a text or comment", "use('ns.a', `ns.b`) // ns.c", [], []],
])("what is used of a namespace in %s", async (_, source, forms, names) => {
  const { code, analysis } = analyseScript(`import * as ns from "./ns.js";\n${source}`);
  const whole = analysis.importUses.filter(({ form }) => form !== "member");
  expect(whole.map(({ form }) => (form === "shorthand" ? "value" : form))).toEqual(forms);
  for (const { range } of analysis.importUses) expect(code.slice(...range)).toBe("ns");
  expect([...(analysis.mentions[0] ?? [])].toSorted()).toEqual(names);
});

test.each([
  ["await", "const x = await load()", true],
  ["await in a block", "if (ready) { await load() }", true],
  ["for await", "for await (const x of feed) use(x)", true],
  ["await using", "await using file = open()", true],
  ["a dynamic import", "const x = await import('./late.js')", true],
  ["await in a parameter of a call", "use(await load())", true],
  ["await in a function", "async function f() { await load(); for await (const x of feed) use(x) }", false],
  ["await in an async IIFE", "(async () => { await load() })()", false],
  ["static imports alone", "use(1)", false],
])("%s makes a module wait or not", async (_, source, waits) => {
  const { analysis } = analyseScript(`import { load } from "./a.js";\n${source}`);
  expect(analysis.topLevelAwait).toBe(waits);
});

test("top-level bindings are all names of the module scope, with how they were made", async () => {
  const { analysis } = analyseScript(`
    import { Base, make } from "./a.js";
    const literal = { list: [1, -2], f() {}, nested: { g: () => Base } };
    const made = make(), fresh = new Map();
    let later;
    let filled; filled = make();
    const { a, b: [c = 1], ...rest } = made;
    const alias = literal;
    const opaqueAlias = made;
    function f() { var inner; }
    class Plain {}
    class Derived extends Base {}
    if (later) { var hoisted = 1; let block; }
    for (var i = 0; i < 1; i++) {}
    using file = make();
  `);
  const origins = Object.fromEntries(
    analysis.topLevelBindings.map(({ name, kind, origin }) => [name, `${origin} ${kind}`]),
  );
  expect(origins).toEqual({
    literal: "transparent const",
    made: "opaque const",
    fresh: "opaque const",
    later: "transparent let",
    filled: "opaque let",
    a: "opaque const",
    c: "opaque const",
    rest: "opaque const",
    alias: "transparent const",
    opaqueAlias: "opaque const",
    f: "transparent function",
    Plain: "transparent class",
    Derived: "opaque class",
    hoisted: "transparent var",
    i: "transparent var",
    file: "opaque using",
  });
});

test("modules asked for at run time are listed", async () => {
  const { analysis } = analyseScript(`
    import { createRequire as make } from "node:module";
    const need = make(import.meta.url);
    need("./a.cjs");
    export const late = () => import("./b.js");
    export const any = (name) => import(name);
    need(\`./c.cjs\`);
  `);
  expect(analysis.runtimeImports).toEqual({
    dynamic: ["./b.js"],
    hasComputedDynamicImport: true,
    requires: ["./a.cjs", "./c.cjs"],
    requiresUsedAtOnce: [],
    hasComputedRequire: false,
    mentionsCommonJs: false,
  });
});

test.each([
  [
    "the default export of Node's module",
    `import module from "node:module"; const need = module.createRequire(x);`,
  ],
  ["all of Node's module", `import * as module from "module"; const need = module.createRequire(x);`],
  ["what waits for Node's module", `const need = (await import("node:module")).createRequire(x);`],
  ["what the process knows", `const need = process.getBuiltinModule("module").createRequire(x);`],
  [
    "a part of what is loaded",
    `const { createRequire: make } = await import("node:module"); const need = make(x);`,
  ],
])("a require made from %s is one", async (_, source) => {
  const { analysis } = analyseScript(`${source}\nneed("./a.cjs");`);
  expect(analysis.runtimeImports.requires).toEqual(["./a.cjs"]);
});

test.each([
  [
    "a function of that name of another module",
    `import { createRequire } from "./mine.js"; const need = make(x); function make() { return createRequire }`,
  ],
  [
    "another function of Node's module",
    `import module from "node:module"; const need = module.syncBuiltinESMExports(x);`,
  ],
  [
    "a part of a made require",
    `import { createRequire } from "node:module"; const { resolve: need } = createRequire(x);`,
  ],
])("%s makes no require", async (_, source) => {
  const { analysis } = analyseScript(`${source}\nneed("./a.cjs");`);
  expect(analysis.runtimeImports.requires).toEqual([]);
});

test.each([
  [`require(name)`, true],
  [`load(require)`, true],
  [`require.resolve("./a.cjs")`, true],
  [`module.exports = require`, true],
  [`const { a } = require("./a.cjs"); require("./b.cjs").run()`, false],
  [`import { createRequire } from "node:module"; const need = createRequire(x); need("./a.cjs")`, false],
  [`import { createRequire } from "node:module"; const need = createRequire(x); need(name)`, true],
  [`import { createRequire } from "node:module"; load(createRequire(x))`, true],
  [`import { createRequire } from "node:module"; load(createRequire)`, true],
])("whether %s can ask for anything: %s", async (source, expected) => {
  const { analysis } = analyseScript(source);
  expect(analysis.runtimeImports.hasComputedRequire).toBe(expected);
});

test.each([
  [`const { a } = require("./a"); exports.GET = () => a()`, []],
  [`const lib = require("./a"); module.exports = { lib }; exports.b = lib; require("./b");`, []],
  [`exports.a = require("./a"); const { x } = require("./b").part; let y; exports.f = () => { y = x; }`, []],
  [`const { a } = require("./a"); const made = a();`, ["./a"]],
  [`require("./a").start();`, ["./a"]],
  [`const lib = require("./a"); start(lib);`, ["./a"]],
  [`const lib = require("./a"); const run = () => lib.start(); run();`, ["./a"]],
  [`const lib = require("./a"); exports.limit = lib.limit;`, []],
  [`start(require("./a"), require("./b"));`, ["./a", "./b"]],
  [`const lib = require("./a"); module.exports = class extends lib.Base {};`, ["./a"]],
])("what a script requires and uses while it loads: %s", async (source, expected) => {
  const { analysis } = analyseScript(source);
  expect(analysis.runtimeImports.requiresUsedAtOnce.toSorted()).toEqual(expected);
});

test("CommonJS is seen only where its names are free", async () => {
  const free = analyseScript("module.exports = { a: require('./a.cjs') }");
  expect(free.analysis.runtimeImports).toMatchObject({ requires: ["./a.cjs"], mentionsCommonJs: true });
  const bound = analyseScript("export function f(module, require) { module.exports = require('./a.cjs') }");
  expect(bound.analysis.runtimeImports).toMatchObject({
    requires: [],
    hasComputedRequire: false,
    mentionsCommonJs: false,
  });
});

test.each([
  ["a binding", "export const handler = createStatefulHandler({}, {})", ["handler"]],
  ["a default export", "export default createStatefulHandler({}, {})", ["default"]],
  ["a condition", "const h = dev ? createStatefulHandler({}, {}) : {}; const dev = true", ["h"]],
  [
    "a literal",
    "const routes = { users: createStatefulHandler({}, {}), 'a b': createStatefulHandler({}, {}) }",
    ["routes.users", "routes.a b"],
  ],
  ["a factory", "function makeHandler() { return createStatefulHandler({}, {}) }", ["makeHandler"]],
  ["an arrow factory", "const makeHandler = () => createStatefulHandler({}, {})", ["makeHandler"]],
  ["a pattern", "export const { GET, POST } = createStatefulHandler({}, {})", ["handler"]],
  [
    "an array",
    "const all = [createStatefulHandler({}, {}), createStatefulHandler({}, {})]",
    ["all", "all#2"],
  ],
  ["a wrapper", "export const GET = wrap(createStatefulHandler({}, {})); const wrap = (x) => x", ["GET"]],
  ["a shadowed name", "const f = (createStatefulHandler) => createStatefulHandler({}, {})", []],
  ["a spread", "const h = createStatefulHandler(...[{}, {}])", []],
])("a stateful handler in %s is named after it", async (_, source, names) => {
  const { analysis } = await analyse(`import { createStatefulHandler } from "orbit-hmr/state";\n${source}`);
  expect(analysis.statefulHandlers.map(({ name }) => name)).toEqual(names);
});

test.each([
  [
    `const { createStatefulHandler } = require("orbit-hmr/state"); const h = createStatefulHandler({}, {})`,
    ["h"],
  ],
  [`const { createStatefulHandler: make } = require("orbit-hmr/state"); exports.GET = make({}, {})`, ["GET"]],
  [
    `const state = require("orbit-hmr/state"); const { GET } = state.createStatefulHandler({}, {})`,
    ["handler"],
  ],
  [
    `const make = require("orbit-hmr/state").createStatefulHandler; module.exports = make({}, {})`,
    ["exports"],
  ],
  [`const h = require("orbit-hmr/state").createStatefulHandler({}, {})`, ["h"]],
  [
    `const state_1 = require("orbit-hmr/state"); exports.h = (0, state_1.createStatefulHandler)({}, {})`,
    ["h"],
  ],
  [`const state = require("orbit-hmr/state"); const h = state.other.createStatefulHandler({}, {})`, []],
  [`const state = require("./mine"); const h = state.createStatefulHandler({}, {})`, []],
  [`const { createStatefulHandler } = require("./mine"); const h = createStatefulHandler({}, {})`, []],
])("a stateful handler of a script is named as well: %s", async (source, names) => {
  const { analysis } = await analyse(source);
  expect(analysis.statefulHandlers.map(({ name }) => name)).toEqual(names);
});

test("a handler of another module with the same name is left alone", async () => {
  const { analysis } = await analyse(
    `import { createStatefulHandler } from "./mine"; export const h = createStatefulHandler({}, {})`,
  );
  expect(analysis.statefulHandlers).toEqual([]);
});

test.each([
  ["two arguments", "create({}, {})", 2, "({}, {}, id)"],
  ["three arguments", "create({}, {}, {})", 3, "({}, {}, {}, id)"],
  ["a trailing comma", "create({}, {}, )", 2, "({}, {}, id, )"],
  ["a comment", "create({}, {} /* a, b */)", 2, "({}, {} /* a, b */, id)"],
  ["a line comment", "create({}, {} // a,\n)", 2, "({}, {} // a,\n, id)"],
  ["parentheses", "create({}, ({}))", 2, "({}, ({}), id)"],
])("an argument can be added after %s", async (_, call, count, expected) => {
  const source = `import { createStatefulHandler as create } from "orbit-hmr/state"; export const h = ${call};`;
  const { code, analysis } = analyseScript(source);
  const [handler] = analysis.statefulHandlers;
  const at = handler?.insertAt ?? 0;
  expect(handler?.arguments).toBe(count);
  expect(`${code.slice(0, at)}, id${code.slice(at)}`).toContain(expected);
});
