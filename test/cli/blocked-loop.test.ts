import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createProject } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { DevProgram, orbiton, Program, soon } from "./orbiton.ts";
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

/** What a blocked server leaves for those who ask it. */
const blockFile = "node_modules/.cache/orbit-hmr/server-1.blocked.json";

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

async function startVite(project: Project): Promise<{ vite: Program; url: string }> {
  const vite = new Program(
    [process.execPath, `${packageRoot}/node_modules/vite/bin/vite.js`, "--port", "0"],
    { cwd: project.root },
  );
  const [url = ""] = await vite.prints(/http:\/\/localhost:\d+\//);
  return { vite, url };
}

test("vite names what blocks the event loop, and Ctrl-C ends it", async () => {
  const { vite, url } = await startVite(projectWith("for (;;);"));
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

const busy = String.raw`pages/api/loop\.js:6 \(/api/loop\) has kept the server busy for \d+\.\d s: nothing else is answered\.`;

test.for([
  ["orbiton dev", "Press R in its terminal, or end it and start it again: state is kept."],
  ["vite", "End it and start it again: state is kept."],
] as const)("orbiton status and settle name what blocks %s, and what to do", async ([program, help]) => {
  const project = projectWith("for (;;);");
  const server =
    program === "vite" ? (await startVite(project)).vite : await DevProgram.start(project.root, []);
  const [url = ""] = /http:\/\/localhost:\d+\//.exec(server.stdout) ?? [];
  ask(url);
  // It may not be known yet: who asks is told as soon as it is.
  const sentence = `The server at ${url} \\(process \\d+\\) does not answer\\. ${busy} ${help}\n$`;
  const status = await orbiton(["status", "--dir", project.root]);
  expect(status).toMatchObject({ code: 4, stdout: "" });
  expect(status.stderr).toMatch(new RegExp(`^error ${sentence}`));

  const { code, stdout, stderr } = await orbiton(["status", "--json", "--dir", project.root]);
  expect({ code, stderr }).toEqual({ code: 4, stderr: "" });
  const { blocked } = JSON.parse(stdout) as { blocked: { since: number; ms: number; pid: number } };
  expect(blocked).toMatchObject({ place: "pages/api/loop.js:6", route: "/api/loop", url, help });
  expect(Math.abs(blocked.since + blocked.ms - Date.now())).toBeLessThan(soon.timeout);

  // What may come to an end is waited for, as long as settle was told to.
  const settle = await orbiton(["settle", "--timeout", "500", "--dir", project.root]);
  expect(settle).toMatchObject({ code: 4, stdout: "" });
  expect(settle.stderr).toMatch(new RegExp(`^(?:warning ${sentence.slice(0, -1)})?error ${sentence}`));
  const block = readFileSync(project.path(blockFile), "utf8");
  writeFileSync(project.path(blockFile), block.replace(/"since":\d+/, `"since":${Date.now() - 60_000}`));
  const again = await orbiton(["settle", "--json", "--dir", project.root]);
  expect(again).toMatchObject({ code: 4, stderr: "" });
  expect(JSON.parse(again.stdout)).toMatchObject({ blocked: { place: "pages/api/loop.js:6" } });
  process.kill(blocked.pid, "SIGKILL");
});

test("settle says what it waits for, and is answered when that has come to an end", async () => {
  const project = projectWith(`for (const end = Date.now() + 4_000; Date.now() < end;);`);
  const server = await DevProgram.start(project.root);
  ask(server.url);
  await server.prints(/has kept the server busy/);
  const { code, stderr } = await orbiton(["settle", "--dir", project.root]);
  expect(code).toBe(0);
  expect(stderr).toMatch(new RegExp(`^warning The server at .* ${busy} .*\n$`));
  expect(await orbiton(["status", "--dir", project.root])).toMatchObject({ code: 0, stderr: "" });
  await server.prints(/has let the server go on/);
  expect(existsSync(project.path(blockFile))).toBe(false);
});

test("what a server has left that was killed while it was blocked says nothing of the next one", async () => {
  const project = projectWith("for (;;);");
  const { vite, url } = await startVite(project);
  ask(url);
  await vite.prints(/has kept the server busy/, "stderr");
  vite.process.kill("SIGKILL");
  await vite.ended();
  const left = readFileSync(project.path(blockFile), "utf8");
  expect(await orbiton(["status", "--dir", project.root])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("No server of the project") as string,
  });
  expect(existsSync(project.path(blockFile))).toBe(false);

  const next = await startVite(project);
  writeFileSync(project.path(blockFile), left);
  // It does not answer either, for another reason.
  next.vite.process.kill("SIGSTOP");
  const silent = await orbiton(["settle", "--timeout", "500", "--dir", project.root]);
  next.vite.process.kill("SIGCONT");
  expect(silent).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("has not answered within 500 ms.") as string,
  });
});
