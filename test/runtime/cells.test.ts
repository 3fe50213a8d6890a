import { describe, expect, onTestFinished, test } from "vitest";
import { firstProjectFrame, mapStackTraces } from "../../src/runtime/index.ts";
import { moduleGate, settled } from "./support/log.ts";
import { at, memoryProject } from "./support/memory-project.ts";
import { MODULE_KINDS } from "./support/module-kinds.ts";

describe("a top-level binding keeps its value when its file is edited", () => {
  const cases: readonly {
    readonly law: string;
    readonly text: string;
    readonly edited: string;
    readonly answers: readonly unknown[];
    readonly after: unknown;
  }[] = [
    {
      law: "a let that handlers count up",
      text: "let counter = 0; export const GET = () => ++counter;",
      edited: "let counter = 0; export const GET = () => `now ${++counter}`;",
      answers: [1, 2],
      after: "now 3",
    },
    {
      law: "a Map of sessions",
      text: "const sessions = new Map(); export const GET = () => { sessions.set(sessions.size, 1); return sessions.size; };",
      edited: "const sessions = new Map(); export const GET = () => [...sessions.keys()];",
      answers: [1, 2],
      after: [0, 1],
    },
    {
      law: "one of several declarators, moved to another line",
      text: "let a = 1, b = 2; export const GET = () => { a++; b += 10; return [a, b]; };",
      edited: "const x = 5;\n\nlet b = 2;\nlet a = 1;\nexport const GET = () => [a, b];",
      answers: [[2, 12]],
      after: [2, 12],
    },
    {
      law: "a let without initializer, written by destructuring and for-of",
      text: "let last, sum = 0; export const GET = () => { for (last of [1, 2, 3]) sum += last; [last] = [last * 2]; ({ sum } = { sum }); return [last, sum]; };",
      edited: "let last, sum = 0; export const GET = () => ({ last, sum });",
      answers: [[6, 6]],
      after: { last: 6, sum: 6 },
    },
    {
      law: "an exported let, and a shadowed name beside it",
      text: "export let n = 1; export const GET = () => { n++; { let n = 100; n++; } const f = (n) => n + 1; return [n, f(5)]; };",
      edited: "export let n = 1; export const GET = () => [n];",
      answers: [[2, 6]],
      after: [2],
    },
    {
      law: "a let beside functions whose parameters and bodies have names like it",
      text: "let n = 1; const f = (x = n) => { let n = 'body'; return [x, n]; }; function g(n, m = () => n) { var n; return [n, m()]; } const h = ({ k = () => n } = {}) => { var n = 'var'; return [k(), n]; }; export const GET = () => { n++; return [f(), g(5), h()]; };",
      edited: "let n = 1; export const GET = () => n;",
      answers: [
        [
          [2, "body"],
          [5, 5],
          [2, "var"],
        ],
      ],
      after: 2,
    },
    {
      law: "a function stored in a let is called without the cell as this",
      text: "let f; export const GET = () => { f ??= function () { return this === undefined || this === globalThis; }; return f(); };",
      edited: "let f; export const GET = () => [typeof f];",
      answers: [true],
      after: ["undefined"],
    },
    {
      law: "a shorthand property with a default in a destructuring assignment",
      text: "let level = 1; export const GET = () => { ({ level = 7 } = {}); return { level }; };",
      edited: "let level = 1; export const GET = () => level;",
      answers: [{ level: 7 }],
      after: 7,
    },
  ];
  describe.each(MODULE_KINDS)("in $kind", ({ extension, write }) => {
    test.each(cases)("$law", async ({ text, edited, answers, after }) => {
      const entry = `entry.${extension}`;
      const project = memoryProject({ [entry]: write(text) });
      for (const answer of answers) expect(await project.ask(entry)).toEqual(answer);
      await project.edit({ [entry]: write(edited) });
      expect(await project.ask(entry)).toEqual(after);
    });
  });
});

