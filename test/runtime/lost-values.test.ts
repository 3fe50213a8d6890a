import { expect, test } from "vitest";
import { memoryProject } from "./support/memory-project.ts";

/** What makes a value that is no kept binding, how a request changes it, and how it is read. */
const values: readonly (readonly [how: string, declaration: string, change: string, read: string])[] = [
  [
    "an instance of a class of the file",
    `class Cart { items = []; add() { this.items.push(1); } } export const cart = new Cart();`,
    "cart.add()",
    "cart.items.length",
  ],
  [
    "an instance with private fields",
    `class Cart { #items = 0; a = 1; add() { this.#items++; } get size() { return this.#items; } } export const cart = new Cart();`,
    "cart.add()",
    "cart.size",
  ],
  [
    "an instance of a class of another file",
    `import { Cart } from "./cart-class"; export const cart = new Cart();`,
    "cart.add()",
    "cart.items.length",
  ],
  [
    "an object with functions",
    `export const cart = { hits: 0, add() { this.hits++; } };`,
    "cart.add()",
    "cart.hits",
  ],
  [
    "an object with a container below",
    `export const cart = { by: { id: new Map() }, add() { this.by.id.set(1, 1); } };`,
    "cart.add()",
    "cart.by.id.size",
  ],
  [
    "what a function of the file returns",
    `const make = () => ({ list: [], add() { this.list.push(1); } }); const cart = make();`,
    "cart.add()",
    "cart.list.length",
  ],
];
const library = { "cart-class.ts": `export class Cart { items = []; add() { this.items.push(1); } }` };
const entry = (declaration: string, change: string, read: string, n: number): string =>
  `${declaration} export const POST = () => { ${change}; }; export const GET = () => [${read}, ${n}];`;

test.each(values)(
  "what an edit makes anew is told with its name: %s",
  async (_how, declaration, change, read) => {
    const project = memoryProject({ ...library, "entry.ts": entry(declaration, change, read, 1) });
    await project.ask("entry.ts", "POST");
    expect(await project.ask("entry.ts")).toEqual([1, 1]);
    await project.edit({ "entry.ts": entry(declaration, change, read, 2) });
    expect(await project.ask("entry.ts")).toEqual([0, 2]);
    expect(project.commits.at(-1)?.reset).toEqual([{ name: "entry.ts:cart", why: "made anew" }]);
  },
);

test.each(values)(
  "nothing is said of what nobody has changed: %s",
  async (_how, declaration, change, read) => {
    const project = memoryProject({ ...library, "entry.ts": entry(declaration, change, read, 1) });
    expect(await project.ask("entry.ts")).toEqual([0, 1]);
    await project.edit({ "entry.ts": `${entry(declaration, change, read, 2)} export const more = () => 1;` });
    expect(project.commits.at(-1)?.reset).toEqual([]);
  },
);

const serviceText = (n: number, more: string): string =>
  `import { registry } from "./registry"; export const service = { ${more} run() {}, on: new Date(), wait: Promise.resolve(${n}) }; registry.put(service);
   export const GET = () => registry.all.length;`;

test("methods that come and go, handles and what others fill are nothing that is lost", async () => {
  const project = memoryProject({
    "registry.ts": `class Registry { all = []; put(x) { this.all.push(x); } } export const registry = new Registry();`,
    "entry.ts": serviceText(1, ""),
  });
  expect(await project.ask("entry.ts")).toBe(1);
  await project.edit({ "entry.ts": serviceText(2, "stop() {},") });
  expect(await project.ask("entry.ts")).toBe(1);
  expect(project.commits.at(-1)?.reset).toEqual([]);
});
