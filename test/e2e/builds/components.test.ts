import { rmSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { DevProgram, soon } from "../../cli/orbiton.ts";
import { openPage } from "../browser.ts";
import { BADGE, COUNTER, ComponentSite, isTyping, shows } from "./component-site.ts";

/** So long takes a build that nothing in a test waits for. */
const FOREVER = 600_000;

async function styleOf(page: Page, selector: string, name: string): Promise<string> {
  return page.$eval(
    selector,
    (element, property) => getComputedStyle(element).getPropertyValue(property),
    name,
  );
}

async function hasStyle(page: Page, selector: string, name: string, value: string): Promise<void> {
  await expect.poll(async () => styleOf(page, selector, name), soon).toBe(value);
}

test("a style is there before it is built, and what it says no more is gone", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.slowDown(FOREVER);
  site.edit("color: rgb(1, 1, 1); border: 1px solid;", "color: rgb(2, 2, 2);");
  await hasStyle(tab.page, ".shown", "color", "rgb(2, 2, 2)");
  expect(await styleOf(tab.page, ".shown", "border-top-style")).toBe("none");
  // Those of other components stay as they are.
  expect(await tab.page.locator('style[data-orbit-style="components/badge"]').innerText()).toContain(
    ".badge",
  );
  expect(await isTyping(tab.page)).toBe(true);
  expect(await tab.isStillMarked()).toBe(true);
});

test("a template is there before it is built, around all that code and people have made of the page", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.slowDown(FOREVER);
  site.edit("It is {{ count }} now.", "Now it is {{ count }}.");
  await shows(tab.page, ".shown", "Now it is 2.");
  site.edit("<h2>Count</h2>", '<h2 title="all">Counter</h2>\n    <p class="new">new</p>');
  await shows(tab.page, "h2[title=all]", "Counter");
  await shows(tab.page, ".new", "new");
  await shows(tab.page, ".shown", "It is 2 now.");
  expect(await isTyping(tab.page)).toBe(true);
  expect(await tab.isStillMarked()).toBe(true);
  await tab.page.click(".inc");
  await shows(tab.page, ".shown", "It is 3 now.");
  await shows(tab.page, ".badge", "Badge b3");
  expect(tab.thrown).toEqual([]);
});

test("what old code draws after an edit is drawn by the new template", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.slowDown(FOREVER);
  site.edit("<b>{{ item }}</b> is here", "<b>{{ item }}</b> has come").replace("Many", "Lots");
  await shows(tab.page, "li", "item 0 has come");
  site.save(COUNTER.replace("is here", "has come").replace("Many", "Lots"));
  await tab.page.click(".add");
  await shows(tab.page, "li:nth-child(2)", "item 1 has come");
  await tab.page.click(".inc");
  await shows(tab.page, "em", "Lots");
  expect(await tab.isStillMarked()).toBe(true);
});

test("when it is built, pages that have it are not loaded again, and those that come have it", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  const before = site.site.builds.length;
  site.edit("<h2>Count</h2>", "<h2>Counter</h2>");
  await shows(tab.page, "h2", "Counter");
  await site.ended(before + 1);
  await shows(await openPage(site.site.server.url), "h2", "Counter");
  expect(await tab.isStillMarked()).toBe(true);
  expect(await isTyping(tab.page)).toBe(true);
  // Of the next edit as well, although this page runs code that is older than what was built last.
  site.edit("<h2>Count</h2>", "<h2>Counting</h2>");
  await shows(tab.page, "h2", "Counting");
  await site.ended(before + 2);
  site.edit("{{ count }} now", "{{ count }} by now", {
    text: COUNTER.replace("<h2>Count</h2>", "<h2>Counting</h2>"),
  });
  await shows(tab.page, ".shown", "It is 2 by now.");
  expect(await tab.isStillMarked()).toBe(true);
  const build = site.site.server.events.find(
    ({ event, files }) => event === "build" && String(files).includes("orbit"),
  );
  expect(build).toMatchObject({ ahead: true });
});

test("what is undone is undone in the page, also while it is built", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.slowDown(700);
  const before = site.site.builds.length;
  site.edit("<h2>Count</h2>", "<h2>Counter</h2><hr>");
  await shows(tab.page, "h2", "Counter");
  const running = (): boolean =>
    site.site.server.events.some(
      ({ event, status, files }) =>
        event === "build" && status === "starting" && String(files).includes("counter"),
    );
  await expect.poll(running, soon).toBe(true);
  site.save(COUNTER);
  await shows(tab.page, "h2", "Count");
  expect(await tab.page.locator("hr").count()).toBe(0);
  await site.ended(before + 2);
  expect(await tab.isStillMarked()).toBe(true);
  await shows(tab.page, "h2", "Count");
  await shows(await openPage(site.site.server.url), "h2", "Count");
});

