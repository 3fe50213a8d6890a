import type { Page } from "playwright-core";
import { openPage } from "../browser.ts";

/** A page with something to type into, a module that accepts another, a stylesheet, and a route. */
export const LASTING_PAGE = {
  "package.json": `{ "type": "module" }`,
  "index.html": `<!doctype html><html><head><link rel="stylesheet" href="/style.css"><script>
    window.toldSoFar = [];
    for (const name of ["connected", "disconnected", "route-updated", "env-updated", "config-updated"])
      window.apiHMR.on(name, (detail) => window.toldSoFar.push(name + (detail.routePath ?? detail.filePath ?? "")));
    </script></head><body><input id="name"><p id="text"></p><script type="module">
    import { text } from "/src/text.js";
    const show = (value) => (document.querySelector("#text").textContent = value);
    show(text);
    import.meta.hot.accept("/src/text.js", (next) => show(next.text));
    </script></body></html>`,
  "src/text.js": `import { word } from "./word.js"; export const text = "one " + word;`,
  "src/word.js": `export const word = "word";`,
  "style.css": `body { color: rgb(1, 1, 1); }`,
  "pages/api/a.js": `export const GET = () => new Response("1");`,
} as const;

/** What people have in the page is as it was. */
export const UNTOUCHED = { typed: "typed", loads: 0 };

declare global {
  interface Window {
    toldSoFar: string[];
  }
}

/** A page that people use while its server comes and goes. */
export class LastingPage {
  readonly tab: Page;
  /** How often the document was loaded after the first time. */
  loads = 0;
  readonly #write: (file: string, text: string) => void;
  readonly #route: string;

  private constructor(tab: Page, write: (file: string, text: string) => void, route: string) {
    this.tab = tab;
    this.#write = write;
    this.#route = route;
    tab.on("load", () => this.loads++);
  }

  /** @param route where the route of the page is */
  static async open(
    url: string,
    write: (file: string, text: string) => void,
    route = "/api/a",
  ): Promise<LastingPage> {
    const page = new LastingPage(await openPage(url), write, route);
    await page.untilConnected(1);
    await page.tab.locator("#name").pressSequentially("typed");
    return page;
  }

  /** Resolves when the document has reached a server this many times. */
  async untilConnected(times: number): Promise<void> {
    await this.tab.waitForFunction(
      (wanted) => window.toldSoFar.filter((name) => name === "connected").length >= wanted,
      times,
    );
  }

  async untilShown(text: string): Promise<void> {
    await this.tab.waitForFunction(
      (wanted) => document.querySelector("#text")?.textContent?.includes(wanted),
      text,
    );
  }

  async untilHeard(event: string, from = 0): Promise<void> {
    await this.tab.waitForFunction(
      ({ event: wanted, from: begin }) => window.toldSoFar.slice(begin).includes(wanted),
      { event, from },
    );
  }

  /** Ask the route, which is in use from then on. */
  async ask(): Promise<string> {
    return this.tab.evaluate(async (route) => (await fetch(route)).text(), this.#route);
  }

  /** Tell the page everything that it can be told, wait until it has heard it, and look at what people have in it. */
  async afterAllIsTold(): Promise<typeof UNTOUCHED> {
    const { tab } = this;
    const word = `word${Math.random()}`;
    this.#write("src/word.js", `export const word = "${word}";`);
    await this.untilShown(word);
    for (const color of ["rgb(2, 2, 2)", "rgb(1, 1, 1)"]) {
      this.#write("style.css", `body { color: ${color}; }`);
      await tab.waitForFunction((wanted) => getComputedStyle(document.body).color === wanted, color);
    }
    const before = await tab.evaluate(() => window.toldSoFar.length);
    this.#write("pages/api/a.js", `export const GET = () => new Response("${word}");`);
    await this.untilHeard(`route-updated${this.#route}`, before);
    return { typed: await tab.inputValue("#name"), loads: this.loads };
  }
}
