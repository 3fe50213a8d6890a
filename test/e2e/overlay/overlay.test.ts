import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { FILES, open, openTab } from "./overlay-page.ts";
import type { Opened } from "./overlay-page.ts";

const BROKEN = `export const price: number = ;\n`;

/** A project whose routes are in use, with a page that knows what is broken. */
async function opened(...[files, options, path]: Parameters<typeof open>): Promise<Opened> {
  const all = await open(files, options, path);
  await all.served.get("/api/total");
  await all.served.get("/api/price");
  return all;
}

const spoil = ({ project }: Opened, text = BROKEN): void => project.write("lib/price.ts", text);
const mend = ({ project }: Opened): void => project.write("lib/price.ts", FILES["lib/price.ts"]);

test("a broken save covers the page with the place, the code and the way from the route, and its mending takes that away", async () => {
  const shop = await opened();
  const { tab } = shop;
  await tab.mark();
  await tab.page.locator("#name").fill("Ada");
  spoil(shop);
  const text = await tab.text("lib/price.ts:1:");
  expect(text).toMatch(/1 {2}export const price: number = ;/);
  expect(text).toMatch(/Reached by\s+\/api\/price → pages\/api\/price\.ts → lib\/price\.ts/);
  expect(text).toMatch(/Also breaks\s+\/api\/total/);
  mend(shop);
  await tab.isGone();
  expect(await tab.page.locator("#name").inputValue()).toBe("Ada");
  expect(await tab.isStillMarked()).toBe(true);
  expect(tab.thrown).toEqual([]);
});

test("the focus stays where it is, and what is typed meanwhile arrives there", async () => {
  const shop = await opened();
  const { tab } = shop;
  const name = tab.page.locator("#name");
  await name.focus();
  spoil(shop);
  await tab.text("Unexpected token");
  await tab.page.keyboard.type("Ada");
  expect(await name.inputValue()).toBe("Ada");
  await tab.card.getByRole("button", { name: "Copy" }).click();
  expect(await name.evaluate((element) => element === document.activeElement)).toBe(true);
});

test("everything can be reached by keyboard, and closing gives the focus back", async () => {
  const shop = await opened();
  const { tab } = shop;
  const { keyboard } = tab.page;
  await tab.page.locator("#name").focus();
  spoil(shop);
  await tab.text("Unexpected token");
  await keyboard.press("Tab");
  expect(await focusedIn(tab.page)).toBe("Copy");
  await keyboard.press("Escape");
  await tab.isGone();
  expect(await tab.page.locator("#name").evaluate((each) => each === document.activeElement)).toBe(true);
  await keyboard.press("Tab");
  expect(await focusedIn(tab.page)).toBe("1 error");
  await keyboard.press("Enter");
  await tab.text("Unexpected token");
  await keyboard.press("Escape");
  await tab.isGone();
  expect(await focusedIn(tab.page)).toBe("1 error");
});

/** The text of what has the focus in the overlay. */
async function focusedIn(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.querySelector("orbit-overlay")?.shadowRoot?.activeElement?.textContent);
}

test("what was closed stays closed for the same error, also when the page is loaded again, and opens for another one", async () => {
  const shop = await opened();
  const { tab } = shop;
  spoil(shop);
  await tab.text("Unexpected token");
  await tab.page.keyboard.press("Escape");
  await tab.isGone();
  await tab.pillSays("1 error");
  // The same, with a line above it.
  spoil(shop, `\n${BROKEN}`);
  await tab.page.reload();
  await tab.isReached();
  await tab.pillSays("1 error");
  expect(await tab.card.count()).toBe(0);
  spoil(shop, `import { rate } from "./rate.ts";\nexport const price: number = rate;\n`);
  await tab.text("rate.ts");
  expect(await tab.card.count()).toBe(1);
});

