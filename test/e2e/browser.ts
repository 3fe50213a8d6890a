import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, onTestFinished } from "vitest";
import { findChrome } from "../../scripts/find-chrome.js";

const quietChrome = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Promise<Browser> | undefined;

afterAll(async () => (await browser)?.close());

/** A page in a real browser, without anything left from other tests; closed with the test. */
export async function openPage(url: string): Promise<Page> {
  browser ??= launch();
  const context = await (
    await browser
  ).newContext({
    // Nobody has signed the certificates of tests.
    ignoreHTTPSErrors: true,
  });
  onTestFinished(async () => context.close());
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function launch(): Promise<Browser> {
  const executablePath = findChrome();
  if (executablePath === undefined) {
    throw new Error("Browser tests need Chrome or Chromium: install one, or set CHROME_PATH to it.");
  }
  // As people have it: pages wait for the way back.
  const ignoreDefaultArgs = ["--disable-back-forward-cache"];
  return chromium.launch({ executablePath, args: quietChrome, ignoreDefaultArgs });
}
