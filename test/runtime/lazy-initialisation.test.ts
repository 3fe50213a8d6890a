import { testPrograms } from "./support/programs.ts";
import type { Program } from "./support/programs.ts";

/** A module that computes something from `connect` on the first call and keeps it. */
const fill = (law: string, text: string, call = "get()"): Program => ({
  law,
  files: {
    "connect.ts": `export const connect = () => ({ v: 1 });`,
    "db.ts": `import { connect } from "./connect"; ${text}`,
    "entry.ts": `import * as db from "./db"; export const GET = async () => db.${call};`,
  },
  edits: [
    { "connect.ts": `export const connect = () => ({ v: 2 });` },
    { "connect.ts": `export const connect = () => 3;` },
  ],
});

testPrograms([
  fill("db ??= connect()", `let db; export const get = () => (db ??= connect());`),
  fill("db ||= connect()", `let db; export const get = () => (db ||= connect());`),
  fill("if (!db) db = connect()", `let db; export function get() { if (!db) db = connect(); return db; }`),
  fill(
    "if (db === undefined)",
    `let db; export function get() { if (db === undefined) { db = connect(); } return db; }`,
  ),
  fill(
    "early return",
    `let db = null; export function get() { if (db) return db; db = connect(); return db; }`,
  ),
  fill(
    "early return of a local alias",
    `let db = null; export function get() { const known = db; if (known !== null) return known; const made = connect(); db = made; return made; }`,
  ),
  fill("a cache in an object", `const state = {}; export const get = () => (state.db ??= connect());`),
  fill(
    "a cache in a Map with a fixed key",
    `const cache = new Map(); export const get = () => { if (!cache.has("db")) cache.set("db", connect()); return cache.get("db"); };`,
  ),
  fill(
    "getInstance()",
    `class Db { static instance; static getInstance() { if (!Db.instance) Db.instance = new Db(); return Db.instance; } value = connect(); } export const get = () => Db.getInstance().value;`,
  ),
  fill(
    "a function that replaces itself",
    `export let get = () => { const v = connect(); get = () => v; return v; };`,
  ),
  fill(
    "a getter that replaces itself",
    `export const lazy = { get db() { const value = connect(); Object.defineProperty(this, "db", { value }); return value; } };`,
    "lazy.db",
  ),
  fill(
    "a promise that is kept",
    `let ready; export const get = async () => { ready ??= Promise.resolve().then(connect); return ready; };`,
  ),
  fill(
    "an async early return",
    `let db; async function make() { return connect(); } export async function get() { if (db) return db; db = await make(); return db; }`,
  ),
  fill(
    "a flag beside the value",
    `let done = false; let db; export function get() { if (!done) { done = true; db = connect(); } return db; }`,
  ),
  fill(
    "a module-level array filled when it is empty",
    `const list = []; export const get = () => { if (list.length === 0) list.push(connect()); return list[0]; };`,
  ),
  fill("a ternary", `let db; export const get = () => (db ? db : (db = connect()));`),
  fill("a logical or with assignment", `let db; export const get = () => db || (db = connect());`),
  fill(
    "try and catch around the fill",
    `let db; export function get() { try { if (db) return db; db = connect(); } catch {} return db; }`,
  ),
  fill(
    "a one-shot timer",
    `let db; setTimeout(() => { db = connect(); }, 0); export const get = async () => { await new Promise((r) => setTimeout(r, 5)); return db; };`,
  ),
  fill(
    "queueMicrotask at top level",
    `let db; queueMicrotask(() => { db = connect(); }); export const get = async () => { await 0; return db; };`,
  ),
  fill(
    "a closure made by an immediately called function",
    `export const get = (() => { let db; return () => (db ??= connect()); })();`,
  ),
  fill(
    "an instance field of a module-level object",
    `class Store { get db() { return (this.made ??= connect()); } } const store = new Store(); export const get = () => store.db;`,
  ),
  fill(
    "a #private field of a module-level object",
    `class Store { #made; get db() { return (this.#made ??= connect()); } } export const store = new Store(); export const get = () => store.db;`,
  ),
  fill(
    "a symbol on globalThis of its own",
    `const slot = { value: undefined }; export const get = () => { slot.value = slot.value ?? connect(); return slot.value; };`,
  ),
  {
    law: "a lazily built app whose routes are in other files",
    files: {
      "users.ts": `export const users = () => "users1";`,
      "app.ts": `import { users } from "./users"; let app; function build() { const routes = new Map(); routes.set("/users", users); return routes; } export const handle = (p) => { app ??= build(); return app.get(p)?.(); };`,
      "entry.ts": `import { handle } from "./app"; export const GET = () => handle("/users");`,
    },
    edits: [{ "users.ts": `export const users = () => "users2";` }],
  },
  {
    law: "the fill calls through two modules",
    files: {
      "schema.ts": `export const schema = "s1";`,
      "connect.ts": `import { schema } from "./schema"; export const connect = () => ({ schema });`,
      "db.ts": `import { connect } from "./connect"; let db; export const get = () => (db ??= connect());`,
      "repo.ts": `import { get } from "./db"; export const find = () => get().schema;`,
      "entry.ts": `import { find } from "./repo"; export const GET = () => find();`,
    },
    edits: [{ "schema.ts": `export const schema = "s2";` }],
    runs: ["schema.ts", "db.ts"],
  },
  {
    law: "a memo that is filled while another module evaluates",
    files: {
      "leaf.ts": `export const leaf = 1;`,
      "memo.ts": `import { leaf } from "./leaf"; let kept; export const get = () => (kept ??= leaf * 10);`,
      "user.ts": `import { get } from "./memo"; export const first = get();`,
      "entry.ts": `import { first } from "./user"; import { get } from "./memo"; export const GET = () => [first, get()];`,
    },
    edits: [
      { "leaf.ts": `export const leaf = 2;` },
      { "user.ts": `import { get } from "./memo"; export const first = get() + 1;` },
    ],
  },
  {
    law: "a memo with a parameter, filled while another module evaluates",
    files: {
      "memo.ts": `const kept = new Map(); export const memo = (key, make) => { if (!kept.has(key)) kept.set(key, make()); return kept.get(key); };`,
      "a.ts": `import { memo } from "./memo"; export const a = memo("a", () => "first");`,
      "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
    },
    edits: [{ "a.ts": `import { memo } from "./memo"; export const a = memo("a", () => "second");` }],
  },
]);
