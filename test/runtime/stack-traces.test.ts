import { expect, onTestFinished, test } from "vitest";
import { firstProjectFrame, mapStackText, mapStackTraces, ModuleProblem } from "../../src/runtime/index.ts";
import { at, exportsOf, memoryProject } from "./support/memory-project.ts";

const TYPED = `import type { Foo } from "./types";

interface Thing {
  a: number;
}

export function fail(thing?: Thing): never {
  const other: Foo = thing as never;
  throw new Error("at nine " + String(other));
}
`;

test("an error thrown by a handler points to its source", async () => {
  onTestFinished(mapStackTraces());
  const project = memoryProject({
    "lib.ts": TYPED,
    "entry.ts": `import { fail } from "./lib";\n\nexport const GET = () =>\n  fail();\n`,
  });
  const error = await project.ask("entry.ts").catch((thrown: unknown) => thrown);
  expect((error as Error).stack).toMatch(/fail \(\/project\/lib\.ts:9:9\)/);
  expect((error as Error).stack).toMatch(/\/project\/entry\.ts:4:3/);
  expect(firstProjectFrame(error)).toMatchObject({ file: "/project/lib.ts", line: 9 });
});

test("an error thrown at top level is a problem with its place", async () => {
  const project = memoryProject({
    "lib.ts": `${TYPED}\nexport const x = 1;\nfail();\n`,
    "entry.ts": `import { x } from "./lib"; export const GET = () => x;`,
  });
  const outcome = await project.runtime.update([at("entry.ts")]);
  expect(outcome).toMatchObject({
    status: "failed",
    problem: { kind: "evaluation", file: "/project/lib.ts", line: 9, message: "at nine undefined" },
  });
});

test("the first and the only line of a file", async () => {
  const project = memoryProject({ "entry.ts": `throw new Error("first");` });
  expect(await project.runtime.update([at("entry.ts")])).toMatchObject({ problem: { line: 1, column: 7 } });
  await project.edit({ "entry.ts": `\n\n  throw new Error("third");` });
  expect(await project.runtime.update([at("entry.ts")])).toMatchObject({ problem: { line: 3, column: 9 } });
});

test("code that was replaced still points to the text that it was made from", async () => {
  onTestFinished(mapStackTraces());
  const project = memoryProject({
    "lib.ts": `export const fail = () => { throw new Error("v1"); };`,
    "entry.ts": `import { fail } from "./lib"; export const keep = () => fail; export const GET = () => fail();`,
  });
  await project.runtime.update([at("entry.ts")]);
  const keep = exportsOf(project.runtime, "entry.ts")["keep"] as () => () => never;
  const old = keep();
  await project.edit({ "lib.ts": `\n\n\nexport const fail = () => { throw new Error("v2"); };` });
  expect(stackOf(old)).toContain("/project/lib.ts:1:35");
  const error = await project.ask("entry.ts").catch((thrown: unknown) => thrown);
  expect((error as Error).stack).toContain("/project/lib.ts:4:35");
});

test("lines stay right when imports, exports and stateful handlers are rewritten", async () => {
  onTestFinished(mapStackTraces());
  const project = memoryProject({
    "lib.js": `export const a = 1; export * as all from "./other.js";`,
    "other.js": `export const b = 1;`,
    "entry.js": `import * as lib from "./lib.js"; import { all } from "./lib.js"; export { all as again };\nimport { createStatefulHandler } from "orbit-hmr/state";\nexport const h = createStatefulHandler({ a: 1 }, { GET: () => { throw new Error("in handler"); } }); export const GET = () => h.GET(lib);\n`,
  });
  const error = await project.ask("entry.js").catch((thrown: unknown) => thrown);
  expect(firstProjectFrame(error)).toMatchObject({ file: "/project/entry.js", line: 3, column: 71 });
});

