import { chromium } from "playwright-core";
import { findChrome } from "../scripts/find-chrome.js";
import { createClient } from "./client.js";
import { serveWithOrbit } from "./contenders.js";
import { median, percentile, settledHeap, show, table } from "./measure.js";
import { createProject } from "./project.js";

const MODULES = 5_000;
const ROUTES = 300;
const OPENINGS = 7;
const SEARCHES = 20;
const COMMITS = 1_000;
const MB = 2 ** 20;

/** The live panel with a large project, and what it costs to leave it open. */
export async function benchPanel() {
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  await benchLargeGraph(browser);
  await benchOpenPanel(browser);
  await browser.close();
}

async function benchLargeGraph(browser) {
  const project = createProject(largeProject());
  const { origin, close } = await serveWithOrbit(project.root);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const openings = [];
  const searches = [];
  for (let round = 0; round < OPENINGS; round++) {
    await page.goto(`${origin}/__hmr_status`);
    await page.getByText("live", { exact: true }).waitFor();
    // The first opening waits until the project has been read.
    openings.push(await page.evaluate(openGraph));
  }
  for (let round = 0; round < SEARCHES; round++)
    searches.push(await page.evaluate(searchFor, `file${round * 211}.ts`));
  const elements = Number(await page.locator(".canvas").getAttribute("data-elements"));
  table(
    `The graph of ${MODULES} modules in the panel, headless Chromium without a GPU`,
    ["", "median", "longest", "limit"],
    [
      [
        `from the click to the drawing, ${elements} elements (${OPENINGS - 1} times)`,
        show(median(openings.slice(1))),
        show(Math.max(...openings.slice(1))),
        show(1_000),
      ],
      [
        `from the last letter of a search to what it finds (${SEARCHES} times)`,
        show(median(searches)),
        show(percentile(searches, 1)),
        show(100),
      ],
    ],
  );
  await page.close();
  await close();
  project.remove();
}

/** Runs in the page: milliseconds from a click on "Graph" to the frame that shows it. */
async function openGraph() {
  const start = performance.now();
  document.querySelector('nav a[href="#/graph"]').click();
  let frames = 0;
  // What is drawn by then is seen in the frame after.
  while (frames < 2) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (document.querySelector(".canvas canvas") !== null) frames++;
  }
  return performance.now() - start;
}

/** Runs in the page: milliseconds from an input to the frame with its results. */
async function searchFor(text) {
  const field = document.querySelector('input[type="search"]');
  const start = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  for (;;) {
    if (document.querySelector(".found code")?.textContent.endsWith(text)) return performance.now() - start;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

const routeText = (mark) => `export const GET = () => new Response("${mark}");\n`;

const growthRow = (name, { before, after }, limit) => [
  name,
  show(before / MB, "MB"),
  show(after / MB, "MB"),
  `${((after - before) / MB).toFixed(2)} MB`,
  limit,
];

async function benchOpenPanel(browser) {
  const none = await growthOver(browser, "about:blank");
  const open = await growthOver(browser, "/__hmr_status#/timeline");
  table(
    `Heap after ${COMMITS} more commits, after collection; an open panel shows ${open.lines} of them`,
    ["", "before", "after", "growth", "limit"],
    [
      growthRow("server, no panel open", none.server, ""),
      growthRow("server, panel open", open.server, "as without, and 1 MB"),
      growthRow("page", open.page, show(2, "MB")),
    ],
  );
}

/** The heap of the server and of a page, before and after many commits. */
async function growthOver(browser, address) {
  const project = createProject({ "pages/api/index.ts": routeText("start") });
  const { origin, close } = await serveWithOrbit(project.root);
  const client = createClient(origin);
  const page = await (await browser.newContext()).newPage();
  await page.goto(new URL(address, origin).href);
  const protocol = await page.context().newCDPSession(page);
  const pageHeap = async () => {
    await protocol.send("HeapProfiler.collectGarbage");
    return (await protocol.send("Runtime.getHeapUsage")).usedSize;
  };
  const commit = async (index) => {
    project.write("pages/api/index.ts", routeText(`edit-${index}`));
    const { status } = await client.get("/api");
    if (status !== 200) throw new Error(`It answered ${status}.`);
    // Whoever settles is told what the save did: so each is a line of its own.
    await fetch(`${origin}/__hmr_settle`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
  };
  // The timeline has its length by then.
  for (let index = 0; index < 300; index++) await commit(-index);
  const before = [await settledHeap(), await pageHeap()];
  for (let index = 0; index < COMMITS; index++) await commit(index);
  const after = [await settledHeap(), await pageHeap()];
  const lines = await page.locator(".timeline > li").count();
  client.close();
  await page.close();
  await close();
  project.remove();
  return {
    server: { before: before[0], after: after[0] },
    page: { before: before[1], after: after[1] },
    lines,
  };
}

const nameOf = (at) =>
  at < ROUTES
    ? `pages/api/group${at % 20}/route${at}.ts`
    : `src/area${at % 13}/part${at % 90}/file${at - ROUTES}.ts`;

/** Routes and modules in many folders, each with three imports of later ones. */
function largeProject() {
  const files = { "package.json": `{ "name": "large", "type": "module" }` };
  for (let at = 0; at < MODULES; at++) {
    const targets = [1, 17, 331].map((step) => at + step).filter((target) => target < MODULES);
    const imports = targets
      .filter((target) => target >= ROUTES)
      .map((target) => `import { v as v${target} } from "/${nameOf(target)}";\n`);
    files[nameOf(at)] =
      `${imports.join("")}export const v = ${at};\nexport const GET = () => new Response("${at}");\n`;
  }
  return files;
}
