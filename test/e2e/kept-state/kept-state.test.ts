import { expect, test } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import { ExamplePage } from "../example-page.ts";

test("the count goes on when the counter's code is edited, and the page is not loaded again", async () => {
  const app = await ExamplePage.open();
  await app.press("A counter", "Count");
  await expect.poll(() => app.answer("A counter"), soon).toMatch(/"count":1\b/);
  await app.mark();
  app.project.edit("pages/api/examples/stateful-counter.js", "step = 1", "step = 100");
  await app.press("A counter", "Count");
  await expect.poll(() => app.answer("A counter"), soon).toMatch(/"count":101\b/);
  expect(await app.isStillMarked()).toBe(true);
});

test("somebody who is logged in stays logged in when the login's code is edited", async () => {
  const app = await ExamplePage.open();
  await app.press("A login", "Who am I?");
  await expect.poll(() => app.answer("A login"), soon).toMatch(/Nobody is logged in/);
  await app.press("A login", "Log in as Ada");
  await expect.poll(() => app.answer("A login"), soon).toMatch(/"name":"Ada"/);
  app.project.edit("pages/api/session.js", "Welcome back", "Good evening");
  await app.press("A login", "Who am I?");
  await expect.poll(() => app.answer("A login"), soon).toMatch(/Good evening, Ada/);
});

test("an edit of shared code shows in every route that uses it, and the cart stays full", async () => {
  const app = await ExamplePage.open();
  await app.press("Shared code", "Buy a moon");
  await expect.poll(() => app.answer("Shared code"), soon).toMatch(/"total":"€50\.40"/);
  app.project.edit("lib/price.js", "taxRate = 0.2", "taxRate = 0");
  await app.press("Shared code", "Products");
  await expect.poll(() => app.answer("Shared code"), soon).toMatch(/"price":"€42\.00"/);
  await app.press("Shared code", "Buy a moon");
  await expect
    .poll(() => app.answer("Shared code"), soon)
    .toMatch(/\["Pocket moon","Pocket moon"\],"total":"€84\.00"/);
});

test("a connection stays open when the code that uses it is edited", async () => {
  const app = await ExamplePage.open();
  await app.press("A connection", "Send");
  await expect.poll(() => app.answer("A connection"), soon).toMatch(/"sent":1\b/);
  const first = await app.answer("A connection");
  app.project.edit("pages/api/mail.js", `"Hello"`, `"Good morning"`);
  await app.press("A connection", "Send");
  await expect.poll(() => app.answer("A connection"), soon).toMatch(/"text":"Good morning","sent":2\b/);
  const second = await app.answer("A connection");
  const since = /"connectedSince":"[^"]*"/;
  expect(since.exec(second)?.[0]).toBe(since.exec(first)?.[0]);
});

test("a broken save shows its error, loses nothing, and is over when it is mended", async () => {
  const app = await ExamplePage.open();
  await app.press("A counter", "Count");
  await expect.poll(() => app.answer("A counter"), soon).toMatch(/"count":1\b/);
  app.project.edit("pages/api/examples/stateful-counter.js", "step = 1;", "step = ;");
  await app.dismissError();
  await app.press("A counter", "Count");
  await expect.poll(() => app.answer("A counter"), soon).toMatch(/"line":4\b/);
  app.project.edit("pages/api/examples/stateful-counter.js", "step = ;", "step = 10;");
  await app.press("A counter", "Count");
  await expect.poll(() => app.answer("A counter"), soon).toMatch(/"count":11\b/);
});