test("errors without project frames look as always", () => {
  const before = new Error("plain");
  onTestFinished(mapStackTraces());
  const plain = new Error("plain");
  expect(plain.stack?.split("\n")[0]).toBe(before.stack?.split("\n")[0]);
  expect(plain.stack).toContain("stack-traces.test.ts");
  expect(mapStackText("Error: x\n    at native (node:fs:1:1)")).toBe("Error: x\n    at native (node:fs:1:1)");
});

test("what is thrown need not be an error", async () => {
  for (const thrown of [
    "null",
    "undefined",
    `"text"`,
    "42",
    "Object.create(null)",
    "{ toString() { throw 1; } }",
  ]) {
    const project = memoryProject({ "entry.ts": `throw ${thrown};` });
    const outcome = await project.runtime.update([at("entry.ts")]);
    expect(outcome.status === "failed" && outcome.problem).toBeInstanceOf(ModuleProblem);
  }
});

test("a syntax error has a place", async () => {
  const project = memoryProject({ "entry.ts": `const a = 1;\nconst b = ;\n` });
  expect(await project.runtime.update([at("entry.ts")])).toMatchObject({
    status: "failed",
    problem: { kind: "transform", file: "/project/entry.ts" },
  });
});

function stackOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).stack ?? "";
  }
  return "";
}

test.each([
  ["TypeScript", "lib.ts", "export const fail = (why: string): never => { throw new Error(why); };"],
  ["JavaScript", "lib.js", "export const fail = (why) => { throw new Error(why); };"],
])("edits that change nothing move the positions of code that runs on (%s)", async (_, lib, text) => {
  onTestFinished(mapStackTraces());
  const project = memoryProject({
    [lib]: `const list = [1,\n 2]; /* a */ let count = 0;\n${text}\nexport const size = () => list.length + count++;`,
    "entry.ts": `import { fail } from "./lib"; export const GET = () => fail("x");`,
  });
  const column = text.indexOf("new Error") + 1;
  const place = async (): Promise<unknown> =>
    firstProjectFrame(await project.ask("entry.ts").catch((thrown: unknown) => thrown));
  expect(await place()).toMatchObject({ line: 3, column });
  for (let edit = 1; edit <= 6; edit++) {
    const above = "// a comment\n".repeat(edit);
    await project.edit({
      [lib]: `${above}const list = [1, 2];\nlet count = 0;\n  ${text}\nexport const size = () => list.length + count++;`,
    });
    expect(project.commits).toHaveLength(1);
    expect(await place()).toMatchObject({ file: at(lib), line: edit + 3, column: column + 2 });
  }
});

test.for([
  [
    "an async anonymous function",
    `async () => {\n    await null;\n    await (async () => {\n      await null;\n      throw new Error("x");\n    })();\n  }`,
  ],
  ["an anonymous function", `() => [1].map(() => {\n    throw new Error("x");\n  })`],
  [
    "a method of a class",
    `() => new (class Job {\n    async run() {\n      await null;\n      throw new Error("x");\n    }\n  })().run()`,
  ],
  [
    "a getter and a promise",
    `() => Promise.all([null].map(async () => {\n    await null;\n    throw new Error("x");\n  }))`,
  ],
] as const)("each frame of %s points to its source, whatever the folder is called", async ([, body]) => {
  onTestFinished(mapStackTraces());
  for (const folder of ["", "my app/", "(admin)/", "my (old) app @ 2/", "async at/"]) {
    const name = `${folder}entry.ts`;
    const project = memoryProject({ [name]: `type A = 1;\nexport const GET =\n  ${body};\n` });
    const error = await project.ask(name).catch((thrown: unknown) => thrown);
    const frames = String((error as Error).stack)
      .split("\n")
      .filter((line) => line.includes("entry.ts"));
    expect(frames).not.toEqual([]);
    for (const frame of frames) expect(frame).toMatch(/\/project\/.*entry\.ts:[3-9]:\d+\)?$/);
    expect(firstProjectFrame(error)).toMatchObject({ file: `/project/${name}` });
  }
});
