import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { guardProcess } from "../../src/session/process-guard.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "orbit-process-guard-"));
  const entry = resolve(import.meta.dirname, "../../src/session/process-guard.ts");
  await build({ configFile: false, logLevel: "silent", build: { ssr: entry, outDir: folder } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Ended = { code: number | null; out: string; err: string };

/** Run a program in which errors that say "route" come from a server module, with or without the guard. */
function run(body: string, { isGuarded = true } = {}): Promise<Ended> {
  const program = `
    const { guardProcess } = await import(${JSON.stringify(pathToFileURL(join(folder, "process-guard.js")).href)});
    const attribute = (error) => String(error?.stack).includes("route") ? "pages/api/users.ts:12" : undefined;
    const report = ({ origin, place }) => console.log("reported", origin, place);
    const guard = () => ${isGuarded} ? guardProcess({ attribute, report }) : () => {};
    const undo = guard();
    setTimeout(() => console.log("alive"), 60);
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended: Ended = { code: null, out: "", err: "" };
  child.stdout.on("data", (chunk) => (ended.out += String(chunk)));
  child.stderr.on("data", (chunk) => (ended.err += String(chunk)));
  return new Promise((done) => child.on("close", (code) => done({ ...ended, code })));
}

/** What Node prints below the line of code that threw: message, stack, version. */
const messageIn = (printed: string): string =>
  printed.slice(printed.search(/^(?:Error|\[UnhandledPromise)/m));

describe("an error that escaped from a server module is reported and the process lives on", () => {
  test.for([
    ["a timer throws", `setTimeout(() => { throw new Error("route"); });`, "uncaughtException"],
    ["a microtask throws", `queueMicrotask(() => { throw new Error("route"); });`, "uncaughtException"],
    ["a promise is rejected", `void Promise.reject(new Error("route"));`, "unhandledRejection"],
  ] as const)("%s", async ([, body, origin]) => {
    expect(await run(body)).toEqual({
      code: 0,
      out: `reported ${origin} pages/api/users.ts:12\nalive\n`,
      err: "",
    });
  });
});

describe("an error of other code ends the process as it does in Node", () => {
  test.for([
    ["a rejected error", `void Promise.reject(new Error("foreign"));`],
    ["a thrown error", `setTimeout(() => { throw new Error("foreign"); });`],
    ["a rejected value", `void Promise.reject("foreign");`],
    ["nothing rejected", `void Promise.reject();`],
  ] as const)("%s", async ([, body]) => {
    const [guarded, plain] = await Promise.all([run(body), run(body, { isGuarded: false })]);
    expect({ ...guarded, err: messageIn(guarded.err) }).toEqual({ ...plain, err: messageIn(plain.err) });
    expect(guarded).toMatchObject({ code: 1, out: "" });
  });

  test("after the guard was undone, every error does", async () => {
    expect(await run(`undo(); void Promise.reject(new Error("route"));`)).toMatchObject({ code: 1, out: "" });
  });
});

describe("somebody else who listens decides about other code's errors", () => {
  test.for([
    ["uncaughtException", `setTimeout(() => { throw new Error("foreign"); });`],
    ["unhandledRejection", `void Promise.reject(new Error("foreign"));`],
    ["uncaughtException", `void Promise.reject(new Error("foreign"));`],
  ] as const)("%s", async ([origin, body]) => {
    const ended = await run(`process.on("${origin}", () => console.log("theirs")); ${body}`);
    expect(ended).toEqual({ code: 0, out: "theirs\nalive\n", err: "" });
  });

  test("and a server module's next error is still reported", async () => {
    const ended = await run(`
      process.on("uncaughtException", () => console.log("theirs"));
      void Promise.reject(new Error("foreign"));
      setTimeout(() => void Promise.reject(new Error("route")), 20);`);
    expect(ended.out).toBe("theirs\nreported unhandledRejection pages/api/users.ts:12\nalive\n");
  });
});

test("the process stays guarded until the last of several servers is closed", async () => {
  const ended = await run(`
    guard(); undo(); undo();
    setTimeout(() => { throw new Error("route"); });`);
  expect(ended).toMatchObject({ code: 0, out: "reported uncaughtException pages/api/users.ts:12\nalive\n" });
});

describe("a server module that ends the process gets an error instead", () => {
  test.for([
    ["process.exit(3)", `function route() { process.exit(3); }`],
    ["process.abort()", `function route() { process.abort(); }`],
    ["process.exit(3)", `import { exit } from "node:process"; function route() { exit(3); }`],
    [
      "process.exit(3)",
      `const deep = (n) => n === 0 ? process.exit(3) : deep(n - 1); function route() { deep(40); }`,
    ],
  ] as const)("%s in %s", async ([call, body]) => {
    const ended = await run(
      `${body} try { route(); } catch (error) { console.log(error.code, error.message); }`,
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toContain(
      `PROCESS_EXIT [orbit] A call of ${call} in pages/api/users.ts:12 was refused`,
    );
  });
});

describe("other code ends the process as always", () => {
  test.for([
    [3, "process.exit(3);"],
    [4, "process.exitCode = 4; process.exit();"],
    [0, "process.exitCode = 4; process.exit(undefined);"],
    [3, `undo(); function route() { process.exit(3); } route();`],
  ] as const)("%i from %s", async ([code, body]) => {
    expect(await run(body)).toEqual({ code, out: "", err: "" });
  });
});

test("undoing gives back what was there, unless somebody patched it since", () => {
  const guard = { attribute: () => undefined, report: vi.fn<() => void>() };
  const before = { exit: Reflect.get(process, "exit"), abort: Reflect.get(process, "abort") };
  guardProcess(guard)();
  expect(process).toMatchObject(before);

  const undo = guardProcess(guard);
  const patch = vi.fn<() => void>();
  onTestFinished(() => void Object.assign(process, before));
  Object.assign(process, { exit: patch });
  undo();
  expect(process).toMatchObject({ exit: patch, abort: before.abort });
});