test("a page that comes before it is built has it; so has one that is loaded again", async () => {
  const site = await ComponentSite.start();
  await site.ended(1);
  site.slowDown(FOREVER);
  site.edit("<h2>Count</h2>", "<h2>Counter</h2>");
  const { page } = await site.site.open();
  await shows(page, "h2", "Counter");
  await page.reload();
  await shows(page, "h2", "Counter");
  await page.click(".inc");
  await shows(page, ".shown", "It is 1 now.");
  expect(site.site.builds).toEqual(["completed"]);
});

test("a page that comes while nothing can be built has what was saved, also after a restart", async () => {
  const site = await ComponentSite.start();
  await site.ended(1);
  const { project, server } = site.site;
  project.write("src/main.txt", "broken");
  await site.ended(2);
  site.edit("<h2>Count</h2>", "<h2>Counter</h2>");
  await site.ended(3);
  await shows(await openPage(server.url), "h2", "Counter");
  server.process.kill("SIGINT");
  await server.ended();
  const next = await DevProgram.start(project.root, ["--json", "--command", "node build.js"]);
  await shows(await openPage(next.url), "h2", "Counter");
  expect(site.site.builds).toEqual(["completed", "failed", "failed"]);
});

test("code is built, and the page is loaded again with what was typed", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.edit("count: 0", "count: 10");
  await shows(tab.page, ".shown", "It is 10 now.");
  expect(await tab.isStillMarked()).toBe(false);
});

test("a half typed tag is said, and the page stays as it is", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.slowDown(FOREVER);
  site.edit("<h2>Count</h2>", "<h2>Counter</h2>");
  await shows(tab.page, "h2", "Counter");
  site.edit("<h2>Count</h2>", "<h2>Counter</h2><p");
  await expect.poll(() => site.site.server.stdout, soon).toMatch(/src\/components\/counter\.orbit:\d+:\d+/);
  await shows(tab.page, "h2", "Counter");
  site.edit("<h2>Count</h2>", "<h2>Counter</h2><p>whole</p>");
  await shows(tab.page, "h2 + p", "whole");
  expect(await tab.isStillMarked()).toBe(true);
});

test("a style that is broken is said, and the last good one stays", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.slowDown(FOREVER);
  site.edit("color: rgb(1, 1, 1);", "color: rgb(2, 2, 2);");
  await hasStyle(tab.page, ".shown", "color", "rgb(2, 2, 2)");
  site.edit("color: rgb(1, 1, 1); border: 1px solid; }", "color: rgb(3, 3, 3)");
  await expect.poll(() => site.site.server.stdout, soon).toMatch(/src\/components\/counter\.orbit:\d+:\d+/);
  expect(await styleOf(tab.page, ".shown", "color")).toBe("rgb(2, 2, 2)");
});

test("a component under another name, and one that is deleted, are built", async () => {
  const site = await ComponentSite.start();
  const tab = await site.open();
  site.save(BADGE.replace("Badge", "Chip"), "chip");
  rmSync(site.site.project.path("src/components/badge.orbit"));
  site.edit("<Badge", "<Chip");
  await shows(tab.page, ".badge", "Chip b0");
  expect(await tab.isStillMarked()).toBe(false);
  // The next edits of the new one are patches as ever.
  await tab.mark();
  site.slowDown(FOREVER);
  await tab.mark();
  site.save(BADGE.replace("Badge", "Sign"), "chip");
  await shows(tab.page, ".badge", "Sign b0");
  expect(await tab.isStillMarked()).toBe(true);
});

test("all instances of a component become another one, and code that takes it itself has it first", async () => {
  const site = await ComponentSite.start({
    "src/components/counter.orbit": COUNTER.replace(
      "<Badge :label=\"'b' + count\"/>",
      '<Badge label="x"/><Badge label="y"/>',
    ),
  });
  const tab = await site.open();
  site.slowDown(FOREVER);
  site.edit("Badge", "Sign", { name: "badge", text: BADGE });
  await expect
    .poll(async () => tab.page.locator(".badge").allTextContents(), soon)
    .toEqual(["Sign x", "Sign y"]);
  await tab.page.evaluate(() => {
    const taken: string[] = [];
    Reflect.set(window, "taken", taken);
    window.orbit.accept("components/badge", {
      style: (css) => void taken.push(css.includes("rgb(8") ? "style" : css),
      template: ({ html }) => void taken.push(String(html).trim()),
    });
  });
  site.save(BADGE.replace("Badge", "Mark").replace("rgb(9", "rgb(8"), "badge");
  await expect
    .poll(async () => tab.page.evaluate(() => Reflect.get(window, "taken")), soon)
    .toEqual(["style", '<span class="badge">Mark {{ label }}</span>']);
  expect(await tab.page.locator(".badge").allTextContents()).toEqual(["Sign x", "Sign y"]);
});
