import type { Page } from "playwright-core";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served, ServeOptions } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";

/** A small shop. */
export const FILES = {
  "index.html": `<!doctype html><title>Shop</title><h1>Shop</h1>`,
  "lib/price.ts": `export const price: number = 1;`,
  "pages/api/price.ts": `import { price } from "../../lib/price.ts"; let calls = 0; export const GET = () => Response.json([price, ++calls]);`,
  "pages/api/users/[id].ts": `export const GET = () => Response.json("user"); export const DELETE = GET;`,
};

/** A project that is served, and its panel in a browser. */
export interface OpenedPanel {
  readonly project: Project;
  readonly served: Served;
  readonly tab: Page;
}

/** Serve a project and open its panel. */
export async function openPanel(
  files: Readonly<Record<string, string>> = FILES,
  options: ServeOptions = {},
  path = "/__hmr_status",
): Promise<OpenedPanel> {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...files });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, ...options });
  const tab = await openPage(served.url + path);
  await isLive(tab);
  return { project, served, tab };
}

/** Resolves when the panel has heard of the server. */
export async function isLive(tab: Page): Promise<void> {
  await tab.getByText("live", { exact: true }).waitFor();
}

/** Go to a part of the panel. */
export async function go(tab: Page, part: string): Promise<void> {
  await tab.getByRole("navigation").getByRole("link", { name: part }).click();
}
