import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { BuildOptions } from "../../../src/index.ts";
import { copyExample } from "../../cli/project.ts";
import { hasCargo } from "../../support/cargo.ts";
import { wasmRust } from "../../support/wasm-compilers.ts";
import { BuiltSite, says } from "../builds/built-site.ts";
import { installAsc } from "../builds/counter-site.ts";

// The examples that something else builds: each is edited as its README says, in a copy.

describe.skipIf(!hasCargo)("rust-site", () => {
  test("shows an edited title on every page, with what was typed", async () => {
    const site = await BuiltSite.serve(copyExample("rust-site"));
    const tab = await site.open();
    const about = await site.open("about.html");
    await says(tab.page, "Pages of Rust");
    await tab.page.fill("#note", "typed");
    site.project.edit("src/title.rs", "Pages of Rust", "Other pages");
    for (const { page } of [tab, about]) await says(page, "Other pages");
    expect(await tab.page.inputValue("#note")).toBe("typed");
    expect(await about.page.locator("nav [aria-current]").innerText()).toBe("About");
    await tab.page.getByRole("link", { name: "About" }).click();
    await tab.page.waitForURL("**/about.html");
    expect([...tab.thrown, ...about.thrown]).toEqual([]);
  });

  test("exchanges its style alone", async () => {
    const site = await BuiltSite.serve(copyExample("rust-site"));
    const tab = await site.open();
    await says(tab.page, "Pages of Rust");
    await tab.mark();
    site.project.edit("src/style.css", "color: var(--accent)", "color: rgb(1, 2, 3)");
    await tab.page.waitForFunction(
      () => getComputedStyle(document.querySelector("h1") ?? document.body).color === "rgb(1, 2, 3)",
    );
    expect(await tab.isStillMarked()).toBe(true);
  });

  test("says what rustc says of a mistake, over the page as it was", async () => {
    const site = await BuiltSite.serve(copyExample("rust-site"));
    const tab = await site.open();
    await says(tab.page, "Pages of Rust");
    site.project.edit("src/home.rs", "topic}</li>", "topics}</li>");
    expect(await tab.text("cannot find value `topics`")).toMatch(/src\/home\.rs:\d+/);
    site.project.edit("src/home.rs", "topics}</li>", "topic}</li>");
    await tab.isGone();
    await says(tab.page, "Pages of Rust");
  });
});

const COUNTERS = [
  { name: "wasm-counter", isThere: true, step: "assembly/step.ts", env: {} },
  { name: "wasm-counter-rust", isThere: wasmRust !== undefined, step: "src/step.rs", env: wasmRust },
];

describe.for(COUNTERS)("$name", ({ name, isThere, step, env }) => {
  test.skipIf(!isThere)("goes on counting in a new way from where it was", async () => {
    const project = copyExample(name);
    installAsc(project);
    const config = JSON.parse(readFileSync(project.path("orbiton.config.json"), "utf8")) as {
      readonly build: BuildOptions;
    };
    project.write("orbiton.config.json", JSON.stringify({ build: { ...config.build, env } }));
    const site = await BuiltSite.serve(project);
    const tab = await site.open();
    await press(tab.page, "1, then 2");
    await press(tab.page, "2, then 3");
    await tab.page.fill("#note", "typed");
    await tab.mark();
    project.edit(step, "count + 1", "cuont + 10");
    expect(await tab.text("cuont")).toContain(step);
    await tab.page.keyboard.press("Escape");
    await press(tab.page, "3, then 4");
    project.edit(step, "cuont + 10", "count + 10");
    await shows(tab.page, "3, then 13");
    await tab.isGone();
    await press(tab.page, "13, then 23");
    expect(await tab.page.inputValue("#note")).toBe("typed");
    expect(await tab.isStillMarked()).toBe(true);
    expect(tab.thrown).toEqual([]);
  });
});

async function press(page: Page, shown: string): Promise<void> {
  await page.getByRole("button", { name: "Count" }).click();
  await shows(page, shown);
}

async function shows(page: Page, text: string): Promise<void> {
  await page.locator("output", { hasText: new RegExp(`^${text}$`) }).waitFor();
}
