import { accepting, ENTRY, LOG, probe } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";

const READS_A = probe("a", `import { a } from "../../lib/a.js";`);

const counting = (step: number): string =>
  `export let a = (import.meta.hot.data.count ?? 0) + ${step};
   import.meta.hot.dispose((data) => { data.count = a; });
   import.meta.hot.accept();`;

const onDispose = (text: string): string => `import.meta.hot.dispose(() => { log("${text}"); });`;

/** Ask, and save another text of `lib/a.js`. */
const replacing =
  (...texts: readonly string[]): Scenario["run"] =>
  async ({ ask, save }) => {
    await ask();
    for (const text of texts) await save({ "lib/a.js": text });
  };

export const DATA_AND_DISPOSE: readonly Scenario[] = [
  {
    member: "hot.data",
    law: "what a dispose handler puts there is seen by the new code while it evaluates",
    files: {
      "lib/a.js": counting(1),
      [ENTRY]: `export const GET = async () => new Response(String((await import("../../lib/a.js")).a));`,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": counting(10) });
      await ask();
      await save({ "lib/a.js": counting(100) });
      await ask();
    },
    expected: ["-> 1", "-> 11", "-> 111"],
  },
  {
    member: "hot.data",
    law: "`data` is one object for all evaluations of a module",
    files: { "lib/a.js": accepting(1, "import.meta.hot.data.first = true;"), [ENTRY]: READS_A },
    run: replacing(accepting(2, "log(import.meta.hot.data.first);")),
    expected: ["evaluate 1", "-> 1", "evaluate 2", "true"],
  },
  {
    member: "hot.data",
    law: "a module that is imported again after it was pruned begins with an empty one",
    files: {
      "lib/a.js": accepting(1, "log(import.meta.hot.data.was); import.meta.hot.data.was = 1;"),
      [ENTRY]: READS_A,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ [ENTRY]: probe(0) });
      await ask();
      await save({ [ENTRY]: READS_A, "lib/a.js": accepting(2, "log(import.meta.hot.data.was);") });
      await ask();
    },
    expected: ["evaluate 1", "undefined", "-> 1", "-> 0", "evaluate 2", "undefined", "-> 2"],
  },
  {
    member: "hot.dispose",
    law: "the handler runs before the new code evaluates, and is awaited",
    files: {
      "lib/a.js": accepting(
        1,
        `import.meta.hot.dispose(async () => { await new Promise((done) => setImmediate(done)); log("dispose 1"); });`,
      ),
      [ENTRY]: READS_A,
    },
    run: replacing(accepting(2)),
    expected: ["evaluate 1", "-> 1", "dispose 1", "evaluate 2"],
  },
  ...["(data)", "(data = {})", "(...[data])", "({ ...data })"].map((parameters): Scenario => ({
    member: "hot.dispose",
    law: "a handler gets `hot.data`, however its parameters are written",
    files: {
      "lib/a.js": accepting(
        1,
        `import.meta.hot.data.x = 1; import.meta.hot.dispose(${parameters} => { log("data " + data.x); });`,
      ),
      [ENTRY]: READS_A,
    },
    run: replacing(accepting(2)),
    expected: ["evaluate 1", "-> 1", "data 1", "evaluate 2"],
  })),
  {
    member: "hot.dispose",
    law: "what the handler takes out of a registry is not what the new code puts there",
    files: {
      "lib/a.js": accepting(1, registering(1)),
      [ENTRY]: probe(
        "[...globalThis.orbitJobs.keys()]",
        `import "../../lib/a.js"; globalThis.orbitJobs ??= new Map();`,
      ),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": accepting(2, registering(2)) });
      await ask();
    },
    expected: ["evaluate 1", "-> job", "evaluate 2", "-> job"],
  },
  {
    member: "hot.dispose",
    law: "of several handlers all run, the last given first",
    files: { "lib/a.js": accepting(1, onDispose("first") + onDispose("second")), [ENTRY]: READS_A },
    run: replacing(accepting(2)),
    expected: ["evaluate 1", "-> 1", "second", "first", "evaluate 2"],
    vite: {
      expected: ["evaluate 1", "-> 1", "second", "evaluate 2"],
      law: "The last handler given replaces those before.",
      reason: "A handler that is replaced without a word leaves open what it was to close.",
      instead: "Give one handler.",
    },
  },
  {
    member: "hot.dispose",
    law: "the handler runs for every module that runs again, whether anything accepts it or not",
    files: { "lib/a.js": `${LOG} ${onDispose("dispose 1")} export const a = 1;`, [ENTRY]: READS_A },
    run: replacing(`${LOG} log("evaluate 2"); export const a = 2;`),
    expected: ["-> 1", "dispose 1", "evaluate 2"],
    vite: {
      expected: ["-> 1", "evaluate 2"],
      law: "It runs for what is accepted; a full reload evaluates everything again and runs no handler.",
      reason: "What a module has opened would stay open, once more with each save.",
      instead: "Code that is to run only at an accepted update belongs in an `accept` callback.",
    },
  },
  {
    member: "hot.dispose",
    law: "a text that cannot be linked disposes of nothing",
    files: { "lib/a.js": accepting(1, onDispose("dispose 1")), [ENTRY]: READS_A },
    run: replacing(accepting(2, `import "./missing.js";`), accepting(3)),
    expected: ["evaluate 1", "-> 1", "dispose 1", "evaluate 3"],
    vite: {
      expected: ["evaluate 1", "-> 1", "dispose 1", "dispose 1", "evaluate 3"],
      law: "It runs before the new text is read, and once more for each attempt.",
      reason: 'The old code goes on with `onError: "last-good"`, and must not be closed for a typing error.',
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.dispose",
    law: "new code that throws has disposed of the old one; the handlers that it had given itself run before the next attempt",
    files: { "lib/a.js": accepting(1, onDispose("dispose 1")), [ENTRY]: READS_A },
    run: replacing(accepting(2, `${onDispose("dispose 2")} throw new Error("no");`), accepting(3)),
    expected: ["evaluate 1", "-> 1", "dispose 1", "evaluate 2", "dispose 2", "evaluate 3"],
  },
  {
    member: "hot.prune",
    law: "a module that nobody imports any more is disposed of, then pruned, after the new code has evaluated",
    files: {
      "lib/a.js": accepting(
        1,
        `import.meta.hot.prune(() => { log("prune"); }); import.meta.hot.dispose(() => { log("dispose"); });`,
      ),
      [ENTRY]: READS_A,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ [ENTRY]: probe(0, `${LOG} log("evaluate entry");`) });
    },
    expected: ["evaluate 1", "-> 1", "evaluate entry", "dispose", "prune"],
  },
  {
    member: "hot.prune",
    law: "a module that is replaced is not pruned",
    files: { "lib/a.js": accepting(1, `import.meta.hot.prune(() => { log("prune"); });`), [ENTRY]: READS_A },
    run: replacing(accepting(2)),
    expected: ["evaluate 1", "-> 1", "evaluate 2"],
  },
];

function registering(n: number): string {
  return `(globalThis.orbitJobs ??= new Map()).set("job", ${n}); import.meta.hot.dispose(() => { globalThis.orbitJobs.delete("job"); });`;
}
