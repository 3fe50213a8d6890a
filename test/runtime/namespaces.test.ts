import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { memoryProject, PROPAGATIONS } from "./support/memory-project.ts";
import type { Ask, Files, ProjectOptions } from "./support/memory-project.ts";
import { testPrograms } from "./support/programs.ts";

/** Ways to ask a namespace `m` for its export `z`. */
const SPELLINGS: readonly string[] = [
  `m.z`,
  `m\n  .z`,
  `m .z`,
  `m. z`,
  `m /* of m */ . /* the last */ z`,
  `m // of m\n.z`,
  `m.\\u007a`,
  `m?.z`,
  `m ?. z`,
  `m?.["z"]`,
  `m["z"]`,
  `m ["z"]`,
  `m['z']`,
  "m[`z`]",
  `m["\\x7a"]`,
  `(m).z`,
  `((m)).z`,
  `(0, m).z`,
  `(m ?? 0).z`,
  `(true && m).z`,
  `[m][0].z`,
  `({ m }).m.z`,
  `m["" + "z"]`,
  "m[`${'z'}`]",
  `m[["z"]]`,
  `Reflect.get(m, "z")`,
  `((all) => all.z)(m)`,
  `(({ z }) => z)(m)`,
  `(() => { const { z } = m; return z; })()`,
  `(() => { const { "z": own = 1 } = m; return own; })()`,
  `(() => { const { y, ...rest } = m; return rest.z; })()`,
  `(() => { let z; ({ z } = m); return z; })()`,
  `(() => { for (const name in m) if (name === "z") return m[name]; })()`,
  `Object.keys(m).filter((name) => name === "z").map((name) => m[name])[0]`,
  `Object.entries(m).find(([name]) => name === "z")[1]`,
  `({ ...m }).z`,
  `Object.assign({}, m).z`,
  `"z" in m ? m.z : "not in m"`,
  `typeof m.z === "string" ? m.z : "no string"`,
  `m.missing ?? m?.missing ?? m["missing"] ?? m.z`,
  `m.\n  get()`,
  `m?.get()`,
  `m.get?.()`,
  `m?.get?.()`,
  `m["get"]()`,
  `(m.get)()`,
  `(m?.get)()`,
  `(0, m.get)()`,
  `m.get.call(undefined)`,
  `[1].map(m.get)[0]`,
  "m.get``",
  `new m.Holder().z`,
  `new (m.Holder)().z`,
  `new m["Holder"]().z`,
  `class extends m.Holder {}.z`,
  `m.holder.get()`,
  `m?.holder?.get()`,
  `m["holder"]["get"]()`,
];

/** Names that only a string or Unicode can spell. */
const NAMES: readonly string[] = [`m.é`, `m["é"]`, `m.$`, `m._`];

const exportsOf = (value: string): string =>
  `export const z = "${value}", y = 1, é = "${value}", $ = "${value}", _ = "${value}";
   export const get = () => "${value}";
   export class Holder { static z = "${value}"; z = "${value}"; }
   export const holder = { z: "${value}", get() { return this.z; } };`;

const scriptOf = (value: string): string =>
  exportsOf(value)
    .replace(/^export const z/, "const z")
    .replaceAll(/^ *export /gm, "")
    .concat(
      ["z", "y", "é", "$", "_", "get", "Holder", "holder"]
        .map((name) => `\nexports.${name} = ${name};`)
        .join(""),
    );

const MODULE_ONLY: readonly string[] = [
  `m["a-b"]`,
  `m?.["a-b"]`,
  "m[`a-b`]",
  `m.default`,
  `m["default"]`,
  `m ?. default`,
];

const moduleOf = (value: string): string =>
  `${exportsOf(value)}\nexport { z as "a-b" };\nexport default "${value}";`;