describe("whatever a program is made of can be looked at", () => {
  const strange: readonly (readonly [what: string, expression: string])[] = [
    ["an object that only claims to be a Map", "Object.create(Map.prototype)"],
    ["the prototype of a class of Maps", "(class extends Map {}).prototype"],
    [
      "a Map whose iterator throws",
      `new (class extends Map { [Symbol.iterator]() { throw new Error("no"); } })([[1, 2]])`,
    ],
    [
      "a Set that refuses to be cleared",
      `new (class extends Set { clear() { throw new Error("no"); } })([1])`,
    ],
    ["an object that only claims to be a Date", "Object.create(Date.prototype)"],
    ["a proxy that lets nobody look", `new Proxy({}, { ownKeys() { throw new Error("no"); } })`],
    [
      "a revoked proxy",
      `(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()`,
    ],
    ["an array behind a proxy", "new Proxy([1], {})"],
  ];
  test.each(strange)("%s", async (_, expression) => {
    const project = memoryProject({
      "strange.js": `export const strange = ${expression};`,
      "entry.js": `import { strange } from "./strange"; const held = []; held.push(strange); const seen = new Set(); export const GET = () => { seen.add(strange); return [held.length, seen.size]; };`,
    });
    expect(await project.ask("entry.js")).toEqual([1, 1]);
    await project.edit({
      "entry.js": `import { strange } from "./strange"; const held = []; held.push(strange); const seen = new Set(); export const GET = () => [held.length, seen.size, "edited"];`,
    });
    expect(await project.ask("entry.js")).toEqual([1, 1, "edited"]);
  });
});

describe("a top-level binding begins anew", () => {
  const cases: readonly {
    readonly law: string;
    readonly text: string;
    readonly edited: string;
    readonly after: unknown;
  }[] = [
    {
      law: "when its initializer changed",
      text: "let n = 0; export const GET = () => ++n;",
      edited: "let n = 10; export const GET = () => ++n;",
      after: 11,
    },
    {
      law: "when what its initializer uses changed",
      text: "const start = 0; let n = start; export const GET = () => ++n;",
      edited: "const start = 50; let n = start; export const GET = () => ++n;",
      after: 51,
    },
    {
      law: "when it is renamed",
      text: "let n = 0; export const GET = () => ++n;",
      edited: "let m = 0; export const GET = () => ++m;",
      after: 1,
    },
    {
      law: "when it holds a function",
      text: "let f = () => 1; export const GET = () => f();",
      edited: "let f = () => 2; export const GET = () => f();",
      after: 2,
    },
    {
      law: "when it is filled while the module evaluates",
      text: "const list = []; list.push(1); export const GET = () => list.length;",
      edited: "const list = []; list.push(1, 2); export const GET = () => list.length;",
      after: 2,
    },
    {
      law: "when an edit begins to fill it at evaluation",
      text: "const list = []; export const GET = () => list.push('r');",
      edited: "const list = []; list.push('top'); export const GET = () => list;",
      after: ["top"],
    },
    {
      law: "when what its module has started fills it later",
      text: "let made; Promise.resolve('old').then((value) => (made = value)); export const GET = () => made;",
      edited:
        "let made; Promise.resolve('new').then((value) => (made = value)); export const GET = () => made;",
      after: "new",
    },
    {
      law: "when it counts evaluations",
      text: "let n = 0; n++; export const GET = () => n;",
      edited: "let n = 0; n++; export const GET = () => [n];",
      after: [1],
    },
    {
      law: "when // @hot-reset stands above it",
      text: "// @hot-reset\nlet n = 0; export const GET = () => ++n;",
      edited: "// @hot-reset\nlet n = 0; export const GET = () => [++n];",
      after: [1],
    },
    {
      law: 'when "no hot state" stands at the top',
      text: '"no hot state"; let n = 0; export const GET = () => ++n;',
      edited: '"no hot state"; let n = 0; export const GET = () => [++n];',
      after: [1],
    },
    {
      law: "when what fills it once changed",
      text: "let app; const build = () => 'old'; export const GET = () => (app ??= build());",
      edited: "let app; const build = () => 'new'; export const GET = () => (app ??= build());",
      after: "new",
    },
  ];
  describe.each(MODULE_KINDS)("in $kind", ({ extension, write }) => {
    test.each(cases)("$law", async ({ text, edited, after }) => {
      const entry = `entry.${extension}`;
      const project = memoryProject({ [entry]: write(text) });
      await project.ask(entry);
      await project.edit({ [entry]: write(edited) });
      expect(await project.ask(entry)).toEqual(after);
    });
  });
});

test("the reason for beginning anew is the part of the text that changed", async () => {
  const [before, after] = [1, 2].map(
    (n) =>
      `let plain = ${n}; let app; let pool = null; const build = () => ${n}; export const GET = (request) => { app ??= build(); pool ??= build() + String(request); return plain; };`,
  );
  const project = memoryProject({ "entry.js": String(before) });
  await project.ask("entry.js");
  await project.edit({ "entry.js": String(after) });
  await project.ask("entry.js");
  expect(project.commits.at(-1)?.reset).toEqual([
    { name: "entry.js:plain", why: "its initializer changed" },
    { name: "entry.js:app", why: "what fills it changed" },
    { name: "entry.js:pool", why: "its initializer or what fills it changed" },
  ]);
});

