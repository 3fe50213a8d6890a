import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { soon } from "./orbiton.ts";
import { createProject } from "./project.ts";
import { hasTerminal, TerminalProgram } from "./terminal-program.ts";

const counter = `import { createStatefulHandler } from "orbit-hmr/state";
const handler = createStatefulHandler({ count: 0 }, {
  POST() {
    const { count } = handler.updateState(({ count }) => ({ count: count + 1 }));
    return Response.json({ count, pid: process.pid });
  },
});
export const { POST } = handler;
`;

test.runIf(hasTerminal)(
  "R restarts in a new process, on the same port, with the state carried over",
  async () => {
    const server = await TerminalProgram.startInTerminal(createProject({ "pages/api/counter.js": counter }));
    const first = await server.count();
    const { url } = server;
    server.press("R");
    await server.untilReady(2);
    const second = await server.count();
    expect(server.url).toBe(url);
    expect([first.count, second.count]).toEqual([1, 2]);
    expect(second.pid).not.toBe(first.pid);
  },
);

test.runIf(hasTerminal)(
  "R ends a server that is caught in an endless loop, and the next one has the state that was saved",
  async () => {
    const project = createProject({
      "pages/api/counter.js": counter,
      "pages/api/loop.js": 'export const GET = () => { console.log("looping"); for (;;); };\n',
    });
    const server = await TerminalProgram.startInTerminal(project);
    await server.count();
    const saved = project.path("node_modules/.cache/orbit-hmr/state-1.json");
    await vi.waitFor(() => expect(readFileSync(saved, "utf8")).toContain('"count",1'), soon);
    const unanswered = server.fetch("/api/loop").catch(() => "cut off");
    await server.prints(/looping/);
    server.press("R");
    await server.prints(/The server did not answer: it starts with the state it had saved\./);
    await server.untilReady(2);
    await expect(unanswered).resolves.toBe("cut off");
    await expect(server.count()).resolves.toMatchObject({ count: 2 });
  },
);

describe.runIf(hasTerminal)("a route whose handler blocks the server works when its file is mended", () => {
  const loop = `import { value } from "../../lib/value.js";
export const GET = () => {
  while (true) {}
  return Response.json(value);
};
`;
  test.for(["before R is pressed", "after R was pressed"] as const)("%s", async (when) => {
    const project = createProject({
      "pages/api/counter.js": counter,
      "pages/api/loop.js": loop,
      "lib/value.js": `export const value = "mended";\n`,
    });
    const server = await TerminalProgram.startInTerminal(project);
    const { url } = server;
    const first = await server.count();
    const saved = project.path("node_modules/.cache/orbit-hmr/state-1.json");
    await vi.waitFor(() => expect(readFileSync(saved, "utf8")).toContain('"count",1'), soon);
    const unanswered = server.fetch("/api/loop").catch(() => "cut off");
    await server.prints(
      /pages\/api\/loop\.js:3 \(\/api\/loop\) has kept .* Press R to restart it with its state\./,
    );
    if (when === "before R is pressed") project.edit("pages/api/loop.js", "while (true) {}", "");
    server.press("R");
    await server.untilReady(2);
    await expect(unanswered).resolves.toBe("cut off");
    if (when === "after R was pressed") project.edit("pages/api/loop.js", "while (true) {}", "");
    expect(server.url).toBe(url);
    await expect(server.fetchJson("/api/loop")).resolves.toBe("mended");
    const { count, pid } = await server.count();
    expect(count).toBe(2);
    expect(pid).not.toBe(first.pid);
    // Nobody is left behind who would go on for ever.
    expect(() => process.kill(first.pid, 0)).toThrow("ESRCH");
  });
});

test.runIf(hasTerminal)("versions are counted on by the process that follows", async () => {
  const project = createProject({
    "pages/api/counter.js": counter,
    "pages/api/a.js": `export const GET = () => new Response("1");`,
  });
  const server = await TerminalProgram.startInTerminal(project);
  const versionOf = async (route: string): Promise<number> =>
    Number((await fetch(`${server.url}api/${route}`)).headers.get("x-orbit-version"));
  expect(await versionOf("a")).toBe(1);
  project.write("pages/api/a.js", `export const GET = () => new Response("2");`);
  expect(await versionOf("a")).toBe(2);
  server.press("R");
  await server.untilReady(2);
  expect(await versionOf("a")).toBe(3);
  project.write("pages/api/a.js", `export const GET = () => new Response("3");`);
  expect(await versionOf("a")).toBe(4);
});

test.runIf(hasTerminal)("the state waits while a restart fails, and the next one has it", async () => {
  const project = createProject({ "pages/api/counter.js": counter });
  const server = await TerminalProgram.startInTerminal(project);
  await server.count();
  project.write("vite.config.js", "export default {");
  server.press("R");
  await server.prints(/error .*vite\.config\.js/);
  project.write("vite.config.js", "export default {};");
  server.press("R");
  await server.untilReady(2);
  await expect(server.count()).resolves.toMatchObject({ count: 2 });
});

test.runIf(hasTerminal)("r runs everything again and keeps the state", async () => {
  const server = await TerminalProgram.startInTerminal(
    createProject({ "pages/api/counter.js": `console.log("ran");\n${counter}` }),
  );
  const { count, pid } = await server.count();
  server.press("r");
  await server.prints(/ran[^]*ran/);
  await expect(server.count()).resolves.toEqual({ count: count + 1, pid });
});

test.runIf(hasTerminal)("u shows the addresses, h the keys, and q quits with exit code 0", async () => {
  const server = await TerminalProgram.startInTerminal(createProject({ "pages/api/counter.js": counter }));
  server.press("u");
  await server.prints(/(?:http:\/\/localhost:\d+\/[^]*){2}/);
  server.press("h");
  await server.prints(/q {3}quit/);
  server.press("q");
  await expect(server.ended()).resolves.toMatchObject({ code: 0 });
});

test.runIf(hasTerminal)("Ctrl+C quits", async () => {
  const server = await TerminalProgram.startInTerminal(createProject({ "pages/api/counter.js": counter }));
  const { pid } = await server.count();
  server.press("\u0003");
  await expect(server.ended()).resolves.toMatchObject({ code: 0 });
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
