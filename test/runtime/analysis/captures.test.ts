import { expect, test } from "vitest";
import { analyse, namesOf } from "./analyse.ts";

/** What each program imports: `items` and `extra` are project modules, the rest are packages. */
const PROLOGUE = `
import { items, Base, decorate } from "./items";
import { extra } from "./extra";
import * as rows from "./rows";
import { app, bus, config, memoize, register, wrap, z, Svc, sql } from "pkg";
import { createStatefulHandler, createStore } from "orbit-hmr/state";
declare const isDev: boolean;
`;

async function capturedBy(source: string): Promise<readonly string[]> {
  const { analysis } = await analyse(PROLOGUE + source);
  return namesOf(analysis.captured, analysis);
}

test.each([
  ["a thunk of a schema", "export const Address = z.object({ item: z.lazy(() => items) })"],
  ["a thunk in a literal", "export const User = z.object({ fields: () => ({ list: { type: items } }) })"],
  ["a memoised function", "export const list = memoize(() => items)"],
  ["a function that is passed by name", "const list = () => items; export const svc = new Svc(list)"],
  ["a function declared after its use", "app.get('/', handler); function handler() { return items }"],
  ["a function in a literal", "const handler = () => items; register({ handler })"],
  ["a method of a literal", "register({ list() { return items } })"],
  ["a getter of a literal", "register({ get list() { return items } })"],
  [
    "a getter of a literal passed by name",
    "const routes = { get list() { return items } }; register(routes)",
  ],
  ["a route handler", "app.get('/', (c) => c.json(items))"],
  ["a route handler behind a helper", "const load = () => items; app.get('/', (c) => c.json(load()))"],
  ["a chain of calls", "app.route('/a').get(() => extra.x).post(() => items)"],
  ["a wrapped default export", "export default wrap(() => items)"],
  ["a wrapped handler", "export const GET = wrap(async (request) => Response.json(items))"],
  ["a continuation", "register().then(() => items)"],
  ["a tagged template", "export const query = sql`select ${() => items}`"],
  ["an argument of new", "new Svc({ onReady: () => items })"],
  ["a class passed by name", "class Repo { list() { return items } } register(Repo)"],
  [
    "an instance of a class",
    "class Repo { list() { return items } } const repo = new Repo(); register(repo)",
  ],
  [
    "a bound method",
    "class Repo { list() { return items } } const repo = new Repo(); app.get('/', repo.list.bind(repo))",
  ],
  [
    "a method that goes through this",
    "class R { a() { return this.b() } b() { return items } } register(new R())",
  ],
  ["a private method", "class R { #b() { return items } a() { return this.#b() } } register(new R())"],
  ["an instance field", "export class Repo { list = items }"],
  ["a function in an instance field", "export class Repo { list = () => items }"],
  ["a function in a static field", "export class Repo { static list = () => items }"],
  ["a static block", "export class Repo { static { this.list = () => items } static list }"],
  ["a decorated class", "@register class Repo { list() { return items } } export { Repo }"],
  ["an argument of a decorator", "class Repo { @register(() => items) list: unknown } export { Repo }"],
  ["a generator started at top level", "function* ids() { yield items } export const next = ids()"],
  ["an async generator", "export const feed = (async function* () { yield items })()"],
  ["a call in a block", "{ app.get('/', () => items) }"],
  ["a call in an if", "if (isDev) app.get('/', () => items)"],
  ["a call in a try", "try { app.get('/', () => items) } catch {}"],
  ["a call in a loop", "for (const path of ['/a', '/b']) app.get(path, () => items)"],
  ["a call in an IIFE", "(() => { app.get('/', () => items) })()"],
  ["a call in an async IIFE", "(async () => { await register(); app.get('/', () => items) })()"],
  ["a call in a local function", "function start() { app.get('/', () => items) } start()"],
  ["a call two functions deep", "const a = () => b(); const b = () => { app.get('/', () => items) }; a()"],
  [
    "a call in a constructor",
    "class Hub { constructor() { bus.on('x', () => items) } } export const hub = new Hub()",
  ],
  [
    "a call in a method that the constructor runs",
    "class H { constructor() { this.go() } go() { bus.on('x', () => items) } } new H()",
  ],
  [
    "a call in a base class's constructor",
    "class A { constructor() { bus.on('x', () => items) } } class B extends A {} new B()",
  ],
  ["a call in a callback of an iteration", "['/a'].forEach((path) => { app.get(path, () => items) })"],
  [
    "a table of routes in a loop",
    "const table = [{ path: '/', run: () => items }]; for (const r of table) app.get(r.path, r.run)",
  ],
  [
    "a table of routes in forEach",
    "const table = [{ path: '/', run: () => items }]; table.forEach((r) => app.get(r.path, r.run))",
  ],
  [
    "entries of a literal",
    "const h = { a: () => items }; Object.entries(h).forEach(([k, run]) => app.get(k, run))",
  ],
  ["an assignment onto an imported object", "config.handler = () => items"],
  ["an assignment onto a global", "globalThis.handler = () => items"],
  ["an assignment onto what a call made", "const server = register(); server.handler = () => items"],
  ["a default parameter", "register((list = items) => list)"],
  ["a default parameter of a helper", "const load = (list = items) => list; register(load)"],
  ["a binding that is assigned later", "let run; run = () => items; register(run)"],
  ["a member that is assigned later", "const api = {}; api.run = () => items; register(api)"],
  ["a conditional function", "const run = isDev ? () => items : () => []; register(run)"],
  ["a spread literal", "const base = { list: () => items }; register({ ...base })"],
  [
    "a stateful handler that is passed on",
    "export default wrap(createStatefulHandler({}, { GET: () => items }))",
  ],
  [
    "a memoised part of a stateful handler",
    "export const h = createStatefulHandler({}, { GET: memoize(() => items) })",
  ],
  ["a factory passed by name", "function make() { return { list: () => items } } register(make())"],
  ["the callback of a one-shot timer", "setTimeout(() => items, 10)"],
  ["a promise's executor", "export const ready = new Promise((resolve) => resolve(items))"],
  ["an optional call", "app?.get?.('/', () => items)"],
  ["a call in an item of a list", "const steps = [() => { app.get('/', () => items) }]; steps[0]()"],
  [
    "a function given to a local helper",
    "const withApp = (set) => set(app); function routes(to) { to.get('/', () => items) } withApp(routes)",
  ],
  ["an object with an iterator", "const list = { *[Symbol.iterator]() { yield items } }; register(list)"],
  ["a subclass passed by name", "class A { list() { return items } } class B extends A {} register(B)"],
  [
    "a label, a switch and a catch",
    "a: switch (1) { case 1: try { throw 1 } catch (e) { app.get('/', () => items) } }",
  ],
])("%s captures", async (_, source) => {
  expect(await capturedBy(source)).toContain("items");
});

