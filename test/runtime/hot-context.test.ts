import { expect, test, vi } from "vitest";
import { moduleGate, moduleLog, settled } from "./support/log.ts";
import { memoryProject } from "./support/memory-project.ts";
import type { MemoryProject } from "./support/memory-project.ts";

const LOG = "const log = (text) => globalThis.orbitLog.push(text);";

async function editAndClose(project: MemoryProject, files: Record<string, string>): Promise<number> {
  const outcome = await project.edit(files);
  expect(outcome.status).toBe("committed");
  const closed = (await project.commits.at(-1)?.closed) ?? [];
  return closed.reduce((sum, { kind, count }) => (kind === "dispose handler" ? sum + count : sum), 0);
}

const countingBy = (step: number): string =>
  `export let count = (import.meta.hot.data.count ?? 0) + ${step}; import.meta.hot.dispose((data) => { data.count = count; });`;

test("data is handed from generation to generation", async () => {
  const project = memoryProject({
    "a.ts": countingBy(1),
    "entry.ts": `import { count } from "./a"; export const GET = () => count;`,
  });
  expect(await project.ask("entry.ts")).toBe(1);
  await project.edit({ "a.ts": countingBy(10) });
  expect(await project.ask("entry.ts")).toBe(11);
  await project.edit({ "a.ts": countingBy(100) });
  expect(await project.ask("entry.ts")).toBe(111);
});

test("what is handed over does not count attempts that came to nothing", async () => {
  const text = countingBy(1);
  const project = memoryProject({
    "list.ts": `export const list = [];`,
    "a.ts": text,
    "entry.ts": `import { count } from "./a"; import { list } from "./list"; export const GET = () => [count, list];`,
  });
  expect(await project.ask("entry.ts")).toEqual([1, []]);
  await project.edit({ "a.ts": `import { list } from "./list"; list.push("new"); ${text}` });
  expect(await project.ask("entry.ts")).toEqual([2, ["new"]]);
  await project.edit({ "a.ts": `${text} import.meta.hot.data.count = 100; throw new Error("no");` });
  await project.edit({ "a.ts": text });
  expect(await project.ask("entry.ts")).toEqual([3, []]);
});

const disposing = (n: number, rest = ""): string =>
  `${LOG} log("evaluate ${n}"); import.meta.hot.dispose(() => { log("dispose ${n}"); }); export const n = ${n}; ${rest}`;

const READS_N = `import { n } from "./a"; export const GET = () => n;`;

test("a dispose handler runs before the new code evaluates, whatever parameters it has", async () => {
  const log = moduleLog();
  const forms = `import.meta.hot.dispose((data = {}) => { data.defaulted = "yes"; }); import.meta.hot.dispose((...args) => { args[0].rest = "yes"; });`;
  const project = memoryProject({ "a.ts": disposing(1, forms), "entry.ts": READS_N });
  await project.ask("entry.ts");
  await editAndClose(project, {
    "a.ts": disposing(2, "log(import.meta.hot.data.defaulted + import.meta.hot.data.rest);"),
  });
  expect(log).toEqual(["evaluate 1", "dispose 1", "evaluate 2", "yesyes"]);
});

test("what cannot be linked disposes of nothing", async () => {
  const log = moduleLog();
  const project = memoryProject({ "a.ts": disposing(1), "entry.ts": READS_N });
  await project.ask("entry.ts");
  for (const broken of ["}", `import "./missing";`, `import { gone } from "./b"; log(gone);`])
    expect((await project.edit({ "a.ts": disposing(2, broken), "b.ts": "" })).status).toBe("failed");
  expect(log).toEqual(["evaluate 1"]);
});

test("dispose handlers run once, in the order of those who import: dependents before what they use", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "leaf.ts": "export const leaf = 1;",
    "a.ts": `import { leaf } from "./leaf"; ${disposing(1, "leaf;")}`,
    "b.ts": `${LOG} import { n } from "./a"; export const b = n; import.meta.hot.dispose(() => { log("b goes while " + n + " is there"); });`,
    "entry.ts": `import { b } from "./b"; export const GET = () => b;`,
  });
  await project.ask("entry.ts");
  await editAndClose(project, { "leaf.ts": "export const leaf = 2;" });
  expect(log).toEqual(["evaluate 1", "b goes while 1 is there", "dispose 1", "evaluate 1"]);
});

