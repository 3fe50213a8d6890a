import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction, constants } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { mapStackTraces } from "../../src/runtime/index.ts";
import { memoryProject } from "./support/memory-project.ts";

const LIB = `
export let count = 0;
export function bump() { return ++count; }
export const plus = (a, b) => a + b;
export function self() { return this; }
export class Base { hi() { return "hi"; } }
export const tag = (texts, ...values) => texts.raw.join("|") + values.join();
export const box = { one: 1, get me() { return this; }, m() { return this === box; } };
export function fail() { throw new Error("failed"); }
export { plus as "a name", fail as if };
export default class Main { name = "main"; }
`;

/** Each text exports what is compared as `result`; it imports from `./lib.js`. */
const TEXTS: Readonly<Record<string, string>> = {
  "live bindings": `import { count, bump } from "./lib.js"; bump(); bump(); export const result = count;`,
  "a default import": `import Main from "./lib.js"; export const result = new Main().name;`,
  "all kinds of names in one import": `import Main, * as all from "./lib.js"; import { plus as p, "a name" as q, if as f } from "./lib.js"; export const result = [Main === all.default, p(1, 2), q(3, 4), typeof f];`,
  "a call has no this": `import { self } from "./lib.js"; import * as all from "./lib.js"; export const result = [self(), self?.(), typeof all.self()];`,
  "a tag has no this": `import { tag, self } from "./lib.js"; export const result = [tag\`a\${1}b\`, self\`\`];`,
  "members, optional or computed": `import { box } from "./lib.js"; const k = "one"; export const result = [box.one, box?.one, box[k], box.m(), box?.m(), box?.["m"]()];`,
  "a namespace": `import * as all from "./lib.js"; const k = "count"; const { plus } = all; export const result = [all
    .plus(1, 2), all["plus"](1, 3), all[k], plus(1, 4), "plus" in all, Object.keys(all).sort(), { ...all }.count, Object.prototype.toString.call(all)];`,
  "shorthand properties": `import { plus } from "./lib.js"; const o = { plus, count: { plus } }; export const result = o.plus(1, 1) + o.count.plus(2, 2);`,
  "an import is extended": `import { Base } from "./lib.js"; class A extends Base {} const B = class extends (0, Base) {}; export const result = [new A().hi(), new B().hi()];`,
  "new with and without arguments": `import Main, { Base } from "./lib.js"; import * as all from "./lib.js"; export const result = [new Main().name, new Base, new all.default().name, new all.Base().hi()].map(String);`,
  "shadowed in a parameter": `import { plus } from "./lib.js"; const f = (plus) => plus; function g({ plus }, [box = plus] = []) { return [plus, box]; } export const result = [f(1), g({ plus: 2 }), plus(1, 2)];`,
  "shadowed in a body, in a block, in a loop": `import { plus } from "./lib.js"; const out = []; function f() { out.push(typeof plus); var plus = 1; { let plus = 2; out.push(plus); } out.push(plus); } f(); for (const plus of [1]) out.push(plus); for (let plus = 0; plus < 1; plus++) out.push(plus); { function plus() {} out.push(plus.length); } out.push(plus(1, 1)); export const result = out;`,
  "shadowed by a catch, a class, a function expression": `import { plus, box } from "./lib.js"; const out = []; try { throw 1; } catch (plus) { out.push(plus); } const c = class plus { static n = plus.name; }; const f = function box() { return typeof box; }; out.push(c.n, f(), plus(1, 2), box.one); export const result = out;`,
  "shadowed in a switch, but not in what is switched on": `import { count } from "./lib.js"; let r; switch (count) { case 0: let count = 7; r = count; } export const result = r;`,
  "the names of labels, keys and members are none": `import { plus, box } from "./lib.js"; plus: for (;;) { break plus; } class A { plus = 1; static box() { return 2; } get ["x" + plus(1, 1)]() { return 3; } #box = 4; own() { return this.#box; } } export const result = [new A().plus, A.box(), new A().x2, new A().own(), { plus: 5 }.plus, { box() { return 6; } }.box()];`,
  "destructuring into members": `import { box } from "./lib.js"; let one, rest; ({ one, ...rest } = box); [box.one] = [5]; ({ one: box.one = 3 } = {}); export const result = [one, box.one, Object.keys(rest)];`,
  "default values in assignments": `import { count } from "./lib.js"; let a; ({ a = count } = {}); export const result = a;`,
  "no semicolons": `import { plus, bump } from "./lib.js"
let a = 1
plus(a, 1)
const f = () => a
bump()
a = plus
import { tag } from "./lib.js"
tag\`x\`
var g = f
export { a }
export const result = [plus(1, 2), f() === plus]
export default a
bump()`,
  "statements without braces": `import { plus, bump, count } from "./lib.js"
let n = 0
if (n) bump()
else bump()
for (const x of [1, 2]) bump()
for (const x in { a: 1 }) bump()
for (let i = 0; i < 2; i++) bump()
while (n++ < 2) bump()
do bump(); while (n++ < 4)
label: bump()
switch (1) { case 1: bump(); default: bump() }
export const result = count`,
  "a default export of every kind": `import * as me from "./entry.js"; export default function named() { return me.default === named; } export const result = named();`,
  "a default class without a name": `import * as me from "./entry.js"
export default class { static x = 1 }
(0, 1)
export const result = me.default.x`,
  "a default function without a name": `import * as me from "./entry.js"; export default async function* () { yield 1; } export const result = (await me.default().next()).value;`,
  "a default in parentheses": `import * as me from "./entry.js"; export /* a */ default /* b */ (1, { a: [2] }); export const result = me.default.a;`,
  "a default that is an import": `import { plus } from "./lib.js"; import * as me from "./entry.js"; export default plus; export const result = me.default(1, 2);`,
  "exported patterns": `import * as me from "./entry.js"; export const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], f: 5 }; export let x, y = 2; export const result = [me.a, me.c, me.d, me.e, me.y];`,
  "exports before their declarations": `import * as me from "./entry.js"; export { early, early as "late name", Late }; const before = [typeof me.early]; function early() { return 1; } class Late {} export const result = [before, me["late name"](), me.Late === Late];`,
  "passed on": `import * as me from "./entry.js"; export { plus as add, default as Main } from "./lib.js"; export * as all from "./lib.js"; export * from "./lib.js"; import { bump as raise } from "./lib.js"; export { raise }; export const result = [me.add(1, 2), new me.Main().name, me.all.plus(1, 1), me.raise(), me.count, Object.keys(me.all).sort()];`,
  "import.meta and import()": `export const result = [typeof import.meta.url, (await import("./lib.js")).plus(1, 2), typeof import.meta];`,
  "top-level await": `import { plus } from "./lib.js"; const a = await Promise.resolve(1); for await (const b of [2]) var c = plus(a, b); export const result = c;`,
  "function declarations are there at once": `export const result = later(1); function later(x) { return x + 1; }`,
  "this is undefined": `export const result = [this, (() => this)(), typeof (function () { return this; })()];`,
  "strict code": `let threw = false; try { Object.freeze([]).push(1); (function () { undeclared = 1; })(); } catch { threw = true; } export const result = threw;`,
  "an import cannot be assigned": `import { count } from "./lib.js"; let threw = false; const set = () => { eval("1"); }; try { set(); count.x.y; } catch { threw = true; } export const result = threw;`,
  "a string that looks like syntax": `import { plus } from "./lib.js"; export const result = ["import x from 'y'; export default plus", \`\${plus(1, 1)} plus\`, /plus/.source];`,
  "other scripts": `import { plus as größe } from "./lib.js"; export const ключ = größe(1, 2), 名前 = "𝒳"; export const result = [ключ, 名前, größe(3, 4)];`,
  "class fields and static blocks": `import { plus, bump, count } from "./lib.js"; class A { a = plus(1, 2); static b = plus(3, 4); static { bump(); } #c = () => plus(5, 6); c() { return this.#c(); } } export const result = [new A().a, A.b, new A().c(), count];`,
  "a hashbang": `#!/usr/bin/env node\nimport { plus } from "./lib.js"; export const result = plus(1, 2);`,
  "Windows lines": `import { plus } from "./lib.js";\r\nimport {\r\n  bump,\r\n} from "./lib.js";\r\nbump();\r\nexport const result = plus(1, 2);\r\n`,
  "imports over several lines": `import {\n  plus, // one\n  bump, /* two */\n} from "./lib.js"; bump();\nexport {\n  plus,\n}; export const result = plus(1, 2);`,
  "arguments, comments and nested calls": `import { plus } from "./lib.js"; export const result = plus(/* a */ plus(1, (plus)(2, 3)), plus /* b */ (4, 5));`,
  "await, yield, typeof, void": `import { plus } from "./lib.js"; function* g() { yield plus; yield plus(1, 2); } export const result = [typeof plus, void plus, await plus(1, 2), [...g()].length];`,
};

