import { expect, test } from "vitest";
import { FILES, open } from "./overlay-page.ts";
import type { Opened } from "./overlay-page.ts";

/** A project whose routes nobody has called, with its graph. */
async function unasked(): Promise<Opened> {
  const opened = await open();
  await opened.served.session.impact.build();
  return opened;
}

test("a broken save of code that nobody has called is an error with its place, and no update", async () => {
  const { project, served, tab } = await unasked();
  project.write("lib/price.ts", `export const price: number = ;\n`);
  const text = await tab.text("lib/price.ts:1:");
  expect(text).toMatch(/1 {2}export const price: number = ;/);
  expect(text).toMatch(/Reached by\s+\/api\/price → pages\/api\/price\.ts → lib\/price\.ts/);
  expect(served.reports.map(({ event }) => event)).toEqual(["error"]);
  expect(served.reports[0]).toMatchObject({
    file: "lib/price.ts",
    line: 1,
    routes: ["/api/price", "/api/total"],
  });
  expect((await served.status()).errors).toMatchObject([{ file: "lib/price.ts" }]);
  project.write("lib/price.ts", `export const price: number = 2;\n`);
  await tab.isGone();
  expect((await served.status()).errors).toEqual([]);
  expect(await served.get("/api/price")).toBe("2");
});

test("an import that leads nowhere is one as well, until there is such a file", async () => {
  const { project, tab } = await unasked();
  project.write("lib/price.ts", `import { rate } from "./rate.js";\nexport const price: number = rate;\n`);
  expect(await tab.text("lib/price.ts:1:")).toContain(`Cannot find "./rate.js"`);
  project.write("lib/rate.ts", "export const rate = 2;");
  await tab.isGone();
});

test("it goes as well when the old text is back", async () => {
  const { project, served, tab } = await unasked();
  project.write("pages/api/price.ts", `export const GET = (;`);
  await tab.text("pages/api/price.ts:1:");
  project.write("pages/api/price.ts", FILES["pages/api/price.ts"]);
  await tab.isGone();
  expect(await served.get("/api/price")).toBe("1");
});

test("when it is called after all, it is one error, and its mending ends it", async () => {
  const { project, served, tab } = await unasked();
  project.write("lib/price.ts", `export const price: number = ;\n`);
  await tab.text("lib/price.ts:1:");
  expect((await served.fetch("/api/price")).status).toBe(500);
  await tab.page.reload();
  await tab.isReached();
  expect(await tab.text("lib/price.ts:1:")).not.toMatch(/\d+ \/ \d+/);
  project.write("lib/price.ts", FILES["lib/price.ts"]);
  await tab.isGone();
  expect((await served.status()).errors).toEqual([]);
});
