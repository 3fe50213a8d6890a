import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { isAlive, pidsIn } from "../build/processes.ts";
import { DevProgram, orbiton, soon } from "./orbiton.ts";
import { createProject } from "./project.ts";
import type { Project } from "./project.ts";
import { hasTerminal, TerminalProgram } from "./terminal-program.ts";

/** Writes `dist/index.html` of `src/title.txt`; hangs where `src/hang.txt` is there, with a process below it. */
const BUILD = `
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
if (existsSync("src/hang.txt")) {
  const below = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "inherit" });
  process.on("SIGTERM", () => undefined);
  appendFileSync("pids.txt", process.pid + "\\n" + below.pid + "\\n");
  await new Promise((resolve) => setInterval(() => undefined, 1000));
}
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
writeFileSync("dist/index.html", "<h1>" + readFileSync("src/title.txt", "utf8") + "</h1>" + (process.env.GREETING ?? ""));
`;
const FILES = { "build.mjs": BUILD, "src/title.txt": "one" };
const COMMAND = ["--json", "--command", "node build.mjs"];

const builds = (program: DevProgram): readonly unknown[] =>
  program.events.flatMap(({ event, status }) => (event === "build" && status !== "starting" ? [status] : []));

describe("no process of a build is left", () => {
  const endings = {
    "SIGINT of the program": (pid: number) => process.kill(pid, "SIGINT"),
    "SIGTERM of the program": (pid: number) => process.kill(pid, "SIGTERM"),
    "SIGKILL of the program": (pid: number) => process.kill(pid, "SIGKILL"),
    "SIGKILL of the server's process": (pid: number) => process.kill(childOf(pid), "SIGKILL"),
  };

  test.for(Object.entries(endings))("after %s", async ([, end]) => {
    const project = createProject({ ...FILES, "src/hang.txt": "" });
    const program = await DevProgram.start(project.root, COMMAND);
    const pids = await pidsIn(project, 2);
    end(program.process.pid ?? 0);
    await program.ended();
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), soon);
  });
});

/** The process with the server. */
function childOf(pid: number): number {
  return Number(
    execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
      .trim()
      .split(/\s+/)[0],
  );
}

test.skipIf(!hasTerminal)("b builds again, and ends a build that hangs", async () => {
  const build = { command: "node build.mjs" };
  const config = { "orbiton.config.json": JSON.stringify({ build }) };
  const project = createProject({ ...FILES, ...config, "src/hang.txt": "" });
  const program = await TerminalProgram.startInTerminal(project);
  const pids = await pidsIn(project, 2);
  rmSync(project.path("src/hang.txt"));
  const status = (await program.fetchJson("__hmr_status")) as { readonly build: { readonly since: number } };
  expect(status.build).toMatchObject({ status: "starting", lastMs: null });
  expect(Date.now() - status.build.since).toBeLessThan(60_000);
  program.press("b");
  await program.prints(/built {5}.*built with node build\.mjs/);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await (await program.fetch("")).text()).toContain("<h1>one</h1>");
});

test("an output folder that each build makes anew is served after each", async () => {
  const project = createProject(FILES);
  const program = await DevProgram.start(project.root, COMMAND);
  const page = async (): Promise<string> =>
    (await program.fetch("", { headers: { accept: "text/html" } })).text();
  for (const title of ["two", "three"]) {
    project.write("src/title.txt", title);
    await expect.poll(page, soon).toContain(`<h1>${title}</h1>`);
  }
});

test("a build that writes elsewhere than what is served is told once, with what to set", async () => {
  const project = createProject({ ...FILES, "build.mjs": BUILD.replaceAll("dist", "www") });
  const program = await DevProgram.start(project.root, COMMAND);
  const notices = (): readonly unknown[] =>
    program.events.flatMap(({ event, message }) => (event === "notice" ? [message] : []));
  await expect
    .poll(notices, soon)
    .toEqual([
      "[orbit] node build.mjs has written nothing into dist/, which is served. Set build.output to the folder that it writes.",
    ]);
});

