import { networkInterfaces } from "node:os";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage } from "../browser.ts";
import { go, isLive, openPanel } from "./support.ts";
import type { OpenedPanel } from "./support.ts";

const FILES = {
  "pages/api/cart.ts": `import { createStatefulHandler } from "orbit-hmr/state";
    const cart = createStatefulHandler({ count: 0, items: ["tea"] }, {
      GET: () => Response.json(cart.getState()),
      POST: () => Response.json(cart.updateState(({ count }) => ({ count: count + 1 }))),
    });
    export const { GET, POST } = cart;`,
  "pages/api/settings.ts": `import { createStore } from "orbit-hmr/state";
    const settings = createStore("settings", { theme: "dark", since: new Date(0) });
    export const GET = () => Response.json(settings.get());`,
  "pages/api/kept.ts": `import { createCache, createRateLimit, createSingleton } from "orbit-hmr/state";
    const cache = createCache("rendered"); const limit = createRateLimit("visits", 3);
    createSingleton("pool", () => ({ open: new Set([1]), get secret() { throw new Error("run"); } }));
    export const GET = () => Response.json([cache.size(), limit.check("a").count]);
    export const POST = () => { cache.set("home", { html: "<b>" }); return GET(); };`,
};

async function openState(): Promise<OpenedPanel> {
  const opened = await openPanel(FILES);
  for (const path of ["cart", "settings", "kept"]) await opened.served.get(`/api/${path}`);
  await go(opened.tab, "State");
  return opened;
}

/** Open a piece of state in the list. */
async function look(tab: Page, id: string): Promise<Locator> {
  const item = tab.getByRole("listitem").filter({ has: tab.locator("summary", { hasText: id }) });
  await item.locator("summary").click();
  return item;
}

test("a state is edited as JSON, in one change, and code sees it", async () => {
  const { served, tab } = await openState();
  const item = await look(tab, "cart.ts");
  const field = item.getByRole("textbox");
  await expect.poll(() => field.inputValue()).toContain(`"count": 0`);
  await field.fill(`{ "count": 41, "items": ["tea"] }`);
  await item.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => item.getByRole("button", { name: "Save" }).count()).toBe(0);
  expect(JSON.parse(await served.get("/api/cart"))).toEqual({ count: 41, items: ["tea"] });
  await expect
    .poll(() => item.locator(".history li").allInnerTexts())
    .toEqual([expect.stringMatching(/count: 41, items/)]);
  await item.getByRole("button", { name: "Back to the initial value" }).click();
  await expect.poll(() => served.get("/api/cart")).toBe(`{"count":0,"items":["tea"]}`);
});

test("what is open changes as requests change it, and what somebody types stays theirs", async () => {
  const { served, tab } = await openState();
  const item = await look(tab, "cart.ts");
  const field = item.getByRole("textbox");
  await served.fetch("/api/cart", { method: "POST" });
  await expect.poll(() => field.inputValue(), { timeout: 5_000 }).toContain(`"count": 1`);
  await field.fill("{ mine");
  await served.fetch("/api/cart", { method: "POST" });
  await item.getByText("count: 2").waitFor();
  expect(await field.inputValue()).toBe("{ mine");
  await item.getByRole("button", { name: "Put back" }).click();
  expect(await field.inputValue()).toContain(`"count": 2`);
});

test("wrong JSON keeps the text and says where it is wrong, and changes nothing", async () => {
  const { served, tab } = await openState();
  const item = await look(tab, "cart.ts");
  const field = item.getByRole("textbox");
  await field.fill(`{\n  "count": 1,\n}`);
  await field.press("Control+Enter");
  await item.getByText("Line 3, column 1: Expected a key in double quotes, got “}”.").waitFor();
  expect(await field.inputValue()).toBe(`{\n  "count": 1,\n}`);
  await field.fill(`[1]`);
  await item.getByRole("button", { name: "Save" }).click();
  await item.getByText("Expected an object").waitFor();
  expect(await served.get("/api/cart")).toBe(`{"count":0,"items":["tea"]}`);
});

test("what JSON cannot say is shown, and stays while the rest is edited", async () => {
  const { served, tab } = await openState();
  const item = await look(tab, "settings");
  await item.getByText("1970-01-01T00:00:00.000Z").waitFor();
  const field = item.getByRole("textbox");
  await field.fill(`{ "theme": "light", "since": "today" }`);
  await item.getByRole("button", { name: "Save" }).click();
  await item.getByText(`JSON cannot say what "since" holds`).waitFor();
  await field.fill(`{ "theme": "light" }`);
  await item.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => served.get("/api/settings")).toContain(`"light"`);
  expect(JSON.parse(await served.get("/api/settings"))).toEqual({
    theme: "light",
    since: "1970-01-01T00:00:00.000Z",
  });
});

test("a cache is emptied, a limit begins anew, and a singleton is only read, without running its getters", async () => {
  const { served, tab } = await openState();
  await served.fetch("/api/kept", { method: "POST" });
  const cache = await look(tab, "rendered");
  await cache.getByText(`{ html: '<b>' }`).waitFor();
  await cache.getByRole("button", { name: "Empty the cache" }).click();
  const limit = await look(tab, "visits");
  await limit.getByText("2 of 3 requests").waitFor();
  await limit.getByRole("button", { name: "Begin new windows" }).click();
  await limit.getByText("2 of 3 requests").waitFor({ state: "detached" });
  expect(await served.get("/api/kept")).toBe("[0,1]");
  const pool = await look(tab, "pool");
  await pool.getByText("open: Set(1) { 1 }").waitFor();
  expect(await pool.innerText()).toContain("secret: [Getter]");
  expect(await pool.getByRole("button").count()).toBe(0);
});

const elsewhere = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

test.skipIf(elsewhere === undefined)(
  "with --host a page on another address sees no value and opens no editor, and is told why",
  async () => {
    const { served, project } = await openPanel(FILES, { config: { server: { host: "0.0.0.0" } } });
    await served.get("/api/cart");
    const tab = await openPage(served.url.replace("127.0.0.1", elsewhere ?? "") + "/__hmr_status#/state");
    await isLive(tab);
    const item = await look(tab, "cart.ts");
    await item.getByText("only on the computer that the server runs on").waitFor();
    expect(await item.getByRole("textbox").count()).toBe(0);
    project.write("pages/api/cart.ts", "export const GET = ;");
    await go(tab, "Errors");
    await tab.getByRole("button", { name: "Open in editor" }).click();
    await tab.getByText("Only pages on the computer of the server may open its editor.").waitFor();
  },
);
