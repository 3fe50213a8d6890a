import { join } from "node:path";
import { expect, test } from "vitest";
import { findNewestVite } from "../../../scripts/newest-vite.js";
import { packageRoot } from "../../cli/project.ts";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "../restarts/lasting-page.ts";

const newest = findNewestVite();
const folders = {
  oldest: join(packageRoot, "node_modules/vite-oldest"),
  ...(newest !== undefined && { newest }),
};

test.each(Object.entries(folders))(
  "a page outlives restarts and a saved .env, is told what it has missed and waited for, with the %s Vite",
  { timeout: 60_000 },
  async (_which, vite) => {
    const project = createProject({ ...LASTING_PAGE, ".env": "SECRET=1" });
    const served = await serveInProcess(project, vite);
    const page = await LastingPage.open(served.url, (file, text) => project.write(file, text));
    expect(await page.ask()).toBe("1");
    expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
    for (let restart = 1; restart <= 2; restart++) {
      served.restart();
      await page.untilConnected(restart + 1);
      expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
    }

    project.write(".env", "SECRET=2");
    await page.untilHeard("env-updated.env");
    expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);

    const heard = await page.tab.evaluate(() => window.toldSoFar.length);
    served.restart();
    await page.untilHeard("disconnected", heard);
    project.write("src/word.js", `export const word = "missed";`);
    await page.untilShown("one missed");

    project.write("src/word.js", `export const word = "settled";`);
    const settled = await served.fetch("/__hmr_settle?tabs", {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    expect(settled.json()).toMatchObject({ ok: true, tabs: [{ url: "/", result: "applied", errors: [] }] });
    expect(await page.tab.textContent("#text")).toBe("one settled");
    expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
  },
);