describe("the build in orbiton.config.*", () => {
  test("says what runs, where, with what, and what it writes", async () => {
    const project = createProject({
      "tools/make.mjs": BUILD.replaceAll("dist", "../www").replaceAll("src/", "../src/"),
      "src/title.txt": "one",
      "notes/todo.txt": "1",
      "src/generated.tmp": "1",
    });
    const build = {
      command: process.execPath,
      args: ["make.mjs"],
      cwd: "tools",
      watch: ["src"],
      ignore: ["**/*.tmp"],
      output: "www",
      env: { GREETING: "hello" },
    };
    project.write("orbiton.config.json", JSON.stringify({ build }));
    const program = await DevProgram.start(project.root);
    expect(await (await program.fetch("", { headers: { accept: "text/html" } })).text()).toContain(
      "one</h1>hello",
    );
    writeFileSync(project.path("notes/todo.txt"), "2");
    writeFileSync(project.path("src/generated.tmp"), "2");
    project.write("src/title.txt", "two");
    await expect.poll(() => builds(program), soon).toEqual(["completed", "completed"]);
    expect(program.events.findLast(({ event }) => event === "build")).toMatchObject({
      files: ["src/title.txt"],
    });
    expect(readFileSync(project.path("www/index.html"), "utf8")).toContain("two");
  });

  test("what is wrong in it is said at once, all of it, with the nearest name", async () => {
    const project = createProject(FILES);
    project.write(
      "orbiton.config.json",
      JSON.stringify({ build: { comand: "node", args: "build.mjs", output: 3, diagnostics: "tsc" } }),
    );
    const { code, stderr } = await orbiton(["dev", project.root, "--port", "0"]);
    expect(code).toBe(2);
    for (const text of [
      "`build.comand`. Did you mean `build.command`?",
      "`build.command`",
      "`build.args`",
      "`build.output`",
      "`build.diagnostics`",
    ])
      expect(stderr).toContain(text);
  });
});

describe("a save that reloads a route and is built", () => {
  const ROUTE = {
    "pages/api/title.js": `import { readFileSync } from "node:fs";
const title = readFileSync(new URL("../../src/title.txt", import.meta.url), "utf8");
export const GET = () => new Response(title);
`,
  };

  async function started(): Promise<{ project: Project; program: DevProgram }> {
    const project = createProject({ ...FILES, ...ROUTE });
    const program = await DevProgram.start(project.root, ["--command", "node build.mjs"]);
    await program.prints(/^built .*$/m);
    expect(await (await program.fetch("api/title")).text()).toBe("one");
    program.stdout = "";
    return { project, program };
  }

  test("is one line, when both are done", async () => {
    const { project, program } = await started();
    project.write("src/title.txt", "two");
    await program.prints(/built with/);
    expect(program.stdout).toMatch(
      /^reloaded +src\/title\.txt changed.* → \/api\/title.* · v\d+ .*· built with node build\.mjs · \d+ ms\n$/,
    );
    // What each has from a file of its own as well.
    program.stdout = "";
    project.write("src/other.txt", "1");
    project.edit("pages/api/title.js", "title);", "title + 1);");
    await program.prints(/built with|has made the same/);
    expect(program.stdout.split("\n")).toHaveLength(2);
    expect(program.stdout).toMatch(/pages\/api\/title\.js changed.*src\/other\.txt changed; /);
  });

  test("is two things where the build fails", async () => {
    const { project, program } = await started();
    project.write("build.mjs", "throw new Error('no');");
    project.write("src/title.txt", "two");
    await program.prints(/^error .*failed/m);
    await program.prints(/^reloaded .*\/api\/title[^;]*$/m);
    expect(program.stdout).not.toMatch(/reloaded .*failed/);
  });
});
