import { expect, test } from "vitest";
import { analyse, namesOf } from "./analyse.ts";

const PROLOGUE = `
import { items, build, Client, connect } from "./items";
import { json } from "./reply";
declare const key: string;
`;

async function lazy(
  source: string,
): Promise<{ readonly names: readonly string[]; readonly bindings: readonly string[] }> {
  const { analysis } = await analyse(PROLOGUE + source);
  return { names: namesOf(analysis.lazy, analysis), bindings: analysis.lazyBindings };
}

test.each([
  ["??=", "let x; export const get = () => (x ??= build())"],
  ["||=", "let x; export const get = () => (x ||= build())"],
  ["x = x ?? v", "let x; export const get = () => { x = x ?? build(); return x }"],
  ["x = x || v", "let x; export const get = () => { x = x || build(); return x }"],
  ["x = x ? x : v", "let x; export const get = () => { x = x ? x : build(); return x }"],
  ["if (!x)", "let x; export const get = () => { if (!x) x = build(); return x }"],
  ["if (x === undefined)", "let x; export const get = () => { if (x === undefined) x = build(); return x }"],
  ["if (x == null)", "let x; export const get = () => { if (x == null) { x = build() } return x }"],
  [
    "if (typeof x === 'undefined')",
    "let x; export const get = () => { if (typeof x === 'undefined') x = build(); return x }",
  ],
  [
    "an early return",
    "let x; export const get = () => { if (x) return x; const v = build(); x = v; return x }",
  ],
  ["else", "let x; export const get = () => { if (x) { return x } else { x = build(); return x } }"],
  ["a conditional", "let x; export const get = () => x ? x : (x = build())"],
  ["x || (x = v)", "let x; export const get = () => x || (x = build())"],
  ["x && y || (x = v)", "let x, y; export const get = () => x && y || (x = build())"],
  ["a promise", "let x; export async function get() { return await (x ??= build()) }"],
  [
    "a continuation",
    "let x; export const get = () => { if (x) return x; return build().then((v) => { x = v; return v }) }",
  ],
  ["while", "let x; export const get = () => { while (!x) x = build(); return x }"],
  ["switch", "let x; export const get = () => { switch (x) { case undefined: x = build() } return x }"],
  [
    "a boolean beside it",
    "let x, ready = false; export const get = () => { if (!ready) { x = build(); ready = true } return x }",
  ],
  [
    "a boolean and an early return",
    "let x, ready = false; export const get = () => { if (ready) return x; x = build(); ready = true; return x }",
  ],
  [
    "a helper that fills",
    "let x; function fill() { x = build() } export const get = () => { if (!x) fill(); return x }",
  ],
  [
    "a helper that tests",
    "let x; const isEmpty = () => x === undefined; export const get = () => { if (isEmpty()) x = build(); return x }",
  ],
  [
    "a local copy of it",
    "let x; export const get = () => { let v = x; if (!v) { v = build(); x = v } return v }",
  ],
  [
    "a time to live",
    "let x, at = 0; export const get = () => { if (Date.now() - at > 1000) { x = build(); at = Date.now() } return x }",
  ],
  ["destructuring", "let x; export const get = () => { if (!x) ({ x } = build()); return x }"],
  [
    "a value that was there or is made",
    "let x; export const get = () => { const v = x ?? build(); x = v; return v }",
  ],
  [
    "an inner function that waits",
    "let x; export const get = () => { x ||= (async () => build())(); return x }",
  ],
  [
    "a helper behind ||",
    "let x; const open = () => { x = build(); return x }; export const get = () => x || open()",
  ],
  [
    "a helper that returns early",
    "let x; function ensure() { if (x) return; x = build() } export const GET = () => { ensure(); return x }",
  ],
  [
    "a guard that throws",
    "let x; export const open = () => { if (x) throw new Error('twice'); x = build() }",
  ],
  [
    "a promise in flight",
    "let x; export const get = () => { if (!x) x = build().finally(() => { x = undefined }); return x }",
  ],
])("a binding filled by %s is lazy", async (_, source) => {
  const { names, bindings } = await lazy(source);
  expect(names).toContain("build");
  expect(bindings).toContain("x");
});