test("an evaluation that fails says who has cleaned up for it, and they clean up once", async () => {
  const log = moduleLog();
  const project = memoryProject({ "a.ts": disposing(1), "entry.ts": READS_N });
  await project.ask("entry.ts");
  const failing = disposing(2, `throw new Error("no");`);
  for (let tries = 0; tries < 2; tries++) {
    const outcome = await project.edit({ "a.ts": failing });
    expect(outcome).toMatchObject({
      problem: {
        message:
          "no The dispose handlers of a.ts have run: what they closed stays closed until this is mended.",
      },
    });
  }
  await project.edit({ "a.ts": disposing(3) });
  expect(await project.ask("entry.ts")).toBe(3);
  const attempt = ["evaluate 2", "dispose 2"];
  expect(log).toEqual(["evaluate 1", "dispose 1", ...attempt, ...attempt, "evaluate 3"]);
});

test("what has cleaned up for code that came to nothing runs again, although its own text is as it was", async () => {
  const log = moduleLog();
  const leaf = "export const leaf = 1;";
  const project = memoryProject({
    "leaf.ts": leaf,
    "a.ts": `import { leaf } from "./leaf"; ${disposing(1, "if (leaf === 2) throw new Error('no');")}`,
    "entry.ts": READS_N,
    "other.ts": `import { n } from "./a"; export const GET = () => n + 10;`,
  });
  await project.ask("entry.ts");
  await project.edit({ "leaf.ts": "export const leaf = 2;" });
  await project.edit({ "leaf.ts": leaf });
  expect(await project.ask("other.ts")).toBe(11);
  expect(await project.ask("entry.ts")).toBe(1);
  expect(log.filter((line) => line.startsWith("evaluate"))).toHaveLength(3);
});

test("a dispose handler that is never done holds the new code up until the deadline, and that is told", async () => {
  const project = memoryProject(
    {
      "a.ts": `export const n = 1; import.meta.hot.dispose(() => new Promise(() => {}));`,
      "entry.ts": READS_N,
    },
    { evaluationDeadlineMs: 20 },
  );
  await project.ask("entry.ts");
  await project.edit({ "a.ts": "export const n = 2;" });
  expect(await project.ask("entry.ts")).toBe(2);
  expect(project.host.notices).toMatchObject([
    {
      kind: "dispose-failed",
      module: "a.ts",
      error: { message: "It is not done after 0.02 s: the new code runs." },
    },
  ]);
});

const opening = (n: number): string =>
  `import net from "node:net"; export const n = ${n}; const server = net.createServer().listen(0); import.meta.hot.dispose(() => server.close()); export const isOpen = () => server.listening;`;

test("what a dispose handler has closed is opened anew, although its statement is as it was", async () => {
  const project = memoryProject({
    "a.ts": opening(1),
    "entry.ts": `import { n, isOpen } from "./a"; export const GET = () => [n, isOpen()];`,
  });
  expect(await project.ask("entry.ts")).toEqual([1, true]);
  await project.edit({ "a.ts": opening(2) });
  expect(await project.ask("entry.ts")).toEqual([2, true]);
});

test("several dispose handlers run, the last opened first, async ones awaited", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} import.meta.hot.dispose(() => { log("first"); }); import.meta.hot.dispose(async () => { await new Promise((r) => setTimeout(r, 5)); log("second"); });`,
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  expect(await editAndClose(project, { "a.ts": "export const b = 1;" })).toBe(2);
  expect(log).toEqual(["second", "first"]);
});

test("modules between the edit and the route are disposed of as well", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "leaf.ts": "export const leaf = 1;",
    "mid.ts": `${LOG} import { leaf } from "./leaf"; export const mid = leaf; import.meta.hot.dispose(() => { log("mid"); });`,
    "entry.ts": `import { mid } from "./mid"; export const GET = () => mid;`,
  });
  await project.ask("entry.ts");
  await editAndClose(project, { "leaf.ts": "export const leaf = 2;" });
  expect(log).toEqual(["mid"]);
});

test("a spared module is not disposed of", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "leaf.ts": "export const leaf = 1;",
    "mid.ts": `${LOG} import { leaf } from "./leaf"; export const mid = () => leaf; import.meta.hot.dispose(() => { log("mid"); });`,
    "entry.ts": `import { mid } from "./mid"; export const GET = () => mid();`,
  });
  await project.ask("entry.ts");
  await editAndClose(project, { "leaf.ts": "export const leaf = 2;" });
  expect(log).toEqual([]);
});

const leaving = (name: string): string =>
  `${LOG} import.meta.hot.prune(() => { log("prune ${name}"); }); import.meta.hot.dispose(() => { log("dispose ${name}"); });`;

test("a module that nobody imports any more is disposed of, then pruned", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "b.ts": leaving("b"),
    "a.ts": `import "./b"; ${leaving("a")}`,
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  await editAndClose(project, { "entry.ts": "export const GET = () => 2;" });
  expect(log).toEqual(["dispose a", "dispose b", "prune a", "prune b"]);
});

test("a dispose handler that throws is reported and stops no other", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} import.meta.hot.dispose(() => { log("ran"); }); import.meta.hot.dispose(() => { throw new Error("no"); });`,
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  await editAndClose(project, { "a.ts": "export {};" });
  expect(log).toEqual(["ran"]);
  expect(project.host.notices).toEqual([
    { kind: "dispose-failed", module: "a.ts", error: expect.any(Error) },
  ]);
});

