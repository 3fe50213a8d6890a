import { expect, test } from "vitest";
import { ENVIRONMENT } from "../../../src/runtime/analysis/index.ts";
import type { ModuleAnalysis } from "../../../src/runtime/analysis/index.ts";
import { analyse } from "./analyse.ts";

test.each([
  ["a method call", "pkg.extend(plugin)", ["pkg"]],
  ["a function call", "setDefaults({})", ["pkg/set"]],
  ["an assignment", "pkg.defaults.baseURL = '/'", ["pkg"]],
  ["an awaited call", "await pkg.connect()", ["pkg"]],
  ["new", "new pkg.Counter({})", ["pkg"]],
  ["delete", "delete pkg.defaults.x", ["pkg"]],
  ["an update", "pkg.count++", ["pkg"]],
  ["Object.assign", "Object.assign(pkg.defaults, {})", ["pkg"]],
  ["a chain", "pkg.use(plugin).use(plugin)", ["pkg"]],
  ["a condition", "process.env.X && pkg.extend(plugin)", ["pkg"]],
  ["a block", "if (process.env.X) { pkg.extend(plugin) }", ["pkg"]],
  ["a function called at top level", "function setUp() { pkg.extend(plugin) } setUp()", ["pkg"]],
  ["an arrow called at top level", "const setUp = () => pkg.extend(plugin); setUp()", ["pkg"]],
  ["an iteration", "[plugin].forEach((each) => pkg.extend(each))", ["pkg"]],
  ["a part by another name", "const { defaults } = pkg; defaults.timeout = 1", ["pkg"]],
  ["a used result", "export const client = pkg.create()", []],
  ["an object of its own", "const app = pkg(); app.use(plugin)", []],
  ["a function nobody calls", "export const GET = () => { pkg.extend(plugin) }", []],
  ["a mapped result", "export const all = [1].map((x) => setDefaults(x))", []],
])("%s configures a package or not", async (_, source, specifiers) => {
  const { analysis } = await analyse(
    `import pkg from "pkg"; import { setDefaults } from "pkg/set"; import plugin from "plugin";\n${source}`,
  );
  expect(analysis.configuredImports.map((index) => analysis.imports[index]?.specifier)).toEqual(specifiers);
});

test.each([
  ["globalThis.db = 1", ["db"]],
  ["global.db ??= 1", ["db"]],
  ["self['db'] = 1", ["db"]],
  ["globalThis.app.routes.x = 1", ["app"]],
  ["globalThis.routes.push(1)", ["routes"]],
  ["(globalThis.routes ??= []).push(1)", ["routes"]],
  ["const g = globalThis as any; g.db = 1", ["db"]],
  ["Object.assign(globalThis, { a: 1, b: 2 })", ["a", "b"]],
  ["Object.defineProperty(globalThis, 'db', { value: 1 })", ["db"]],
  ["Array.prototype.last = function () {}", ["Array.prototype"]],
  ["Object.defineProperty(String.prototype, 'x', {})", ["String.prototype"]],
  ["globalThis[name] = 1; declare const name: string", ["*"]],
  ["process.env.MODE = 'x'", ["process.env"]],
  ["console.log = () => {}", ["console"]],
  ["delete globalThis.db", ["db"]],
  ["fetch = (() => {}) as any", ["fetch"]],
  ["const db = globalThis.db; console.log(Math.max(1, 2))", []],
  ["let fetch = 1; fetch = 2", []],
  ["export const f = (process) => { process.env.X = 1 }", []],
])("%s writes the globals it should", async (source, written) => {
  const { analysis } = await analyse(source);
  expect(analysis.globals.written).toEqual(written);
});

test.each([
  ["use(globalThis.db)", ["use", "db"]],
  ["const g = globalThis; export const get = () => g.db", ["db"]],
  ["const { db } = globalThis; export const get = () => db", ["db"]],
  ["registry.get(1)", ["registry"]],
  ["export const get = (name) => globalThis[name]", ["*"]],
  ["export default () => [...Object.keys(globalThis)]", ["Object", "*"]],
  ["export const last = Array.prototype.at", ["Array.prototype"]],
  ["export const mode = process.env.MODE", ["process.env"]],
  ["const db = 1; export const get = () => db", []],
])("%s mentions the globals it should", async (source, mentioned) => {
  const { analysis } = await analyse(source);
  expect(analysis.globals.mentioned).toEqual(mentioned);
});

test.each([
  ["process.env.KEY", true],
  ["process.env[key]", true],
  ["import.meta.env.VITE_KEY", true],
  ["const { env } = process", true],
  ["const p = process; use(p.env)", true],
  ["globalThis.process.env.KEY", true],
  ["import process from 'node:process'; use(process.env)", true],
  ["import { env } from 'process'; use(env)", true],
  ["import { cwd } from 'node:process'; cwd()", false],
  ["process.cwd(); process.on('exit', () => {})", false],
  ["use(import.meta.url)", false],
  ["export const f = (process) => process.env", false],
])("%s may read the environment or not", async (source, mentions) => {
  const { analysis } = await analyse(source);
  expect(analysis.mentionsEnv).toBe(mentions);
});

