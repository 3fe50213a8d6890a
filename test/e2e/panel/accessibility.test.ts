import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { FILES, openPanel } from "./support.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in a page, in words. */
async function findings(tab: Page): Promise<readonly string[]> {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(async () => {
    const { run } = Reflect.get(window, "axe") as { run: () => Promise<AxeResults> };
    return run();
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${hashOf(tab)} ${id}: ${html}`));
}

function hashOf(tab: Page): string {
  return new URL(tab.url()).hash;
}

const PARTS = [
  "overview",
  "routes",
  "timeline",
  "graph",
  "graph/lib%2Fprice.ts",
  "state",
  "resources",
  "errors",
  "pages",
];

test.each([
  ["light", 1280],
  ["dark", 340],
] as const)(
  "axe finds nothing in any part, %s and %d pixels wide",
  async (colorScheme, width) => {
    const { project, served, tab } = await openPanel({
      ...FILES,
      "pages/api/cart.ts": `import { createStatefulHandler, createCache } from "orbit-hmr/state";
      createCache("rendered").set("a", 1); setInterval(() => 0, 60000);
      const cart = createStatefulHandler({ count: 0 }, { GET: () => Response.json(cart.updateState({ count: 1 })) });
      export const { GET } = cart;`,
    });
    await served.get("/api/price");
    await served.get("/api/cart");
    project.write("lib/price.ts", `export const price: number = 2;`);
    await tab.getByText("lib/price.ts changed → /api/price").waitFor();
    project.write("pages/api/price.ts", `export const GET = ;`);
    await tab.getByText("Unexpected").first().waitFor();
    await tab.emulateMedia({ colorScheme });
    await tab.setViewportSize({ width, height: 800 });
    for (const part of PARTS) {
      await tab.evaluate((hash) => {
        location.hash = `/${hash}`;
      }, part);
      for (const summary of await tab.locator("summary").all()) await summary.click();
      expect(await findings(tab)).toEqual([]);
      const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
    // Nine parts, each looked at whole.
  },
  90_000,
);