test.each(Object.entries(TEXTS))("%s: a module does what it does in Node", async (_, text) => {
  const expected = await inNode(text);
  const project = memoryProject({ "entry.js": text, "lib.js": LIB, "ask.js": ASK });
  expect(JSON.parse(String(await project.ask("ask.js")))).toEqual(JSON.parse(expected));
});

const ASK = `import * as entry from "./entry.js"; export const GET = () => JSON.stringify(entry.result);`;

/** Each text throws when it is evaluated. */
const FAILING: Readonly<Record<string, string>> = {
  "a call of an import": `import { fail } from "./lib.js"; const x = 1; fail(); fail();`,
  "behind imported names": `import { plus, box } from "./lib.js"; const y = plus(box.one, 2); throw new Error("here");`,
  "behind a shorthand": `import { plus } from "./lib.js"; const o = { plus }; o.plus(1); throw new Error("here");`,
  "what is called is none": `import { box } from "./lib.js"; const x = box.one; box.one();`,
  "an import over several lines": `import {\n  plus,\n} from "./lib.js"; plus(1, 2); throw new Error("here");`,
  "behind a default export": `export default { a: 1 }; throw new Error("here");`,
  "in a default export": `import { plus } from "./lib.js"; export default plus(1, (() => { throw new Error("here"); })());`,
  "in an exported function": `import { plus } from "./lib.js"; export function f() { plus(1, 2); throw new Error("here"); } f();`,
  "in an argument": `import { plus } from "./lib.js"; plus(1, plus(2, (() => { throw new Error("here"); })()));`,
  "in a module that waits": `import { plus } from "./lib.js"; await plus(1, 2); throw new Error("here");`,
  "behind import.meta": `const a = import.meta.url; throw new Error("here" + a.length * 0);`,
  "no semicolons": `import { plus } from "./lib.js"\nconst a = 1\nplus(a, 2)\nplus(a, 3); throw new Error("here")`,
  "a hashbang": `#!/usr/bin/env node\nimport { plus } from "./lib.js"; plus(1, 1); throw new Error("here");`,
};

