import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { findChrome } from "../scripts/find-chrome.js";
import { both, start } from "./dev-program.js";
import { table } from "./measure.js";

const ROUNDS = 10;
const example = fileURLToPath(new URL("../examples/orbit-components/", import.meta.url));
const CARD = "src/components/card.orbit";

/** Components of Rust: how soon a save shows that need not be built, while cargo builds it in the background. */
export async function benchComponents() {
  const files = { "package.json": "{}", ...filesOf("."), ...filesOf("src"), ...filesOf("src/components") };
  const { project, url, events, close } = await start(files);
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForSelector("article strong");
  await page.evaluate(() => (window.isMarked = true));
  const shows = async (isShown, wanted) => {
    await page.waitForFunction(isShown, wanted, { polling: "raf" });
    return performance.now();
  };
  const builds = () =>
    events.filter(({ event, status }) => event === "build" && status !== "starting").length;
  const save = async (text, isShown, wanted) => {
    const before = builds();
    const savedAt = performance.now();
    project.write(CARD, text);
    const ms = (await shows(isShown, wanted)) - savedAt;
    while (builds() === before) await new Promise((resolve) => setTimeout(resolve, 10));
    return ms;
  };
  const [styles, templates] = [[], []];
  let text = files[CARD];
  for (let round = 1; round <= ROUNDS + 1; round++) {
    text = text.replace(/strong \{ color: [^;]+;/, `strong { color: rgb(0, ${round}, 0);`);
    const style = await save(
      text,
      (color) => getComputedStyle(document.querySelector("strong")).color === color,
      `rgb(0, ${round}, 0)`,
    );
    text = text.replace(/New this year.*?</, `New this year ${round}<`);
    const template = await save(
      text,
      (said) => document.querySelector("strong").textContent === said,
      `New this year ${round}`,
    );
    // The first round is for warming up.
    if (round === 1) continue;
    styles.push(style);
    templates.push(template);
  }
  const isMarked = await page.evaluate(() => window.isMarked === true);
  await browser.close();
  await close();
  table(
    `Components of a crate, ${ROUNDS} saves of a style and ${ROUNDS} of a template; the page was ${isMarked ? "never" : ""} loaded again`,
    ["", "median", "p95", "limit"],
    [
      ["from the save of a style to the page", ...both(styles), "40 ms"],
      ["from the save of a template to the page", ...both(templates), "40 ms"],
    ],
  );
}

function filesOf(folder) {
  const entries = readdirSync(`${example}${folder}`, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => (folder === "." ? name : `${folder}/${name}`));
  return Object.fromEntries(names.map((name) => [name, readFileSync(example + name, "utf8")]));
}