test("a tab that comes while something is broken sees that, whole; one that comes after sees nothing", async () => {
  const shop = await opened();
  spoil(shop);
  await shop.tab.text("Unexpected token");
  const late = await openTab(shop.served.url);
  const text = await late.text("lib/price.ts:1:");
  expect(text).toMatch(/1 {2}export const price: number = ;/);
  expect(text).toContain("/api/price → pages/api/price.ts → lib/price.ts");
  await shop.tab.page.reload();
  await shop.tab.text("lib/price.ts:1:");
  mend(shop);
  await late.isGone();
  await shop.tab.isGone();
  const later = await openTab(shop.served.url);
  await later.isReached();
  expect(await later.page.locator("orbit-overlay .is-failed, orbit-overlay .card").count()).toBe(0);
});

test("several errors are counted and gone through one by one, those of packages last", async () => {
  const files = {
    "node_modules/soft/package.json": `{ "name": "soft", "type": "module", "main": "index.js" }`,
    "node_modules/soft/index.js": `export const soft = ;`,
    "pages/api/soft.ts": `import { soft } from "soft"; export const GET = () => Response.json(soft);`,
  };
  const plugin = { hmr: { debounceMs: 10 }, dependencyTracking: { trackNodeModules: true } };
  const { project, served, tab } = await opened(files, { plugin });
  await served.fetch("/api/soft");
  await tab.text("node_modules/soft/index.js:1");
  project.write("pages/api/total.ts", `export const GET = (;`);
  expect(await tab.text("pages/api/total.ts:1")).toContain("1 / 2");
  await tab.card.getByRole("button", { name: "Next error" }).click();
  expect(await tab.text("node_modules/soft/index.js:1")).toContain("2 / 2");
  await tab.page.keyboard.press("Escape");
  await tab.pillSays("2 errors");
});

test("what is copied is all of it, as text", async () => {
  const shop = await opened();
  const { tab } = shop;
  await tab.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  spoil(shop);
  await tab.text("Unexpected token");
  await tab.card.getByRole("button", { name: "Copy" }).click();
  await tab.text("Copied");
  const text = await tab.page.evaluate(async () => navigator.clipboard.readText());
  expect(text).toMatch(/^lib\/price\.ts:1:\d+\n\nUnexpected token\n\n> 1 \| export const price/);
  expect(text).toContain("Reached by: /api/price -> pages/api/price.ts -> lib/price.ts");
});

test("an edit that goes well is said for a moment, and takes nothing that is clicked", async () => {
  const { project, served, tab } = await opened();
  await served.get("/api/price");
  project.write("pages/api/price.ts", `export const GET = () => Response.json(2);`);
  await tab.pillSays(/^Updated \/api\/price in \d+ ms$/);
  await tab.page.waitForFunction(
    () =>
      document.querySelector("orbit-overlay")?.shadowRoot?.querySelector(".pill")?.childElementCount === 0,
  );
  expect(tab.thrown).toEqual([]);
});

test("what a compiler says is text: markup in it stays what it is", async () => {
  const shop = await opened();
  const name = `<img src=x onerror="window.isHurt = true">`;
  spoil(shop, `export const price = 1; throw new Error(${JSON.stringify(name)});`);
  expect(await shop.tab.text("onerror")).toContain(name);
  expect(await shop.tab.card.locator("img").count()).toBe(0);
});

test.each(["light", "dark"] as const)("axe finds nothing in the %s overlay and pill", async (colorScheme) => {
  const shop = await opened();
  const { tab } = shop;
  await tab.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  spoil(shop);
  await tab.text("Unexpected token");
  for (const width of [1_000, 320]) {
    await tab.page.setViewportSize({ width, height: 600 });
    expect(await violationsIn(tab.page)).toEqual([]);
    const reaches = await tab.page.evaluate(() => document.documentElement.scrollWidth);
    expect(reaches).toBeLessThanOrEqual(width);
  }
  await tab.page.keyboard.press("Escape");
  await tab.pillSays("1 error");
  expect(await violationsIn(tab.page)).toEqual([]);
});

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violationsIn(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = Reflect.get(window, "axe") as {
      run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { violations } = await axe.run({ rules: { "color-contrast": { enabled: true } } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