/** Texts that each ask in one of these ways, at top level and in a function, and an entry that asks all of them. */
function asking(spellings: readonly string[], specifier: string, extension = "js"): Files {
  const texts = spellings.map((spelling, index) => [
    `spelling-${index}.${extension}`,
    `import * as m from ${JSON.stringify(specifier)}; export const early = (${spelling}); export const late = () => (${spelling});`,
  ]);
  const each = spellings.map((spelling, index) => `[${JSON.stringify(spelling)}, s${index}]`);
  const imports = spellings.map((_, index) => `import * as s${index} from "./spelling-${index}";`);
  return {
    ...(Object.fromEntries(texts) as Files),
    "entry.js": `${imports.join("\n")}
      const all = [${each.join(", ")}];
      export const GET = () => ({ early: Object.fromEntries(all.map(([spelling, asked]) => [spelling, asked.early])), late: Object.fromEntries(all.map(([spelling, asked]) => [spelling, asked.late()])) });`,
  };
}

function expected(spellings: readonly string[], value: unknown): object {
  const all = Object.fromEntries(spellings.map((spelling) => [spelling, value]));
  return { early: all, late: all };
}

const ES_SPELLINGS = [...SPELLINGS, ...NAMES, ...MODULE_ONLY];
const TYPED = [`m!.z`, `(m as { z: string }).z`, `(<any>m).z`, `(m satisfies object as any)["z"]`];

/** A module behind a namespace, as it is and as it is after an edit. */
interface Case {
  readonly kind: string;
  readonly extension?: string;
  readonly spellings: readonly string[];
  readonly files: (value: string) => Files;
  readonly specifier: string;
}

const CASES: readonly Case[] = [
  {
    kind: "a module, asked by JavaScript",
    spellings: ES_SPELLINGS,
    files: (value) => ({ "m.js": moduleOf(value) }),
    specifier: "./m",
  },
  {
    kind: "a module, asked by TypeScript",
    extension: "ts",
    spellings: [...ES_SPELLINGS, ...TYPED],
    files: (value) => ({ "m.ts": moduleOf(value) }),
    specifier: "./m",
  },
  {
    kind: "a module that passes another one on",
    spellings: ES_SPELLINGS,
    files: (value) => ({
      "own.js": moduleOf(value),
      "m.js": `export * from "./own"; export { default } from "./own";`,
    }),
    specifier: "./m",
  },
  {
    kind: "a CommonJS file",
    spellings: [...SPELLINGS, ...NAMES, `m.default.z`, `m["default"]["z"]`, `m?.default?.z`],
    files: (value) => ({ "m.cjs": scriptOf(value) }),
    specifier: "./m.cjs",
  },
  {
    kind: "JSON",
    spellings: SPELLINGS.filter((spelling) => !/get|older/.test(spelling)).concat(
      `m.default.z`,
      `m["default"].z`,
    ),
    files: (value) => ({ "m.json": JSON.stringify({ z: value, y: 1 }) }),
    specifier: "./m.json",
  },
];

describe.each(PROPAGATIONS)("with %s", (propagation) => {
  test.each(CASES)("$kind: every spelling reads what is exported, before and after an edit", async (each) => {
    const { spellings, files, specifier, extension } = each;
    const project = memoryProject(
      { ...asking(spellings, specifier, extension), ...files("z1") },
      { propagation },
    );
    expect(await project.ask("entry.js")).toEqual(expected(spellings, "z1"));
    await project.edit(files("z2"));
    expect(await project.ask("entry.js")).toEqual(expected(spellings, "z2"));
    expect(await project.cold("entry.js")).toEqual({ value: expected(spellings, "z2") });
  });
});

test.each([
  { kind: "a package", file: "index.mjs", text: moduleOf("z1"), spellings: ES_SPELLINGS },
  {
    kind: "a CommonJS package",
    file: "index.cjs",
    text: scriptOf("z1"),
    spellings: [...SPELLINGS, ...NAMES],
  },
  {
    kind: "a CommonJS package that replaces what it exports",
    file: "index.cjs",
    text: `${scriptOf("z1")}\nmodule.exports = Object.assign({}, module.exports);`,
    spellings: SPELLINGS.filter((spelling) => !/in m|\.\.\.|Object\./.test(spelling)),
  },
])("$kind: every spelling reads what is exported", async ({ file, text, spellings }) => {
  const project = memoryProject(asking(spellings, "pkg"), packageOf(file, text));
  expect(await project.ask("entry.js")).toEqual(expected(spellings, "z1"));
});

