import { expect, onTestFinished, test, vi } from "vitest";
import { FILES, go, openPanel } from "./support.ts";

const SHOP = {
  ...FILES,
  "lib/price.ts": `import { tax } from "./tax/rate.ts"; export const price: number = 1 + tax;`,
  "lib/tax/rate.ts": `export const tax = 0.2;`,
};

test("the graph is drawn when somebody wants to see it, and not before", async () => {
  const { tab } = await openPanel(SHOP);
  const asked: string[] = [];
  tab.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await go(tab, "Routes");
  expect(asked).toEqual([]);
  await go(tab, "Graph");
  await expect.poll(() => tab.locator(".canvas canvas").count()).toBeGreaterThan(0);
  expect(asked).toEqual(["/@orbit/panel-graph.js"]);
  await tab.getByText(/boxes and .* lines? for 4 files/).waitFor();
});

test("a file that is searched for shows the ways from routes to it, and the way back leads to all", async () => {
  const { tab } = await openPanel(SHOP);
  await go(tab, "Graph");
  await tab.getByRole("searchbox").fill("rate");
  await tab.getByRole("list", { name: "Found" }).getByRole("button").click();
  const file = tab.getByRole("region", { name: "lib/tax/rate.ts" });
  await file.waitFor();
  expect(await file.getByRole("listitem").first().innerText()).toBe(
    "/api/price → pages/api/price.ts → lib/price.ts → lib/tax/rate.ts",
  );
  expect(await tab.locator(".canvas").getAttribute("data-elements")).toBe("5");
  await tab.goBack();
  await tab.getByRole("navigation", { name: "Files" }).waitFor();
  expect(await tab.evaluate(() => location.hash)).toBe("#/graph");
});

test("the list has folders and files for the keyboard", async () => {
  const { tab } = await openPanel(SHOP);
  await go(tab, "Graph");
  const folder = tab.getByRole("button", { name: "lib 2" });
  await folder.focus();
  expect(await folder.getAttribute("aria-expanded")).toBe("true");
  await tab.keyboard.press("Enter");
  await expect.poll(() => folder.getAttribute("aria-expanded")).toBe("false");
  expect(await tab.getByRole("button", { name: "price.ts", exact: true }).count()).toBe(0);
  await tab.keyboard.press("Enter");
  await tab.getByRole("button", { name: "price.ts", exact: true }).press("Enter");
  await tab.getByRole("region", { name: "lib/price.ts" }).waitFor();
  expect(await tab.evaluate(() => location.hash)).toBe("#/graph/lib%2Fprice.ts");
});

test("a save that imports another file is in the graph", async () => {
  const { project, served, tab } = await openPanel(SHOP);
  await served.get("/api/price");
  await go(tab, "Graph");
  await tab.getByText(/for 4 files/).waitFor();
  project.write("lib/sale.ts", `export const sale = 0.5;`);
  project.write("lib/price.ts", `import { sale } from "./sale.ts"; export const price: number = sale;`);
  await tab.getByRole("button", { name: "sale.ts" }).waitFor();
  expect(await tab.getByText(/for 5 files/).count()).toBe(1);
});

test("where there is no graph the panel says why", async () => {
  vi.stubEnv("DEPENDENCY_TRACKING", "false");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { tab } = await openPanel(SHOP);
  await go(tab, "Graph");
  await expect.poll(() => tab.getByText("DEPENDENCY_TRACKING turns it off").count()).toBe(1);
});
