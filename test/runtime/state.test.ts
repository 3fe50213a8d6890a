import { expect, test } from "vitest";
import { memoryProject } from "./support/memory-project.ts";

let names = 0;

/** State belongs to the process: every test needs files of its own. */
function ownName(): string {
  return `counter${++names}.ts`;
}

const counter = (step: number, extra = ""): string =>
  `import { createStatefulHandler } from "orbit-hmr/state";
   export const handler = createStatefulHandler({ n: 0 }, { GET: () => 0 });
   export const GET = () => { handler.updateState(({ n }) => ({ n: n + ${step} })); return handler.getState().n; };
   ${extra}`;

test("explicit state is known by its file and name, and survives edits", async () => {
  const file = ownName();
  const project = memoryProject({ [file]: counter(1) });
  expect(await project.ask(file)).toBe(1);
  expect(await project.ask(file)).toBe(2);
  await project.edit({ [file]: `// moved down\n\n${counter(10)}` });
  expect(await project.ask(file)).toBe(12);
});

const PASSED_ON: readonly (readonly [string, string])[] = [
  [`import { createStatefulHandler } from "./manager";`, `export * from "orbit-hmr/state";`],
  [
    `import { createStatefulHandler } from "./manager";`,
    `export { createStatefulHandler } from "orbit-hmr/state";`,
  ],
  [
    `import { createStatefulHandler } from "./manager";`,
    `import { createStatefulHandler } from "orbit-hmr/state"; export { createStatefulHandler };`,
  ],
  [
    `import * as manager from "./manager"; const { createStatefulHandler } = manager;`,
    `export * from "orbit-hmr/state";`,
  ],
  [`import { createStatefulHandler as stateful } from "./manager";`, `export * from "orbit-hmr/state";`],
  [
    `import { createStatefulHandler } from "./manager";`,
    `import * as state from "orbit-hmr/state"; export const createStatefulHandler = (...given) => state.createStatefulHandler(...given);`,
  ],
];

test.each(PASSED_ON)("a module of the project may pass the state API on: %s %s", async (asked, manager) => {
  const file = ownName();
  const call = asked.includes(" as stateful") ? "stateful" : "createStatefulHandler";
  const text = (step: number): string =>
    counter(step)
      .replace(/^import.*$/m, asked)
      .replace("= createStatefulHandler(", `= ${call}(`);
  const project = memoryProject({ [file]: text(1), "manager.ts": manager });
  expect(await project.ask(file)).toBe(1);
  await project.edit({ [file]: text(10) });
  expect(await project.ask(file)).toBe(11);
  await project.edit({ "manager.ts": `${manager} export const edited = true;` });
  expect(await project.ask(file)).toBe(21);
});

test("what code that never became live did to state is gone with it", async () => {
  const file = ownName();
  const project = memoryProject({ [file]: counter(1) });
  expect(await project.ask(file)).toBe(1);
  await project.edit({ [file]: counter(1, `handler.setState({ n: 100 }); throw new Error("no");`) });
  expect(await project.answer(file)).toEqual({ error: "no" });
  await project.edit({ [file]: counter(1, "export const mended = true;") });
  expect(await project.ask(file)).toBe(2);
});

test("with preserveState: false it starts anew", async () => {
  const file = ownName();
  const project = memoryProject({ [file]: counter(1) }, { preserveState: false });
  expect(await project.ask(file)).toBe(1);
  await project.edit({ [file]: counter(5) });
  expect(await project.ask(file)).toBe(5);
});

test("stores are shared by all modules and survive edits of each", async () => {
  const key = ownName();
  const store = (step: number): string =>
    `import { createStore } from "orbit-hmr/state"; const store = createStore("${key}", 0); export const GET = () => { store.update((n) => n + ${step}); return store.get(); };`;
  const project = memoryProject({ "a.ts": store(1), "b.ts": store(100) });
  expect(await project.ask("a.ts")).toBe(1);
  expect(await project.ask("b.ts")).toBe(101);
  await project.edit({ "a.ts": store(2) });
  expect(await project.ask("a.ts")).toBe(103);
});

test("top-level state of a module that is not edited survives", async () => {
  const project = memoryProject({
    "leaf.ts": `export const leaf = () => 1;`,
    "state.ts": `import { leaf } from "./leaf"; let n = 0; const seen = new Map(); export const count = () => { seen.set(n, leaf()); return [++n, [...seen.values()]]; };`,
    "entry.ts": `import { count } from "./state"; export const GET = () => count();`,
  });
  expect(await project.ask("entry.ts")).toEqual([1, [1]]);
  await project.edit({ "leaf.ts": `export const leaf = () => 2;` });
  expect(await project.ask("entry.ts")).toEqual([2, [1, 2]]);
  await project.edit({
    "entry.ts": `import { count } from "./state"; export const GET = () => count();  export const x = 1;`,
  });
  expect(await project.ask("entry.ts")).toEqual([3, [1, 2, 2]]);
});

test("a session that a request made is not dropped because code that made it was edited", async () => {
  const project = memoryProject({
    "sessions.ts": `const sessions = new Map(); export const open = (id, make) => { sessions.set(id, make()); return sessions.size; }; export const get = (id) => sessions.get(id);`,
    "make.ts": `export const make = () => "made by v1";`,
    "entry.ts": `import { open, get } from "./sessions"; import { make } from "./make"; export const POST = (id) => open(id, () => make()); export const GET = (id) => get(id);`,
  });
  await project.ask("entry.ts", "POST", "x");
  await project.edit({ "make.ts": `export const make = () => "made by v2";` });
  expect(await project.ask("entry.ts", "GET", "x")).toBe("made by v1");
});
