import { accepting, ENTRY, LOG, probe } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";

const READS_A = probe("a", `import { a } from "../../lib/a.js";`);
const noting = (name: string, of = "module"): string => `(module) => { log("${name} " + (${of})?.a); }`;

/** A module that exports `a`. */
const a = (n: number, head = "", rest = ""): string => `${LOG} ${head} export const a = ${n}; ${rest}`;

/** Imports `a` and uses it when it is asked. */
const asking = (accept: string, from = "./a.js"): string =>
  `${LOG} import { a } from "${from}"; export const read = () => a; ${accept}`;

const READS_B = probe("typeof read", `import { read } from "../../lib/b.js";`);

const saving =
  (...saves: readonly Readonly<Record<string, string>>[]): Scenario["run"] =>
  async ({ ask, save }) => {
    await ask();
    for (const files of saves) await save(files);
  };

const DEPENDENCY = `import.meta.hot.accept("./a.js", ${noting("a is")});`;

export const ACCEPT: readonly Scenario[] = [
  {
    member: "hot.accept(callback)",
    law: "the callback of the old code gets the new module",
    files: { "lib/a.js": a(1, "", `import.meta.hot.accept(${noting("one:")});`), [ENTRY]: READS_A },
    run: saving(
      { "lib/a.js": a(2, "", `import.meta.hot.accept(${noting("two:")});`) },
      { "lib/a.js": a(3, "", `import.meta.hot.accept(${noting("three:")});`) },
    ),
    expected: ["-> 1", "one: 2", "two: 3"],
  },
  {
    member: "hot.accept(callback)",
    law: "a module that accepts itself is called also for what it imports",
    files: {
      "lib/a.js": a(1),
      "lib/b.js": asking(`export { a }; import.meta.hot.accept(${noting("b, with")});`),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2) }),
    expected: ["-> function", "b, with 2"],
  },
  {
    member: "hot.accept(callback)",
    law: "the callback gets `undefined` when the new text does not parse",
    files: { "lib/a.js": a(1, "", `import.meta.hot.accept(${noting("a is")});`), [ENTRY]: READS_A },
    run: saving({ "lib/a.js": "export const a = ;" }),
    expected: ["-> 1", "a is undefined"],
  },
  {
    member: "hot.accept(callback)",
    law: "the callback of code that a broken save has left in place gets the module of the mend",
    files: { "lib/a.js": a(1, "", `import.meta.hot.accept(${noting("a is")});`), [ENTRY]: READS_A },
    run: saving(
      { "lib/a.js": "export const a = ;" },
      { "lib/a.js": a(3, "", `import.meta.hot.accept(${noting("a is")});`) },
    ),
    expected: ["-> 1", "a is undefined", "a is 3"],
    vite: {
      expected: ["-> 1", "a is undefined"],
      law: "Nobody is called: a text that does not parse accepts nothing, and all is reloaded.",
      reason: "What runs has accepted it, and is still there.",
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.accept(callback)",
    law: "the callback gets `undefined` when the new code throws",
    files: { "lib/a.js": a(1, "", `import.meta.hot.accept(${noting("a is")});`), [ENTRY]: READS_A },
    run: saving({ "lib/a.js": a(2, "throw new Error('no');") }),
    expected: ["-> 1", "a is undefined"],
  },
  {
    member: "hot.accept(callback)",
    law: "the importers of a module that accepts itself are not asked",
    files: {
      "lib/a.js": a(1, "", `import.meta.hot.accept(${noting("a is")});`),
      "lib/b.js": asking(`import.meta.hot.accept("./a.js", ${noting("b sees")});`),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2) }),
    expected: ["-> function", "a is 2"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback gets the new module of the dependency",
    files: { "lib/a.js": a(1), "lib/b.js": asking(DEPENDENCY), [ENTRY]: READS_B },
    run: saving({ "lib/a.js": a(2) }, { "lib/a.js": a(3) }),
    expected: ["-> function", "a is 2", "a is 3"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback is called for an edit of what the dependency passes on",
    files: {
      "lib/leaf.js": a(1),
      "lib/a.js": `export * from "./leaf.js";`,
      "lib/b.js": asking(DEPENDENCY),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/leaf.js": a(2) }),
    expected: ["-> function", "a is 2"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback is called for an edit of what the dependency uses in functions only",
    files: {
      "lib/leaf.js": "export const leaf = 1;",
      "lib/a.js": `import { leaf } from "./leaf.js"; export const a = () => leaf;`,
      "lib/b.js": asking(`import.meta.hot.accept("./a.js", ${noting("a is", "{ a: module.a() }")});`),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/leaf.js": "export const leaf = 2;" }),
    expected: ["-> function", "a is 2"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback is called for a dependency that is part of a circle",
    files: {
      "lib/other.js": `import { a } from "./a.js"; export const other = () => a;`,
      "lib/a.js": a(1, `import { other } from "./other.js";`, "export { other };"),
      "lib/b.js": asking(DEPENDENCY),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2, `import { other } from "./other.js";`, "export { other };") }),
    expected: ["-> function", "a is 2"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback is called for a dependency that is imported with `import()`",
    files: {
      "lib/a.js": a(1),
      "lib/b.js": `${LOG} export const read = await import("./a.js"); ${DEPENDENCY}`,
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2) }),
    expected: ["-> object", "a is 2"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback is called for a file that is only named, such as an image",
    files: {
      "lib/logo.png": "one",
      "lib/b.js": `${LOG} import logo from "./logo.png"; export const read = () => logo; import.meta.hot.accept("./logo.png", (module) => { log("logo " + typeof module.default); });`,
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/logo.png": "two" }),
    expected: ["-> function", "logo string"],
  },
  {
    member: "hot.accept(dependency, callback)",
    law: "the callback gets `undefined` when the dependency cannot run",
    files: { "lib/a.js": a(1), "lib/b.js": asking(DEPENDENCY), [ENTRY]: READS_B },
    run: saving({ "lib/a.js": "export const a = ;" }, { "lib/a.js": a(3) }),
    expected: ["-> function", "a is undefined", "a is 3"],
  },
  {
    member: "hot.accept(dependencies, callback)",
    law: "the callback gets an array with the module that has changed in its place, and `undefined` in the others",
    files: {
      "lib/a.js": a(1),
      "lib/c.js": "export const c = 1;",
      "lib/b.js": `${LOG} import { a } from "./a.js"; import { c } from "./c.js"; export const read = () => a + c;
        import.meta.hot.accept(["./a.js", "./c.js"], ([one, two]) => { log([one?.a, two?.c].join("|")); });`,
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2) }, { "lib/c.js": "export const c = 2;" }),
    expected: ["-> function", "2|", "|2"],
  },
  {
    member: "hot.accept",
    law: "several callbacks are called in the order in which they were given",
    files: {
      "lib/a.js": a(1),
      "lib/b.js": asking(
        `import.meta.hot.accept("./a.js", ${noting("first")}); import.meta.hot.accept("./a.js", ${noting("second")});`,
      ),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2) }),
    expected: ["-> function", "first 2", "second 2"],
  },
  {
    member: "hot.accept",
    law: "a callback that throws is told, and stops no other",
    files: {
      "lib/a.js": a(1),
      "lib/b.js": asking(
        `import.meta.hot.accept("./a.js", () => { throw new Error("no"); }); import.meta.hot.accept("./a.js", ${noting("second")});`,
      ),
      [ENTRY]: READS_B,
    },
    run: saving({ "lib/a.js": a(2) }),
    expected: ["-> function", "second 2"],
    vite: {
      expected: ["-> function"],
      law: "It stops those after it, with an unhandled rejection.",
      reason: "Callbacks have nothing to do with each other.",
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.accept",
    law: "`accept` adds a callback: a module that has read the dependency while it evaluated runs again all the same",
    files: {
      "lib/a.js": a(1),
      "lib/b.js": `${LOG} import { a } from "./a.js"; export const read = a; log("b read " + read); ${DEPENDENCY}`,
      [ENTRY]: probe("read", `import { read } from "../../lib/b.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": a(2) });
      await ask();
    },
    expected: ["b read 1", "-> 1", "b read 2", "a is 2", "-> 2"],
    vite: {
      expected: ["b read 1", "-> 1", "a is 2", "-> 1"],
      law: "Who accepts a dependency does not run again, and goes on with what it has read.",
      reason: "A request is answered by what is on disk, whatever a callback forgets to bring up to date.",
      instead: "Use the dependency inside of functions: then the module does not run again here either.",
    },
  },
  {
    member: "hot.accept",
    law: "a module that has read nothing of what was edited does not run again, although it accepts itself: it sees new exports live",
    files: {
      "lib/a.js": "export const a = 1;",
      "lib/b.js": `${LOG} import { a } from "./a.js"; log("evaluate b"); export const read = () => a; import.meta.hot.accept();`,
      [ENTRY]: probe("read()", `import { read } from "../../lib/b.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": "export const a = 2;" });
      await ask();
    },
    expected: ["evaluate b", "-> 1", "-> 2"],
    everyImporter: ["evaluate b", "-> 1", "evaluate b", "-> 2"],
    vite: {
      expected: ["evaluate b", "-> 1", "evaluate b", "-> 2"],
      law: "Whoever accepts runs again.",
      reason: "Imports are live: nobody has to run again to see a new value.",
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.accept",
    law: "callbacks are called also when the module is reached on another way where nobody accepts it",
    files: {
      "lib/a.js": a(1),
      "lib/b.js": asking(DEPENDENCY),
      [ENTRY]: probe(
        "typeof read + a",
        `import { read } from "../../lib/b.js"; import { a } from "../../lib/a.js";`,
      ),
    },
    run: saving({ "lib/a.js": a(2) }),
    expected: ["-> function1", "a is 2"],
    vite: {
      expected: ["-> function1"],
      law: "Then all is reloaded, and nobody is called.",
      reason: "Nothing is ever reloaded as a whole, so that whoever accepts is not made anew either.",
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.accept",
    law: "a text that differs in comments or formatting only calls nobody",
    files: { "lib/a.js": a(1, "", `import.meta.hot.accept(${noting("a is")});`), [ENTRY]: READS_A },
    run: saving({ "lib/a.js": `// New.\n${a(1, "", `import.meta.hot.accept(${noting("a is")});`)}` }),
    expected: ["-> 1"],
    vite: {
      expected: ["-> 1", "a is 1"],
      law: "Every save calls.",
      reason: "The same program runs on.",
      instead: "Change a value.",
    },
  },
  {
    member: "hot.acceptExports(names, callback)",
    law: "the callback gets the new module",
    files: {
      "lib/a.js": a(
        1,
        "",
        `import.meta.hot.accept(); import.meta.hot.acceptExports(["a"], ${noting("a is")});`,
      ),
      [ENTRY]: READS_A,
    },
    run: saving({ "lib/a.js": accepting(2) }),
    expected: ["-> 1", "evaluate 2", "a is 2"],
  },
  {
    member: "hot.decline()",
    law: "it does nothing",
    files: { "lib/a.js": accepting(1, "import.meta.hot.decline();"), [ENTRY]: READS_A },
    run: saving({ "lib/a.js": accepting(2) }),
    expected: ["evaluate 1", "-> 1", "evaluate 2"],
  },
];
