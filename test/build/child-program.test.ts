import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { cargoTool } from "../../src/build/cargo.ts";
import { commandTool } from "../../src/build/command.ts";
import { startProgram } from "../../src/build/child-program.ts";
import type { Program } from "../../src/build/child-program.ts";
import { timers } from "../../src/reload/clock.ts";
import { createProject } from "../cli/project.ts";
import type { Project } from "../cli/project.ts";
import { soon } from "../cli/orbiton.ts";
import { isAlive, pidsIn } from "./processes.ts";

const silent = { onStdout: () => undefined, onStderr: () => undefined };

/** Starts another process, and neither ends when it is asked to. Both say which they are. */
const STUBBORN = `
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
process.on("SIGTERM", () => undefined);
appendFileSync("pids.txt", process.pid + "\\n");
if (process.argv[2] !== "inner") spawn(process.execPath, [process.argv[1], "inner"], { stdio: "inherit" });
setInterval(() => undefined, 1_000);
`;

function programOf(project: Project, script: string, ...args: readonly string[]): Program {
  project.write("program.mjs", script);
  return {
    command: process.execPath,
    args: ["program.mjs", ...args],
    cwd: project.root,
    env: process.env,
    isShell: false,
  };
}

test("stopped, it ends with all that it has started, although they do not want to", async () => {
  const project = createProject();
  const running = startProgram(programOf(project, STUBBORN), silent);
  const pids = await pidsIn(project, 2);
  running.stop();
  expect(await running.ended).toEqual({ signal: "SIGKILL" });
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), soon);
});

test("what it leaves running when it ends is ended", async () => {
  const project = createProject();
  const leaving = `
    import { spawn } from "node:child_process";
    import { writeFileSync } from "node:fs";
    const left = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1_000)"], { stdio: "inherit" });
    writeFileSync("pids.txt", left.pid + "\\n");
    process.exit(3);
  `;
  const running = startProgram(programOf(project, leaving), silent);
  expect(await running.ended).toEqual({ exitCode: 3 });
  const pids = await pidsIn(project, 1);
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), soon);
});

test("nothing of it is left when the process that has started it is killed", async () => {
  const project = createProject();
  project.write("inner.mjs", STUBBORN);
  const built = fileURLToPath(new URL("../../build/build/child-program.js", import.meta.url));
  project.write(
    "outer.mjs",
    `import { startProgram } from ${JSON.stringify(built)};
     startProgram({ command: process.execPath, args: ["inner.mjs"], cwd: process.cwd(), env: process.env, isShell: false },
       { onStdout() {}, onStderr() {} });
     setInterval(() => undefined, 1_000);`,
  );
  const outer = spawn(process.execPath, ["outer.mjs"], { cwd: project.root, stdio: "ignore" });
  const pids = await pidsIn(project, 2);
  outer.kill("SIGKILL");
  await once(outer, "exit");
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), soon);
});

test("a program that is not there is a result, and says so", async () => {
  const { root } = createProject();
  const missing = { command: "no-such-program", args: [], cwd: root, env: process.env, isShell: false };
  expect((await startProgram(missing, silent).ended).startError?.code).toBe("ENOENT");
  for (const [command, args, problem] of [
    ["no-such-program", [], "there is no program no-such-program"],
    ["no-such-program", undefined, "the shell knows no such command"],
  ] as const) {
    const tool = commandTool({ command, args, cwd: root, env: process.env }, root);
    const result = await tool.start(() => undefined, []).ended;
    expect(result.isOk).toBe(false);
    expect(result.problem).toContain(problem);
  }
});

test("a folder that is not there is said, and not that the program is missing", async () => {
  const { root } = createProject();
  const cwd = path.join(root, "crate");
  const command = commandTool({ command: process.execPath, args: ["-v"], cwd, env: process.env }, root);
  const cargo = cargoTool(
    { cwd, env: process.env, toolchain: undefined, args: [], run: undefined },
    () => ({ workspace: cwd, root }),
    timers,
  );
  for (const tool of [command, cargo]) {
    const result = await tool.start(() => undefined, []).ended;
    expect(result.isOk).toBe(false);
    expect(result.problem).toContain(
      `could not be started: there is no folder ${cwd}. Make it, or correct build.cwd.`,
    );
  }
});

test("programs of the project's packages are found, and arguments are what they are", async () => {
  const project = createProject();
  project.write("node_modules/.bin/hello", '#!/bin/sh\necho "$1" > said.txt\n');
  chmodSync(project.path("node_modules/.bin/hello"), 0o755);
  const args = ["a b; touch never.txt $HOME"];
  const tool = commandTool({ command: "hello", args, cwd: project.root, env: process.env }, project.root);
  expect(await tool.start(() => undefined, []).ended).toMatchObject({ isOk: true });
  expect(readFileSync(project.path("said.txt"), "utf8")).toBe(`${args[0]}\n`);
  expect(existsSync(path.join(project.root, "never.txt"))).toBe(false);
});

test("all that it has printed is read before its end is told, however busy whoever reads it is", async () => {
  const project = createProject();
  const lines = 30_000;
  const script = `for (let line = 1; line <= ${lines}; line++) console.log("line " + line); process.exitCode = 1;`;
  let text = "";
  const running = startProgram(programOf(project, script), {
    onStdout: (chunk) => {
      text += chunk;
      // Nothing else happens meanwhile.
      const until = performance.now() + 250;
      while (performance.now() < until);
    },
    onStderr: () => undefined,
  });
  expect(await running.ended).toEqual({ exitCode: 1 });
  expect(text.trimEnd().split("\n").at(-1)).toBe(`line ${lines}`);
});

test("of 100 MB that it prints, the end is kept, and memory is not", async () => {
  const project = createProject();
  project.write(
    "chatty.mjs",
    `const line = "x".repeat(1_023) + "\\n";
     for (let count = 0; count < 100; count++) await new Promise((done) => process.stdout.write(line.repeat(1_024), done));
     console.log("main.c:1:2: error: the last line");
     process.exitCode = 1;`,
  );
  const args = ["chatty.mjs"];
  const tool = commandTool(
    { command: process.execPath, args, cwd: project.root, env: process.env },
    project.root,
  );
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
  const { output, diagnostics } = await tool.start(() => undefined, []).ended;
  clearInterval(timer);
  expect(output.length).toBeLessThan(70_000);
  expect(output).toMatch(/^… \(what came before is left out\)\n/);
  expect(diagnostics).toMatchObject([{ file: "main.c", message: "the last line" }]);
  expect((most - before) / 2 ** 20).toBeLessThan(50);
});