test("older requests and new ones see one value of a kept let, not two", async () => {
  const project = memoryProject({
    "entry.js":
      "let n = 0; export const GET = async () => { n++; await globalThis.orbitGate; n++; return n; }; export const now = () => n;",
  });
  expect(await project.ask("entry.js", "now")).toBe(0);
  const gate = moduleGate();
  const older = project.ask("entry.js");
  await settled();
  await project.edit({ "entry.js": "let n = 0; export const now = () => `n is ${n++}`;" });
  expect(await project.ask("entry.js", "now")).toBe("n is 1");
  gate.open();
  expect(await older).toBe(3);
  expect(await project.ask("entry.js", "now")).toBe("n is 3");
});

test("a transaction that fails leaves kept values as they were", async () => {
  const project = memoryProject({ "entry.js": "const list = []; export const GET = () => list.push('x');" });
  await project.ask("entry.js");
  await project.edit({ "entry.js": "const list = []; list.push('top'); throw new Error('no');" });
  await project.answer("entry.js");
  await project.edit({ "entry.js": "const list = []; export const GET = () => list;" });
  expect(await project.ask("entry.js")).toEqual(["x"]);
});

test("what another module fills at evaluation is no state, what requests add beside it in another binding is", async () => {
  const project = memoryProject({
    "registry.js": "export const routes = new Map(); export const hits = new Map();",
    "plugin.js": `import { routes } from "./registry.js"; routes.set("a", "old");`,
    "entry.js": `import "./plugin.js"; import { hits, routes } from "./registry.js"; export const GET = () => { hits.set("n", (hits.get("n") ?? 0) + 1); return [[...routes], hits.get("n")]; };`,
  });
  expect(await project.ask("entry.js")).toEqual([[["a", "old"]], 1]);
  await project.edit({ "plugin.js": `import { routes } from "./registry.js"; routes.set("b", "new");` });
  expect(await project.ask("entry.js")).toEqual([[["b", "new"]], 2]);
  expect(project.commits.at(-1)?.kept).toEqual(["registry.js:hits"]);
  expect(project.commits.at(-1)?.reset).toEqual([]);
});

test("what is filled while modules evaluate is only named where a request has changed it since", async () => {
  const [first, second, third] = ["first ", "second ", "third "].map(
    (word) =>
      `const routes = new Map(); routes.set("a", { hits: 0 }); export const look = () => "${word}" + routes.get("a").hits; export const GET = () => ++routes.get("a").hits;`,
  );
  const project = memoryProject({ "entry.js": String(first) });
  expect(await project.ask("entry.js", "look")).toBe("first 0");
  await project.edit({ "entry.js": String(second) });
  expect(await project.ask("entry.js", "look")).toBe("second 0");
  expect(project.commits.at(-1)?.reset).toEqual([]);
  expect(await project.ask("entry.js")).toBe(1);
  await project.edit({ "entry.js": String(third) });
  expect(await project.ask("entry.js", "look")).toBe("third 0");
  expect(project.commits.at(-1)?.reset).toEqual([
    { name: "entry.js:routes", why: "other modules change it while they load" },
  ]);
});

const sessionText = (method: string, fields = "count = 0;"): string =>
  `class Session { ${fields} bump() { return ${method}; } } const sessions = new Map(); export const GET = () => { const s = sessions.get(1) ?? new Session(); sessions.set(1, s); return [s.bump(), s instanceof Session]; };`;

