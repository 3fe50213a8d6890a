import { expect, test } from "vitest";
import { askBoth } from "../support/same-as-node.ts";
import type { ProgramFiles } from "../support/same-as-node.ts";

/** What `a.js` declares as `x`: some of it is there before the module has run. */
const DECLARED: Readonly<Record<string, string>> = {
  "a constant": `export const x = 1;`,
  "a variable": `export let x = 1;`,
  "a variable that keeps its value": `export let x = 0; export const bump = () => ++x;`,
  "a container that keeps what is in it": `export const x = new Map();`,
  "a class": `export class x {}`,
  "a pattern": `export const { x } = { x: 1 };`,
  "a constant that is exported later": `const x = 1; export { x };`,
  "a constant by another name": `const y = 1; export { y as x };`,
  "a function": `export function x() { return 1; }`,
  "an old variable": `export var x = 1;`,
  "a constant of a module that waits": `await null; export const x = 1;`,
};

/** How `b.js`, which `a.js` imports, reads it before `a.js` has run. */
const READS: Readonly<Record<string, string>> = {
  "by name": `import { x } from "./a.js"; export const b = typeof x;`,
  "in an expression": `import { x } from "./a.js"; export const b = x + 1;`,
  "of the namespace": `import * as a from "./a.js"; export const b = typeof a.x;`,
  "of the namespace, by a computed name": `import * as a from "./a.js"; const name = "x"; export const b = typeof a[name];`,
  "in a pattern": `import * as a from "./a.js"; const { x } = a; export const b = typeof x;`,
  "through a module that passes it on": `import { x } from "./barrel.js"; export const b = typeof x;`,
  "only whether it is there": `import * as a from "./a.js"; export const b = "x" in a && Reflect.ownKeys(a).length;`,
  "all of the namespace": `import * as a from "./a.js"; export const b = Object.keys(a).length;`,
  "in a function that is called later": `import { x } from "./a.js"; export const b = () => typeof x;`,
  "in a try": `import { x } from "./a.js"; let b; try { b = typeof x; } catch (error) { b = error.name; } export { b };`,
};

/** The message counts: it is what people search for. */
const MAIN = `export const result = async () => { try { const { x, early } = await import("./a.js"); return [typeof x, early]; } catch (error) { return [error.name, error.message.replace(/'y'/, "'x'")]; } };`;

function program(declared: string, read: string): ProgramFiles {
  return {
    "main.js": MAIN,
    "a.js": `import { b } from "./b.js"; export const early = typeof b === "function" ? b() : b;\n${declared}`,
    "b.js": read,
    "barrel.js": `export * from "./a.js";`,
  };
}

test.for(
  Object.entries(DECLARED).flatMap(([what, declared]) =>
    Object.entries(READS).map(([how, read]) => ({ what, how, files: program(declared, read) })),
  ),
)("what a cycle reads too early fails as in Node: $what, $how", async ({ files }) => {
  const { node, server } = await askBoth(files);
  expect(server).toEqual(node);
});

test("a default export that a cycle reads too early fails as in Node", async () => {
  const { node, server } = await askBoth({
    "main.js": `export const result = import("./a.js").catch((error) => error.name);`,
    "a.js": `import "./b.js"; export default 1;`,
    "b.js": `import a from "./a.js"; export const b = a;`,
  });
  expect(server).toEqual(node);
});
