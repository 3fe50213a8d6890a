import { expect, test } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import { ExamplePage } from "../example-page.ts";

test("a stream goes on when its code is edited, and the next one runs the new code", async () => {
  const app = await ExamplePage.open();
  await app.press("A stream", "Listen");
  await expect.poll(() => app.answer("A stream"), soon).toMatch(/"ticks":1\b/);
  await app.mark();
  app.project.edit("pages/api/clock.js", "JSON.stringify({ ticks,", "JSON.stringify({ edited: true, ticks,");
  await expect.poll(() => app.answer("A stream"), soon).toMatch(/^\{"ticks":4\b/);
  await app.press("A stream", "Listen");
  await expect.poll(() => app.answer("A stream"), soon).toMatch(/"edited":true,"ticks":1\b/);
  expect(await app.isStillMarked()).toBe(true);
});