test("a built-in is read in every spelling", async () => {
  const spellings = [
    `m.sep`,
    `m\n.sep`,
    `m?.sep`,
    `m["sep"]`,
    `m.default.sep`,
    `m["default"].sep`,
    `m?.posix.normalize("/")`,
    `m.posix?.["sep"]`,
    `(({ sep }) => sep)(m)`,
    `m.join("/")`,
    `m?.join?.("/")`,
    `m /* of path */ .join("/")`,
  ];
  const project = memoryProject(asking(spellings, "node:path"));
  expect(await project.ask("entry.js")).toEqual(expected(spellings, "/"));
});

/** What a namespace is besides what it exports; each is `true` in Node. */
const IDENTITIES: readonly string[] = [
  `m.self() === m`,
  `m?.self() === m`,
  `m.self?.() === m`,
  `m["self"]() === m`,
  `(m.self)() === m`,
  "m.self`` === m",
  `(0, m.self)() === undefined`,
  `((f) => f())(m.self) === undefined`,
  `m.self === m.self`,
  `m.self === Reflect.get(m, "self")`,
  `m.self.name === "self"`,
  `m.other().z === m.z`,
  `m.count(1, 2, 3) === 3`,
  `m.count(...[1, 2]) === 2`,
  `m.isClass === false && new m.Made() instanceof m.Made`,
  `[m, m].every((each) => each === m)`,
  `(() => { try { m.missing(); } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { m.z(); } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { m.Made(); } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { delete m.z; } catch (error) { return error instanceof TypeError && m.z === "z1"; } })()`,
  `(() => { try { delete m["z"]; } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { delete m?.z; } catch (error) { return error instanceof TypeError; } })()`,
  `delete m.missing`,
  `(() => { try { m.z = 2; } catch (error) { return error instanceof TypeError && m.z === "z1"; } })()`,
  `(() => { try { m["z"] = 2; } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { m.z += 2; } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { ({ z: m.z } = { z: 2 }); } catch (error) { return error instanceof TypeError; } })()`,
  `(() => { try { m.missing = 2; } catch (error) { return error instanceof TypeError; } })()`,
  `Object.keys(m).includes("z") && Object.keys(m).includes("self")`,
  `"z" in m && !("missing" in m)`,
  `Object.hasOwn(m, "z")`,
  `typeof m.missing === "undefined" && typeof m.z === "string"`,
  `typeof m === "object"`,
  `m[Symbol.toStringTag] === "Module"`,
];

const SELF = `export const z = "z1"; export function self() { return this; }
  export function other() { return { z: this.z }; } export function count(...all) { return all.length; }
  export const isClass = false; export class Made {}`;

test("the namespace of a module is one object, whoever asks it", async () => {
  const project = memoryProject({ ...asking(IDENTITIES, "./m"), "m.js": SELF });
  expect(await project.ask("entry.js")).toEqual(expected(IDENTITIES, true));
});

test("the namespace of a package is one object, whoever asks it", async () => {
  // Of a package's namespace the test runner makes an object that can be changed.
  const identities = IDENTITIES.filter((identity) => !/delete|= 2/.test(identity));
  const project = memoryProject(asking(identities, "pkg"), packageOf("index.mjs", SELF));
  expect(await project.ask("entry.js")).toEqual(expected(identities, true));
});

const ENTRY: readonly Ask[] = [["entry.js"]];

