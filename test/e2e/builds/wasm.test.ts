import { expect, test } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import { says } from "./built-site.ts";
import { COUNTER, compiled, counted, startCompiled, startCounter } from "./counter-site.ts";

const edited = (from: string, to: string): string => COUNTER.replace(from, to);

/** It says another thing. */
const SECOND = edited("label(): i32 { return 1", "label(): i32 { return 2");

test("new WebAssembly goes on with the state of the old one, and nothing of the page is lost", async () => {
  const site = await startCounter();
  const tab = await counted(site);
  site.project.write("assembly/index.ts", SECOND);
  await says(tab.page, "2: 3");
  await tab.page.click("button");
  await says(tab.page, "2: 4");
  // Data that comes first moves all others: a copy of the memory would be another program's.
  site.project.write(
    "assembly/index.ts",
    `export const greeting: string = "a text before all others";\n${edited("return 1; }\nexport function orbit_schema", "return 3; }\nexport function orbit_schema")}`,
  );
  await says(tab.page, "3: 4");
  expect(await tab.isStillMarked()).toBe(true);
  expect(await tab.page.inputValue("#name")).toBe("typed");
  expect(tab.thrown).toEqual([]);
});

const REFUSALS: readonly (readonly [why: string, from: string, to: string])[] = [
  ["has another schema", "orbit_schema(): u32 { return 1", "orbit_schema(): u32 { return 2"],
  ["traps while it takes the state", "orbit_restore(): u32 {", "orbit_restore(): u32 { unreachable();"],
  ["refuses the state", "taken)); return 1", "taken)); return 0"],
  ["does not export what is needed", "export function orbit_alloc", "function orbit_alloc"],
  ["traps as soon as it is there", "let count: i32 = 0;", "let count: i32 = 0; if (true) unreachable();"],
];

test.for(REFUSALS)(
  "where the new one %s, the page is loaded again, and keeps what was typed",
  async ([, from, to]) => {
    const site = await startCompiled();
    const tab = await counted(site);
    site.project.write("app.txt", await compiled(edited(from, to)));
    await expect.poll(async () => tab.isStillMarked(), soon).toBe(false);
    await expect.poll(async () => tab.page.inputValue("#name"), soon).toBe("typed");
  },
);

test("a state that the old one cannot give away is a reload, and until then the old one runs", async () => {
  const traps = edited("orbit_save(): u32 {", "orbit_save(): u32 { unreachable();");
  const site = await startCompiled(traps);
  const tab = await counted(site);
  site.project.write("app.txt", await compiled(SECOND));
  await says(tab.page, "2: 0");
  expect(await tab.isStillMarked()).toBe(false);
});

test("WebAssembly that does not compile is shown as an error, and the old one runs on", async () => {
  const site = await startCounter();
  const tab = await counted(site);
  site.project.write("assembly/index.ts", edited("return count;", "return coutn;"));
  expect(await tab.text("coutn")).toContain("assembly/index.ts:6");
  await tab.page.keyboard.press("Escape");
  await tab.page.click("button");
  await says(tab.page, "1: 4");
  site.project.write("assembly/index.ts", SECOND);
  await says(tab.page, "2: 4");
  expect(await tab.isStillMarked()).toBe(true);
});

test("wrong arguments of swapWasm are said, and whoever ends it is not asked any more", async () => {
  const site = await startCompiled();
  const tab = await counted(site);
  const message = await tab.page.evaluate(() => {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what somebody may write without types
      window.orbit.swapWasm("/app.wasm", {} as never);
      return "";
    } catch (error) {
      return String(error);
    }
  });
  expect(message).toBe('TypeError: orbit.swapWasm("/app.wasm", …): expected functions current and swap.');
  await tab.page.evaluate(() => {
    const end = window.orbit.swapWasm("./app.wasm?any", { current: () => ({}), swap: () => false });
    end();
  });
  site.project.write("app.txt", await compiled(SECOND));
  await says(tab.page, "2: 3");
  expect(await tab.isStillMarked()).toBe(true);
});
