import { expect, test, vi } from "vitest";
import { DevProgram, orbitonFile } from "../../cli/orbiton.ts";
import { createProject } from "../../cli/project.ts";
import type { Project } from "../../cli/project.ts";
import { hasTerminal, TerminalProgram } from "../../cli/terminal-program.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "./lasting-page.ts";

// Each starts several processes.
vi.setConfig({ testTimeout: 90_000 });

async function open(server: DevProgram, project: Project): Promise<LastingPage> {
  expect(await (await server.fetch("/api/a")).text()).toBe("1");
  return LastingPage.open(server.url, (file, text) => project.write(file, text));
}

test("a page outlives the process of its server, which another orbiton.config follows", async () => {
  const project = createProject({
    ...LASTING_PAGE,
    "orbiton.config.json": `{ "hmr": { "debounceMs": 10 } }`,
  });
  const server = await DevProgram.start(project.root);
  const page = await open(server, project);
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  for (let restart = 1; restart <= 2; restart++) {
    project.write("orbiton.config.json", `{ "hmr": { "debounceMs": ${10 + restart} } }`);
    await page.untilConnected(restart + 1);
    expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  }
});

test("what is saved while another process takes over arrives", async () => {
  const project = createProject({
    ...LASTING_PAGE,
    "orbiton.config.json": `{ "hmr": { "debounceMs": 10 } }`,
  });
  const server = await DevProgram.start(project.root);
  const page = await open(server, project);
  await page.tab.evaluate(() =>
    window.apiHMR.on("disconnected", () => document.body.setAttribute("class", "alone")),
  );
  project.write("orbiton.config.json", `{ "hmr": { "debounceMs": 20 } }`);
  await page.tab.locator("body.alone").waitFor();
  project.write("src/word.js", `export const word = "meanwhile";`);
  project.write("pages/api/a.js", `export const GET = () => new Response("2");`);
  await page.untilShown("one meanwhile");
  await page.untilHeard("route-updated/api/a");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("a server that was started by hand does not know the page, which is loaded once more and keeps what is typed", async () => {
  const project = createProject(LASTING_PAGE);
  const server = await DevProgram.start(project.root);
  const page = await open(server, project);
  const { port } = new URL(server.url);
  server.process.kill("SIGTERM");
  await server.ended();
  project.write("src/word.js", `export const word = "meanwhile";`);
  const next = new DevProgram([
    process.execPath,
    orbitonFile,
    "dev",
    project.root,
    "--port",
    port,
    "--strictPort",
  ]);
  await next.prints(/ready in/);
  await page.untilShown("one meanwhile");
  await page.untilConnected(1);
  // Nobody has asked this server for the route.
  await fetch(`http://localhost:${port}/api/a`);
  expect(await page.afterAllIsTold()).toEqual({ ...UNTOUCHED, loads: 1 });
});

test.runIf(hasTerminal)("a page outlives R, also where the server is caught in an endless loop", async () => {
  const project = createProject({
    ...LASTING_PAGE,
    "pages/api/loop.js": `export const GET = () => { console.log("looping"); for (;;); };`,
  });
  const server = await TerminalProgram.startInTerminal(project);
  const page = await open(server, project);
  server.press("R");
  await server.untilReady(2);
  await page.untilConnected(2);
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  const unanswered = server.fetch("/api/loop").catch(() => "cut off");
  await server.prints(/looping/);
  server.press("R");
  await server.untilReady(3);
  await expect(unanswered).resolves.toBe("cut off");
  expect(await (await server.fetch("/api/a")).text()).not.toBe("");
  await page.untilConnected(3);
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});