testPrograms([
  {
    law: "a name that a handler reads with ?. spares the handler",
    files: {
      "m.js": `export const z = 1;`,
      "entry.js": `import * as m from "./m"; export const GET = () => m?.z;`,
    },
    asks: ENTRY,
    edits: [{ "m.js": `export const z = 2;` }],
    runs: ["m.js"],
  },
  {
    law: "a name that is read as a string at top level runs its reader again",
    files: {
      "m.js": `export const z = 1;`,
      "entry.js": `import * as m from "./m"; const z = m["z"]; export const GET = () => z;`,
    },
    asks: ENTRY,
    edits: [{ "m.js": `export const z = 2;` }],
    runs: ["entry.js", "m.js"],
  },
  {
    law: "a function that is called on its namespace at top level has been read there",
    files: {
      "m.js": `export function z() { return 1; }`,
      "entry.js": `import * as m from "./m"; const z = m.z(); export const GET = () => z;`,
    },
    asks: ENTRY,
    edits: [{ "m.js": `export function z() { return 2; }` }],
    runs: ["entry.js", "m.js"],
  },
  {
    law: "what is read of a barrel by one name is not read of the rest of it",
    files: {
      "a.js": `export const a = () => 1;`,
      "b.js": `export const b = 1;`,
      "m.js": `export * from "./a"; export * from "./b";`,
      "entry.js": `import * as m from "./m"; const a = m\n  .a(); const more = [m?.a(), m["a"]()]; export const GET = () => [a, more, m?.b];`,
    },
    asks: ENTRY,
    edits: [{ "b.js": `export const b = 2;` }],
    runs: ["b.js"],
  },
  {
    law: "what a function of another module has kept of a namespace is not older than that",
    files: {
      "m.js": `export const z = 1;`,
      "keeps.js": `import * as m from "./m"; let kept; let found = false; export const get = (name) => { if (!found) { kept = m[name]; found = true; } return kept; };`,
      "entry.js": `import { get } from "./keeps"; const z = get("z"); export const GET = () => z;`,
    },
    asks: ENTRY,
    edits: [{ "m.js": `export const z = 2;` }],
  },
  {
    law: "what a function of another module has taken out of a namespace is not older than that",
    files: {
      "m.js": `export const z = 1;`,
      "keeps.js": `import * as m from "./m"; const box = { done: 0 }; export const get = () => { if (box.done++ === 0) { const { z } = m; box.z = z; } return box.z; };`,
      "entry.js": `import { get } from "./keeps"; const z = get(); export const GET = () => z;`,
    },
    asks: ENTRY,
    edits: [{ "m.js": `export const z = 2;` }],
  },
  ...[`m[name]`, `m["z"]`, `m.z`, `(({ z }) => z)(m)`, `Object.values(m)[0]`, `m.get()`].map((read) => ({
    law: `what a closure of another module has kept of ${read} is not older than that`,
    files: {
      "m.js": `export const z = 1; export const get = () => 1;`,
      "keeps.js": `import * as m from "./m"; export const get = (() => { let kept; let asked = 0; return (name) => { if (asked++ === 0) kept = ${read}; return kept; }; })();`,
      "entry.js": `import { get } from "./keeps"; const z = get("z"); export const GET = () => z;`,
    },
    asks: ENTRY,
    edits: [{ "m.js": `export const z = 2; export const get = () => 2;` }],
  })),
  {
    law: "a namespace that a module passes on is the same, and live",
    files: {
      "m.js": `export const z = 1; export function self() { return this; }`,
      "barrel.js": `export * as m from "./m"; import * as all from "./m"; export { all }; export default all;`,
      "entry.js": `import { m, all } from "./barrel"; import first from "./barrel"; import * as own from "./m"; export const GET = () => [m?.z, all["z"], first\n.z, m === own, all === own, first === own, m.self() === own, Object.keys(m)];`,
    },
    asks: ENTRY,
    edits: [
      { "m.js": `export const z = 2; export function self() { return this; }; export const more = 1;` },
    ],
  },
  {
    law: "a namespace of a module in a circle",
    files: {
      "a.js": `import * as b from "./b"; export const a = () => "a" + b?.b(); export const early = typeof b["b"];`,
      "b.js": `import * as a from "./a"; export const b = () => "b" + typeof a?.a;`,
      "entry.js": `import * as a from "./a"; export const GET = () => [a?.a(), a["early"]];`,
    },
    asks: ENTRY,
    edits: [{ "b.js": `import * as a from "./a"; export const b = () => "B" + typeof a?.a;` }],
  },
]);

/** A package `pkg` of one file, on disk: Node loads it. */
function packageOf(file: string, text: string): ProjectOptions {
  const folder = mkdtempSync(join(tmpdir(), "orbit-namespaces-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, file), text);
  return { packages: new Map([["pkg", join(folder, file)]]) };
}
