import { testPrograms } from "./support/programs.ts";

const leaf = (value: string): string => `export const leaf = ${value};`;

testPrograms([
  {
    law: "a value read in a handler is live, and its reader does not run again",
    files: {
      "leaf.ts": leaf("1"),
      "mid.ts": `import { leaf } from "./leaf"; export const read = () => leaf;`,
      "entry.ts": `import { read } from "./mid"; export const GET = () => read();`,
    },
    edits: [{ "leaf.ts": leaf("2") }],
    runs: ["leaf.ts"],
  },
  {
    law: "a value computed from an import at top level is computed again",
    files: {
      "leaf.ts": leaf("1"),
      "mid.ts": `import { leaf } from "./leaf"; export const double = leaf * 2;`,
      "entry.ts": `import { double } from "./mid"; export const GET = () => double;`,
    },
    edits: [{ "leaf.ts": leaf("2") }],
    runs: ["leaf.ts", "mid.ts"],
  },
  {
    law: "a read inside a function that another module calls while it evaluates",
    files: {
      "leaf.ts": leaf("1"),
      "mid.ts": `import { leaf } from "./leaf"; export const read = () => leaf;`,
      "top.ts": `import { read } from "./mid"; export const value = read();`,
      "entry.ts": `import { value } from "./top"; export const GET = () => value;`,
    },
    edits: [
      { "leaf.ts": leaf("2") },
      { "mid.ts": `import { leaf } from "./leaf"; export const read = () => leaf + 100;` },
    ],
  },
  {
    law: "three modules deep: the value is read by nobody's own text",
    files: {
      "leaf.ts": leaf("1"),
      "a.ts": `import { leaf } from "./leaf"; export const a = () => leaf;`,
      "b.ts": `import { a } from "./a"; export const b = () => a();`,
      "c.ts": `import { b } from "./b"; export const c = () => b();`,
      "entry.ts": `import { c } from "./c"; const now = c(); export const GET = () => now;`,
    },
    edits: [{ "leaf.ts": leaf("2") }, { "a.ts": `export const a = () => "no leaf";` }],
  },
  {
    law: "a class extended in another file gets its new base",
    files: {
      "base.ts": `export class Base { name() { return "base"; } static kind = "k1"; }`,
      "child.ts": `import { Base } from "./base"; export class Child extends Base { hello() { return "hello " + this.name(); } }`,
      "entry.ts": `import { Child } from "./child"; import { Base } from "./base"; export const GET = () => [new Child().hello(), Child.kind, new Child() instanceof Base];`,
    },
    edits: [{ "base.ts": `export class Base { name() { return "BASE"; } static kind = "k2"; }` }],
    runs: ["base.ts", "child.ts"],
  },
  {
    law: "a mixin applied across files",
    files: {
      "mixin.ts": `export const Named = (B) => class extends B { name = "v1"; };`,
      "base.ts": `export class Base {}`,
      "child.ts": `import { Named } from "./mixin"; import { Base } from "./base"; export class Child extends Named(Base) {}`,
      "entry.ts": `import { Child } from "./child"; export const GET = () => new Child().name;`,
    },
    edits: [
      { "mixin.ts": `export const Named = (B) => class extends B { name = "v2"; };` },
      { "base.ts": "export class Base { x = 1 }" },
    ],
  },
  {
    law: "a decorator edited in another file decorates anew",
    files: {
      "log.ts": `export const tag = (text) => (value, context) => function (...args) { return text + value.apply(this, args); };`,
      "service.ts": `import { tag } from "./log"; export class Service { @tag("1:") run() { return "ran"; } }`,
      "entry.ts": `import { Service } from "./service"; export const GET = () => new Service().run();`,
    },
    edits: [
      {
        "log.ts": `export const tag = (text) => (value, context) => function (...args) { return "new " + text + value.apply(this, args); };`,
      },
    ],
    asks: [["entry.ts", "GET"]],
  },
  {
    law: "a default parameter, a field and a computed key are read when the language says so",
    files: {
      "leaf.ts": leaf(`"a"`),
      "mid.ts": `import { leaf } from "./leaf"; export const f = (x = leaf) => x; export class C { field = leaf; static s = leaf; [leaf]() { return 1; } }`,
      "entry.ts": `import { f, C } from "./mid"; export const GET = () => [f(), new C().field, C.s, Object.getOwnPropertyNames(C.prototype)];`,
    },
    edits: [{ "leaf.ts": leaf(`"b"`) }],
  },
  {
    law: "a template tag and a regular expression made from an import",
    files: {
      "leaf.ts": leaf(`"x"`),
      "mid.ts": `import { leaf } from "./leaf"; export const pattern = new RegExp(leaf, "g"); export const text = \`<\${leaf}>\`;`,
      "entry.ts": `import { pattern, text } from "./mid"; export const GET = () => [pattern.source, text];`,
    },
    edits: [{ "leaf.ts": leaf(`"y"`) }],
  },
  {
    law: "a destructured import at top level",
    files: {
      "config.ts": `export default { port: 1, host: "a" };`,
      "mid.ts": `import config from "./config"; const { port, ...rest } = config; export const show = () => [port, rest];`,
      "entry.ts": `import { show } from "./mid"; export const GET = () => show();`,
    },
    edits: [{ "config.ts": `export default { port: 2, host: "b", extra: true };` }],
  },
  {
    law: "an object literal that holds an imported function",
    files: {
      "list.ts": `export const list = () => "v1";`,
      "routes.ts": `import { list } from "./list"; export const routes = { list, nested: [{ list }] };`,
      "entry.ts": `import { routes } from "./routes"; export const GET = () => [routes.list(), routes.nested[0].list()];`,
    },
    edits: [{ "list.ts": `export const list = () => "v2";` }],
  },
  {
    law: "an alias of an imported function",
    files: {
      "list.ts": `export const list = () => "v1"; export default () => "d1";`,
      "mid.ts": `import list2, { list } from "./list"; const alias = list; export { alias, list2 as other }; export default alias;`,
      "entry.ts": `import def, { alias, other } from "./mid"; export const GET = () => [alias(), other(), def()];`,
    },
    edits: [{ "list.ts": `export const list = () => "v2"; export default () => "d2";` }],
  },
  {
    law: "re-exports pass a new value on without running",
    files: {
      "leaf.ts": leaf("1"),
      "barrel.ts": `export { leaf as renamed } from "./leaf"; export * as all from "./leaf";`,
      "barrel2.ts": `export * from "./barrel";`,
      "entry.ts": `import { renamed, all } from "./barrel2"; export const GET = () => [renamed, all.leaf];`,
    },
    edits: [{ "leaf.ts": leaf("2") }],
    runs: ["leaf.ts"],
  },
  {
    law: "a barrel that starts to pass on another module's value",
    files: {
      "a.ts": `export const value = "a"; export const other = 1;`,
      "b.ts": `export const value = "b";`,
      "barrel.ts": `export { value } from "./a";`,
      "top.ts": `import { value } from "./barrel"; export const seen = value;`,
      "entry.ts": `import { value } from "./barrel"; import { seen } from "./top"; export const GET = () => [value, seen];`,
    },
    edits: [
      { "barrel.ts": `export { value } from "./b";` },
      { "barrel.ts": `export const value = "own";` },
      { "barrel.ts": `import { value } from "./a"; export { value };` },
    ],
  },
  {
    law: "export * whose names change",
    files: {
      "a.ts": `export const one = 1;`,
      "barrel.ts": `export * from "./a";`,
      "entry.ts": `import * as all from "./barrel"; export const GET = () => Object.keys(all);`,
    },
    edits: [{ "a.ts": `export const one = 1; export const two = 2;` }, { "a.ts": `export const two = 2;` }],
  },
  {
    law: "export * whose names are enumerated at top level",
    files: {
      "a.ts": `export const one = 1;`,
      "barrel.ts": `export * from "./a";`,
      "mid.ts": `import * as all from "./barrel"; export const names = Object.keys(all); export const copy = { ...all };`,
      "entry.ts": `import { names, copy } from "./mid"; export const GET = () => [names, copy];`,
    },
    edits: [{ "a.ts": `export const one = 1; export const two = 2;` }, { "a.ts": `export const two = 3;` }],
  },
  {
    law: "two modules behind export * begin and cease to conflict",
    files: {
      "a.ts": `export const one = 1; export const both = "a";`,
      "b.ts": `export const two = 2;`,
      "barrel.ts": `export * from "./a"; export * from "./b";`,
      "entry.ts": `import * as all from "./barrel"; export const GET = () => [Object.keys(all), all.both];`,
    },
    edits: [
      { "b.ts": `export const two = 2; export const both = "b";` },
      { "b.ts": `export const two = 2;` },
      { "barrel.ts": `export * from "./b"; export * from "./a"; export const both = "own";` },
    ],
  },
  {
    law: "a name that an own export hides from export *",
    files: {
      "a.ts": `export const one = 1;`,
      "barrel.ts": `export * from "./a"; export const one = "own";`,
      "entry.ts": `import { one } from "./barrel"; export const GET = () => one;`,
    },
    edits: [
      { "barrel.ts": `export * from "./a";` },
      { "barrel.ts": `export * from "./a"; export const one = "own again";` },
    ],
  },
  {
    law: "for in, in, spread and Object.entries of a namespace",
    files: {
      "handlers.ts": `export const b = () => 2; export const a = () => 1;`,
      "entry.ts": `import * as handlers from "./handlers"; export const GET = () => { const names = []; for (const name in handlers) names.push(name); return [names, "a" in handlers, Object.entries({ ...handlers }).map(([k, f]) => k + f()), String(handlers)]; };`,
    },
    edits: [{ "handlers.ts": `export const c = () => 3; export const a = () => 10;` }],
  },
  {
    law: "a namespace passed to a function at top level",
    files: {
      "handlers.ts": `export const a = () => 1;`,
      "table.ts": `export const tableOf = (module) => Object.fromEntries(Object.entries(module).map(([k, f]) => [k.toUpperCase(), f]));`,
      "mid.ts": `import * as handlers from "./handlers"; import { tableOf } from "./table"; export const table = tableOf(handlers);`,
      "entry.ts": `import { table } from "./mid"; export const GET = () => Object.entries(table).map(([k, f]) => k + f());`,
    },
    edits: [
      { "handlers.ts": `export const a = () => 10; export const b = () => 20;` },
      { "table.ts": `export const tableOf = (module) => ({ ...module });` },
    ],
  },
  {
    law: "JSON is a module",
    files: {
      "data.json": `{ "a": 1, "list": [1] }`,
      "mid.ts": `import data, { list } from "./data.json"; export const copy = data.a; export const read = () => list;`,
      "entry.ts": `import { copy, read } from "./mid"; export const GET = () => [copy, read()];`,
    },
    edits: [{ "data.json": `{ "a": 2, "list": [2, 3] }` }],
  },
  {
    law: "a switch made at top level from an import",
    files: {
      "flags.ts": `export const isNew = false;`,
      "old.ts": `export const run = () => "old";`,
      "new.ts": `export const run = () => "new";`,
      "entry.ts": `import { isNew } from "./flags"; import * as a from "./old"; import * as b from "./new"; const chosen = isNew ? b : a; export const GET = () => chosen.run();`,
    },
    edits: [{ "flags.ts": `export const isNew = true;` }, { "new.ts": `export const run = () => "newer";` }],
  },
  {
    law: "the text of an imported function is looked at",
    files: {
      "fn.ts": `export const fn = () => 1;`,
      "entry.ts": `import { fn } from "./fn"; const text = fn.toString().replace(/\\s/g, ""); export const GET = () => text;`,
    },
    edits: [{ "fn.ts": `export const fn = () => 2;` }],
  },
  {
    law: "typeof an import at top level",
    files: {
      "fn.ts": `export let fn = () => 1;`,
      "entry.ts": `import { fn } from "./fn"; const kind = typeof fn; export const GET = () => kind;`,
    },
    edits: [{ "fn.ts": `export let fn = 5;` }],
  },
  {
    law: "an import that appears in an edit is evaluated, one that disappears is let go",
    files: {
      "a.ts": leaf(`"a"`),
      "entry.ts": `export const GET = () => "none";`,
    },
    edits: [
      { "entry.ts": `import { leaf } from "./a"; export const GET = () => leaf;` },
      { "entry.ts": `export const GET = () => "none again";` },
      { "entry.ts": `import { leaf } from "./a"; export const GET = () => leaf + "!";`, "a.ts": leaf(`"A"`) },
    ],
  },
  {
    law: "a file that shadows another one by its ending",
    files: {
      "lib/index.ts": leaf(`"index"`),
      "entry.ts": `import { leaf } from "./lib"; export const GET = () => leaf;`,
    },
    edits: [{ "lib.ts": leaf(`"file"`) }, { "lib.ts": undefined }],
  },
  {
    law: "types that move between files change nothing",
    files: {
      "types.ts": `export interface Shape { a: number } export type Id = string;`,
      "mid.ts": `export { Shape } from "./types"; import type { Id } from "./types"; export const id: Id = "x";`,
      "entry.ts": `import { id } from "./mid"; export const GET = () => id;`,
    },
    edits: [{ "types.ts": `export type Id = "x" | "y"; export interface Shape { b: number }` }],
  },
  {
    law: "a namespace is one object for all who import it",
    files: {
      "shared.ts": `export const a = 1;`,
      "one.ts": `import * as shared from "./shared"; export const one = shared; export const seen = new WeakSet([shared]);`,
      "entry.ts": `import * as shared from "./shared"; import { one, seen } from "./one"; export const GET = () => [one === shared, seen.has(shared), Object.keys(one)];`,
    },
    edits: [{ "shared.ts": `export const a = 2; export const b = 3;` }],
  },
  {
    law: "a namespace cannot be written to",
    files: {
      "shared.ts": `export let a = 1;`,
      "entry.ts": `import * as shared from "./shared"; export const GET = () => { try { shared.a = 5; return "written"; } catch (error) { return error.name; } };`,
    },
    edits: [{ "shared.ts": `export let a = 2;` }],
  },
  {
    law: "a file with a hashbang and a directive",
    files: { "entry.js": `#!/usr/bin/env node\n"use strict";\nexport const GET = () => 1;` },
    asks: [["entry.js"]],
    edits: [{ "entry.js": `#!/usr/bin/env node\nexport const GET = () => 2;` }],
  },
  {
    law: "names that the compiled text could trip over",
    files: {
      "mid.ts": `export let v = 1; export const arguments_ = 2; export let yield_ = 3; export const exports = { require: 4 }; export default class {}; export { v as "a name with spaces" };`,
      "entry.ts": `import * as mid from "./mid"; import Anonymous, { v, exports } from "./mid"; export const GET = () => [v, exports.require, mid["a name with spaces"], typeof Anonymous, Anonymous.name];`,
    },
    edits: [
      {
        "mid.ts": `export let v = 10; export const exports = { require: 40 }; export default () => {}; export { v as "a name with spaces" };`,
      },
    ],
  },
]);
