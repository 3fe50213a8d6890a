import { expect, test } from "vitest";
import { channelOf } from "../../../src/browser/page-channels.ts";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { LASTING_PAGE, LastingPage } from "../restarts/lasting-page.ts";
import { serveByOwner } from "./own-server.ts";
import type { OwnServer } from "./own-server.ts";

/** A server that has had its page finished once, and sends the same text for ever. */
async function serveText(project: Project): Promise<OwnServer> {
  let html: Promise<string> | undefined;
  return serveByOwner(project, (vite) => (request, response) => {
    html ??= vite.transformIndexHtml("/", LASTING_PAGE["index.html"]);
    vite.middlewares(request, response, () => {
      void html?.then((text) => response.setHeader("content-type", "text/html").end(text));
    });
  });
}

async function open(project: Project, url: string): Promise<LastingPage> {
  return LastingPage.open(url, (file, text) => project.write(file, text));
}

/** Count how often pages of a project have been loaded again after they are told everything. */
async function loadsOf(page: LastingPage): Promise<number> {
  await page.untilConnected(1);
  return (await page.afterAllIsTold()).loads;
}

test("a text that is older than all messages that are kept is loaded again once at most", async () => {
  const project = createProject(LASTING_PAGE);
  const { url } = await serveText(project);
  expect(await loadsOf(await open(project, url))).toBe(0);
  const channel = channelOf(project.root);
  for (let count = 0; count < 600; count++) channel.send("orbit:errors", { errors: [] });
  expect(await loadsOf(await open(project, url))).toBeLessThanOrEqual(1);
});

test("a text that was made before pages were told to load again does so once", async () => {
  const project = createProject(LASTING_PAGE);
  const { url } = await serveText(project);
  const page = await open(project, url);
  for (let times = 1; times <= 2; times++) {
    const loaded = page.tab.waitForEvent("load");
    channelOf(project.root).send("orbit:reload", { files: [], reason: "Asked for." });
    await loaded;
    expect(await loadsOf(page)).toBe(times);
  }
});

test("a text that another server has made is loaded again once at most, and has all of its scripts", async () => {
  const project = createProject(LASTING_PAGE);
  const { url, vite } = await serveText(project);
  expect(await loadsOf(await open(project, url))).toBe(0);
  await vite.restart();
  expect(await loadsOf(await open(project, url))).toBeLessThanOrEqual(1);
});
