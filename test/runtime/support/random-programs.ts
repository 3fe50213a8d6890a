/** A file as statements: those that a counterexample does not need can be dropped one by one. */
export type Statements = readonly string[];

/** A program that nobody wrote, and what is done to it. */
export interface RandomProgram {
  readonly files: Readonly<Record<string, Statements>>;
  readonly edits: readonly Readonly<Record<string, Statements>>[];
  readonly entries: readonly string[];
}

/** Deterministic numbers: the same seed gives the same programs on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1;
  }

  /** A number in `[0, 1)`. */
  next(): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("Nothing to pick from.");
    return item;
  }
}

const SHARED: Readonly<Record<string, Statements>> = {
  "registry.js": [
    `export const list = [];`,
    `export const map = new Map();`,
    `export class App { #used = []; use(f) { this.#used.push(f); } all() { return this.#used.map((f) => f()); } kind() { return "app"; } }`,
    `export const app = new App();`,
    `const tags = new Map(); export const tag = (name, value) => { tags.set(name, value); }; export const tagOf = (name) => tags.get(name);`,
    `export const register = (name) => { list.push(name); return () => list.indexOf(name); };`,
  ],
  "config.js": [
    `export const cfg = { base: 1 };`,
    `export let level = 0;`,
    `export const setLevel = (n) => { level = n; };`,
  ],
  "once.js": [
    `export const once = (make) => { let made; return () => (made ??= { value: make() }).value; };`,
    `export class Service { #made; constructor(make) { this.make = make; } get() { return (this.#made ??= this.make()); } }`,
  ],
};

/** What stays the same in a program. */
interface Outline {
  readonly random: Random;
  readonly count: number;
  readonly entries: readonly string[];
  /**
   * Whether functions use `import()`. What that loads stays loaded, so the answers are those of a fresh process only
   * when one entry asks every function every time.
   */
  readonly hasLateImports: boolean;
}

/** A graph of modules with top-level reads, functions, registrations, lazy values, re-exports and cycles. */
export function randomProgram(seed: number, editCount: number): RandomProgram {
  const random = new Random(seed);
  const count = 3 + random.below(5);
  const entries = random.chance(0.6) ? ["e0.js"] : ["e0.js", "e1.js"];
  const outline = { random, count, entries, hasLateImports: entries.length === 1 && random.chance(0.5) };
  const files: Record<string, Statements> = { ...SHARED, [`m${count}.js`]: lastModule(count) };
  for (let index = 0; index < count; index++) files[`m${index}.js`] = moduleText(outline, index);
  for (const entry of entries) files[entry] = entryText(outline);
  const edits = Array.from({ length: editCount }, () => randomEdit(outline));
  return { files, edits, entries };
}

/** Somebody whom even the last module can import late. */
function lastModule(count: number): Statements {
  return [`export const v${count} = "end";`, `export function f${count}() { return "end"; }`];
}

function randomEdit(outline: Outline): Record<string, Statements> {
  const { random, count, entries } = outline;
  const edit: Record<string, Statements> = {};
  const changes = random.chance(0.8) ? 1 : 2;
  for (let change = 0; change < changes; change++) {
    if (random.chance(0.12)) {
      edit[random.pick(entries)] = entryText(outline);
    } else if (random.chance(0.06)) {
      const base = `export const cfg = { base: ${random.below(100)} };`;
      edit["config.js"] = [base, ...(SHARED["config.js"] ?? []).slice(1)];
    } else {
      const index = random.below(count);
      edit[`m${index}.js`] = moduleText(outline, index);
    }
  }
  return edit;
}

/** Modules import those with a higher number; functions now and then use one with a lower number. */
function moduleText({ random, count, hasLateImports }: Outline, index: number): Statements {
  const c = random.below(1000);
  const statements: string[] = [];
  const values: string[] = [`${c}`];
  const calls: string[] = [`${c}`];
  for (let other = index + 1; other < count; other++) {
    if (random.chance(0.45)) importOther(random, other, { statements, values, calls });
  }
  if (index > 0 && random.chance(0.15)) {
    const back = random.below(index);
    statements.push(`import * as back${back} from "./m${back}";`);
    calls.push(`typeof back${back}.f${back}`);
  }
  statements.push(
    `export const v${index} = [${values.join(", ")}].join("/");`,
    `export function f${index}() { return [${calls.join(", ")}].join("+"); }`,
  );
  const above = Math.min(index + 1 + random.below(3), count);
  const init = { id: index, c, calls: calls.join(", "), other: random.below(count), above };
  for (const [chance, text] of EFFECTS) {
    const effect = random.chance(chance) ? text(init) : [];
    if (hasLateImports || !effect.some((line) => line.includes("import("))) statements.push(...effect);
  }
  return statements;
}

interface Parts {
  readonly statements: string[];
  /** Expressions that may be evaluated at top level. */
  readonly values: string[];
  /** Expressions for functions. */
  readonly calls: string[];
}

function importOther(random: Random, other: number, { statements, values, calls }: Parts): void {
  const spelling = random.below(5);
  if (spelling === 0) statements.push(`export * from "./m${other}";`);
  if (spelling === 1) statements.push(`export { v${other} as w${other} } from "./m${other}";`);
  if (spelling === 2) {
    statements.push(`import * as ns${other} from "./m${other}";`);
    calls.push(`ns${other}.v${other}`, `Object.keys(ns${other})`);
    if (random.chance(0.3)) values.push(`Object.keys(ns${other})`);
    if (random.chance(0.3)) values.push(`ns${other}.f${other}()`);
  }
  if (spelling > 2) {
    statements.push(`import { v${other}, f${other} } from "./m${other}";`);
    calls.push(`v${other}`, `f${other}()`);
    if (random.chance(0.35)) values.push(`v${other}`);
    if (random.chance(0.35)) values.push(`f${other}()`);
  }
}

