import { accepting, ENTRY, LOG, probe, runsScenario } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";

const READS_A = probe("a", `import { a } from "../../lib/a.js";`);
const LISTENS = `import.meta.hot.on("greet", (data) => { log("heard " + data.name); });`;
const UPDATES = `for (const name of ["vite:beforeUpdate", "vite:afterUpdate"]) import.meta.hot.on(name, ({ type, updates: [first] }) => { log([name, type, first.type, first.path, first.acceptedPath].join(" ")); });`;

export const EVENTS: readonly Scenario[] = [
  {
    member: "hot.on",
    law: "what a plugin sends with `environments.orbit_api.hot.send` arrives with its data",
    files: { "lib/a.js": accepting(1, LISTENS), [ENTRY]: READS_A },
    run: async ({ ask, environment, settle }) => {
      await ask();
      environment.hot.send("greet", { name: "Ada" });
      await settle();
    },
    expected: ["evaluate 1", "-> 1", "heard Ada"],
  },
  {
    member: "hot.on",
    law: "what a plugin sends from `hotUpdate` arrives",
    needsWatcher: true,
    files: { "lib/a.js": accepting(1, LISTENS), [ENTRY]: READS_A, "notes.txt": "" },
    plugins: () => [
      {
        name: "greeter",
        hotUpdate({ file }) {
          if (runsScenario(this.environment) && file.endsWith("notes.txt"))
            this.environment.hot.send("greet", { name: "Ada" });
        },
      },
    ],
    run: async ({ ask, save }) => {
      await ask();
      await save({ "notes.txt": "saved" });
    },
    expected: ["evaluate 1", "-> 1", "heard Ada"],
  },
  {
    member: "hot.on",
    law: "listeners of replaced code hear nothing any more",
    files: { "lib/a.js": accepting(1, LISTENS), [ENTRY]: READS_A },
    run: async ({ ask, save, environment, settle }) => {
      await ask();
      await save({ "lib/a.js": accepting(2, LISTENS.replace("heard", "heard anew")) });
      environment.hot.send("greet", { name: "Ada" });
      await settle();
    },
    expected: ["evaluate 1", "-> 1", "evaluate 2", "heard anew Ada"],
  },
  {
    member: "hot.off",
    law: "the listener hears nothing any more",
    files: {
      "lib/a.js": accepting(
        1,
        `const no = () => { log("no"); }; import.meta.hot.on("greet", no); ${LISTENS} import.meta.hot.off("greet", no);`,
      ),
      [ENTRY]: READS_A,
    },
    run: async ({ ask, environment, settle }) => {
      await ask();
      environment.hot.send("greet", { name: "Ada" });
      await settle();
    },
    expected: ["evaluate 1", "-> 1", "heard Ada"],
  },
  {
    member: "hot.send",
    law: "the message reaches `environments.orbit_api.hot.on`, and whoever listens there can answer the sender",
    files: {
      "lib/a.js": accepting(1, LISTENS),
      [ENTRY]: probe(
        "import.meta.hot.send('hello', { from: 'server' }) ?? a",
        `import { a } from "../../lib/a.js";`,
      ),
    },
    run: async ({ ask, environment, note, settle }) => {
      environment.hot.on("hello", (data: { readonly from: string }, client) => {
        note(`hello from ${data.from}`);
        client.send("greet", { name: "Bob" });
      });
      await ask();
      await settle();
    },
    expected: ["evaluate 1", "hello from server", "heard Bob", "-> 1"],
  },
  {
    member: "hot.send",
    law: "what is answered while the module evaluates arrives when it is live",
    files: { "lib/a.js": accepting(1, `${LISTENS} import.meta.hot.send("hello", {});`), [ENTRY]: READS_A },
    run: async ({ ask, environment, settle }) => {
      environment.hot.on("hello", (_data, client) => client.send("greet", { name: "Bob" }));
      await ask();
      await settle();
    },
    expected: ["evaluate 1", "heard Bob", "-> 1"],
  },
  {
    member: "vite:beforeUpdate, vite:afterUpdate",
    law: "the events come around dispose, evaluation and callbacks, with the list of accepted updates",
    files: {
      "lib/a.js": accepting(1, `import.meta.hot.dispose(() => { log("dispose"); });`),
      "lib/b.js": `${LOG} ${UPDATES}`,
      [ENTRY]: probe("a", `import { a } from "../../lib/a.js"; import "../../lib/b.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": accepting(2) });
    },
    expected: [
      "evaluate 1",
      "-> 1",
      "vite:beforeUpdate update js-update /lib/a.js /lib/a.js",
      "dispose",
      "evaluate 2",
      "vite:afterUpdate update js-update /lib/a.js /lib/a.js",
    ],
  },
  {
    member: "vite:beforeUpdate",
    law: "an asynchronous listener is awaited",
    files: {
      "lib/a.js": accepting(
        1,
        `import.meta.hot.on("vite:beforeUpdate", async () => { await new Promise((done) => setImmediate(done)); log("before"); });`,
      ),
      [ENTRY]: READS_A,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": accepting(2) });
    },
    expected: ["evaluate 1", "-> 1", "before", "evaluate 2"],
  },
  {
    member: "vite:beforeUpdate, vite:afterUpdate",
    law: "the events come for a text that cannot run as well, around the callback",
    files: {
      "lib/a.js": `${LOG} ${UPDATES} export const a = 1; import.meta.hot.accept((module) => { log("a is " + module); });`,
      [ENTRY]: READS_A,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": "export const a = ;" });
    },
    expected: [
      "-> 1",
      "vite:beforeUpdate update js-update /lib/a.js /lib/a.js",
      "a is undefined",
      "vite:afterUpdate update js-update /lib/a.js /lib/a.js",
    ],
  },
  {
    member: "vite:beforePrune",
    law: "the event comes before the dispose and prune handlers, with the paths",
    files: {
      "lib/a.js": accepting(
        1,
        `import.meta.hot.on("vite:beforePrune", ({ paths }) => { log("before " + paths); }); import.meta.hot.dispose(() => { log("dispose"); });`,
      ),
      [ENTRY]: READS_A,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ [ENTRY]: probe(0) });
    },
    expected: ["evaluate 1", "-> 1", "before /lib/a.js", "dispose"],
  },
  {
    member: "vite:beforeFullReload",
    law: "a module that runs again hears of it where nobody accepts the change",
    files: {
      "lib/a.js": `${LOG} log("evaluate 1"); export const a = 1; import.meta.hot.on("vite:beforeFullReload", ({ type, path }) => { log("before " + type + " " + path); });`,
      [ENTRY]: READS_A,
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": `${LOG} log("evaluate 2"); export const a = 2;` });
      await ask();
    },
    expected: ["evaluate 1", "-> 1", "before full-reload *", "evaluate 2", "-> 2"],
  },
  {
    member: "vite:beforeFullReload",
    law: "a module that does not run again hears nothing, and lets go of nothing",
    files: {
      "lib/a.js": "export const a = 1;",
      "lib/b.js": `${LOG} log("evaluate b"); import.meta.hot.on("vite:beforeFullReload", () => { log("before"); });`,
      [ENTRY]: probe("a", `import { a } from "../../lib/a.js"; import "../../lib/b.js";`),
    },
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": "export const a = 2;" });
      await ask();
    },
    expected: ["evaluate b", "-> 1", "-> 2"],
    vite: {
      expected: ["evaluate b", "-> 1", "before", "evaluate b", "-> 2"],
      law: "Everybody hears of it, and everything is evaluated again.",
      reason: "What is not reached by an edit keeps its state and what it has open.",
      instead: "`hot.dispose`: it runs for every module that is replaced.",
    },
  },
  {
    member: 'hot.send({ type: "full-reload" })',
    law: "a plugin has everything evaluated again",
    files: { "lib/a.js": `${LOG} log("evaluate"); export const a = 1;`, [ENTRY]: READS_A },
    run: async ({ ask, environment, settle }) => {
      await ask();
      environment.hot.send({ type: "full-reload" });
      await settle();
      await ask();
    },
    expected: ["evaluate", "-> 1", "evaluate", "-> 1"],
  },
  {
    member: "vite:error",
    law: "the event comes when a plugin's `hotUpdate` throws",
    needsWatcher: true,
    files: {
      "lib/a.js": accepting(
        1,
        `import.meta.hot.on("vite:error", ({ err }) => { log("error " + err.message); });`,
      ),
      [ENTRY]: READS_A,
      "notes.txt": "",
    },
    plugins: () => [
      {
        name: "thrower",
        hotUpdate({ file }) {
          if (runsScenario(this.environment) && file.endsWith("notes.txt")) throw new Error("no");
        },
      },
    ],
    run: async ({ ask, save }) => {
      await ask();
      await save({ "notes.txt": "saved" });
    },
    expected: ["evaluate 1", "-> 1", "error no"],
  },
];
