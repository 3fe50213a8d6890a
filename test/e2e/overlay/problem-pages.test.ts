import { expect, test } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import { FILES, open, openTab } from "./overlay-page.ts";
import type { Opened } from "./overlay-page.ts";

const BROKEN = `export const GET = (;`;
const TEXT = `export const GET = () => new Response("<h1>Price 2</h1>", { headers: { "content-type": "text/html" } });`;

/** Expects a page with a heading, as soon as it is there. */
async function expectHeading(tab: Opened["tab"], text: string): Promise<void> {
  await expect
    .poll(async () =>
      tab.page
        .getByRole("heading")
        .first()
        .textContent()
        .catch(() => ""),
    )
    .toBe(text);
}

test.each([
  ["at the root", {}, "/api/price"],
  ["below a base", { config: { base: "/shop/" } }, "/shop/api/price"],
])("a page about a broken route shows the answer when that is mended, %s", async (_where, options, path) => {
  const all = { plugin: { hmr: { debounceMs: 10 } }, ...options };
  const { project, served } = await open(
    { "pages/api/price.ts": BROKEN },
    all,
    path.replace("api/price", ""),
  );
  const tab = await openTab(served.url + path);
  await expectHeading(tab, "The code has an error");
  expect(await tab.page.locator("orbit-overlay").count()).toBe(0);
  project.write("pages/api/price.ts", TEXT);
  await expectHeading(tab, "Price 2");
  expect(tab.thrown).toEqual([]);
});

test("it shows the next error when the mending was none", async () => {
  const { project, served } = await open({ "pages/api/price.ts": BROKEN });
  const tab = await openTab(`${served.url}/api/price`);
  await expectHeading(tab, "The code has an error");
  project.write("pages/api/price.ts", `import "./gone.ts";\nexport const GET = () => 1;`);
  await expectHeading(tab, "An import cannot be found");
  expect(tab.thrown).toEqual([]);
  project.write("pages/api/price.ts", TEXT);
  await expectHeading(tab, "Price 2");
});

test("a page about an address without a route shows the answer when there is one", async () => {
  const { project, served } = await open();
  const tab = await openTab(`${served.url}/api/orders/7`);
  await expect.poll(async () => tab.page.title()).toContain("404");
  project.write("pages/api/orders/[id].ts", TEXT);
  await expectHeading(tab, "Price 2");
});

test("a page about a handler that throws shows the answer of its new code, and is loaded once for it", async () => {
  const { project, served } = await open({
    "pages/api/price.ts": `export const GET = () => { throw new Error("<b>No price</b>"); };`,
  });
  const tab = await openTab(`${served.url}/api/price`);
  await expectHeading(tab, "The handler threw");
  expect(await tab.page.locator("b").count()).toBe(0);
  let loads = 0;
  tab.page.on("load", () => loads++);
  // What other routes do is nothing to it.
  project.write("pages/api/total.ts", `export const GET = () => new Response("0");`);
  expect(await served.get("/api/total")).toBe("0");
  project.write("pages/api/price.ts", TEXT);
  await expectHeading(tab, "Price 2");
  expect(loads).toBe(1);
});

test("what was posted is not posted again: the page says that its route has changed", async () => {
  const html = `<!doctype html><html lang="en"><head><title>Form</title></head><body><form method="post" action="/api/price"><button>Send</button></form></body></html>`;
  const { project, served } = await open({
    "pages/api/price.ts": `export const POST = (;`,
    "form.html": html,
  });
  const tab = await openTab(`${served.url}/form.html`);
  let posted = 0;
  tab.page.on("request", (request) => (posted += request.method() === "POST" ? 1 : 0));
  await tab.page.getByRole("button", { name: "Send" }).click();
  await expectHeading(tab, "The code has an error");
  project.write("pages/api/price.ts", TEXT.replace("GET", "POST"));
  await tab.page.getByRole("status").filter({ hasText: "The route has changed." }).waitFor();
  expect(posted).toBe(1);
});

test.each([{ hmr: false }, { ws: false as const }])(
  "without a socket the page stays as it is: %j",
  async (server) => {
    const served = await serve(createProject(FILES), { config: { server } });
    const answer = await served.fetch("/api/gone", { headers: { accept: "text/html" } });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("<script");
    expect(answer.headers.get("content-security-policy")).not.toContain("script-src");
  },
);

test("an address that is markup stays text in the page about it", async () => {
  const { served } = await open({ ...FILES });
  const answer = await served.fetch(`/api/%22%3E%3Cscript%3Ealert(1)%3C/script%3E`, {
    headers: { accept: "text/html" },
  });
  expect(answer.text).not.toContain("<script>alert");
  expect(answer.text).toContain(`<script src="/@orbit/boot.js"`);
});
