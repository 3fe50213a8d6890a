import { expect, test } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import { ExamplePage } from "../example-page.ts";

test("every card of the example answers", async () => {
  const app = await ExamplePage.open();
  const failures: string[] = [];
  app.page.on("requestfailed", (request) => failures.push(request.url()));
  app.page.on("pageerror", (error) => failures.push(error.message));
  const cards = await app.page.locator("article").all();
  for (const card of cards) {
    await card.getByRole("button").first().click();
    await card.locator("output:not(.is-error)").filter({ hasText: /^[[{]/ }).waitFor();
  }
  expect(cards.length).toBeGreaterThan(10);
  expect(failures).toEqual([]);
});

test("a saved route is told in the page that is open, which is not loaded again", async () => {
  const app = await ExamplePage.open();
  await app.mark();
  await app.press("A counter", "Count");
  await app.card("A counter").locator("output").filter({ hasText: /1/ }).waitFor();
  const file = "pages/api/examples/stateful-counter.js";
  app.project.edit(file, "export", "const edited = true;\nexport");
  await app.page
    .locator("#news")
    .filter({ hasText: /is live after \d+ ms/ })
    .waitFor();
  expect(await app.isStillMarked()).toBe(true);
});

test("an edited style sheet is swapped in the page that is open", async () => {
  const app = await ExamplePage.open();
  await app.mark();
  app.project.edit("style.css", "margin: 0 auto;", "margin: 0 auto; outline: 3px solid rgb(1, 2, 3);");
  const outlineColor = (): Promise<string> =>
    app.page.evaluate(() => getComputedStyle(document.body).outlineColor);
  await expect.poll(outlineColor, soon).toBe("rgb(1, 2, 3)");
  expect(await app.isStillMarked()).toBe(true);
});

test("an edited page is loaded again", async () => {
  const app = await ExamplePage.open();
  app.project.edit("index.html", "keep everything else</h1>", "keep the rest</h1>");
  const heading = app.page.getByRole("heading", { level: 1 });
  await expect.poll(() => heading.innerText(), soon).toBe("Edit the code, keep the rest");
});

test("a page that is open goes on by itself with a server in a new process", async () => {
  const app = await ExamplePage.open();
  await app.mark();
  const connected = app.page.evaluate(
    () => new Promise<void>((resolve) => window.apiHMR.on("connected", () => resolve())),
  );
  app.project.write("orbiton.config.json", `{ "hmr": { "debounceMs": 50 } }`);
  await connected;
  app.project.edit("style.css", "margin: 0 auto;", "margin: 0 auto; outline: 3px solid rgb(1, 2, 3);");
  const outlineColor = (): Promise<string> =>
    app.page.evaluate(() => getComputedStyle(document.body).outlineColor);
  await expect.poll(outlineColor, soon).toBe("rgb(1, 2, 3)");
  expect(await app.isStillMarked()).toBe(true);
});
