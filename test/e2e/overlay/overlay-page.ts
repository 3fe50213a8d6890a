import type { Locator, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served, ServeOptions } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";

/** A page of a project, and what is shown over it. */
export class OverlayPage {
  readonly page: Page;
  /** Errors that the page itself has had, or that the client has caused. */
  readonly thrown: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.thrown.push(error.message));
  }

  get card(): Locator {
    return this.page.locator("orbit-overlay .card");
  }

  get pill(): Locator {
    return this.page.locator("orbit-overlay .pill");
  }

  get message(): Locator {
    return this.card.locator(".message");
  }

  /** All that the card says, once it says something. */
  async text(containing: string | RegExp): Promise<string> {
    await this.card.filter({ hasText: containing }).waitFor();
    return this.card.innerText();
  }

  async isGone(): Promise<void> {
    await this.card.waitFor({ state: "detached" });
  }

  async pillSays(text: string | RegExp): Promise<void> {
    await this.pill.filter({ hasText: text }).waitFor();
  }

  /** Resolves when the page has reached the server and knows what is broken. */
  async isReached(): Promise<void> {
    await this.page.waitForFunction(() => Reflect.get(window, "isReached") === true);
  }

  /** Leave a mark that is gone when the page is loaded again. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => Reflect.set(window, "isMarked", true));
  }

  async isStillMarked(): Promise<boolean> {
    return this.page.evaluate(() => "isMarked" in window);
  }
}

const PAGE = `<!doctype html><html lang="en"><head><title>Shop</title>
<script>window.apiHMR.on("connected", () => { window.isReached = true; });</script></head>
<body><main><h1>Shop</h1><label>Name <input id="name"></label></main><script type="module" src="/main.js"></script></body></html>`;

export const FILES = {
  "index.html": PAGE,
  "main.js": `import { label } from "./label.js"; document.title = label; if (import.meta.hot) import.meta.hot.accept();`,
  "label.js": `export const label = "Shop 1";`,
  "lib/price.ts": `export const price: number = 1;\n`,
  "lib/total.ts": `import { price } from "./price.ts";\nexport const total = () => price * 2;\n`,
  "pages/api/price.ts": `import { price } from "../../lib/price.ts";\nexport const GET = () => Response.json(price);\n`,
  "pages/api/total.ts": `import { total } from "../../lib/total.ts";\nexport const GET = () => Response.json(total());\n`,
};

export interface Opened {
  readonly project: Project;
  readonly served: Served;
  readonly tab: OverlayPage;
}

export async function open(
  files: Readonly<Record<string, string>> = {},
  options: ServeOptions | ((root: string) => ServeOptions) = {},
  path = "/",
): Promise<Opened> {
  const project = createProject({ "package.json": `{ "type": "module" }`, ...FILES, ...files });
  const served = await serve(project, {
    plugin: { hmr: { debounceMs: 10 } },
    ...(typeof options === "function" ? options(project.root) : options),
  });
  const tab = await openTab(served.url + path);
  await tab.isReached();
  return { project, served, tab };
}

export async function openTab(url: string): Promise<OverlayPage> {
  const page = await openPage(url);
  onTestFinished(async () => page.close());
  return new OverlayPage(page);
}
