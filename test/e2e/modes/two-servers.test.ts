import { expect, test } from "vitest";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "../restarts/lasting-page.ts";

test("pages of two servers of one project, in two processes, hear each of their own", async () => {
  const project = createProject(LASTING_PAGE);
  const servers = [await serveInProcess(project), await serveInProcess(project)] as const;
  const write = (file: string, text: string): void => project.write(file, text);
  const [first, second] = [
    await LastingPage.open(servers[0].url, write),
    await LastingPage.open(servers[1].url, write),
  ];
  await first.ask();
  await second.ask();
  expect(await first.afterAllIsTold()).toEqual(UNTOUCHED);
  await second.untilHeard("route-updated/api/a");
  servers[0].restart();
  await first.untilConnected(2);
  expect(await second.afterAllIsTold()).toEqual(UNTOUCHED);
  expect(await first.afterAllIsTold()).toEqual(UNTOUCHED);
  expect(await second.tab.evaluate(() => window.toldSoFar)).not.toContain("disconnected");
});

test("pages of two servers of one project, in one process, hear of everything once, and go on when one closes", async () => {
  const project = createProject(LASTING_PAGE);
  const options = { plugin: { hmr: { debounceMs: 10 } } };
  const servers = [await serve(project, options), await serve(project, options)] as const;
  const write = (file: string, text: string): void => project.write(file, text);
  const [first, second] = [
    await LastingPage.open(servers[0].url, write),
    await LastingPage.open(servers[1].url, write),
  ];
  await first.ask();
  await second.ask();
  write("pages/api/a.js", `export const GET = () => new Response("2");`);
  for (const page of [first, second]) {
    await page.untilHeard("route-updated/api/a");
    const cleared = await page.tab.evaluate(async () => [
      await window.clearApiCache(),
      await window.clearApiCache(),
    ]);
    expect(cleared).toEqual([
      { browser: 0, server: 0 },
      { browser: 0, server: 0 },
    ]);
    const told = await page.tab.evaluate(() => window.toldSoFar);
    expect(told.filter((event) => event === "route-updated/api/a")).toHaveLength(1);
  }
  expect(await second.afterAllIsTold()).toEqual(UNTOUCHED);
  expect(await first.afterAllIsTold()).toEqual(UNTOUCHED);
  await servers[1].server.close();
  await second.untilHeard("disconnected");
  expect(await first.afterAllIsTold()).toEqual(UNTOUCHED);
});