test.each([
  ["a member of a literal", "const cache = {}; export const get = () => (cache.rows ??= build())"],
  ["a quoted member", "const cache = {}; export const get = () => (cache['all rows'] ??= build())"],
  [
    "a member named by a constant",
    "const KEY = 'rows'; const cache = {}; export const get = () => (cache[KEY] ??= build())",
  ],
  [
    "an alias of a literal",
    "const state = { cache: {} }; const { cache } = state; export const get = () => { const c = cache; return (c.rows ??= build()) }",
  ],
  [
    "in",
    "const cache = {}; export const get = () => { if (!('rows' in cache)) cache.rows = build(); return cache.rows }",
  ],
  [
    "Object.hasOwn",
    "const cache = {}; export const get = () => { if (!Object.hasOwn(cache, 'rows')) cache.rows = build(); return cache.rows }",
  ],
  [
    "Object.assign",
    "const cache = {}; export const get = () => { if (!cache.rows) Object.assign(cache, { rows: build() }); return cache.rows }",
  ],
  [
    "has and set",
    "const cache = new Map(); export const get = () => { if (!cache.has('rows')) cache.set('rows', build()); return cache.get('rows') }",
  ],
  [
    "get and set",
    "const cache = new Map(); export const get = () => { const hit = cache.get('rows'); if (hit) return hit; const v = build(); cache.set('rows', v); return v }",
  ],
  [
    "get ?? set",
    "const cache = new Map(); export const get = () => cache.get('rows') ?? cache.set('rows', build()).get('rows')",
  ],
  [
    "getOrInsertComputed",
    "const cache = new Map(); export const get = () => cache.getOrInsertComputed('rows', () => build())",
  ],
  [
    "an empty list",
    "const cache = []; export const get = () => { if (cache.length === 0) cache.push(...build()); return cache }",
  ],
  [
    "an empty map",
    "const cache = new Map(); export const get = () => { if (!cache.size) for (const r of build()) cache.set(r.id, r); return cache }",
  ],
  [
    "a list returned early",
    "const cache = []; export const get = () => { if (cache.length) return cache; cache.push(...build()); return cache }",
  ],
  [
    "a replaced object",
    "let cache = { rows: null }; export const get = () => { if (!cache.rows) cache = { rows: build() }; return cache.rows }",
  ],
  [
    "no keys yet",
    "const cache = {}; export const get = () => { if (Object.keys(cache).length === 0) Object.assign(cache, build()); return cache }",
  ],
  [
    "no keys yet, one by one",
    "const cache = {}; export const get = () => { if (!Object.keys(cache).length) for (const r of build()) cache[r.id] = r; return cache }",
  ],
  [
    "a constant symbol",
    "const KEY = Symbol('rows'); const cache = new Map(); export const get = () => cache.get(KEY) ?? cache.set(KEY, build()).get(KEY)",
  ],
])("a container filled by %s is lazy", async (_, source) => {
  const { names, bindings } = await lazy(source);
  expect(names).toContain("build");
  expect(bindings.some((name) => name === "cache" || name === "state")).toBe(true);
});

test.each([
  ["a private static", "export class S { static #i; static get() { return (S.#i ??= new Client()) } }"],
  [
    "this in a static method",
    "export class S { static #i; static get() { if (!this.#i) this.#i = new Client(); return this.#i } }",
  ],
  [
    "a static with ??",
    "export class S { static #i; static get() { return this.#i ?? (this.#i = new Client()) } }",
  ],
  ["a static getter", "export class S { static i; static get instance() { return (S.i ??= new Client()) } }"],
  [
    "an early return",
    "export class S { static i; static getInstance() { if (S.i) return S.i; S.i = new Client(); return S.i } }",
  ],
  [
    "a constructor that returns it",
    "export class S { static i; constructor() { if (S.i) return S.i; this.c = new Client(); S.i = this } }",
  ],
  ["an instance's private field", "export class S { #c; get() { return (this.#c ??= new Client()) } }"],
  [
    "an instance's field",
    "export class S { c; get() { if (!this.c) this.c = new Client(); return this.c } }",
  ],
  [
    "another name for this",
    "export class S { c; get() { const self = this; return () => (self.c ??= new Client()) } }",
  ],
  [
    "a private method",
    "export class S { #c; get() { return (this.#c ??= this.#open()) } #open() { return new Client() } }",
  ],
  [
    "a map of the instance",
    "export class S { #m = new Map(); get() { if (!this.#m.has('c')) this.#m.set('c', new Client()); return this.#m.get('c') } }",
  ],
  ["a method of a literal", "export const s = { c: null, get() { return (this.c ??= new Client()) } }"],
  [
    "a function that was a class",
    "export function S() {} S.get = function () { return (S.c = S.c || new Client()) }",
  ],
  ["the global object", "export const get = () => (globalThis.c ??= new Client())"],
  [
    "an alias of the global object",
    "const g = globalThis as any; export const get = () => { if (!g.c) g.c = new Client(); return g.c }",
  ],
  [
    "a symbol of the global object",
    "export const get = () => (globalThis[Symbol.for('c')] ??= new Client())",
  ],
])("a singleton kept in %s is lazy", async (_, source) => {
  expect((await lazy(source)).names).toContain("Client");
});

