import type { EnvironmentModuleNode, Plugin } from "vite";
import { ENTRY, LOG, probe, runsScenario } from "../support/scenario.ts";
import type { Bench, Scenario } from "../support/scenario.ts";

const ID = "\0virtual:count";

/** A module that no file holds: it counts how often it is loaded. */
function counting(): Plugin {
  let count = 0;
  return {
    name: "counter",
    resolveId: (id) => (id === "virtual:count" ? ID : undefined),
    load: (id) => (id === ID ? `export const count = ${++count};` : undefined),
  };
}

const READS_COUNT = probe("count", `import { count } from "virtual:count";`);

function nodeOf({ environment }: Bench, id: string): EnvironmentModuleNode {
  const node = environment.moduleGraph.getModuleById(id);
  if (node === undefined) throw new Error(`The graph has no ${id}.`);
  return node;
}

const returning = (answer: (nodes: readonly EnvironmentModuleNode[]) => EnvironmentModuleNode[]): Plugin => ({
  name: "returner",
  hotUpdate({ file }) {
    if (!runsScenario(this.environment) || !file.endsWith("data.txt")) return undefined;
    const node = this.environment.moduleGraph.getModuleById(ID);
    return answer(node === undefined ? [] : [node]);
  },
});

/** The module of `lib/a.js`, which says what it is asked. */
const A = `${LOG} log("evaluate a"); export const a = 1;`;
const READS_A = probe("a", `import { a } from "../../lib/a.js";`);

export const MODULE_GRAPH: readonly Scenario[] = [
  {
    member: "moduleGraph.invalidateModule",
    law: "a virtual module is loaded anew for the next request",
    files: { [ENTRY]: READS_COUNT },
    plugins: () => [counting()],
    run: async (bench) => {
      await bench.ask();
      await bench.ask();
      bench.environment.moduleGraph.invalidateModule(nodeOf(bench, ID));
      await bench.ask();
    },
    expected: ["-> 1", "-> 1", "-> 2"],
  },
  {
    member: "moduleGraph.invalidateModule",
    law: "a module of a file is evaluated again for the next request, though its text is the same",
    files: { "lib/a.js": A, [ENTRY]: READS_A },
    run: async (bench) => {
      await bench.ask();
      for (const node of bench.environment.moduleGraph.idToModuleMap.values())
        if (node.url === "/lib/a.js") bench.environment.moduleGraph.invalidateModule(node);
      await bench.ask();
      await bench.ask();
    },
    expected: ["evaluate a", "-> 1", "evaluate a", "-> 1", "-> 1"],
  },
  {
    member: "moduleGraph.invalidateModule",
    law: "the importers of the module run again where they have read it, and not otherwise",
    files: {
      "lib/b.js": `${LOG} import { count } from "virtual:count"; log("evaluate b"); export const b = () => count;`,
      [ENTRY]: probe("b()", `import { b } from "../../lib/b.js";`),
    },
    plugins: () => [counting()],
    run: async (bench) => {
      await bench.ask();
      bench.environment.moduleGraph.invalidateModule(nodeOf(bench, ID));
      await bench.ask();
    },
    expected: ["evaluate b", "-> 1", "-> 2"],
    everyImporter: ["evaluate b", "-> 1", "evaluate b", "-> 2"],
    vite: {
      expected: ["evaluate b", "-> 1", "evaluate b", "-> 2"],
      law: "All importers run again.",
      reason: "Imports are live: nobody has to run again to see a new value.",
      instead: "Invalidate those too that have to run again.",
    },
  },
  {
    member: "moduleGraph.invalidateAll",
    law: "everything is evaluated again for the next request",
    files: { "lib/a.js": A, [ENTRY]: READS_A },
    run: async (bench) => {
      await bench.ask();
      bench.environment.moduleGraph.invalidateAll();
      await bench.ask();
    },
    expected: ["evaluate a", "-> 1", "evaluate a", "-> 1"],
  },
  {
    member: "environment.reloadModule",
    law: "the module is loaded anew, and the next request sees it",
    files: { [ENTRY]: READS_COUNT },
    plugins: () => [counting()],
    run: async (bench) => {
      await bench.ask();
      await bench.environment.reloadModule(nodeOf(bench, ID));
      await bench.settle();
      await bench.ask();
    },
    expected: ["-> 1", "-> 2"],
  },
  {
    member: "hotUpdate",
    law: "the hook gets the modules of the file",
    needsWatcher: true,
    files: { "lib/a.js": A, [ENTRY]: READS_A },
    plugins: (note) => [
      {
        name: "reader",
        hotUpdate({ modules, type }) {
          if (runsScenario(this.environment)) note(`${type} ${modules.map(({ url }) => url).join()}`);
        },
      },
    ],
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": `${LOG} log("evaluate new a"); export const a = 2;` });
      await ask();
    },
    expected: ["evaluate a", "-> 1", "update /lib/a.js", "evaluate new a", "-> 2"],
  },
  {
    member: "hotUpdate",
    law: "a virtual module that the hook returns is loaded anew, and the next request sees it",
    needsWatcher: true,
    files: { [ENTRY]: READS_COUNT, "data.txt": "" },
    plugins: () => [counting(), returning((nodes) => [...nodes])],
    run: async ({ ask, save }) => {
      await ask();
      await save({ "data.txt": "saved" });
      await ask();
    },
    expected: ["-> 1", "-> 2"],
  },
  {
    member: "hotUpdate",
    law: "`[]` stops nothing: the next request is answered by what was saved",
    needsWatcher: true,
    files: { "lib/a.js": A, [ENTRY]: READS_A },
    plugins: () => [{ name: "silencer", hotUpdate: () => [] }],
    run: async ({ ask, save }) => {
      await ask();
      await save({ "lib/a.js": `${LOG} log("evaluate new a"); export const a = 2;` });
      await ask();
    },
    expected: ["evaluate a", "-> 1", "evaluate new a", "-> 2"],
  },
];
