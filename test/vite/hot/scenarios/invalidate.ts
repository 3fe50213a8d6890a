import { ENTRY, LOG, probe } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";

/** A module that cannot be replaced under its importers, and finds that out when it is. */
const refusing = (n: number, head = ""): string =>
  `${LOG} ${head} log("evaluate a ${n}"); export const a = ${n}; import.meta.hot.accept(() => { import.meta.hot.invalidate("cannot"); });`;

const IMPORTS_A = `${LOG} import { a } from "./a.js"; log("evaluate b"); export const b = () => a;`;

export const INVALIDATE: readonly Scenario[] = [
  {
    member: "hot.invalidate",
    law: "called in an accept callback, it has the importers run again, who may accept that",
    files: {
      "lib/a.js": refusing(1),
      "lib/b.js": `${IMPORTS_A} import.meta.hot.accept(() => { log("b accepts"); });`,
      [ENTRY]: probe("b()", `import { b } from "../../lib/b.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": refusing(2) });
      await ask();
    },
    expected: ["evaluate a 1", "evaluate b", "-> 1", "evaluate a 2", "evaluate b", "b accepts", "-> 2"],
    everyImporter: [
      "evaluate a 1",
      "evaluate b",
      "-> 1",
      "evaluate a 2",
      "evaluate b",
      "b accepts",
      "evaluate b",
      "b accepts",
      "-> 2",
    ],
  },
  {
    member: "hot.invalidate",
    law: "where none of the importers accepts, they run again, and nothing else does",
    files: {
      "lib/a.js": refusing(1),
      "lib/b.js": IMPORTS_A,
      [ENTRY]: probe("b()", `import { b } from "../../lib/b.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": refusing(2) });
      await ask();
    },
    expected: ["evaluate a 1", "evaluate b", "-> 1", "evaluate a 2", "evaluate b", "-> 2"],
    everyImporter: ["evaluate a 1", "evaluate b", "-> 1", "evaluate a 2", "evaluate b", "evaluate b", "-> 2"],
    vite: {
      expected: ["evaluate a 1", "evaluate b", "-> 1", "evaluate a 2", "evaluate a 2", "evaluate b", "-> 2"],
      law: "Then all is reloaded, the new module included.",
      reason: "What is not concerned keeps its state and what it has open.",
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.invalidate",
    law: "it counts whenever it is called, also before any update",
    files: {
      "lib/a.js": `export const a = () => 1; import.meta.hot.on("refuse", () => { import.meta.hot.invalidate(); }); import.meta.hot.accept();`,
      "lib/b.js": `${LOG} import { a } from "./a.js"; log("evaluate b"); export const b = () => a(); import.meta.hot.accept();`,
      [ENTRY]: probe("b()", `import { b } from "../../lib/b.js";`),
    },
    run: async ({ ask, environment, settle }) => {
      await ask();
      environment.hot.send("refuse");
      await settle();
    },
    expected: ["evaluate b", "-> 1", "evaluate b"],
    vite: {
      expected: ["evaluate b", "-> 1"],
      law: "It does nothing for a module that has not been updated, and counts once for each update.",
      reason: "Code that finds out in a request that it is outdated has no other way to say so.",
      instead: "Nothing else.",
    },
  },
  {
    member: "hot.invalidate",
    law: "the event `vite:invalidate` comes with path, message and the first module of the chain, to modules and to the server",
    files: {
      "lib/a.js": refusing(
        1,
        `import.meta.hot.on("vite:invalidate", ({ path, message, firstInvalidatedBy }) => { log([path, message, firstInvalidatedBy].join(" ")); });`,
      ),
      "lib/b.js": `import { a } from "./a.js"; export const b = () => a; import.meta.hot.accept();`,
      [ENTRY]: probe("b()", `import { b } from "../../lib/b.js";`),
    },
    run: async ({ ask, save, environment, note }) => {
      environment.hot.on("vite:invalidate", ({ path, message }) => note(`server: ${path} ${message}`));
      await ask();
      await save({
        "lib/a.js": refusing(
          2,
          `import.meta.hot.on("vite:invalidate", ({ path, message, firstInvalidatedBy }) => { log([path, message, firstInvalidatedBy].join(" ")); });`,
        ),
      });
    },
    expected: [
      "evaluate a 1",
      "-> 1",
      "evaluate a 2",
      "/lib/a.js cannot /lib/a.js",
      "server: /lib/a.js cannot",
    ],
  },
  {
    member: "hot.invalidate",
    law: "in a circle where everybody calls it in an accept callback, each runs until it has seen what is new behind it",
    files: {
      "lib/b.js": circular("b", "a"),
      "lib/a.js": circular("a", "b"),
      [ENTRY]: probe("typeof a", `import { a } from "../../lib/a.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": circular("a", "b", "const more = 1;") });
      await ask();
    },
    expected: [
      "evaluate b",
      "evaluate a",
      "-> function",
      "evaluate a",
      "a invalidates",
      "evaluate b",
      "b invalidates",
      "evaluate a",
      "-> function",
    ],
    everyImporter: [
      "evaluate b",
      "evaluate a",
      "-> function",
      "evaluate b",
      "evaluate a",
      "b invalidates",
      "a invalidates",
      "evaluate b",
      "evaluate a",
      "b invalidates",
      "a invalidates",
      "evaluate b",
      "evaluate a",
      "-> function",
    ],
    vite: {
      expected: [
        "evaluate b",
        "evaluate a",
        "-> function",
        "evaluate b",
        "evaluate a",
        "a invalidates",
        "evaluate b",
        "evaluate a",
        "-> function",
      ],
      law: "The whole circle runs each time, until all is reloaded.",
      reason: "Nobody runs more often than something new is behind it.",
      instead: "Nothing else.",
    },
  },
];

/** Half of a circle: it is used only in functions. */
function circular(name: string, other: string, rest = ""): string {
  return `${LOG} import { ${other} } from "./${other}.js"; ${rest} export const ${name} = () => typeof ${other}; log("evaluate ${name}"); import.meta.hot.accept(() => { log("${name} invalidates"); import.meta.hot.invalidate(); });`;
}