test.each([
  ["a returned closure", "export const make = () => { let x; return () => (x ??= build()) }"],
  [
    "a returned literal",
    "export function make() { let x; return { get() { if (!x) x = build(); return x } } }",
  ],
  ["a named closure", "export function make() { let x; const get = () => (x ??= build()); return get }"],
  ["a cache in a parameter", "export function make(cache = {}) { return () => (cache.rows ??= build()) }"],
  [
    "a closure given to a framework",
    "export function setUp(app) { let x; app.get('/', () => (x ??= build())) }",
  ],
  ["an IIFE", "export const get = (() => { let x; return () => (x ??= build()) })()"],
  [
    "a function that replaces itself",
    "export let get = () => { const v = build(); get = () => v; return v }",
  ],
  [
    "a declaration that replaces itself",
    "export function get() { const v = build(); get = () => v; return v }",
  ],
  [
    "a getter that defines itself anew",
    "export const o = { get x() { const v = build(); Object.defineProperty(this, 'x', { value: v }); return v } }",
  ],
  [
    "a getter that deletes itself",
    "export const o = { get x() { delete this.x; return (this.x = build()) } }",
  ],
  ["a one-shot timer", "let x; setTimeout(() => { x = build() }, 0); export const get = () => x"],
  [
    "a one-shot timer by name",
    "let x; const warm = () => { x = build() }; setImmediate(warm); export const get = () => x",
  ],
  ["a microtask", "let x; queueMicrotask(() => { x = build() }); export const get = () => x"],
  ["nextTick", "const s = {}; process.nextTick(() => { s.x = build() }); export const get = () => s.x"],
  [
    "a continuation of a top-level call",
    "let x; const ready = Promise.resolve(1).then(() => { x = build() }); export const get = () => x",
  ],
  [
    "an async function started at top level",
    "let x; async function init() { await null; x = build() } init(); export const get = () => x",
  ],
])("%s is lazy", async (_, source) => {
  expect((await lazy(source)).names).toContain("build");
});

