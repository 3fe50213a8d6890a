import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { createServer } from "vite";
import { apiRoutes } from "orbit-hmr/vite";
import { findChrome } from "../scripts/find-chrome.js";
import { median, percentile, show, table } from "./measure.js";
import { createProject } from "./project.js";

const ROUNDS = 20;
const TABS = 20;
const MANY_TABS = 50;
const EDITS = 100;
const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** What somebody sees who has a page open: how soon a save shows, and what a restart of the server costs them. */
export async function benchPages() {
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: ["--no-sandbox", "--disable-gpu"],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  const contenders = [await start("orbit-hmr"), await start("stock Vite")];
  for (const contender of contenders) await openTab(browser, contender);
  await benchSaves(contenders);
  await benchTwoSaves(contenders);
  await benchRestarts(contenders);
  for (const { close } of contenders) close();
  await benchManyTabs(browser);
  await browser.close();
  const sizes = ["boot", "page"].map((name) => gzipSync(readFileSync(at(`dist/client/${name}.js`))).length);
  table(
    "The client of every page, gzipped",
    ["boot.js", "page.js", "together", "limit"],
    [[...sizes.map(kB), kB(sizes[0] + sizes[1]), "12 kB"]],
  );
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const HTML = (
  text,
) => `<!doctype html><html><head><link rel="stylesheet" href="/style.css"></head><body><h1>${text}</h1>
  <input id="name"><p id="data"></p><p id="text"></p><script type="module">
  import { text } from "/src/text.js";
  const show = (value) => (document.querySelector("#text").textContent = value);
  show(text);
  import.meta.hot.accept("/src/text.js", (next) => next && show(next.text));
  window.apiHMR?.on("route-updated", async () => {
    document.querySelector("#data").textContent = await (await fetch("/api/data")).text();
  });
  </script></body></html>`;

function files(withPlugin) {
  return {
    "package.json": `{ "type": "module" }`,
    "index.html": HTML("0"),
    "other.html": "<!doctype html><h1>Other</h1>",
    "style.css": "h1 { width: 0px; }",
    "src/text.js": `export const text = "0";`,
    "pages/api/data.js": `export const GET = () => new Response("0");`,
    ".env": "SECRET=0",
    "vite.config.js": config(withPlugin, 0),
  };
}

function config(withPlugin, mark) {
  const plugin = withPlugin
    ? `import { apiRoutes } from "orbit-hmr/vite"; const plugins = [apiRoutes()];`
    : `const plugins = [];`;
  return `${plugin} export default { plugins, server: { headers: { mark: "${mark}" } } };`;
}

/** A server in a process of its own, as people start it. */
async function start(name) {
  const isOurs = name === "orbit-hmr";
  const project = createProject(files(isOurs));
  const program = isOurs
    ? [at("dist/cli/orbiton.js"), "dev", project.root, "--port", "0"]
    : [at("node_modules/vite/bin/vite.js"), project.root, "--port", "0", "--clearScreen", "false"];
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"], cwd: project.root });
  let output = "";
  const origin = await new Promise((resolve) => {
    child.stdout.on("data", (text) => {
      output += stripVTControlCharacters(String(text));
      const [, found] = /(http:\/\/localhost:\d+)\//.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const close = () => {
    child.kill("SIGTERM");
    project.remove();
  };
  return { name, isOurs, project, origin, close, loads: 0, tab: undefined };
}

async function openTab(browser, contender) {
  const context = await browser.newContext();
  contender.tab = await context.newPage();
  await contender.tab.goto(contender.origin);
  if (contender.isOurs) await (await fetch(`${contender.origin}/api/data`)).text();
  await contender.tab.waitForFunction(() => document.querySelector("#text").textContent === "0");
  contender.tab.on("load", () => {
    // The other page, to which people go and come back from, is loaded as pages are.
    if (!contender.tab.url().endsWith("other.html")) contender.loads++;
  });
}

/** Runs in the page: when the frame is there in which a selector has this text or width. */
async function untilSeen([selector, wanted]) {
  const isSeen = () => {
    const element = document.querySelector(selector);
    return element?.textContent === wanted || (element && getComputedStyle(element).width === wanted);
  };
  while (!isSeen()) await new Promise((resolve) => requestAnimationFrame(resolve));
  return Date.now();
}

async function benchSaves(contenders) {
  const cases = [
    ["a linked style sheet", "style.css", (n) => `h1 { width: ${n}px; }`, "h1", (n) => `${n}px`],
    [
      "data of a route",
      "pages/api/data.js",
      (n) => `export const GET = () => new Response("${n}");`,
      "#data",
    ],
    ["a module that is accepted", "src/text.js", (n) => `export const text = "${n}";`, "#text"],
    ["the HTML of the page", "index.html", (n) => HTML(n), "h1"],
  ];
  const rows = [];
  for (const [title, file, textOf, selector, seenAs = String] of cases) {
    const found = new Map(contenders.map(({ name }) => [name, []]));
    for (const contender of contenders) contender.loads = 0;
    for (let round = 1; round <= ROUNDS + 2; round++) {
      for (const { name, isOurs, project, tab } of contenders) {
        if (file.startsWith("pages/") && !isOurs) continue;
        await new Promise((resolve) => setTimeout(resolve, 250));
        const seen = file.endsWith(".html")
          ? tab
              .waitForFunction(
                (wanted) => document.querySelector("h1")?.textContent === wanted,
                seenAs(round),
              )
              .then(() => Date.now())
          : tab.evaluate(untilSeen, [selector, seenAs(round)]);
        const savedAt = Date.now();
        project.write(file, textOf(round));
        const ms = (await seen) - savedAt;
        if (round > 2) found.get(name).push(ms);
      }
    }
    for (const { name, loads } of contenders) {
      const times = found.get(name);
      const cells = times.length === 0 ? ["-", "-"] : [show(median(times)), show(percentile(times, 0.95))];
      rows.push([title, name, ...cells, String(loads)]);
    }
  }
  table(
    `From a save to the frame that shows it (${ROUNDS} saves after quiet times)`,
    ["", "", "median", "p95", "loads of the page"],
    rows,
  );
}

async function benchTwoSaves(contenders) {
  const rows = [];
  for (const { name, project, tab } of contenders) {
    let stale = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      project.write("src/text.js", `export const text = "first ${round}";`);
      await new Promise((resolve) => setTimeout(resolve, 35));
      project.write("src/text.js", `export const text = "second ${round}";`);
      const seen = tab.waitForFunction(
        (wanted) => document.querySelector("#text").textContent === wanted,
        `second ${round}`,
        { timeout: 1_500 },
      );
      await seen.catch(() => stale++);
    }
    rows.push([name, `${stale} of ${ROUNDS}`]);
  }
  table("Two saves of a module 35 ms apart: pages that keep the first", ["", "stale"], rows);
}

const RESTARTS = [
  [
    "a saved .env",
    async ({ project, isOurs, tab }, n) => {
      const restarted = isOurs ? undefined : tab.waitForEvent("load");
      project.write(".env", `SECRET=${n}`);
      await restarted;
    },
  ],
  [
    "a saved vite.config.js",
    async ({ project, isOurs, tab }, n) => {
      const restarted = isOurs ? nextConnection(tab) : tab.waitForEvent("load");
      project.write("vite.config.js", config(isOurs, n));
      await restarted;
    },
  ],
  [
    "a new process (as after R)",
    async ({ project, isOurs, tab }, n) => {
      if (!isOurs) return;
      const restarted = nextConnection(tab);
      project.write("orbiton.config.json", JSON.stringify({ port: 0, strictPort: n % 2 === 0 }));
      await restarted;
    },
  ],
  [
    "away and back",
    async ({ tab, origin }) => {
      await tab.goto(`${origin}/other.html`);
      await tab.goBack({ waitUntil: "commit" });
      await tab.locator("#text").waitFor();
    },
  ],
];

/** Resolves when the page has lost its server and found it again, with how long that took. */
async function nextConnection(tab) {
  return tab.evaluate(
    async () =>
      new Promise((resolve) => {
        let lostAt = performance.now();
        const ends = [
          window.apiHMR.on("disconnected", () => (lostAt = performance.now())),
          window.apiHMR.on("connected", () => {
            for (const end of ends) end();
            resolve(performance.now() - lostAt);
          }),
        ];
      }),
  );
}

async function benchRestarts(contenders) {
  const rows = [];
  let mark = 1_000;
  for (const [title, restart] of RESTARTS) {
    for (const contender of contenders) {
      if (title.startsWith("a new process") && !contender.isOurs) continue;
      contender.loads = 0;
      let lost = 0;
      let dead = 0;
      for (let round = 0; round < ROUNDS; round++) {
        mark++;
        const { tab, project } = contender;
        await tab.fill("#name", `typed ${round}`);
        await restart(contender, mark);
        project.write("src/text.js", `export const text = "${mark}";`);
        const seen = tab.waitForFunction(
          (wanted) => document.querySelector("#text")?.textContent === wanted,
          String(mark),
          { timeout: 4_000 },
        );
        await seen.catch(async () => {
          dead++;
          await tab.reload();
          contender.loads--;
        });
        if ((await tab.inputValue("#name")) !== `typed ${round}`) lost++;
      }
      rows.push([title, contender.name, String(contender.loads), String(lost), String(dead)]);
    }
  }
  table(
    `${ROUNDS} times each: what it costs a page`,
    ["", "", "loads", "input lost", "not updated afterwards"],
    rows,
  );
}

/** In this process, where connections can be cut. */
async function benchManyTabs(browser) {
  const project = createProject(files(true));
  let requests = 0;
  const counting = {
    name: "count",
    configureServer: ({ middlewares }) =>
      void middlewares.use((_request, _response, next) => next(requests++ && undefined)),
  };
  const server = await createServer({
    configFile: false,
    logLevel: "silent",
    root: project.root,
    plugins: [counting, apiRoutes({ hmr: { enableLogging: false } })],
    server: { port: 0 },
  });
  await server.listen();
  const origin = `http://localhost:${server.config.server.port}`;
  const context = await browser.newContext();
  const open = async () => {
    const tab = await context.newPage();
    await tab.goto(origin);
    await tab.waitForFunction(() => document.querySelector("#text").textContent !== "");
    return tab;
  };
  const tabs = [];
  while (tabs.length < TABS) tabs.push(await open());
  for (let edit = 1; edit <= EDITS; edit++) {
    project.write("src/text.js", `export const text = "edit ${edit}";`);
    for (const { socket } of server.ws.clients) if (Math.random() < 0.2) socket.terminate();
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  const areRight = await Promise.all(
    tabs.map(async (tab) =>
      tab
        .waitForFunction(
          (wanted) => document.querySelector("#text").textContent === wanted,
          `edit ${EDITS}`,
          {
            timeout: 10_000,
          },
        )
        .then(
          () => true,
          () => false,
        ),
    ),
  );
  const right = areRight.filter(Boolean).length;
  table(
    `${EDITS} edits while a fifth of ${TABS} pages loses its connection at each`,
    ["pages that show the last one"],
    [[`${right} of ${TABS}`]],
  );
  while (tabs.length < MANY_TABS) tabs.push(await open());
  const times = [];
  let asked = 0;
  let took = 0;
  for (let round = 0; round < 5; round++) {
    const connected = Promise.all(tabs.map(nextConnection));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = requests;
    const begun = performance.now();
    await server.restart();
    times.push(...(await connected));
    took += performance.now() - begun;
    asked += requests - before;
  }
  table(
    `5 restarts of Vite's server below ${MANY_TABS} pages that are seen`,
    ["median without a server", "p95", "requests in all", "requests/s until all are back"],
    [[show(median(times)), show(percentile(times, 0.95)), String(asked), (asked / (took / 1000)).toFixed(1)]],
  );
  const [one] = tabs;
  for (const tab of tabs.slice(1)) await tab.close();
  const alone = [];
  for (let round = 0; round < ROUNDS; round++) {
    const connected = nextConnection(one);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.restart();
    alone.push(await connected);
  }
  table(
    "A restart of Vite's server below one page, from the end of its connection to the next one",
    ["median", "p95", "limit"],
    [[show(median(alone)), show(percentile(alone, 0.95)), "150 ms"]],
  );
  await server.close();
  project.remove();
}
