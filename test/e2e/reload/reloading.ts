import type { Page } from "playwright-core";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served, ServeOptions } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";

/** A page that is open, of a project that is served. */
export interface OpenedPage {
  readonly project: Project;
  readonly served: Served;
  readonly tab: Page;
}

/** Says when the page has reached the server, and counts how often it was loaded. */
const HEAD = `<script>
  window.isConnected = false;
  window.apiHMR.on("connected", () => (window.isConnected = true));
</script>`;

/** A page with this in its body. With another body it has another head, too: an edit of it loads the page again. */
export function htmlOf(body: string, head = ""): string {
  return patchableHtmlOf(body, `<meta name="body" content="${encodeURIComponent(body)}">${head}`);
}

/** A page with this in its body, of which nothing else says what that is. */
export function patchableHtmlOf(body: string, head = ""): string {
  return `<!doctype html><html><head><title>Shop</title>${HEAD}${head}</head><body>${body}</body></html>`;
}

/** Serve a project and open a page of it that has reached the server. */
export async function openSite(
  files: Readonly<Record<string, string>>,
  options: ServeOptions = {},
  path = "/",
): Promise<OpenedPage> {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...files });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } }, ...options });
  const tab = await openPage(served.url + path);
  await connected(tab);
  return { project, served, tab };
}

/** The page has reached the server, and may be told something. */
export async function connected(tab: Page): Promise<void> {
  await tab.waitForFunction(() => Reflect.get(window, "isConnected") === true);
}

/** Do something that makes the page load again, and wait until it has. */
export async function reloaded(tab: Page, act: () => unknown): Promise<void> {
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  await act();
  await tab.waitForFunction(() => !Reflect.has(window, "isOld") && document.readyState === "complete");
  await connected(tab);
}

/** The value of a field as soon as it is this. */
export async function hasValue(tab: Page, selector: string, value: string): Promise<void> {
  await tab.waitForFunction(
    ([name, wanted]) => {
      const field = document.querySelector(name ?? "");
      return field !== null && Reflect.get(field, "value") === wanted;
    },
    [selector, value],
  );
}