test("a handover that throws is reported and does not stop the update", async () => {
  const project = memoryProject({
    "a.ts": `export const a = 1; import.meta.hot.dispose((data) => { throw new Error("no"); });`,
    "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
  });
  await project.ask("entry.ts");
  await project.edit({ "a.ts": "export const a = 2;" });
  expect(await project.ask("entry.ts")).toBe(2);
  expect(project.host.notices).toEqual([
    { kind: "dispose-failed", module: "a.ts", error: expect.any(Error) },
  ]);
});

test("accept callbacks are called once, with the new module, by whoever is next to the edit", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} export const a = 1; import.meta.hot.accept((next) => log("a is " + next.a));`,
    "c.ts": `export const c = 1;`,
    "b.ts": `${LOG} import { a } from "./a"; import { c } from "./c"; export const b = () => a + c; import.meta.hot.accept("./a", (next) => log("b sees a " + next.a)); import.meta.hot.accept(["./a", "./c"], ([one, two]) => log("b lists " + one?.a + two?.c));`,
    "entry.ts": `import { b } from "./b"; export const GET = () => b();`,
  });
  await project.ask("entry.ts");
  await project.edit({ "a.ts": "export const a = 2;" });
  await project.edit({ "c.ts": "export const c = 2;" });
  expect(log).toEqual(["a is 2", "b lists undefined2"]);
  expect(await project.ask("entry.ts")).toBe(4);
});

test("whoever accepts something that cannot run is told once for each text, whoever asks for it", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `export const a = 1;`,
    "b.ts": `${LOG} import { a } from "./a"; export const b = () => a; import.meta.hot.accept("./a", (next) => log("a is " + next?.a));`,
    "entry.ts": `import { b } from "./b"; export const GET = () => b();`,
    "other.ts": `import { b } from "./b"; export const GET = () => b();`,
  });
  await project.ask("entry.ts");
  await project.ask("other.ts");
  for (const text of ["}", "throw 1;", "export const a = 2;", "}", "export const a = 1;"]) {
    await project.edit({ "a.ts": text });
    await project.answer("entry.ts");
    await project.answer("other.ts");
  }
  expect(log).toEqual(["a is undefined", "a is undefined", "a is 2", "a is undefined", "a is 1"]);
});

test("a callback that throws is told, and stops no other", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} export const a = 1; import.meta.hot.accept(() => { throw new Error("no"); }); import.meta.hot.accept(() => log("second"));`,
    "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
  });
  await project.ask("entry.ts");
  await project.edit({ "a.ts": "export const a = 2;" });
  expect(log).toEqual(["second"]);
  expect(project.host.notices).toMatchObject([{ kind: "callback-failed", module: "a.ts" }]);
});

