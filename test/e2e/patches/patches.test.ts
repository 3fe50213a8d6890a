import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { hasValue, openSite, patchableHtmlOf as htmlOf, reloaded } from "../reload/reloading.ts";
import type { OpenedPage } from "../reload/reloading.ts";

/** Save the page, and wait until what it says then is seen. Returns whether the document is the one from before. */
async function edited({ project, tab }: OpenedPage, html: string, isSeen: () => unknown): Promise<boolean> {
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  project.write("index.html", html);
  await tab.waitForFunction(isSeen);
  return tab.evaluate(() => Reflect.has(window, "isOld"));
}

async function bodyOf(tab: Page): Promise<string> {
  return tab.evaluate(() => document.body.innerHTML);
}

function styled(word: string, width: number): string {
  return htmlOf(
    `<main><h1 class="${word}">${word}</h1><input><button onclick="this.textContent = 'clicked'">Go</button></main>${CODE}`,
    `<style>h1 { width: ${width}px }</style>`,
  );
}

function listOf(...items: readonly string[]): string {
  return htmlOf(`<ul>${items.map((item) => `<li>${item}</li>`).join("\n")}</ul><p>end</p>`);
}

function filled(word: string): string {
  return htmlOf(`<h1>${word}</h1><div class="app"></div>
    <script type="module">
      document.querySelector(".app").append("made by code");
      document.body.append(Object.assign(document.createElement("aside"), { textContent: "note" }));
    </script>`);
}

const CODE = `<script type="module">document.title = "ran";</script>`;

test("an edit of a text, an attribute and a style is put into the page, and nothing else of it is touched", async () => {
  const site = await openSite({ "index.html": styled("one", 100) });
  const { tab } = site;
  await tab.fill("input", "typed");
  await tab.click("button");
  expect(
    await edited(site, styled("two", 200), () => document.querySelector("h1.two")?.textContent === "two"),
  ).toBe(true);
  expect(
    await tab.evaluate(() => getComputedStyle(document.querySelector("h1") ?? document.body).width),
  ).toBe("200px");
  await hasValue(tab, "input", "typed");
  expect(await tab.textContent("button")).toBe("clicked");
  // What was put in is what the next edit begins with.
  expect(await edited(site, styled("three", 300), () => document.querySelector("h1.three") !== null)).toBe(
    true,
  );
});

test("elements come, go and move, as in a page that is loaded then", async () => {
  const site = await openSite({ "index.html": listOf("a", "b", "c") });
  for (const items of [["a", "x", "b", "c"], ["c", "a"], ["q", "c", "<b>a</b>", "z"], [], ["a"]]) {
    const html = listOf(...items);
    const before = await bodyOf(site.tab);
    site.project.write("index.html", html);
    await site.tab.waitForFunction((was) => document.body.innerHTML !== was, before);
    const wanted = /<body>(.*)<\/body>/s.exec(html)?.[1];
    expect(await bodyOf(site.tab)).toBe(wanted);
  }
});

test("a page that is being written is not taken for an empty one", async () => {
  const site = await openSite({ "index.html": htmlOf("<p>one</p>") });
  const { project, tab } = site;
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  const asked = tab.waitForResponse((response) => new URL(response.url()).pathname === "/");
  project.write("index.html", "");
  await asked;
  expect(
    await edited(site, htmlOf("<p>two</p>"), () => document.querySelector("p")?.textContent === "two"),
  ).toBe(true);
});

test("what scripts have put into the page stays, beside the text as below an element that is not edited", async () => {
  const site = await openSite({ "index.html": filled("one") });
  await site.tab.waitForSelector("aside");
  expect(await edited(site, filled("two"), () => document.querySelector("h1")?.textContent === "two")).toBe(
    true,
  );
  expect(await site.tab.textContent(".app")).toBe("made by code");
  expect(await site.tab.textContent("aside")).toBe("note");
});

const BASE = `<h1>one</h1><p class="live">text</p>`;

test.each([
  [
    "a script that stands in it",
    BASE + CODE,
    `${BASE}<script type="module">document.title = "other";</script>`,
  ],
  ["a script that is named", BASE, `${BASE}<script src="/other.js"></script>`],
  ["a template", `${BASE}<template><b>1</b></template>`, `${BASE}<template><b>2</b></template>`],
  [
    "a text that code has changed",
    `${BASE}<script>document.querySelector(".live").textContent = "live";</script>`,
    `<h1>one</h1><p class="live">edited</p><script>document.querySelector(".live").textContent = "live";</script>`,
  ],
  [
    "an attribute that code has changed",
    `${BASE}<script>document.querySelector(".live").title = "live";</script>`,
    `<h1>one</h1><p class="live" title="edited">text</p><script>document.querySelector(".live").title = "live";</script>`,
  ],
  [
    "a list that code has filled",
    `${BASE}<ul><li>0</li></ul><script>document.querySelector("ul").append(document.createElement("li"));</script>`,
    `${BASE}<ul><li>1</li></ul><script>document.querySelector("ul").append(document.createElement("li"));</script>`,
  ],
  [
    "a field that code may listen to",
    `${BASE}<p></p><script>document.title = "ran";</script>`,
    `${BASE}<p><button>New</button></p><script>document.title = "ran";</script>`,
  ],
  [
    "data that code may have read",
    `${BASE}<p data-count="1"></p><script>document.title = "ran";</script>`,
    `${BASE}<p data-count="2"></p><script>document.title = "ran";</script>`,
  ],
])("an edit of %s loads the page again, with what is in it", async (_, before, after) => {
  const field = "<input>";
  const { project, tab } = await openSite({ "index.html": htmlOf(field + before), "other.js": "" });
  await tab.fill("input", "typed");
  await reloaded(tab, () => project.write("index.html", htmlOf(field + after)));
  await hasValue(tab, "input", "typed");
  expect(await tab.evaluate(() => Reflect.has(window, "isOld"))).toBe(false);
});

test("an edit of the head beyond its styles loads the page again", async () => {
  const { project, tab } = await openSite({ "index.html": htmlOf("<p>text</p>") });
  const meta = `<meta name="description" content="new">`;
  await reloaded(tab, () => project.write("index.html", htmlOf("<p>text</p>", meta)));
  expect(await tab.locator("meta[name=description]").count()).toBe(1);
});
