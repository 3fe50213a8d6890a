import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { packageRoot } from "../../cli/project.ts";
import { serveInProcess } from "../../vite/support/child.ts";
import { createProject } from "../../vite/support/project.ts";
import { openPage } from "../browser.ts";
import { connected, htmlOf, openSite } from "../reload/reloading.ts";

const RED = "rgb(255, 0, 0)";
const BLUE = "rgb(0, 0, 255)";

async function hasColour(tab: Page, selector: string, colour: string): Promise<void> {
  await tab.waitForFunction(
    ([name, wanted]) => {
      const element = document.querySelector(name ?? "");
      return element !== null && getComputedStyle(element).color === wanted;
    },
    [selector, colour],
  );
}

async function colourOf(tab: Page, selector: string): Promise<string> {
  return tab.locator(selector).evaluate((element) => getComputedStyle(element).color);
}

/** Marks the page: nothing of what follows may load it again. */
async function mark(tab: Page): Promise<void> {
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
}

async function isMarked(tab: Page): Promise<boolean> {
  return tab.evaluate(() => Reflect.has(window, "isOld"));
}

const links = (...tags: readonly string[]): string => tags.map((tag) => `<link ${tag}>`).join("");

test.each(["/", "/shop/"])(
  "an edit of a style sheet is shown by each link with exactly its path, below %s",
  async (base) => {
    const files = {
      // Its path is part of the path of the first.
      "themes/a.css": "p { color: red }",
      "a.css": "b { color: red }",
      "index.html": htmlOf(
        "<p>p</p><b>b</b>",
        links(
          `rel="stylesheet" href="/themes/a.css"`,
          `rel="stylesheet" href="/a.css" media="screen"`,
          `rel="stylesheet" href="/a.css" media="print"`,
        ),
      ),
    };
    const { project, tab } = await openSite(files, { config: { base } }, base);
    await mark(tab);
    const other = await tab.locator("link").first().getAttribute("href");
    project.write("a.css", "b { color: blue }");
    await hasColour(tab, "b", BLUE);
    await tab.waitForFunction(() => document.querySelectorAll("link[href*='t=']").length === 2);
    await tab.waitForFunction(() => document.querySelectorAll("link").length === 3);
    expect(await tab.locator("link").first().getAttribute("href")).toBe(other);
    expect(await colourOf(tab, "p")).toBe(RED);
    expect(await tab.locator("link").nth(2).getAttribute("media")).toBe("print");
    expect(await isMarked(tab)).toBe(true);
  },
);

test("an edit of what a style sheet imports is shown, and so is one of a style sheet in public/, and what that imports", async () => {
  const files = {
    "main.css": `@import "./part.css";`,
    "part.css": "p { color: red }",
    "public/theme.css": `@import "./theme/deep.css"; b { color: red }`,
    "public/theme/deep.css": "i { color: red }",
    "public/inline.css": "u { color: red }",
    "index.html": htmlOf(
      "<p>p</p><b>b</b><i>i</i><u>u</u><x-card></x-card>",
      `${links(`rel="stylesheet" href="/main.css"`, `rel="stylesheet" href="/theme.css"`)}
       <script>
         const style = document.createElement("style"); style.textContent = '@import "/inline.css";'; document.head.append(style);
       </script>`,
    ),
  };
  const { project, tab } = await openSite(files);
  for (const name of ["p", "b", "i", "u"]) await hasColour(tab, name, RED);
  await mark(tab);
  project.write("part.css", "p { color: blue }");
  await hasColour(tab, "p", BLUE);
  project.write("public/theme.css", `@import "./theme/deep.css"; b { color: blue }`);
  await hasColour(tab, "b", BLUE);
  project.write("public/theme/deep.css", "i { color: blue }");
  await hasColour(tab, "i", BLUE);
  project.write("public/inline.css", "u { color: blue }");
  await hasColour(tab, "u", BLUE);
  expect(await tab.locator("style").count()).toBe(1);
  expect(await isMarked(tab)).toBe(true);
});

