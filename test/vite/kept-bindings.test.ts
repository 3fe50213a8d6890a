import { describe, expect, test, vi } from "vitest";
import type { ReloadReport } from "../../src/protocol/report.ts";
import { createProject } from "./support/project.ts";
import { serve } from "./support/serve.ts";
import type { Served, ServeOptions } from "./support/serve.ts";

const FILE = "pages/api/a.ts";

/** A route that answers with an expression as JSON. */
function answering(expression: string): string {
  return `export const GET = async (): Promise<Response> => Response.json((${expression}) ?? null);`;
}

async function reloadIn({ reports }: Served): Promise<ReloadReport> {
  return vi.waitFor(() => {
    const reload = reports.find(({ event }) => event === "reload");
    if (reload?.event !== "reload") throw new Error("Nothing has been told yet.");
    return reload;
  });
}

/** One edit of a route: what it answers before and after, and what is told. */
async function edit(
  [text, edited]: readonly [string, string],
  options: ServeOptions & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<{ answers: readonly unknown[]; told: string }> {
  const project = createProject({ [FILE]: text, ...options.files });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, ...options });
  const ask = async (): Promise<unknown> => JSON.parse(await served.get("/api/a"));
  const answers = [await ask(), await ask()];
  project.write(FILE, edited);
  answers.push(await ask());
  const { summary } = await reloadIn(served);
  return { answers, told: summary.replace(/^.*? → \/api\/a(?:; |$)/, "") };
}

interface Case {
  readonly law: string;
  /** Declarations, the same before and after. */
  readonly head: string;
  readonly before: string;
  readonly after: string;
  readonly answers: readonly unknown[];
  readonly told: string;
  readonly files?: Readonly<Record<string, string>>;
}

describe("in TypeScript, a top-level binding keeps its value", () => {
  test.for<Case>([
    {
      law: "beside enums, and holding a member of one",
      head: "enum Color { Red, Green } const enum Size { S = 5 }\nlet last: Color = Color.Red; let size: Size = Size.S;",
      before: "(last = Color.Green, size++, [Color[last], size])",
      after: "[last, size]",
      answers: [
        ["Green", 6],
        ["Green", 7],
        [1, 7],
      ],
      told: "kept last, size",
    },
    {
      law: "beside overloads, abstract and generic classes, declared and type-only names",
      head: `declare const nothing: number; declare let later: string; export type Hits = number; import type { Stats } from "node:fs";
        abstract class Base<T> { constructor(readonly start: T) {} abstract read(): T }
        class Counter extends Base<number> { read(): number { return this.start + hits; } }
        function bump(by: number): number; function bump(by: string): number;
        function bump(by: number | string): number { hits += Number(by); return hits; }
        let stats: Stats | undefined; let hits: Hits = 0;`,
      before: `(bump(1), bump("2"), new Counter(10).read())`,
      after: "[hits, stats === undefined]",
      answers: [13, 16, [6, true]],
      told: "kept stats, hits",
    },
    {
      law: "behind satisfies, as, ! and type arguments",
      head: "const config = { hits: 0 } satisfies { hits: number }; let names = new Map() as Map<string, number>; let n = (1 as number)!; const seen = new Set<string>();",
      before: `(config.hits++, names.set("a", 1), seen.add("b"), n++, [config.hits, names.size, seen.size, n])`,
      after: "[config.hits, names.size, seen.size, n]",
      answers: [
        [1, 1, 1, 2],
        [2, 1, 1, 3],
        [2, 1, 1, 3],
      ],
      told: "kept config, names, n, seen",
    },
    {
      law: "that is written by for-in, for-of, nested patterns with defaults and rest, and logical assignment",
      head: `let key = ""; let index = 0; let deep = 0; let rest: Record<string, unknown> = {}; let on: unknown = 1;
        function write() {
          for (key in { x: 1 }); for ([index] of [[4]]);
          ({ a: { deep = 3 } = {}, ...rest } = { z: 1 } as any);
          on &&= "yes";
          return [key, index, deep, rest, on];
        }`,
      before: "write()",
      after: "[key, index, deep, rest, on]",
      answers: Array.from({ length: 3 }, () => ["x", 4, 3, { z: 1 }, "yes"]),
      told: "kept key, index, deep and 2 more",
    },
    {
      law: "and other modules see it, as a named export, an alias and through the namespace",
      head: `import { seen } from "../../lib/seen.ts"; export let n = 0; export { n as alias }; export const items: number[] = [];`,
      before: "(n++, [seen(), items.length])",
      after: "(seen(), [n, items.length])",
      answers: [
        [[1, 1, 1], 1],
        [[2, 2, 2], 2],
        [2, 3],
      ],
      told: "kept n, items",
      files: {
        "lib/seen.ts": `import { alias, items, n } from "../pages/api/a.ts"; import * as all from "../pages/api/a.ts";
          export const seen = () => { items.push(n); return [n, alias, all.n]; };`,
      },
    },
    {
      law: "and instances of a class in it get the methods that the edit added",
      head: "const people = new Map<string, Person>();",
      before: `((person) => (people.set("ada", person), person.greet()))(people.get("ada") ?? new Person())\n;class Person { times = 0; greet() { return ++this.times; } }`,
      after: `[people.get("ada")!.greet(), people.get("ada") instanceof Person]\n;class Person { times = 0; greet() { return \`hello \${++this.times}\`; } }`,
      answers: [1, 2, ["hello 3", true]],
      told: "kept people",
    },
  ])("$law", async ({ head, before, after, answers, told, files = {} }) => {
    const text = (expression: string): string => {
      const [answer = "", ...rest] = expression.split("\n;");
      return [head, ...rest, answering(answer)].join("\n");
    };
    expect(await edit([text(before), text(after)], { files })).toEqual({ answers, told });
  });
});

