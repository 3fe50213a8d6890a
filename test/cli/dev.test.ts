import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { DevProgram, orbiton, orbitonFile, Program, soon } from "./orbiton.ts";
import { createProject } from "./project.ts";

const counter = `let step = 1;
export const GET = () => Response.json({ step, pid: process.pid });
import.meta.hot?.dispose(() => console.log("disposed"));
`;
const oneRoute = { "pages/api/counter.js": counter };

async function pidOf(server: DevProgram): Promise<number> {
  const { pid } = (await server.fetchJson("/api/counter")) as { pid: number };
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port that somebody else listens on. */
async function takenPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "localhost");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("the start shows the address and the number of routes, and nothing else", async () => {
  const server = await DevProgram.start(createProject(oneRoute).root, []);
  expect(server.stdout.replace(/\d+ ms/, "N ms").replace(/orbiton \S+/, "orbiton V")).toBe(
    `\n  orbiton V ready in N ms\n\n  ${server.url}\n  1 API route\n\n`,
  );
  expect(server.stderr).toBe("");
});

test("a save is one line: how far it reached, what reloaded, how fast, which version", async () => {
  const project = createProject(oneRoute);
  const server = await DevProgram.start(project.root, []);
  await server.fetch("/api/counter");
  const before = server.stdout.length;
  project.edit("pages/api/counter.js", "step = 1", "step = 2");
  await server.prints(/reloaded .*\n/);
  const lines = server.stdout
    .slice(before)
    .split("\n")
    .filter((line) => line !== "" && line !== "disposed");
  expect(lines).toEqual([
    expect.stringMatching(/^reloaded +pages\/api\/counter\.js changed → \/api\/counter · \d+ ms · v2\b/),
  ]);
});

test("a broken save shows file, line and column and the code; the mended one says that it is over", async () => {
  const project = createProject(oneRoute);
  const server = await DevProgram.start(project.root, []);
  await server.fetch("/api/counter");
  project.edit("pages/api/counter.js", "{ step, pid", "{ step,, pid");
  const [, place] = await server.prints(/error +(\S+) /);
  expect(place).toMatch(/pages\/api\/counter\.js:2:\d+$/);
  await server.prints(/> 2 \| export const GET/);
  project.edit("pages/api/counter.js", "step,,", "step,");
  await server.prints(/recovered \/api\/counter answers again · v\d+\n/);
});

test("--json prints JSON and nothing else, whatever server modules print", async () => {
  const project = createProject({
    "pages/api/loud.js": `console.log("loud");\nexport const GET = () => Response.json(1);\n`,
  });
  const server = await DevProgram.start(project.root);
  await server.fetch("/api/loud");
  project.edit("pages/api/loud.js", "json(1)", "json(2)");
  await expect
    .poll(() => server.events, soon)
    .toEqual([
      { event: "ready", url: server.url },
      expect.objectContaining({
        event: "reload",
        strategy: "single",
        files: ["pages/api/loud.js"],
        routes: ["/api/loud"],
      }),
    ]);
  expect(server.stderr).toContain("loud");
});

test("--json tells of an error where it is", async () => {
  const project = createProject(oneRoute);
  const server = await DevProgram.start(project.root);
  await server.fetch("/api/counter");
  project.edit("pages/api/counter.js", "{ step, pid", "{ step,, pid");
  await expect
    .poll(() => server.events, soon)
    .toContainEqual(
      expect.objectContaining({
        event: "error",
        file: "pages/api/counter.js",
        line: 2,
        routes: ["/api/counter"],
      }),
    );
});

test("a broken save is an error and no reload; the mended one is a reload and a recovery", async () => {
  const project = createProject(oneRoute);
  const server = await DevProgram.start(project.root);
  const kinds = (): string[] => server.events.map(({ event }) => event);
  await server.fetch("/api/counter");
  project.edit("pages/api/counter.js", "{ step, pid", "{ step,, pid");
  await expect.poll(kinds, soon).toContain("error");
  project.edit("pages/api/counter.js", "step,,", "step: step + 1,");
  await expect.poll(() => kinds().toSorted(), soon).toEqual(["error", "ready", "recovered", "reload"]);
});