test("links in open shadow roots are updated, and alternatives stay as they are chosen", async () => {
  const files = {
    "public/card.css": "p { color: red }",
    "public/night.css": "body { color: red }",
    "public/off.css": "body { color: red }",
    "index.html": htmlOf(
      `<x-card></x-card><b>b</b><script>customElements.define("x-card", class extends HTMLElement {
        constructor() {
          super();
          this.attachShadow({ mode: "open" }).innerHTML = '<link rel="stylesheet" href="/card.css"><p>in</p>';
        }
      })</script>`,
      links(
        `rel="alternate stylesheet" title="night" href="/night.css"`,
        `rel="stylesheet" href="/off.css" disabled`,
      ),
    ),
  };
  const { project, tab } = await openSite(files);
  await expect.poll(async () => colourOf(tab, "x-card p")).toBe(RED);
  await mark(tab);
  project.write("public/card.css", "p { color: blue }");
  await expect.poll(async () => colourOf(tab, "x-card p")).toBe(BLUE);
  project.write("public/night.css", "body { color: blue }");
  project.write("public/off.css", "body { color: blue }");
  await tab.waitForFunction(() => document.querySelectorAll("link[href*='t=']").length === 2);
  await tab.waitForFunction(() => document.querySelectorAll("link").length === 2);
  expect(await colourOf(tab, "b")).toBe("rgb(0, 0, 0)");
  await tab.evaluate(() => {
    for (const link of document.querySelectorAll("link")) link.disabled = false;
    const [night] = document.querySelectorAll("link");
    if (night?.sheet) night.sheet.disabled = true;
  });
  await hasColour(tab, "b", BLUE);
  project.write("public/night.css", "body { color: lime }");
  await tab.waitForFunction(
    () =>
      document.querySelectorAll("link").length === 2 &&
      document.querySelector("link")?.sheet?.disabled === true,
  );
  expect(await colourOf(tab, "b")).toBe(BLUE);
  expect(await isMarked(tab)).toBe(true);
});

test("while a style sheet is loaded again, the old one is in effect, and the last of two edits wins", async () => {
  const files = {
    "a.css": "b { color: red }",
    "index.html": htmlOf("<b>b</b>", links(`rel="stylesheet" href="/a.css"`)),
  };
  const { project, tab } = await openSite(files);
  await tab.evaluate(() => {
    const colours = new Set<string>();
    Reflect.set(window, "colours", colours);
    const look = (): void => {
      colours.add(getComputedStyle(document.querySelector("b") ?? document.body).color);
      requestAnimationFrame(look);
    };
    look();
  });
  for (const colour of ["lime", "aqua", "blue"]) project.write("a.css", `b { color: ${colour} }`);
  await hasColour(tab, "b", BLUE);
  await tab.waitForFunction(() => document.querySelectorAll("link").length === 1);
  expect(await colourOf(tab, "b")).toBe(BLUE);
  const colours = await tab.evaluate(() => [...(Reflect.get(window, "colours") as Set<string>)]);
  expect(colours).not.toContain("rgb(0, 0, 0)");
});

test("a style sheet that cannot be loaded leaves the old one in effect", async () => {
  const files = {
    "public/a.css": "b { color: red }",
    "index.html": htmlOf("<b>b</b>", links(`rel="stylesheet" href="/a.css"`)),
  };
  const { served, project, tab } = await openSite(files);
  let asked = 0;
  await tab.route("**/a.css?**", async (route) => {
    asked++;
    await route.fulfill({ status: 500 });
  });
  project.write("public/a.css", "b { color: blue }");
  await expect.poll(() => asked).toBe(1);
  await tab.waitForFunction(() => document.querySelectorAll("link").length === 1);
  expect(await colourOf(tab, "b")).toBe(RED);
  await tab.unroute("**/a.css?**");
  project.write("public/a.css", "b { color: blue } i { color: red }");
  await hasColour(tab, "b", BLUE);
  expect(served.lines.join("\n")).not.toContain("rror");
});

test.each(["vite", "vite-oldest"])(
  "styles that code imports are as %s updates them, and whoever listens hears of every update",
  async (vite) => {
    const files = {
      "main.js": `import "./main.css"; window.updates = [];
      import.meta.hot.on("vite:afterUpdate", ({ updates }) => window.updates.push(...updates.map(({ type, path }) => type + " " + path)));`,
      "main.css": "p { color: red }",
      "a.css": "b { color: red }",
      "index.html": htmlOf(
        `<p>p</p><b>b</b><script type="module" src="/main.js"></script>`,
        links(`rel="stylesheet" href="/a.css"`),
      ),
    };
    const project = createProject({ "package.json": `{ "type": "module" }`, ...files });
    const served = await serveInProcess(project, join(packageRoot, "node_modules", vite));
    const tab = await openPage(`${served.url}/`);
    await connected(tab);
    await hasColour(tab, "p", RED);
    await mark(tab);
    project.write("main.css", "p { color: blue }");
    await hasColour(tab, "p", BLUE);
    project.write("a.css", "b { color: blue }");
    await hasColour(tab, "b", BLUE);
    await expect
      .poll(async () => tab.evaluate(() => Reflect.get(window, "updates") as string[]))
      .toEqual(["js-update /main.css", "css-update /a.css?direct"]);
    expect(await isMarked(tab)).toBe(true);
  },
);