test.each([
  ["an exported function", "export async function GET() { return Response.json(items) }"],
  ["an exported arrow", "export const list = () => items"],
  [
    "an exported object of functions",
    "export const api = { list: () => items, get first() { return items[0] } }",
  ],
  ["an exported class", "export class Repo { list() { return items } static all() { return items } }"],
  ["a local binding", "const list = () => items; export const count = 1"],
  [
    "an instance that is only exported",
    "class Repo { rows = new Map(); list() { return items } } export const repo = new Repo()",
  ],
  ["a read at evaluation", "export const total = items.length; register(items.length)"],
  ["an imported function that is passed on", "app.get('/', items)"],
  ["a stateful handler", "export const h = createStatefulHandler({ n: 1 }, { GET: () => items })"],
  [
    "a stateful handler behind a condition",
    "const run = { GET: () => items }; export const h = isDev ? createStatefulHandler({}, run) : run",
  ],
  ["a subscription of a store", "const store = createStore('k', 1); store.subscribe(() => items)"],
  [
    "a subscription taken out of a handler",
    "const { GET, onStateChange } = createStatefulHandler({}, { GET: () => 1 }); onStateChange(() => items); export { GET }",
  ],
  ["a subscription in a chain", "createStore('k', 1).subscribe(() => items)"],
  ["a repeating timer", "setInterval(() => items, 1000)"],
  [
    "a repeating timer by name",
    "const tick = () => items; const timer = setInterval(tick, 1000); timer.unref()",
  ],
  ["a repeating timer of the global object", "globalThis.setInterval(() => items, 1000)"],
  [
    "import.meta.hot",
    "import.meta.hot?.dispose(() => items); if (import.meta.hot) import.meta.hot.accept(() => items)",
  ],
  ["import.meta.hot by another name", "const hot = import.meta.hot; hot?.dispose(() => items)"],
  ["a call in a function nobody calls", "export function setUp() { app.get('/', () => items) }"],
  ["a call in a request handler", "export const GET = () => items.map((item) => extra(item, () => items))"],
  [
    "a method nobody calls",
    "class Repo { sort() { return items.map((i) => extra(i)) } } export const repo = new Repo()",
  ],
  ["a shadowed name", "app.get('/', (items) => items)"],
  ["a shadowed helper", "const load = () => items; app.get('/', (load) => load())"],
  ["a block's own helper", "const load = () => items; { const load = () => 1; register(load) }"],
  ["an assignment onto the module's own literal", "export const api = {}; api.list = () => items"],
  ["a generator nobody starts", "export function* ids() { yield items }"],
  ["a key named like the import", "register({ items: () => 1 })"],
  ["a type", "register((item: typeof items) => 1)"],
])("%s does not capture", async (_, source) => {
  expect(await capturedBy(source)).not.toContain("items");
});

test("a namespace captured as a value is captured whole", async () => {
  expect(await capturedBy("register(() => Object.keys(rows))")).toEqual(["./rows:*"]);
});

test("a member of a captured namespace is captured by its name", async () => {
  expect(await capturedBy("register(() => rows.first.name)")).toEqual(["first"]);
});

test("a captured function that imports when called is captured with its specifier", async () => {
  const { analysis } = await analyse(
    `${PROLOGUE} register(() => import("./late")); export const direct = () => import("./other")`,
  );
  expect(analysis.capturedRequests).toEqual(["./late"]);
});

test("names that lead back to themselves end the search", async () => {
  const program = `
    class A extends B { constructor() { super() } }
    class B extends A {}
    new A();
    var a = await b, b = await a, { c } = d, d = c;
    a();
    config.run = () => items;
    export const get = () => { if (!d.x) d.x ??= a ?? b; globalThis.y = d };
  `;
  expect(await capturedBy(program)).toEqual(["items"]);
});