/** What an effect is made of: the module's number, a constant, expressions for functions, any module. */
interface EffectInit {
  readonly id: number;
  readonly c: number;
  readonly calls: string;
  readonly other: number;
  /** A module that comes behind this one, if there is any. */
  readonly above: number;
}

/** How often a module has an effect, and its text. */
const EFFECTS: readonly (readonly [chance: number, text: (init: EffectInit) => Statements])[] = [
  [0.2, ({ id, c }) => [`import { list as list${id} } from "./registry";`, `list${id}.push("m${id}:${c}");`]],
  [
    0.12,
    ({ id, c }) => [
      `import { map as map${id} } from "./registry";`,
      `map${id}.set("k${c % 3}", "m${id}:${c}");`,
    ],
  ],
  [
    0.12,
    ({ id, c }) => [
      `import { register as reg${id} } from "./registry";`,
      `export const off${id} = reg${id}("r${id}:${c}");`,
    ],
  ],
  [
    0.1,
    ({ id, c }) => [`import { app as app${id} } from "./registry";`, `app${id}.use(() => "u${id}:${c}");`],
  ],
  [0.05, ({ id, c }) => [`import { tag as tag${id} } from "./registry";`, `tag${id}("m${id}", ${c});`]],
  [
    0.08,
    ({ id }) => [
      `import { tagOf as tagOf${id} } from "./registry";`,
      `export const t${id} = () => tagOf${id}("m${id}");`,
    ],
  ],
  [0.1, ({ id, c }) => [`import { cfg as cfg${id} } from "./config";`, `cfg${id}.m${id} = ${c};`]],
  [
    0.1,
    ({ id }) => [
      `import { cfg as seen${id} } from "./config";`,
      `export const c${id} = JSON.stringify(seen${id});`,
    ],
  ],
  [0.06, ({ id, c }) => [`import { setLevel as set${id} } from "./config";`, `set${id}(${c});`]],
  [
    0.08,
    ({ id }) => [`import { level as level${id} } from "./config";`, `export const l${id} = level${id};`],
  ],
  [
    0.08,
    ({ id }) => [`import { list as all${id} } from "./registry";`, `export const n${id} = all${id}.join();`],
  ],
  [
    0.08,
    ({ id, c }) => [
      `import { App as App${id} } from "./registry";`,
      `class Sub${id} extends App${id} { kind() { return super.kind() + ${c}; } }`,
      `export const k${id} = () => new Sub${id}().kind();`,
    ],
  ],
  [
    0.2,
    ({ id, calls }) => [
      `let kept${id};`,
      `export const lazy${id} = () => (kept${id} ??= [${calls}].join("?"));`,
    ],
  ],
  [
    0.1,
    ({ id, calls }) => [
      `const cache${id} = new Map();`,
      `export function cached${id}() { if (!cache${id}.has("k")) cache${id}.set("k", [${calls}].join("!")); return cache${id}.get("k"); }`,
    ],
  ],
  [
    0.15,
    ({ id, calls }) => [
      `import { once as once${id} } from "./once";`,
      `export const once_${id} = once${id}(() => [${calls}].join("1"));`,
    ],
  ],
  [
    0.1,
    ({ id, calls }) => [
      `import { Service as Service${id} } from "./once";`,
      `export const service${id} = new Service${id}(() => [${calls}].join("s"));`,
    ],
  ],
  [
    0.05,
    ({ id, calls }) => [
      `export const late${id} = Promise.resolve().then(() => [${calls}].join("p")).catch(String);`,
    ],
  ],
  [
    0.08,
    ({ id, other }) => [
      `export const dyn${id} = async () => { try { return (await import("./m${other}")).v${other}; } catch (error) { return error.message; } };`,
    ],
  ],
  [
    0.05,
    ({ id, other }) => [
      `let part${id};`,
      `export const dynKept${id} = async () => { try { return (part${id} ??= await import("./m${other}").then((m) => m.f${other}))(); } catch (error) { return error.message; } };`,
    ],
  ],
  [
    0.05,
    ({ id, above }) => [
      `const { v${above}: late${id}v } = await import("./m${above}");`,
      `export const top${id} = late${id}v;`,
    ],
  ],
  [0.05, ({ id }) => [`await 0; export const waited${id} = "w${id}";`]],
  [0.03, () => [`throw new Error("broken");`]],
];

/** Everything that the modules export is asked for: values, functions, lazy ones twice. */
function entryText({ random, count, hasLateImports }: Outline): Statements {
  const used = Array.from({ length: count }, (_, index) => index).filter(
    () => hasLateImports || random.chance(0.6),
  );
  const imports = used.map((index) => `import * as m${index} from "./m${index}";`);
  if (random.chance(0.3)) imports.reverse();
  return [
    ...imports,
    `import { list, map, app } from "./registry";`,
    `import { cfg, level } from "./config";`,
    `const show = async (v) => typeof v === "function" ? v() : typeof v?.get === "function" ? v.get() : v;`,
    `export const GET = async () => { const out = { list: [...list], map: [...map], used: app.all(), cfg, level }; for (const [i, m] of Object.entries({ ${used.map((index) => `m${index}`).join(", ")} })) for (const name of Object.keys(m)) out[i + "." + name] = await show(m[name]); return JSON.stringify(out); };`,
  ];
}