test("a busy port means the next free one", async () => {
  const port = await takenPort();
  const { root } = createProject(oneRoute);
  const server = new Program([process.execPath, orbitonFile, "dev", root, "--port", String(port), "--json"]);
  const [, next] = await server.prints(/localhost:(\d+)/);
  expect(Number(next)).toBeGreaterThan(port);
});

test("a busy port with --strictPort is a failure", async () => {
  const port = await takenPort();
  const { root } = createProject(oneRoute);
  const { code, stdout, stderr } = await orbiton(["dev", root, "--port", String(port), "--strictPort"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(String(port));
});

test("a config that cannot be loaded is a failure that names it", async () => {
  const { root } = createProject({ ...oneRoute, "vite.config.js": "export default {" });
  const { code, stderr } = await orbiton(["dev", root, "--port", "0"]);
  expect(code).toBe(1);
  expect(stderr).toContain("vite.config.js");
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s closes what modules have opened and ends with exit code %i", async (signal, expected) => {
  const server = await DevProgram.start(createProject(oneRoute).root, []);
  const pid = await pidOf(server);
  server.process.kill(signal);
  const { code, stdout } = await server.ended();
  expect(code).toBe(expected);
  expect(stdout).toContain("disposed");
  expect(isAlive(pid)).toBe(false);
  await expect(server.fetch("/")).rejects.toThrow("fetch failed");
});

test("a signal that comes twice, as it does through npm, still closes what modules have opened", async () => {
  const server = await DevProgram.start(createProject(oneRoute).root, []);
  await server.fetch("/api/counter");
  server.process.kill("SIGINT");
  server.process.kill("SIGINT");
  await expect(server.ended()).resolves.toMatchObject({
    code: 130,
    stdout: expect.stringContaining("disposed"),
  });
});

test("whoever insists does not have to wait for a dispose handler that never ends", async () => {
  const project = createProject({
    "pages/api/counter.js": `export const GET = () => Response.json({ pid: process.pid });
import.meta.hot?.dispose(() => new Promise(() => console.log("waiting")));
`,
  });
  const server = await DevProgram.start(project.root, []);
  const pid = await pidOf(server);
  server.process.kill("SIGINT");
  await server.prints(/waiting/);
  const insisting = setInterval(() => isAlive(pid) && server.process.kill("SIGINT"), 100);
  onTestFinished(() => clearInterval(insisting));
  await expect(server.ended()).resolves.toMatchObject({ code: 130 });
  expect(isAlive(pid)).toBe(false);
});

test("a closed stdin does not end the server", async () => {
  const server = await DevProgram.start(createProject(oneRoute).root);
  server.process.stdin?.end();
  await server.fetch("/api/counter");
  expect(server.isRunning).toBe(true);
});

test("nobody is left behind when the program itself is killed", async () => {
  const server = await DevProgram.start(createProject(oneRoute).root);
  const pid = await pidOf(server);
  server.process.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), soon).toBe(false);
});

test("a reader of --json that leaves ends the server at the next line", async () => {
  const project = createProject(oneRoute);
  const server = await DevProgram.start(project.root);
  const pid = await pidOf(server);
  server.process.stdout?.destroy();
  project.edit("pages/api/counter.js", "step = 1", "step = 2");
  await expect.poll(() => isAlive(pid), soon).toBe(false);
});

test("a server that dies is a failure that says so", async () => {
  const server = await DevProgram.start(createProject(oneRoute).root);
  process.kill(await pidOf(server), "SIGKILL");
  const { code, stderr } = await server.ended();
  expect(code).toBe(1);
  expect(stderr).toContain("The server ended by itself (SIGKILL).");
});
