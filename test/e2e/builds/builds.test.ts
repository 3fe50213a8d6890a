import { expect, test } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import { BUILD_SCRIPT, BuiltSite, says } from "./built-site.ts";

test("what is saved is built, and the page shows it with what was typed in it", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.page.fill("#name", "typed");
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two");
  expect(await tab.page.inputValue("#name")).toBe("typed");
  expect(site.builds).toEqual(["completed", "completed"]);
});

test("a style that a build has changed is shown without a reload", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.mark();
  site.project.write("src/style.css", "h1 { color: rgb(2, 2, 2) }");
  await tab.page.waitForFunction(
    () => getComputedStyle(document.querySelector("h1") ?? document.body).color === "rgb(2, 2, 2)",
  );
  expect(await tab.isStillMarked()).toBe(true);
});

test("a file that a page has fetched is a reason to load it again, and one that nobody has asked for is none", async () => {
  const site = await BuiltSite.start({ "src/data.txt": "first" });
  const tab = await site.open();
  const output = tab.page.locator("output");
  await output.filter({ hasText: "first" }).waitFor();
  site.project.write("src/data.txt", "second");
  await output.filter({ hasText: "second" }).waitFor();
  const other = await site.open("style.css");
  await other.mark();
  site.project.write("src/data.txt", "third");
  await output.filter({ hasText: "third" }).waitFor();
  expect(await other.isStillMarked()).toBe(true);
});

test("the same bytes are unchanged, and touch no page", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.mark();
  site.project.write("src/other.txt", "read by nobody");
  await expect.poll(() => site.builds, soon).toEqual(["completed", "unchanged"]);
  site.project.write("src/style.css", "h1 { color: rgb(3, 3, 3) }");
  await tab.page.waitForFunction(
    () => getComputedStyle(document.querySelector("h1") ?? document.body).color === "rgb(3, 3, 3)",
  );
  expect(await tab.isStillMarked()).toBe(true);
});

test("what is edited in the output by hand, or by another program, is seen as well", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  site.project.edit("dist/index.html", ">one<", ">by hand<");
  await says(tab.page, "by hand");
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two");
  expect(site.builds).toEqual(["completed", "completed"]);
});

test("a build that deletes its output first, and then fails, leaves the page as it is", async () => {
  const remove = 'import { rmSync } from "node:fs"; rmSync("dist", { recursive: true, force: true });\n';
  const site = await BuiltSite.start({ "build.js": remove + BUILD_SCRIPT });
  const tab = await site.open();
  await says(tab.page, "one");
  site.project.write("src/title.txt", "two");
  await says(tab.page, "two");
  await tab.mark();
  site.project.write("src/title.txt", "broken");
  await tab.text("no such word");
  expect(await tab.page.innerText("h1")).toBe("two");
  expect(await tab.isStillMarked()).toBe(true);
  site.project.write("src/title.txt", "three");
  await says(tab.page, "three");
  await tab.isGone();
});

test("a build that fails leaves the page as it is, below what the compiler says; mended, the error goes", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.page.fill("#name", "typed");
  await tab.mark();
  site.project.write("src/title.txt", "broken");
  expect(await tab.text("there is no such word as broken")).toContain("src/title.txt:1:3");
  expect(await tab.card.locator(".bar").innerText()).toContain("Cannot build");
  expect(await tab.page.innerText("h1")).toBe("one");
  expect(await tab.isStillMarked()).toBe(true);
  expect(await tab.page.inputValue("#name")).toBe("typed");
  // Whoever comes in the middle sees the same.
  const late = await site.open();
  await late.text("there is no such word as broken");
  site.project.write("src/title.txt", "mended");
  await says(tab.page, "mended");
  await tab.isGone();
  await late.isGone();
  await says(late.page, "mended");
  expect(await tab.page.inputValue("#name")).toBe("typed");
});

test("of very many errors the first are shown, and how many more there are", async () => {
  const many = `for (let line = 1; line <= 300; line++) console.error("src/title.txt:" + line + ":1: error: wrong " + line);
    process.exitCode = 1;`;
  const site = await BuiltSite.start({ "build.js": many });
  const tab = await site.open();
  await tab.text("wrong 1");
  expect(await tab.card.locator(".bar").innerText()).toContain("1 / 41");
  await tab.card.getByRole("button", { name: "Previous error" }).click();
  await tab.text("260 more errors of the build");
  const { build } = (await site.server.fetchJson("__hmr_status")) as {
    readonly build: { diagnostics: unknown[] };
  };
  expect(build.diagnostics).toHaveLength(300);
});

test("what was right before is built again after a failure without a change of the page", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  await tab.mark();
  site.project.write("src/title.txt", "broken");
  await tab.text("no such word");
  site.project.write("src/title.txt", "one");
  await tab.isGone();
  expect(await tab.isStillMarked()).toBe(true);
  expect(site.builds).toEqual(["completed", "failed", "unchanged"]);
});

test("who opens a page while the first build runs waits for it", async () => {
  const site = await BuiltSite.start({ "src/slow.txt": "1500" });
  const tab = await site.open();
  expect(await tab.page.innerText("h1")).toBe("one");
});

test("a first build that fails shows its error, and the site takes its place", async () => {
  const site = await BuiltSite.start({ "src/title.txt": "broken" });
  const tab = await site.open("somewhere");
  await tab.text("there is no such word as broken");
  expect(await tab.page.innerText("h1")).toBe("Building…");
  await tab.page.goto(site.server.url);
  await tab.text("there is no such word as broken");
  site.project.write("src/title.txt", "one");
  await says(tab.page, "one");
  await tab.isGone();
});

test("a build that takes longer says so in the page, and nothing of it stays", async () => {
  const site = await BuiltSite.start();
  const tab = await site.open();
  await says(tab.page, "one");
  site.project.write("src/slow.txt", "1200");
  await tab.pillSays("Building…");
  // A tab that comes in the middle sees it as well.
  const late = await site.open();
  await late.pillSays("Building…");
  for (const { pill } of [tab, late]) await expect.poll(async () => pill.innerText(), soon).toBe("");
});

test("sources and settings of the project are not served", async () => {
  const site = await BuiltSite.start();
  await says((await site.open()).page, "one");
  for (const path of [
    "src/title.txt",
    "build.js",
    "package.json",
    "../build.js",
    "@fs" + site.project.path("build.js"),
  ]) {
    const response = await site.server.fetch(path);
    expect(await response.text()).not.toContain("one\n");
    expect([403, 404]).toContain(response.status);
  }
});

test("settle waits for the build of what is saved, and lists its errors", async () => {
  const site = await BuiltSite.start({ "src/slow.txt": "300" });
  site.project.write("src/title.txt", "two");
  const settled = await site.server.fetchJson("__hmr_settle", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  expect(settled).toMatchObject({ ok: true, errors: [] });
  expect(await (await site.server.fetch("")).text()).toContain("<h1>two</h1>");
  site.project.write("src/title.txt", "broken");
  const failed = await site.server.fetchJson("__hmr_settle", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  const error = { file: "src/title.txt", line: 1, column: 3, message: "there is no such word as broken" };
  expect(failed).toMatchObject({ ok: false, errors: [error] });
});