describe("a top-level binding begins anew, and the line says why", () => {
  test.for<{ law: string; from: string; to: string; told: string }>([
    {
      law: "when it is renamed",
      from: "let hits = 0; const next = () => ++hits;",
      to: "let visits = 0; const next = () => ++visits;",
      told: "reset hits (renamed or removed)",
    },
    {
      law: "when its initializer changed, and only that one",
      from: "let a = 0, b = 0; const next = () => a++ + ++b;",
      to: "let a = 0, b = 10; const next = () => a * 0 + b - 9;",
      told: "kept a; reset b (its initializer changed)",
    },
    {
      law: "when a member of an enum that it begins with has another value",
      from: "enum Level { Low = 1 } let level: number = Level.Low; const next = () => level++;",
      to: "enum Level { Low = 1, High = 2 } let level: number = Level.Low; const next = () => level;",
      told: "reset level (its initializer changed)",
    },
    {
      law: "when the fields of a class changed, whose instances a kept Map holds",
      from: "class P { n = 1 } const all = new Map<string, P>(); const next = () => all.set('a', new P()).get('a')!.n;",
      to: "class P { n = 1; m = 1 } const all = new Map<string, P>(); const next = () => all.get('a')!.n;",
      told: "kept all; still old P (1 kept instance has the old class: its fields changed)",
    },
  ])("$law", async ({ from, to, told }) => {
    const result = await edit([`${from}\n${answering("next()")}`, `${to}\n${answering("next()")}`]);
    expect([result.answers.at(-1), result.told]).toEqual([1, told]);
  });

  test("when preserveState is off", async () => {
    const options = { plugin: { hmr: { debounceMs: 10, preserveState: false } } };
    expect(await edit(around("let hits = 0;", "++hits", "[++hits]"), options)).toEqual({
      answers: [1, 2, [1]],
      told: "reset hits (preserveState is off)",
    });
  });
});

