import { testPrograms } from "./support/programs.ts";

const LAZY = `export const lazy = (make) => { let made; return { parse: (v) => { made ??= make(); return made.parse(v); } }; };`;
const rows = (value: string): string => `export const rows = () => ${value};`;

testPrograms([
  {
    law: "z.lazy over an edited schema",
    files: {
      "z.ts": `${LAZY} export const object = (shape) => ({ parse: (v) => Object.keys(shape).filter((k) => k in v) });`,
      "address.ts": `import { object } from "./z"; export const Address = object({ street: 1 });`,
      "user.ts": `import { lazy } from "./z"; import { Address } from "./address"; export const User = lazy(() => Address);`,
      "entry.ts": `import { User } from "./user"; export const GET = () => User.parse({ street: 1, city: 2 });`,
    },
    edits: [{ "address.ts": `import { object } from "./z"; export const Address = object({ city: 1 });` }],
  },
  {
    law: "graphql-like types with thunk fields",
    files: {
      "graphql.ts": `export class ObjectType { constructor(config) { this.config = config; } get fields() { return (this.made ??= this.config.fields()); } }`,
      "post.ts": `import { ObjectType } from "./graphql"; import { User } from "./user"; export const Post = new ObjectType({ name: "Post", fields: () => ({ author: User }) });`,
      "user.ts": `import { ObjectType } from "./graphql"; import { Post } from "./post"; export const User = new ObjectType({ name: "User1", fields: () => ({ posts: Post }) });`,
      "entry.ts": `import { Post } from "./post"; import { User } from "./user"; export const GET = () => [Post.fields.author.config.name, User.fields.posts.fields.author.config.name, Post.fields.author === User];`,
    },
    edits: [
      {
        "user.ts": `import { ObjectType } from "./graphql"; import { Post } from "./post"; export const User = new ObjectType({ name: "User2", fields: () => ({ posts: Post }) });`,
      },
    ],
  },
  {
    law: "memoize(() => items)",
    files: {
      "memoize.ts": `export const memoize = (f) => { let v; let done = false; return () => (done ? v : ((done = true), (v = f()))); };`,
      "items.ts": `export const items = [1];`,
      "mid.ts": `import { memoize } from "./memoize"; import { items } from "./items"; export const load = memoize(() => items.length);`,
      "entry.ts": `import { load } from "./mid"; export const GET = () => load();`,
    },
    edits: [{ "items.ts": `export const items = [1, 2];` }],
  },
  {
    law: "new Service(() => items) that asks once",
    files: {
      "items.ts": `export const items = () => "v1";`,
      "service.ts": `export class Service { #cache; constructor(load) { this.load = load; } get() { return (this.#cache ??= this.load()); } }`,
      "mid.ts": `import { Service } from "./service"; import { items } from "./items"; export const service = new Service(() => items());`,
      "entry.ts": `import { service } from "./mid"; export const GET = () => service.get();`,
    },
    edits: [{ "items.ts": `export const items = () => "v2";` }],
  },
  {
    law: "new Svc(list) with a local function in between",
    files: {
      "items.ts": `export const items = () => "v1";`,
      "service.ts": `export class Svc { constructor(load) { this.load = load; } get() { return (this.cache ??= this.load()); } }`,
      "mid.ts": `import { Svc } from "./service"; import { items } from "./items"; const list = () => items(); const options = { list }; export const service = new Svc(options.list);`,
      "entry.ts": `import { service } from "./mid"; export const GET = () => service.get();`,
    },
    edits: [{ "items.ts": `export const items = () => "v2";` }],
  },
  {
    law: "a getter of a literal that is passed on",
    files: {
      "items.ts": `export const items = [1];`,
      "once.ts": `export const once = (o) => { let v; return () => (v ??= o.items); };`,
      "mid.ts": `import { once } from "./once"; import { items } from "./items"; export const load = once({ get items() { return items; } });`,
      "entry.ts": `import { load } from "./mid"; export const GET = () => load();`,
    },
    edits: [{ "items.ts": `export const items = [2];` }],
  },
  {
    law: "the function is captured three files away from the edit",
    files: {
      "rows.ts": rows("1"),
      "load.ts": `import { rows } from "./rows"; export const load = () => rows();`,
      "memoize.ts": `export const memoize = (f) => { let v; return () => (v ??= f()); };`,
      "index.ts": `import { memoize } from "./memoize"; import { load } from "./load"; export const cached = memoize(load);`,
      "entry.ts": `import { cached } from "./index"; export const GET = () => cached();`,
    },
    edits: [{ "rows.ts": rows("2") }],
  },
  {
    law: "a function captured directly at top level, its own callee edited",
    files: {
      "rows.ts": rows("1"),
      "load.ts": `import { rows } from "./rows"; export const load = () => rows();`,
      "memoize.ts": `export const memoize = (f) => { let v; return () => (v ??= f()); };`,
      "index.ts": `import { memoize } from "./memoize"; import * as loaders from "./load"; export const cached = memoize(() => loaders.load());`,
      "entry.ts": `import { cached } from "./index"; export const GET = () => cached();`,
    },
    edits: [{ "rows.ts": rows("2") }],
  },
  {
    law: "a generator started at top level",
    files: {
      "rows.ts": rows("[1, 2]"),
      "mid.ts": `import { rows } from "./rows"; function* all() { yield* rows(); } const running = all(); const seen = []; export const list = () => { for (const r of running) seen.push(r); return seen; };`,
      "entry.ts": `import { list } from "./mid"; export const GET = () => list();`,
    },
    // What a request has stored is state; here it is the code that is asked about.
    options: { preserveState: false },
    edits: [{ "rows.ts": rows("[3]") }],
  },
  {
    law: "a static field that memoises",
    files: {
      "rows.ts": rows("1"),
      "mid.ts": `import { rows } from "./rows"; export class Repo { static #made; static get() { return (this.#made ??= rows()); } }`,
      "entry.ts": `import { Repo } from "./mid"; export const GET = () => Repo.get();`,
    },
    edits: [{ "rows.ts": rows("2") }],
  },
  {
    law: "a tagged template with functions",
    files: {
      "rows.ts": rows("1"),
      "css.ts": `export const tpl = (parts, ...fs) => { let v; return () => (v ??= fs.map((f) => f()).join()); };`,
      "mid.ts":
        "import { tpl } from './css'; import { rows } from './rows'; export const text = tpl`a${() => rows()}b`;",
      "entry.ts": `import { text } from "./mid"; export const GET = () => text();`,
    },
    edits: [{ "rows.ts": rows("2") }],
  },
  {
    law: "a handler wrapped by a function of another file",
    files: {
      "wrap.ts": `export const wrap = (h) => (...args) => "1:" + h(...args);`,
      "rows.ts": rows("1"),
      "entry.ts": `import { wrap } from "./wrap"; import { rows } from "./rows"; export const GET = wrap(() => rows());`,
    },
    edits: [
      { "wrap.ts": `export const wrap = (h) => (...args) => "2:" + h(...args);` },
      { "rows.ts": rows("2") },
    ],
  },
  {
    law: "an observable that subscribed a function at import time",
    files: {
      "signal.ts": `export const computed = (f) => { let v = f(); return { get value() { return v; } }; };`,
      "rows.ts": rows("1"),
      "mid.ts": `import { computed } from "./signal"; import { rows } from "./rows"; export const total = computed(() => rows() * 10);`,
      "entry.ts": `import { total } from "./mid"; export const GET = () => total.value;`,
    },
    edits: [{ "rows.ts": rows("2") }],
  },
  {
    law: "a promise chain cached in a const",
    files: {
      "rows.ts": rows("1"),
      "mid.ts": `import { rows } from "./rows"; export const ready = Promise.resolve().then(() => rows());`,
      "entry.ts": `import { ready } from "./mid"; export const GET = async () => ready;`,
    },
    edits: [{ "rows.ts": rows("2") }],
  },
  {
    law: "a Proxy with traps that read an import once",
    files: {
      "rows.ts": rows("1"),
      "mid.ts": `import { rows } from "./rows"; const made = {}; export const lazy = new Proxy({}, { get: (_, k) => (k in made ? made[k] : (made[k] = rows())) });`,
      "entry.ts": `import { lazy } from "./mid"; export const GET = () => lazy.x;`,
    },
    // What a request has stored is state; here it is the code that is asked about.
    options: { preserveState: false },
    edits: [{ "rows.ts": rows("2") }],
  },
]);
