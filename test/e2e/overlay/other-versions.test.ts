import { join } from "node:path";
import { expect, test } from "vitest";
import { findNewestVite } from "../../../scripts/newest-vite.js";
import { packageRoot } from "../../cli/project.ts";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
import { FILES, openTab } from "./overlay-page.ts";

const newest = findNewestVite();
const folders = {
  oldest: join(packageRoot, "node_modules/vite-oldest"),
  ...(newest !== undefined && { newest }),
};

test.each(Object.entries(folders))(
  "errors of routes and of browser modules are shown in one place with the %s Vite",
  async (_which, vite) => {
    const project = createProject({
      "package.json": `{ "type": "module" }`,
      ...FILES,
      "main.js": FILES["main.js"].replace("./label.js", "./label.ts"),
      "label.ts": `export const label: string = "Shop 1";`,
    });
    const served = await serveInProcess(project, vite);
    const tab = await openTab(served.url);
    await tab.isReached();
    await served.get("/api/price");
    project.write("lib/price.ts", `export const price: number = ;`);
    await tab.text("lib/price.ts:1:");
    project.write("label.ts", `export const label: string = ;`);
    expect(await tab.text("label.ts:1:")).toContain("/ 2");
    project.write("label.ts", `export const label: string = "Shop 2";`);
    expect(await tab.text("lib/price.ts:1:")).not.toContain("/ 2");
    project.write("lib/price.ts", FILES["lib/price.ts"]);
    await tab.isGone();
    expect(tab.thrown).toEqual([]);
  },
);
