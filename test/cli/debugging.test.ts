import { expect, test, vi } from "vitest";
import { createProject } from "../vite/support/project.ts";
import { Debugger } from "./debugger.ts";
import { DevProgram, orbitonFile, Program, soon } from "./orbiton.ts";
import { packageRoot } from "./project.ts";

const starts = {
  "orbiton dev --inspect=0": [process.execPath, orbitonFile, "dev", "--port", "0", "--inspect=0"],
  "node --inspect vite": [
    process.execPath,
    "--inspect=127.0.0.1:0",
    `${packageRoot}/node_modules/vite/bin/vite.js`,
    "--port",
    "0",
  ],
} as const;

/** Types that take lines away, a kept binding and a resource, whose texts grow when they are compiled. */
const handler = (added: string, n: number): string => `${added}import { double } from "../../lib/double";
interface Answer {
  readonly value: number;
}
type Words = readonly string[];

let calls = 0; export const words: Words = [];
export const GET = async (): Promise<Response> => {
  const before: Answer = { value: calls };
  await null;
  calls++; const value = double(calls + ${n}); const answer: Answer = { value };
  return Response.json([before.value, answer.value]);
};
`;

const double = `/** A comment. */
export function double(n: number): number {
  const result: number = n * 2;
  return result;
}
`;

const common = `"use strict";
exports.GET = () => {
  const text = "common";
  return new Response(text);
};
`;

test.for(Object.entries(starts))(
  "%s: a breakpoint in a source file pauses in the code that runs, set before or after an edit",
  async ([, command]) => {
    const project = createProject({
      "package.json": `{ "type": "module" }`,
      "vite.config.js": `import { apiRoutes } from "orbit-hmr/vite"; export default { plugins: [apiRoutes()] };`,
      "pages/api/a.ts": handler("", 1),
      "pages/api/b.cjs": common,
      "pages/api/c.js": `export const GET = () => {\n  const text = "plain";\n  return new Response(text);\n};\n`,
      "lib/double.ts": double,
    });
    const program = new Program(command, { cwd: project.root });
    const [url = ""] = await program.prints(/http:\/\/localhost:\d+\//);
    const [, inspectorUrl = ""] = await program.prints(/Debugger listening on (ws:\S+)/, "stderr");
    const get = async (route: string): Promise<string> => (await fetch(new URL(route, url))).text();
    const attached = await Debugger.attach(inspectorUrl);
    const pausesAt = async (route: string, file: string, line: number): Promise<string> => {
      const pausing = attached.nextPause();
      const answer = get(route);
      const pause = await pausing;
      expect(pause).toMatchObject({ file: project.path(file), line });
      const seen = String(
        await pause.evaluate("typeof n === 'number' ? n : typeof value === 'number' ? value : text"),
      );
      await attached.resume();
      await answer;
      return seen;
    };

    // Before anything has run.
    await attached.setBreakpoint(project.path("lib/double.ts"), 4);
    expect(await pausesAt("api/a", "lib/double.ts", 4)).toBe("2");
    await attached.setBreakpoint(project.path("pages/api/b.cjs"), 4);
    expect(await pausesAt("api/b", "pages/api/b.cjs", 4)).toBe("common");
    await attached.setBreakpoint(project.path("pages/api/c.js"), 3);
    expect(await pausesAt("api/c", "pages/api/c.js", 3)).toBe("plain");

    // After an edit that moves the line: the breakpoint of before is bound to the code that runs now.
    project.write("lib/double.ts", double.replace("n * 2", "n * 3").replace("  return", "\n  return"));
    await attached.setBreakpoint(project.path("lib/double.ts"), 5);
    expect(await pausesAt("api/a", "lib/double.ts", 5)).toBe("3");

    // In the route, once it was edited; what it imports was not, and pauses as before.
    project.write("pages/api/a.ts", handler("// one more line\n", 10));
    await attached.setBreakpoint(project.path("pages/api/a.ts"), 13);
    const inDouble = attached.nextPause();
    const answer = get("api/a");
    expect(await inDouble).toMatchObject({ file: project.path("lib/double.ts"), line: 5 });
    const inRoute = attached.nextPause();
    await attached.resume();
    const pause = await inRoute;
    expect(pause).toMatchObject({ file: project.path("pages/api/a.ts"), line: 13 });
    expect(await pause.evaluate("answer.value")).toBe(39);
    await attached.resume();
    expect(JSON.parse(await answer)).toEqual([2, 39]);
  },
);

test("who rests at a breakpoint is not told that the event loop is blocked", async () => {
  const project = createProject({
    "pages/api/a.js": `export const GET = () => {\n  return new Response("a");\n};\n`,
  });
  const server = await DevProgram.start(project.root, ["--inspect=0"]);
  const [, inspectorUrl = ""] = await server.prints(/Debugger listening on (ws:\S+)/, "stderr");
  const attached = await Debugger.attach(inspectorUrl);
  await attached.setBreakpoint(project.path("pages/api/a.js"), 2);
  const pausing = attached.nextPause();
  const answer = server.fetch("/api/a");
  const pause = await pausing;
  // As long as somebody would have been told of it.
  const began = performance.now();
  await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(2_000), soon);
  expect(await pause.evaluate("1 + 1")).toBe(2);
  await attached.resume();
  expect(await (await answer).text()).toBe("a");
  expect(server.stdout + server.stderr).not.toContain("has kept the server busy");
});