describe("instances of an edited class in a kept Map", () => {
  test("get the new methods when the fields are the same", async () => {
    const project = memoryProject({ "entry.js": sessionText("++this.count") });
    await project.ask("entry.js");
    await project.edit({ "entry.js": sessionText("(this.count += 10)") });
    expect(await project.ask("entry.js")).toEqual([11, true]);
  });

  test("get them all, however many they are", async () => {
    const [before, after] = ["old ", "new "].map(
      (word) =>
        `class Session { name = "s"; greet() { return "${word}" + this.name; } } const sessions = new Map(); export const GET = () => { for (let i = sessions.size; i < 20_000; i++) sessions.set(i, { session: new Session() }); return new Set([...sessions.values()].map(({ session }) => session.greet())); };`,
    );
    const project = memoryProject({ "entry.js": String(before) });
    expect(await project.ask("entry.js")).toEqual(new Set(["old s"]));
    await project.edit({ "entry.js": String(after) });
    expect(await project.ask("entry.js")).toEqual(new Set(["new s"]));
  });

  test("are reported when they have #private fields, which only the old text can read", async () => {
    const project = memoryProject({ "entry.js": sessionText("++this.#count", "#count = 0;") });
    await project.ask("entry.js");
    await project.edit({ "entry.js": sessionText("(this.#count += 10)", "#count = 0;") });
    expect(await project.ask("entry.js")).toEqual([2, false]);
    expect(project.commits.at(-1)?.outdated).toEqual([
      {
        name: "entry.js:Session",
        why: "1 kept instance has the old class: only its own text can read its #private fields",
      },
    ]);
  });

  test("are reported when the fields of a class above theirs are others", async () => {
    const project = memoryProject({
      "base.js": "export class Base { n = 1; }",
      "entry.js": `import { Base } from "./base.js"; class Session extends Base { greet() { return this.m ?? "none"; } } const sessions = new Map(); export const GET = () => { const s = sessions.get(1) ?? new Session(); sessions.set(1, s); return s.greet(); };`,
    });
    expect(await project.ask("entry.js")).toBe("none");
    await project.edit({ "base.js": "export class Base { n = 1; m = 2; }" });
    await project.ask("entry.js");
    expect(project.commits.at(-1)?.outdated).toEqual([
      { name: "entry.js:Session", why: "1 kept instance has the old class: its fields changed" },
    ]);
  });

  test("are reported when the fields are others", async () => {
    const project = memoryProject({ "entry.js": sessionText("++this.count") });
    await project.ask("entry.js");
    await project.edit({ "entry.js": sessionText("this.name", "name = 'new';") });
    await project.ask("entry.js");
    expect(project.commits.at(-1)?.outdated).toEqual([
      { name: "entry.js:Session", why: "1 kept instance has the old class: its fields changed" },
    ]);
  });
});

test("without preserveState every binding begins anew", async () => {
  const project = memoryProject(
    { "entry.js": "let n = 0; export const GET = () => ++n;" },
    { preserveState: false },
  );
  await project.ask("entry.js");
  await project.edit({ "entry.js": "let n = 0; export const GET = () => [++n];" });
  expect(await project.ask("entry.js")).toEqual([1]);
});

test("stack traces point to the columns of the source behind a kept binding", async () => {
  onTestFinished(mapStackTraces());
  const project = memoryProject({
    "entry.js": "let n = 0;\nexport const GET = () => { n++; n += n; throw new Error(String(n)); };\n",
  });
  const error = await project.ask("entry.js").catch((thrown: unknown) => thrown);
  expect(firstProjectFrame(error)).toMatchObject({ line: 2, column: 47 });
});

test("a kept binding of a module with a top-level await keeps what requests do meanwhile", async () => {
  const project = memoryProject({
    "entry.js": "const list = []; export const GET = () => list.push('x'); export const all = () => list;",
  });
  await project.ask("entry.js");
  const gate = moduleGate();
  const older = project.runtime.beginRequest(at("entry.js"));
  const edited = project.edit({
    "entry.js": "const list = []; await globalThis.orbitGate; export const all = () => [...list, 'new'];",
  });
  await settled();
  const live = project.runtime.entry(at("entry.js"))?.namespace as { GET(): number } | undefined;
  older.run(() => live?.GET());
  older.close();
  gate.open();
  await edited;
  expect(await project.ask("entry.js", "all")).toEqual(["x", "x", "new"]);
});

const filling = (n: number, use = ""): string =>
  `const big = new Map(); ${use} export const fill = (count) => { for (let i = 0; i < count; i++) big.set(i, { i }); }; export const GET = () => [big.size, ${n}];`;

test("a value that is large and untouched is not looked through, one that an evaluation uses is", async () => {
  const project = memoryProject({ "entry.js": filling(1) });
  await project.ask("entry.js", "fill", 20_000);
  await project.edit({ "entry.js": filling(2) });
  expect(await project.ask("entry.js")).toEqual([20_000, 2]);
  await project.edit({ "entry.js": filling(3, `big.set("by evaluation", 1);`) });
  expect(await project.ask("entry.js")).toEqual([1, 3]);
  expect(project.commits.at(-1)?.reset).toMatchObject([{ name: "entry.js:big" }]);
});
