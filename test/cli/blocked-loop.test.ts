import { expect, test } from "vitest";
import { createProject } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { DevProgram, Program, soon } from "./orbiton.ts";
import { packageRoot } from "./project.ts";

/** Code that keeps the event loop for good, in all places where code of a project runs. */
const loops = {
  "a handler": ["for (;;);", "pages/api/loop.js:6 (/api/loop)"],
  "a handler that has waited while others began": [
    `await new Promise((resolve) => setTimeout(resolve, 300));
     for (;;);`,
    "pages/api/loop.js:7 (/api/loop)",
  ],
  "a package that a handler calls": [`spin();`, "pages/api/loop.js:6 (/api/loop)"],
  "a timer that a handler starts": [
    `setTimeout(() => { for (;;); }, 10);`,
    "pages/api/loop.js:6 (/api/loop)",
  ],
} as const;

function projectWith(body: string): Project {
  return createProject({
    "package.json": `{ "type": "module" }`,
    "vite.config.js": `import { apiRoutes } from "orbit-hmr/vite"; export default { plugins: [apiRoutes()] };`,
    "node_modules/spin/package.json": `{ "name": "spin", "main": "index.js" }`,
    "node_modules/spin/index.js": `module.exports = () => { for (;;); };`,
    "pages/api/loop.js": `import spin from "spin";
globalThis.spin = spin;


export const GET = async () => {
${body}
return new Response("over");
};`,
    "pages/api/other.js": `export const GET = () => new Response("other");`,
  });
}

/** The request is never answered, and ends with the server. */
function ask(url: string): void {
  void fetch(new URL("api/loop", url)).catch(() => undefined);
  void fetch(new URL("api/other", url)).catch(() => undefined);
}

test.for(Object.entries(loops))(
  "orbiton dev names what blocks the event loop: %s",
  async ([, [body, name]]) => {
    const server = await DevProgram.start(projectWith(body).root, []);
    ask(server.url);
    const [line] = await server.prints(/.*has kept the server busy.*/);
    expect(line).toContain(`${name} has kept the server busy for `);
    expect(line).toContain("Press R to restart it with its state.");
    // It does not answer: only the second command ends it.
    const insisting = setInterval(() => server.process.kill("SIGTERM"), 200);
    await server.ended().finally(() => clearInterval(insisting));
  },
);

test("orbiton dev says when it is over, and says it to programs as well", async () => {
  const server = await DevProgram.start(
    projectWith(`for (const end = Date.now() + 2_000; Date.now() < end;);`).root,
  );
  expect(await (await server.fetch("/api/loop")).text()).toBe("over");
  await expect.poll(() => server.events.filter(({ event }) => event === "notice"), soon).toHaveLength(2);
  expect(server.events.filter(({ event }) => event === "notice")).toMatchObject([
    {
      level: "warn",
      message: expect.stringMatching(/^pages\/api\/loop\.js:6 \(\/api\/loop\) has kept/) as string,
    },
    {
      level: "info",
      message: expect.stringMatching(/^pages\/api\/loop\.js:6 .* go on after [23]\.\d s\.$/) as string,
    },
  ]);
});

test("vite names what blocks the event loop, and Ctrl-C ends it", async () => {
  const project = projectWith("for (;;);");
  const vite = new Program(
    [process.execPath, `${packageRoot}/node_modules/vite/bin/vite.js`, "--port", "0"],
    { cwd: project.root },
  );
  const [url = ""] = await vite.prints(/http:\/\/localhost:\d+\//);
  ask(url);
  const [line] = await vite.prints(/.*has kept the server busy.*/, "stderr");
  expect(line).toMatch(
    /^\[orbit\] pages\/api\/loop\.js:6 \(\/api\/loop\) has kept the server busy for \d\.\d s/,
  );
  vite.process.kill("SIGINT");
  await vite.ended();
});

test("what only waits, for however long, blocks nothing", async () => {
  const server = await DevProgram.start(
    projectWith(`await new Promise((resolve) => setTimeout(resolve, 2_500));`).root,
  );
  expect(await (await server.fetch("/api/loop")).text()).toBe("over");
  expect(server.events.filter(({ event }) => event === "notice")).toEqual([]);
});
