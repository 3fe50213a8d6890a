import { expect, test } from "vitest";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
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