describe("in TypeScript as well", () => {
  test("// @hot-reset opts one declaration out", async () => {
    const head = "// @hot-reset\nlet a: number = 0;\nlet b: number = 0;";
    const { answers, told } = await edit(around(head, "[++a, ++b]", "[a, b]"));
    expect([answers.at(-1), told]).toEqual([[0, 2], "kept b"]);
  });

  test('"no hot state" opts the file out', async () => {
    const head = '"no hot state";\nimport type { Stats } from "node:fs";\nlet a: number = 0;';
    const { answers, told } = await edit(around(head, "++a", "[a]"));
    expect([answers.at(-1), told]).toEqual([[0], ""]);
  });
});

/** The same declarations in front of two answers. */
function around(head: string, before: string, after: string): readonly [string, string] {
  return [`${head}\n${answering(before)}`, `${head}\n${answering(after)}`];
}

test("an error names the line and column of the source, in a file whose bindings are kept", async () => {
  const text = `interface Wide { readonly type: string }
let n: number = 0; const seen = new Map<string, Wide>();
enum Kind { A, B }

export const GET = async (): Promise<Response> => {
  n++; seen.set(\`\${n}\`, { type: Kind[n] as string }); if (n > 0) throw new Error("here");
  return Response.json(seen.size);
};
`;
  const { fetch } = await serve(createProject({ [FILE]: text }));
  const detail = (await fetch("/api/a")).json();
  const line = text.split("\n").findIndex((each) => each.includes("throw"));
  const column = text.split("\n")[line]?.indexOf("new Error") ?? -1;
  expect(detail).toMatchObject({ file: FILE, line: line + 1, column: column + 1 });
});

const withTokens = (
  word: string,
): string => `const tokens: Record<string, symbol> = { user: Symbol("user"), admin: Symbol("admin") };
  let calls = 0;
  export const GET = () => Response.json(["${word}", tokens.user?.description, typeof tokens.admin, ++calls]);`;

test("names that are symbols are made by each process, without a word, and what stands beside them is kept", async () => {
  const project = createProject({ [FILE]: withTokens("one") });
  const first = await serve(project);
  expect(JSON.parse(await first.get("/api/a"))).toEqual(["one", "user", "symbol", 1]);
  await first.server.close();
  expect(first.reports).toEqual([]);
  project.write(FILE, withTokens("two"));
  const second = await serve(project);
  expect(JSON.parse(await second.get("/api/a"))).toEqual(["two", "user", "symbol", 2]);
  expect(second.reports).toEqual([]);
});

test("top-level bindings of every kind are the same after a restart, and what is not kept is named as it is written", async () => {
  const head = `const map = new Map<unknown, unknown>(); const set = new Set<unknown>(); let when = new Date(0); let big = 1n;
    const bytes = new Uint8Array(2); const holder: Record<string, unknown> = {}; let gone: unknown = 1; let socket: unknown;`;
  const fill = `(map.set("a", { run: () => 1, name: "Ada" }), set.add(map), when = new Date(5), big = 2n ** 70n, bytes[1] = 7,
    holder.self = holder, Object.defineProperty(holder, "__proto__", { value: { own: 1 }, enumerable: true, writable: true, configurable: true }),
    gone = undefined, 1)`;
  const look = `[map.get("a"), set.has(map), +when, String(big), [...bytes], holder.self === holder, Object.hasOwn(holder, "__proto__"), Reflect.get({}, "own") ?? 0, gone === undefined]`;
  const project = createProject({ [FILE]: `${head}\n${answering(fill)}` });
  const first = await serve(project);
  await first.get("/api/a");
  await first.server.close();
  expect(first.reports).toEqual([
    {
      event: "notice",
      level: "warn",
      message: `[orbit] Not kept over restarts: ${FILE}:map.a.run (a function).`,
    },
  ]);
  project.write(FILE, `${head}\n${answering(look)}`);
  const second = await serve(project);
  expect(JSON.parse(await second.get("/api/a"))).toEqual([
    { name: "Ada" },
    true,
    5,
    String(2n ** 70n),
    [0, 7],
    true,
    true,
    0,
    true,
  ]);
  expect(second.reports).toEqual([]);
});