test.each([
  ["export const url = process.env.URL", []],
  ["const { env } = process; export const url = schema(env)", []],
  ["export const url = () => process.env.URL", ["URL"]],
  ["export const url = () => process.env['A_URL'] ?? process.env?.B", ["A_URL", "B"]],
  ["const { env } = process; export const url = () => env.URL", ["URL"]],
  ["const { env } = process; export const get = (key) => env[key]", ["*"]],
  ["export const all = () => ({ ...process.env })", ["*"]],
  ["import { env } from 'node:process'; export const get = (key) => env[key]", ["*"]],
  ["export const config = { get url() { return import.meta.env.VITE_URL } }", ["VITE_URL"]],
])("functions of %s may read these keys when they are called: %s", async (source, keys) => {
  const { analysis } = await analyse(source);
  expect(analysis.environmentLater).toEqual(keys);
});

const ofEnvironment = (references: ModuleAnalysis["lazy"]): readonly string[] =>
  references.flatMap(({ import: site, name }) => (site === ENVIRONMENT ? [name] : []));

test.each([
  ["let url; export const get = () => (url ??= process.env.URL)", ["URL"]],
  ["let url; export function get() { if (!url) url = process.env.URL; return url }", ["URL"]],
  [
    "const conf = () => ({ url: process.env.URL }); let db; export const get = () => (db ??= connect(conf()))",
    ["URL"],
  ],
  ["let n = 0; export const get = () => { n += 1; return process.env.URL }", []],
  ["const url = process.env.URL; let n; export const get = () => (n ??= 1)", []],
])("%s fills something once from these keys: %s", async (source, keys) => {
  const { analysis } = await analyse(source);
  expect(ofEnvironment(analysis.lazy)).toEqual(keys);
});

test.each([
  ["import { f } from './f'; memo(f)", ["f"]],
  ["import { f } from './f'; const g = f; new Conf({ read: g })", ["f"]],
  ["import * as m from './f'; memo(m.f)", ["f"]],
  ["import { f } from './f'; export const value = f('KEY')", []],
  ["import { f } from './f'; export const value = parse(f('KEY'))", []],
])("%s hands over these functions of other modules: %s", async (source, names) => {
  const { analysis } = await analyse(source);
  expect(analysis.handedOn.map(({ name }) => name)).toEqual(names);
});

test.each([
  ["export const url = memo(() => process.env.URL)", ["URL"]],
  ["const read = () => process.env.URL; export const conf = new Conf(read)", ["URL"]],
  ["const read = () => process.env.URL; export const conf = new Conf({ read })", ["URL"]],
  ["export const url = memo(() => 1); export const later = () => process.env.URL", []],
  ["export const url = memo(process.env.URL)", []],
])("%s hands over functions that read these keys: %s", async (source, keys) => {
  const { analysis } = await analyse(source);
  expect(ofEnvironment(analysis.captured)).toEqual(keys);
});

test.each([
  ["functions", "export function f() { g() } export const g = () => f(); export default () => g()", true],
  ["data", "export const data = { a: 1, b: [-2, 'x', null], get c() { return f() }, ['d']: `x` }", false],
  [
    "literals",
    "const data = { a: 1, b: [-2, 'x', null], get c() { return f() }, d: /x/ }; export { data }",
    true,
  ],
  ["empty containers", "export const seen = new Map(); let count = 0, list: string[] = []", true],
  ["a class", "export class Shop extends Error { #open = f(); static name2 = 'x'; go() { f() } }", true],
  ["names of others", "import { a, f } from './a'; export const b = a, c = a ? f : a ?? 1", true],
  ["a static field that is called", "export class Shop { static all = f() }", false],
  ["a static block", "export class Shop { static { f() } }", false],
  ["a computed key", "export class Shop { [key()]() {} }", false],
  ["a decorator", "@register export class Shop {}", false],
  ["a class of its own by the name of a native", "class Map {} export const m = new Map()", false],
  ["a call", "export const a = f()", false],
  ["a member of anything", "import { a } from './a'; export const b = a.b", false],
  ["a global", "export const client = db", false],
  ["destructuring", "import { a } from './a'; export const { b } = a", false],
  ["spread", "import { a } from './a'; export const b = [...a], c = { ...a }", false],
  ["a template", "import { a } from './a'; export const b = `${a}`", false],
  ["arithmetic", "import { a } from './a'; export const b = a + 1", false],
  ["an assignment", "import { a } from './a'; let b; b = a", false],
  ["a condition", "if (true) {}", false],
  ["top-level await", "export const a = await 1", false],
  ["import.meta", "export const a = import.meta.hot", false],
])("a module only declares or not: %s", async (_, source, expected) => {
  expect((await analyse(source)).analysis.isInert).toBe(expected);
});
