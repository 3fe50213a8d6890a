import { expect, test } from "vitest";
import { askBoth } from "../support/same-as-node.ts";

const LIB = `export const b = [1, { deep: { deeper: { deepest: 1 } } }]; export const a = "a"; export default class Main {} export function f() {} export let later; export * as own from "./lib.js";`;

/** What a program asks a namespace `m`. */
const QUESTIONS: readonly string[] = [
  `Reflect.ownKeys(m).map(String)`,
  `Object.prototype.toString.call(m)`,
  `m[Symbol.toStringTag]`,
  `Object.getOwnPropertyDescriptor(m, Symbol.toStringTag)`,
  `Object.getPrototypeOf(m)`,
  `(() => { "use strict"; try { m.a = 2; return "set"; } catch (error) { return error.name; } })()`,
  `(() => { try { m.more = 2; return "set"; } catch (error) { return error.name; } })()`,
  `(() => { try { delete m.a; return "deleted"; } catch (error) { return error.name; } })()`,
  `(() => { try { delete m[Symbol.toStringTag]; return "deleted"; } catch (error) { return error.name; } })()`,
  `delete m.missing && delete m[Symbol.iterator]`,
  `Reflect.set(m, "a", 2) || Reflect.set(m, "more", 2) || Reflect.deleteProperty(m, "a")`,
  `Reflect.defineProperty(m, "more", { value: 1 })`,
  `(() => { try { Object.assign(m, { a: 1 }); return "set"; } catch (error) { return error.name; } })()`,
  `(() => { try { Object.freeze(m); return "frozen"; } catch (error) { return error.name; } })()`,
  `Reflect.setPrototypeOf(m, null) && !Reflect.setPrototypeOf(m, {})`,
  `(() => { try { Object.setPrototypeOf(m, {}); return "set"; } catch (error) { return error.name; } })()`,
  `JSON.stringify(m)`,
  `m.hasOwnProperty === undefined && m.then === undefined && Symbol.iterator in m === false`,
  `inspect(m)`,
  `inspect(m, { depth: 0 })`,
  `inspect({ m })`,
  `inspect([[[m]]])`,
  `inspect(m, { compact: false, sorted: true, colors: true })`,
  `format("%o", m) === format("%o", m) && format(m)`,
  `Object.keys({ ...m })`,
  `m.own === m && Object.is(m, late)`,
];

test.for(QUESTIONS)("a namespace is what it is in Node: %s", async (question) => {
  const { node, server } = await askBoth({
    "main.js": `import { inspect, format } from "node:util"; import * as m from "./lib.js"; const late = await import("./lib.js"); export const result = () => ${question};`,
    "lib.js":
      question.includes("SON") || !question.includes("own") ? LIB.replace("export * as own", "// ") : LIB,
  });
  expect(server).toEqual(node);
});

/** Two modules that export the same name, and what is imported of them through \`both.js\`. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  "two values": `export * from "./one.js"; export * from "./two.js";`,
  "two values, further down": `export * from "./one.js"; export * from "./down.js";`,
  "one value on two ways": `export * from "./one.js"; export * from "./again.js";`,
  "one value by two names": `export * from "./one.js"; export * from "./renamed.js";`,
  "two values that another one passes on, and a third": `export * from "./conflict.js"; export * from "./three.js";`,
  "two values, and one of its own": `export * from "./one.js"; export * from "./two.js"; export const x = "own";`,
  "two values, and one that is passed on by name": `export * from "./one.js"; export * from "./two.js"; export { x } from "./two.js";`,
  "two values in a circle": `export * from "./both.js"; export * from "./one.js"; export * from "./two.js";`,
  "a value and a namespace": `export * from "./one.js"; export * from "./space.js";`,
  "a value of a package and one of the project": `export * from "./one.js"; export * from "pkg";`,
  "one value of a package on two ways": `export * from "pkg"; export * from "./of-package.js";`,
};

const IMPORTS: readonly string[] = [
  `import { x } from "./both.js"; export const result = x;`,
  `import * as all from "./both.js"; export const result = ["x" in all, Object.keys(all), typeof all.x];`,
  `export const result = import("./both.js").then((all) => [Object.keys(all), typeof all.x]);`,
  `export { x as result } from "./both.js";`,
  `import { result } from "./passes-on.js"; export { result };`,
];

test.for(Object.entries(AMBIGUOUS).flatMap(([what, both]) => IMPORTS.map((main) => ({ what, both, main }))))(
  "a name that two modules export is none, and an error for who imports it, as in Node: $what, $main",
  async ({ both, main }) => {
    const { node, server } = await askBoth({
      "main.js": main,
      "both.js": both,
      "one.js": `export const x = "one"; export const y = 1;`,
      "two.js": `export const x = "two"; export const z = 1;`,
      "three.js": `export const x = "three";`,
      "conflict.js": `export * from "./one.js"; export * from "./two.js";`,
      "down.js": `export * from "./two.js";`,
      "again.js": `export { x } from "./one.js";`,
      "renamed.js": `import { x as own } from "./one.js"; export { own as x };`,
      "space.js": `export * as x from "./two.js";`,
      "of-package.js": `export { x } from "pkg";`,
      "passes-on.js": `import { x } from "./both.js"; export const result = x;`,
      "node_modules/pkg/package.json": `{ "name": "pkg", "type": "module", "exports": "./index.js" }`,
      "node_modules/pkg/index.js": `export const x = { of: "package" };`,
    });
    expect(server).toEqual(node);
  },
);