test.each(Object.entries(FAILING))("%s: errors are where they are in Node", async (_, text) => {
  onTestFinished(mapStackTraces());
  const expected = placeIn(await errorInNode(text));
  const project = memoryProject({ "entry.js": text, "lib.js": LIB });
  const outcome = await project.runtime.update(["/project/entry.js"]);
  const { cause } = outcome.status === "failed" ? outcome.problem : {};
  expect(placeIn(cause as Error)).toEqual(expected);
});

let folders = 0;

function folderWith(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `orbit-syntax-${folders++}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = { "package.json": `{"type":"module"}`, "lib.js": LIB, "entry.js": text, "ask.js": ASK };
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  return folder;
}

async function inNode(text: string): Promise<string> {
  const url = pathToFileURL(path.join(folderWith(text), "ask.js")).href;
  const { GET } = (await nativeImport(url)) as { readonly GET: () => string };
  return GET();
}

async function errorInNode(text: string): Promise<Error> {
  const file = path.join(folderWith(text), "entry.js");
  return nativeImport(pathToFileURL(file).href).then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error as Error,
  );
}

/** Not through the test runner, which transforms what it imports. */
const nativeImport = compileFunction("return import(url)", ["url"], {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>;

function placeIn({ stack }: Error): { readonly line: number; readonly column: number } | undefined {
  const match = /entry\.js:(\d+):(\d+)/.exec(stack ?? "");
  return match === null ? undefined : { line: Number(match[1]), column: Number(match[2]) };
}