test.each([
  [
    "a local of the request",
    "export async function GET(r) { let user; if (!user) user = build(r); return json(user) }",
  ],
  [
    "a parameter",
    "export const GET = (r) => { r.user ??= build(); r.list = r.list || items; return json(r) }",
  ],
  [
    "a local object",
    "export const GET = (r) => { const out = {}; if (!out.x) out.x = build(); return json(out) }",
  ],
  [
    "a closure of the request",
    "export async function GET(r) { let user; const get = () => (user ??= build(r)); return json(await Promise.all([get(), get()])) }",
  ],
  [
    "a closure that only the request calls",
    "export const handle = (r) => { let user; const get = () => (user ??= build(r)); get(); return json(1) }",
  ],
  [
    "the best of a list",
    "export const best = (list) => { let top; list.forEach((x) => { if (!top) top = build(x) }); return json(top) }",
  ],
  [
    "sessions by cookie",
    "const sessions = new Map(); export function GET(r) { const id = r.cookie; if (!sessions.has(id)) sessions.set(id, build()); return json(sessions.get(id)) }",
  ],
  [
    "sessions by cookie, looked up once",
    "const sessions = new Map(); export function GET(r) { let s = sessions.get(r.id); if (!s) { s = build(); sessions.set(r.id, s) } s.hits++; return json(s) }",
  ],
  ["a cache by a parameter", "const cache = {}; export const get = (key) => (cache[key] ??= build(key))"],
  [
    "a cache by a computed key",
    "const cache = {}; export const get = (a) => { const key = `${a}!`; if (!cache[key]) cache[key] = build(a); return cache[key] }",
  ],
  [
    "a member of an entry",
    "const carts = {}; export const add = (id) => { carts[id].items ??= build(); return json(1) }",
  ],
  ["a counter", "let hits = 0; export const GET = () => { hits++; hits += 1; return json(build(hits)) }"],
  [
    "a counter with a limit",
    "let hits = 0; export const GET = () => { if (hits > 10) return json(429); hits++; return json(items) }",
  ],
  [
    "a counter that starts over",
    "let hits = 0; export const GET = () => { if (hits > 10) hits = 0; return json(items) }",
  ],
  [
    "a list with a limit",
    "const log = []; export const POST = (r) => { if (log.length > 100) log.shift(); log.push(build(r)); return json(log) }",
  ],
  [
    "an item added when it is missing",
    "let todos = []; export const POST = (t) => { if (!todos.find((x) => x.id === t.id)) todos = [...todos, build(t)]; return json(todos) }",
  ],
  [
    "a default of state",
    "const state = {}; export const GET = () => { state.items ??= []; state.at ||= 0; return json(state.items) }",
  ],
  ["an unconditional write", "let last; export const GET = (r) => { last = build(r); return json(last) }"],
  ["evaluation itself", "let x; x ??= build(); if (!x) x = build(); export const get = () => json(x)"],
  ["an enum", "export enum Kind { A, B } export const get = () => json(Kind.A)"],
  ["a constructor", "export class S { constructor(o) { this.o = this.o ?? build(o) } }"],
  ["a shadowed binding", "let x; export const get = () => { let x; x ??= build(); return json(x) }"],
  [
    "a test of something else",
    "let last; export const POST = (r) => { if (!r.ok) return json(400); last = build(r); return json(last) }",
  ],
  [
    "a method named like its write",
    "const stats = {}; export const api = { hits() { stats.hits = build() } }",
  ],
  [
    "a map filled by a parameter",
    "const cache = new Map(); export const get = (id) => cache.getOrInsertComputed(id, () => build(id))",
  ],
  [
    "an item by a computed key in a size test",
    "const hits = {}; export const GET = (r) => { if (Object.keys(hits).length > 100) return json(429); hits[r.ip] = build(r); return json(hits) }",
  ],
  [
    "a throttled entry",
    "const seen = new Map(); export const GET = (r) => { const at = seen.get(r.ip); if (at && at > 1) return json(429); seen.set(r.ip, build()); return json(1) }",
  ],
])("%s is not lazy", async (_, source) => {
  expect(await lazy(source)).toEqual({ names: [], bindings: [] });
});

test("a lazy function counts with all that it calls", async () => {
  const { names } = await lazy(
    "let x; const load = () => connect(items); export const get = () => (x ??= load())",
  );
  expect(names).toEqual(["connect", "items"]);
});

test("the other functions of a module with a lazy one do not count", async () => {
  const { names } = await lazy(
    "let x; export const get = () => (x ??= build()); export const GET = () => json(items)",
  );
  expect(names).toEqual(["build"]);
});

test("what is kept beside the answer starts anew with it", async () => {
  const { bindings } = await lazy(
    "let x, at; export const get = () => { if (!x) { x = build(); at = Date.now() } return x }",
  );
  expect(bindings).toEqual(["x", "at"]);
});

test("the binding that holds a lazy object starts anew", async () => {
  const { bindings } = await lazy(
    "class S { #c; get() { return (this.#c ??= build()) } } export let s = new S(); let other = 1",
  );
  expect(bindings).toEqual(["s"]);
});

test("a function that imports late and keeps the answer is lazy with its specifier", async () => {
  const { analysis } = await analyse(
    "let x; export const get = async () => (x ??= (await import('./heavy')).default)",
  );
  expect(analysis.lazyRequests).toEqual(["./heavy"]);
  expect(analysis.lazyBindings).toEqual(["x"]);
});
