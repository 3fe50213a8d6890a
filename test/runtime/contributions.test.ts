import { testPrograms } from "./support/programs.ts";

const APP = `
  export class App {
    #routes = new Map();
    seen = [];
    get(path, handler) { this.#routes.set(path, handler); this.seen.push(path); return this; }
    route(prefix, app) { for (const [path, handler] of app.entries()) this.get(prefix + path, handler); return this; }
    entries() { return [...this.#routes]; }
    paths() { return [...this.#routes.keys()]; }
    handle(path) { return this.#routes.get(path)?.() ?? 404; }
  }`;

const registry = (container: string): string => `export const registry = ${container};`;

testPrograms([
  {
    law: "a key that a module registers under is renamed",
    files: {
      "registry.ts": registry("new Map()"),
      "a.ts": `import { registry } from "./registry"; registry.set("a", 1);`,
      "entry.ts": `import "./a"; import { registry } from "./registry"; export const GET = () => [...registry.keys()];`,
    },
    edits: [
      { "a.ts": `import { registry } from "./registry"; registry.set("b", 1);` },
      { "a.ts": `import { registry } from "./registry"; registry.set("c", 1);` },
    ],
    runs: ["a.ts", "registry.ts"],
  },
  {
    law: "what a contributor registered is gone with its import",
    files: {
      "registry.ts": registry("new Map()"),
      "a.ts": `import { registry } from "./registry"; registry.set("a", 1);`,
      "b.ts": `import { registry } from "./registry"; registry.set("b", 2);`,
      "entry.ts": `import "./a"; import "./b"; import { registry } from "./registry"; export const GET = () => [...registry.keys()];`,
    },
    edits: [
      {
        "entry.ts": `import "./b"; import { registry } from "./registry"; export const GET = () => [...registry.keys()];`,
      },
      { "entry.ts": `import { registry } from "./registry"; export const GET = () => [...registry.keys()];` },
      {
        "entry.ts": `import "./b"; import "./a"; import { registry } from "./registry"; export const GET = () => [...registry.keys()];`,
      },
    ],
  },
  {
    law: "the order of registration is the order of imports, whoever was edited",
    files: {
      "registry.ts": registry("[]"),
      "a.ts": `import { registry } from "./registry"; registry.push("a");`,
      "b.ts": `import { registry } from "./registry"; registry.push("b");`,
      "c.ts": `import { registry } from "./registry"; registry.push("c");`,
      "entry.ts": `import "./a"; import "./b"; import "./c"; import { registry } from "./registry"; export const GET = () => registry;`,
    },
    edits: [
      { "a.ts": `import { registry } from "./registry"; registry.push("A");` },
      { "b.ts": `import { registry } from "./registry"; registry.push("B");` },
      {
        "entry.ts": `import "./c"; import "./a"; import "./b"; import { registry } from "./registry"; export const GET = () => registry;`,
      },
    ],
  },
  {
    law: "a contributor that is added registers behind the ones before it",
    files: {
      "registry.ts": registry("new Set()"),
      "a.ts": `import { registry } from "./registry"; registry.add("a");`,
      "entry.ts": `import "./a"; import { registry } from "./registry"; export const GET = () => [...registry];`,
    },
    edits: [
      {
        "first.ts": `import { registry } from "./registry"; registry.add("first");`,
        "entry.ts": `import "./first"; import "./a"; import { registry } from "./registry"; export const GET = () => [...registry];`,
      },
    ],
  },
  {
    law: "a contributor that registers and then throws leaves nothing behind",
    files: {
      "registry.ts": registry("[]"),
      "a.ts": `import { registry } from "./registry"; registry.push("a");`,
      "entry.ts": `import "./a"; import { registry } from "./registry"; export const GET = () => registry;`,
      "other.ts": `import { registry } from "./registry"; export const GET = () => registry.length;`,
    },
    edits: [
      { "a.ts": `import { registry } from "./registry"; registry.push("x"); throw new Error("no");` },
      { "a.ts": `import { registry } from "./registry"; registry.push("b");` },
    ],
  },
  {
    law: "a plain object of settings is mutated by one module and read by a third",
    files: {
      "config.ts": `export const config = { size: 1, deep: { list: [] } };`,
      "setup.ts": `import { config } from "./config"; config.size = 2; config.deep.list.push("x");`,
      "reader.ts": `import { config } from "./config"; export const size = config.size * 10; export const list = [...config.deep.list];`,
      "entry.ts": `import "./setup"; import { size, list } from "./reader"; export const GET = () => [size, list];`,
    },
    edits: [
      { "setup.ts": `import { config } from "./config"; config.size = 3;` },
      { "setup.ts": `import { config } from "./config"; config.deep.list.push("y", "z");` },
      { "config.ts": `export const config = { size: 100, deep: { list: ["own"] } };` },
    ],
  },
  {
    law: "routes in #private fields of a shared app",
    files: {
      "app-class.ts": APP,
      "app.ts": `import { App } from "./app-class"; export const app = new App();`,
      "users.ts": `import { app } from "./app"; app.get("/users", () => "users");`,
      "posts.ts": `import { app } from "./app"; app.get("/posts", () => "posts");`,
      "entry.ts": `import "./users"; import "./posts"; import { app } from "./app"; export const GET = (p) => [app.paths(), app.handle(p)];`,
    },
    asks: [
      ["entry.ts", "GET", "/users"],
      ["entry.ts", "GET", "/posts"],
      ["entry.ts", "GET", "/people"],
    ],
    edits: [
      { "users.ts": `import { app } from "./app"; app.get("/users", () => "USERS");` },
      { "users.ts": `import { app } from "./app"; app.get("/people", () => "people");` },
      { "posts.ts": `export {};` },
      { "app-class.ts": APP.replace("404", `"nothing"`) },
    ],
  },
  {
    law: "routes in #private fields only, keyed by nothing public",
    files: {
      "app.ts": `class App { #handlers = []; use(h) { this.#handlers.push(h); } run() { return this.#handlers.map((h) => h()); } } export const app = new App();`,
      "a.ts": `import { app } from "./app"; app.use(() => 1);`,
      "b.ts": `import { app } from "./app"; app.use(() => 2);`,
      "entry.ts": `import { app } from "./app"; import "./a"; import "./b"; export const GET = () => app.run();`,
    },
    edits: [
      { "a.ts": `import { app } from "./app"; app.use(() => 3);` },
      { "b.ts": `import { app } from "./app";` },
    ],
  },
  {
    law: "apps composed with route()",
    files: {
      "app-class.ts": APP,
      "users.ts": `import { App } from "./app-class"; export const users = new App().get("/", () => "all");`,
      "admin.ts": `import { App } from "./app-class"; import { users } from "./users"; export default new App().route("/users", users);`,
      "entry.ts": `import { App } from "./app-class"; import admin from "./admin"; const app = new App().route("/admin", admin); export const GET = (p) => [app.paths(), app.handle(p)];`,
    },
    asks: [["entry.ts", "GET", "/admin/users/"]],
    edits: [
      {
        "users.ts": `import { App } from "./app-class"; export const users = new App().get("/", () => "ALL").get("/one", () => 1);`,
      },
      {
        "admin.ts": `import { App } from "./app-class"; import { users } from "./users"; export default new App().route("/people", users);`,
      },
    ],
  },
  {
    law: "a contributor that only another entry reaches",
    files: {
      "registry.ts": registry("new Map()"),
      "a.ts": `import { registry } from "./registry"; registry.set("a", 1);`,
      "b.ts": `import { registry } from "./registry"; registry.set("b", 1);`,
      "one.ts": `import "./a"; import { registry } from "./registry"; export const GET = (k) => registry.get(k);`,
      "two.ts": `import "./b"; import { registry } from "./registry"; export const GET = (k) => registry.get(k);`,
    },
    asks: [
      ["one.ts", "GET", "a"],
      ["two.ts", "GET", "b"],
    ],
    edits: [
      { "a.ts": `import { registry } from "./registry"; registry.set("a", 2);` },
      { "b.ts": `import { registry } from "./registry"; registry.set("b", 3);` },
      { "registry.ts": `export const registry = new Map([["own", 1]]);` },
    ],
  },
  {
    law: "registration through a helper function",
    files: {
      "registry.ts": `const items = []; export const register = (item) => { items.push(item); }; export const all = () => items;`,
      "a.ts": `import { register } from "./registry"; register("a");`,
      "entry.ts": `import "./a"; import { all } from "./registry"; export const GET = () => all();`,
    },
    edits: [
      { "a.ts": `import { register } from "./registry"; register("b");` },
      { "a.ts": `import { register } from "./registry"; register("b"); register("c");` },
      {
        "registry.ts": `const items = []; export const register = (item) => { items.push(item + "!"); }; export const all = () => items;`,
      },
    ],
  },
  {
    law: "registration whose value is used",
    files: {
      "bus.ts": `const handlers = []; export const on = (h) => { handlers.push(h); return () => handlers.splice(handlers.indexOf(h), 1); }; export const fire = () => handlers.map((h) => h());`,
      "a.ts": `import { on } from "./bus"; export const off = on(() => "a");`,
      "entry.ts": `import "./a"; import { fire } from "./bus"; export const GET = () => fire();`,
    },
    edits: [{ "a.ts": `import { on } from "./bus"; export const off = on(() => "A");` }],
  },
  {
    law: "export const User = define(…)",
    files: {
      "models.ts": `const models = {}; export function define(name, fields) { models[name] = fields; return { name, fields }; } export const names = () => Object.keys(models);`,
      "user.ts": `import { define } from "./models"; export const User = define("user", ["id"]);`,
      "entry.ts": `import { User } from "./user"; import { names } from "./models"; export const GET = () => [User.fields, names()];`,
    },
    edits: [
      {
        "user.ts": `import { define } from "./models"; export const User = define("person", ["id", "name"]);`,
      },
    ],
  },
  {
    law: "registration by a class decorator",
    files: {
      "container.ts": `export const controllers = []; export function Controller(path) { return (target) => { controllers.push([path, target.name]); }; }`,
      "users.ts": `import { Controller } from "./container"; @Controller("/users") class Users {} export { Users };`,
      "entry.ts": `import "./users"; import { controllers } from "./container"; export const GET = () => controllers;`,
    },
    edits: [
      {
        "users.ts": `import { Controller } from "./container"; @Controller("/people") class People {} export { People };`,
      },
    ],
  },
  {
    law: "registration in a static block",
    files: {
      "registry.ts": registry("new Map()"),
      "a.ts": `import { registry } from "./registry"; export class A { static { registry.set("A", 1); } }`,
      "entry.ts": `import "./a"; import { registry } from "./registry"; export const GET = () => [...registry];`,
    },
    edits: [
      {
        "a.ts": `import { registry } from "./registry"; export class A { static { registry.set("B", 2); } }`,
      },
    ],
  },
  {
    law: "registration through an alias of a part",
    files: {
      "app.ts": `export const app = { routes: { get: {} } };`,
      "a.ts": `import { app } from "./app"; const { get } = app.routes; get["/a"] = 1;`,
      "entry.ts": `import "./a"; import { app } from "./app"; export const GET = () => Object.keys(app.routes.get);`,
    },
    edits: [{ "a.ts": `import { app } from "./app"; const { get } = app.routes; get["/b"] = 1;` }],
  },
  {
    law: "registration through a barrel",
    files: {
      "registry.ts": registry("new Map()"),
      "index.ts": `export * from "./registry";`,
      "a.ts": `import { registry } from "./index"; registry.set("a", 1);`,
      "entry.ts": `import "./a"; import { registry } from "./index"; export const GET = () => [...registry.keys()];`,
    },
    edits: [{ "a.ts": `import { registry } from "./index"; registry.set("b", 1);` }],
  },
  {
    law: "a registry hidden in the closure of a factory",
    files: {
      "create-bus.ts": `export function createBus() { const all = []; return { on(h) { all.push(h); }, fire: () => all.map((h) => h()) }; }`,
      "bus.ts": `import { createBus } from "./create-bus"; export const bus = createBus();`,
      "a.ts": `import { bus } from "./bus"; bus.on(() => "a");`,
      "entry.ts": `import "./a"; import { bus } from "./bus"; export const GET = () => bus.fire();`,
    },
    edits: [{ "a.ts": `import { bus } from "./bus"; bus.on(() => "A");` }],
  },
  {
    law: "methods added to another module's prototype",
    files: {
      "model.ts": `export class Model { name = "m"; }`,
      "extend.ts": `import { Model } from "./model"; Model.prototype.hello = function () { return "hello " + this.name; };`,
      "entry.ts": `import { Model } from "./model"; import "./extend"; export const GET = () => { const m = new Model(); return [m.hello?.(), m.bye?.()]; };`,
    },
    edits: [
      {
        "extend.ts": `import { Model } from "./model"; Model.prototype.bye = function () { return "bye " + this.name; };`,
      },
      { "model.ts": `export class Model { name = "n"; }` },
    ],
  },
  {
    law: "statics put on an imported class or function",
    files: {
      "tool.ts": `export function tool() { return tool.options; }`,
      "setup.ts": `import { tool } from "./tool"; tool.options = { a: 1 };`,
      "entry.ts": `import "./setup"; import { tool } from "./tool"; export const GET = () => tool();`,
    },
    edits: [
      { "setup.ts": `import { tool } from "./tool"; tool.options = { b: 2 };` },
      { "setup.ts": `export {};` },
    ],
  },
  {
    law: "an exported let changed through a setter while another module evaluates",
    files: {
      "level.ts": `export let level = 1; export const setLevel = (n) => { level = n; };`,
      "setup.ts": `import { setLevel } from "./level"; setLevel(5);`,
      "entry.ts": `import "./setup"; import { level } from "./level"; export const GET = () => level;`,
    },
    edits: [{ "setup.ts": `import { setLevel } from "./level"; setLevel(7);` }, { "setup.ts": `export {};` }],
  },
  {
    law: "a counter that modules take numbers from",
    files: {
      "ids.ts": `let next = 0; export const takeId = () => ++next;`,
      "a.ts": `import { takeId } from "./ids"; export const a = "a" + takeId();`,
      "b.ts": `import { takeId } from "./ids"; export const b = "b" + takeId();`,
      "entry.ts": `import { a } from "./a"; import { b } from "./b"; export const GET = () => [a, b];`,
    },
    edits: [{ "a.ts": `import { takeId } from "./ids"; export const a = "A" + takeId();` }],
  },
  {
    law: "a chain: a plugin contributes to a list that a second module copies into a third one's map",
    files: {
      "plugins.ts": `export const plugins = [];`,
      "hooks.ts": `export const hooks = new Map();`,
      "a.ts": `import { plugins } from "./plugins"; plugins.push({ name: "a", run: () => "A" });`,
      "boot.ts": `import "./a"; import { plugins } from "./plugins"; import { hooks } from "./hooks"; for (const p of plugins) hooks.set(p.name, p.run);`,
      "entry.ts": `import "./boot"; import { hooks } from "./hooks"; export const GET = () => [...hooks].map(([k, run]) => k + run());`,
    },
    edits: [
      { "a.ts": `import { plugins } from "./plugins"; plugins.push({ name: "b", run: () => "B" });` },
      { "hooks.ts": `export const hooks = new Map([["own", () => "O"]]);` },
    ],
  },
  {
    law: "an array is sorted in place by another module",
    files: {
      "list.ts": `export const list = [3, 1, 2];`,
      "sort.ts": `import { list } from "./list"; list.sort((a, b) => a - b);`,
      "entry.ts": `import "./sort"; import { list } from "./list"; export const GET = () => list;`,
    },
    edits: [
      { "sort.ts": `import { list } from "./list"; list.sort((a, b) => b - a);` },
      { "sort.ts": "export {};" },
    ],
  },
  {
    law: "an imported object is frozen or sealed by another module",
    files: {
      "config.ts": `export const config = { a: 1 };`,
      "freeze.ts": `import { config } from "./config"; Object.freeze(config);`,
      "entry.ts": `import "./freeze"; import { config } from "./config"; export const GET = () => Object.isFrozen(config);`,
    },
    edits: [
      { "freeze.ts": `export {};` },
      { "freeze.ts": `import { config } from "./config"; Object.freeze(config);` },
    ],
  },
  {
    law: "a getter is defined on an imported object",
    files: {
      "config.ts": `export const config = { a: 1 };`,
      "setup.ts": `import { config } from "./config"; Object.defineProperty(config, "b", { configurable: true, get: () => 2 });`,
      "entry.ts": `import "./setup"; import { config } from "./config"; export const GET = () => config.b;`,
    },
    edits: [
      {
        "setup.ts": `import { config } from "./config"; Object.defineProperty(config, "b", { configurable: true, get: () => 3 });`,
      },
      { "setup.ts": `export {};` },
    ],
  },
  {
    law: "metadata in a WeakMap",
    files: {
      "metadata.ts": `const store = new WeakMap(); export const annotate = (target, value) => store.set(target, value); export const of = (target) => store.get(target);`,
      "user.ts": `export class User {}`,
      "setup.ts": `import { annotate } from "./metadata"; import { User } from "./user"; annotate(User, "v1");`,
      "entry.ts": `import "./setup"; import { of } from "./metadata"; import { User } from "./user"; export const GET = () => of(User);`,
    },
    edits: [
      {
        "setup.ts": `import { annotate } from "./metadata"; import { User } from "./user"; annotate(User, "v2");`,
      },
      { "setup.ts": `export {};` },
    ],
  },
  {
    law: "middleware set on a linked list inside objects",
    files: {
      "chain.ts": `export const head = { next: undefined, name: "head" }; export const names = () => { const out = []; for (let n = head; n; n = n.next) out.push(n.name); return out; };`,
      "a.ts": `import { head } from "./chain"; let tail = head; while (tail.next) tail = tail.next; tail.next = { name: "a", next: undefined };`,
      "b.ts": `import { head } from "./chain"; let tail = head; while (tail.next) tail = tail.next; tail.next = { name: "b", next: undefined };`,
      "entry.ts": `import "./a"; import "./b"; import { names } from "./chain"; export const GET = () => names();`,
    },
    edits: [
      {
        "a.ts": `import { head } from "./chain"; let tail = head; while (tail.next) tail = tail.next; tail.next = { name: "A", next: undefined };`,
      },
      { "b.ts": `export {};` },
    ],
  },
  {
    law: "an event emitter that modules listen to",
    files: {
      "bus.ts": `import { EventEmitter } from "node:events"; export const bus = new EventEmitter();`,
      "a.ts": `import { bus } from "./bus"; bus.on("x", (out) => out.push("a"));`,
      "entry.ts": `import "./a"; import { bus } from "./bus"; export const GET = () => { const out = []; bus.emit("x", out); return out; };`,
    },
    edits: [
      { "a.ts": `import { bus } from "./bus"; bus.on("x", (out) => out.push("A"));` },
      { "a.ts": "export {};" },
    ],
  },
  {
    law: "a dependency injection container with factories",
    files: {
      "container.ts": `class Container { #made = new Map(); #factories = new Map(); bind(key, make) { this.#factories.set(key, make); return this; } get(key) { if (!this.#made.has(key)) this.#made.set(key, this.#factories.get(key)(this)); return this.#made.get(key); } } export const container = new Container();`,
      "services.ts": `import { container } from "./container"; import { rows } from "./rows"; container.bind("rows", () => rows()).bind("count", (c) => c.get("rows").length);`,
      "rows.ts": `export const rows = () => [1, 2];`,
      "entry.ts": `import "./services"; import { container } from "./container"; export const GET = () => [container.get("rows"), container.get("count")];`,
    },
    edits: [
      { "rows.ts": `export const rows = () => [1, 2, 3];` },
      {
        "services.ts": `import { container } from "./container"; container.bind("rows", () => []).bind("count", (c) => c.get("rows").length);`,
      },
    ],
  },
  {
    law: "a comment in a contributor runs nothing",
    files: {
      "registry.ts": registry("[]"),
      "a.ts": `import { registry } from "./registry"; registry.push("a");`,
      "entry.ts": `import "./a"; import { registry } from "./registry"; export const GET = () => registry;`,
    },
    edits: [
      { "a.ts": `import { registry } from "./registry"; registry.push("b");` },
      { "a.ts": `// why\nimport { registry } from "./registry"; type X = 1; registry.push("b");` },
    ],
    runs: ["a.ts", "registry.ts"],
  },
  {
    law: "a side-effect file mutates an object that a package-like module returned to several",
    files: {
      "schema.ts": `export const schema = { types: [] }; export const type = (name) => { const t = { name, fields: {} }; schema.types.push(t); return t; };`,
      "post.ts": `import { type } from "./schema"; export const Post = type("Post"); Post.fields.id = "Int";`,
      "comment.ts": `import { type } from "./schema"; import { Post } from "./post"; export const Comment = type("Comment"); Post.fields.comments = () => Comment.name; Comment.fields.post = () => Post.name;`,
      "entry.ts": `import "./comment"; import { schema } from "./schema"; export const GET = () => schema.types.map((t) => [t.name, Object.keys(t.fields), Object.values(t.fields).map((f) => typeof f === "function" ? f() : f)]);`,
    },
    edits: [
      {
        "post.ts": `import { type } from "./schema"; export const Post = type("Article"); Post.fields.id = "ID";`,
      },
      { "comment.ts": `import { type } from "./schema"; export const Comment = type("Remark");` },
    ],
  },
]);