test("accept callbacks are called once per commit, with or without requests in flight", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} export const a = 1; import.meta.hot.accept(() => { log("a"); });`,
    "entry.ts": `import { a } from "./a"; export const GET = () => a;`,
    "other.ts": `export const value = 1; export const GET = () => value;`,
  });
  await project.ask("entry.ts");
  await project.ask("other.ts");
  const request = project.runtime.beginRequest("/project/entry.ts");
  await project.edit({ "a.ts": "export const a = 2;" });
  await project.edit({ "other.ts": `export const value = 2; export const GET = () => value;` });
  request.close();
  expect(log).toEqual(["a"]);
});

test("invalidate lets importers run again at the next request", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `export const a = () => 1; export const refuse = () => import.meta.hot.invalidate("cannot");`,
    "b.ts": `${LOG} import { a } from "./a"; log("b"); export const b = () => a();`,
    "entry.ts": `import { b } from "./b"; export { refuse } from "./a"; export const GET = () => b();`,
  });
  await project.ask("entry.ts");
  await project.ask("entry.ts", "refuse");
  await project.ask("entry.ts");
  expect(log).toEqual(["b", "b"]);
});

const listening = (n: number): string =>
  `${LOG} import.meta.hot.on("x", (data) => log("${n}:" + data)); import.meta.hot.send("hello", ${n});`;

test("events reach live listeners only, and send reaches the host", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": listening(1),
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  await project.edit({ "a.ts": listening(2) });
  project.runtime.emit("x", "data");
  expect(log).toEqual(["2:data"]);
  expect(project.host.sent).toEqual([
    { event: "hello", data: 1 },
    { event: "hello", data: 2 },
  ]);
});

test("closing the runtime disposes of everything, the last loaded first", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} import.meta.hot.dispose(() => { log("a"); });`,
    "b.ts": `${LOG} import "./a"; import.meta.hot.dispose(async (data) => { log("b"); });`,
    "entry.ts": `import "./b"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  await project.runtime.close();
  expect(log).toEqual(["b", "a"]);
});

test("import.meta tells where the module lies, and the environment of now", async () => {
  const project = memoryProject({
    "lib/a.ts": `export const GET = () => [import.meta.url, import.meta.filename, import.meta.dirname, import.meta.env.VITE_X];`,
  });
  project.host.environment = { VITE_X: "1" };
  expect(await project.ask("lib/a.ts")).toEqual([
    "file:///project/lib/a.ts",
    "/project/lib/a.ts",
    "/project/lib",
    "1",
  ]);
  project.host.environment = { VITE_X: "2" };
  expect(await project.ask("lib/a.ts")).toEqual([
    "file:///project/lib/a.ts",
    "/project/lib/a.ts",
    "/project/lib",
    "2",
  ]);
  await settled(0);
});

/** Everybody who runs again has all its importers run again. */
const passing = (name: string, imports: readonly string[], rest = ""): string =>
  `${imports.map((other) => `import { ${other} } from "./${other}";`).join(" ")} ${rest} import.meta.hot.send("${name}");
   export const ${name} = () => [${imports.join(", ")}].length;
   import.meta.hot.accept(() => import.meta.hot.invalidate("from ${name}"));`;

test.each([
  { circle: "two modules", modules: { a: ["b"], b: ["a"] }, runs: { a: 2, b: 1 } },
  { circle: "three modules", modules: { a: ["b"], b: ["c"], c: ["a"] }, runs: { a: 2, b: 1, c: 1 } },
  {
    circle: "two modules beside the one that begins",
    modules: { a: [], b: ["a", "c"], c: ["b"] },
    runs: { a: 1, b: 2, c: 1 },
  },
])("a circle of $circle that invalidate each other ends", async ({ modules, runs }) => {
  const files = Object.entries(modules).map(([name, imports]) => [`${name}.ts`, passing(name, imports)]);
  const project = memoryProject({
    ...(Object.fromEntries(files) as Record<string, string>),
    "entry.ts": `import { b } from "./b"; export const GET = () => typeof b;`,
  });
  await project.ask("entry.ts");
  project.host.sent.length = 0;
  await project.edit({ "a.ts": passing("a", modules.a, "const more = 1;") });
  for (let asked = 0; asked < 10; asked++) await project.ask("entry.ts");
  const ran = project.host.sent.map(({ event }) => event).filter((event) => event in modules);
  expect(Object.fromEntries(countOf(ran))).toEqual(runs);
});

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

test("an invalidation is told with its message, and why the importers run is said", async () => {
  const project = memoryProject({
    "a.ts": `export const a = () => 1; export const refuse = () => import.meta.hot.invalidate("cannot");`,
    "entry.ts": `import { a, refuse } from "./a"; export { refuse }; export const GET = () => a();`,
  });
  await project.ask("entry.ts");
  await project.ask("entry.ts", "refuse");
  expect(project.host.notices).toEqual([{ kind: "invalidated", module: "a.ts", message: "cannot" }]);
  await project.ask("entry.ts");
  expect(project.commits.at(-1)?.ran.values().next().value).toEqual({
    kind: "stale",
    because: "a.ts was invalidated: cannot",
  });
});

test("a listener that throws is told, and stops no other", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": `${LOG} import.meta.hot.on("x", () => { throw new Error("no"); }); import.meta.hot.on("x", async () => { throw new Error("no"); }); import.meta.hot.on("x", (data) => log(data));`,
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  await project.ask("entry.ts");
  project.runtime.emit("x", "data");
  await settled();
  expect(log).toEqual(["data"]);
  expect(project.host.notices.map(({ kind }) => kind)).toEqual(["callback-failed", "callback-failed"]);
});

const listeningLate = (n: number, rest = ""): string =>
  `${LOG} import.meta.hot.on("x", (data) => log("${n} hears " + data)); globalThis.orbitLog.push("${n} waits"); await globalThis.orbitGate; ${rest}`;

test("what is sent while a module evaluates arrives when it is live, and never if it comes to nothing", async () => {
  const log = moduleLog();
  const project = memoryProject({
    "a.ts": listeningLate(1),
    "entry.ts": `import "./a"; export const GET = () => 1;`,
  });
  const send = async (n: number): Promise<readonly string[]> => {
    log.length = 0;
    const gate = moduleGate();
    const asking = project.answer("entry.ts");
    await vi.waitFor(() => expect(log).toContain(`${n} waits`));
    project.runtime.emit("x", "it");
    gate.open();
    await asking;
    return log.filter((line) => line.endsWith("it"));
  };
  expect(await send(1)).toEqual(["1 hears it"]);
  project.save({ "a.ts": listeningLate(2, "throw 1;") });
  expect(await send(2)).toEqual(["1 hears it"]);
  project.save({ "a.ts": listeningLate(3) });
  expect(await send(3)).toEqual(["1 hears it", "3 hears it"]);
});

const CONNECTION = "class Connection { isOpen = true; close() { this.isOpen = false; } }";

/** Ways to keep something open in a variable, and to close it in a dispose handler. */
const CLOSED_BY_HAND: Readonly<Record<string, string>> = {
  "filled when it is asked for": `${CONNECTION} let kept; const get = () => (kept ??= new Connection()); import.meta.hot.dispose(() => kept?.close());`,
  "a server of Node": `import net from "node:net"; let kept; const get = () => (kept ??= net.createServer().listen(0)); import.meta.hot.dispose(() => kept?.close());`,
  "a literal": `let kept; const get = () => (kept ??= { isOpen: true }); import.meta.hot.dispose(() => { if (kept) kept.isOpen = false; });`,
  "the items of a map": `const kept = new Map(); const get = () => { if (!kept.has(1)) kept.set(1, { isOpen: true }); return kept.get(1); }; import.meta.hot.dispose(() => { for (const each of kept.values()) each.isOpen = false; });`,
  "closed by a function": `let kept; const get = () => (kept ??= { isOpen: true }); const shutdown = () => { if (kept) kept.isOpen = false; }; const { hot } = import.meta; import.meta.hot?.dispose(() => shutdown());`,
  "opened at top level": `let kept; const get = () => kept; const open = () => { kept = { isOpen: true }; }; open(); import.meta.hot.dispose(() => { kept.isOpen = false; });`,
};

test.each(Object.entries(CLOSED_BY_HAND))(
  "what a dispose handler closes does not go on as state: %s",
  async (_way, text) => {
    const file = (n: number): string =>
      `export const n = ${n}; ${text} let hits = 0; export const hit = () => ++hits; export const isOpen = () => { const it = get(); return it.isOpen ?? it.listening; };`;
    const project = memoryProject({
      "a.ts": file(1),
      "entry.ts": `import { n, hit, isOpen } from "./a"; export const GET = () => [n, hit(), isOpen()];`,
    });
    expect(await project.ask("entry.ts")).toEqual([1, 1, true]);
    await project.edit({ "a.ts": file(2) });
    expect(await project.ask("entry.ts")).toEqual([2, 2, true]);
  },
);

const counted = (n: number): string =>
  `export const n = ${n}; let hits = 0; export const hit = () => ++hits; import.meta.hot.dispose((data) => { data.hits = hits; });`;

test("a number that a dispose handler only looks at goes on", async () => {
  const project = memoryProject({
    "a.ts": counted(1),
    "entry.ts": `import { n, hit } from "./a"; export const GET = () => [n, hit()];`,
  });
  expect(await project.ask("entry.ts")).toEqual([1, 1]);
  await project.edit({ "a.ts": counted(2) });
  expect(await project.ask("entry.ts")).toEqual([2, 2]);
});
