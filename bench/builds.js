import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { main as compile } from "assemblyscript/asc";
import { chromium } from "playwright-core";
import { findChrome } from "../scripts/find-chrome.js";
import { benchComponents } from "./components.js";
import { both, start } from "./dev-program.js";
import { median, show, table } from "./measure.js";

const ROUNDS = 10;
const BURSTS = 100;
const SWAPS = 200;
const STARTS = 20;

const CRATE = {
  "package.json": "{}",
  "Cargo.toml": `[package]\nname = "site"\nversion = "0.1.0"\nedition = "2021"\n`,
  "src/main.rs": `mod title;
fn main() {
    let html = format!("<!doctype html><html><head></head><body><h1>{}</h1><input id=name></body></html>", title::title());
    std::fs::write("site/index.html", html).unwrap();
}
`,
  "src/title.rs": `pub fn title() -> &'static str { "0" }\n`,
  "site/style.css": "",
  "orbiton.config.json": JSON.stringify({ build: { run: true } }),
};

/** Projects that something else builds: how soon a save shows, whether one is lost, and what is left of a build that is cut. */
export async function benchBuilds() {
  await benchCargo();
  await benchComponents();
  await benchSwaps();
  await benchBursts();
  await benchProcesses();
}

async function benchCargo() {
  const { project, url, events, close } = await start(CRATE);
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "0");
  const seen = async (what) => {
    await page.waitForFunction(
      (text) =>
        document.querySelector("h1")?.textContent === text ||
        document.querySelector("orbit-overlay")?.shadowRoot?.querySelector(".message")?.textContent === text,
      what,
      { polling: "raf" },
    );
    return performance.now();
  };
  const [shown, built, delivered, failed, reloads] = [[], [], [], [], []];
  for (let round = 1; round <= ROUNDS + 1; round++) {
    const before = events.length;
    const savedAt = performance.now();
    project.write("src/title.rs", `pub fn title() -> &'static str { "${round}" }\n`);
    const at = await seen(String(round));
    const ended = events.slice(before).find(({ status }) => status === "completed");
    const brokenAt = performance.now();
    project.write("src/title.rs", `pub fn title() -> &'static str { ${round} }\n`);
    const toldAt = await seen("mismatched types");
    await page.keyboard.press("Escape");
    const reloadedAt = performance.now();
    await page.evaluate(() => location.reload());
    await seen(String(round));
    // The first round is for warming up.
    if (round === 1) continue;
    shown.push(at - savedAt);
    built.push(ended.ms);
    delivered.push(at - ended.at);
    failed.push(toldAt - brokenAt);
    reloads.push(performance.now() - reloadedAt);
  }
  await browser.close();
  await close();
  table(
    `A crate that makes a page, ${ROUNDS} saves of it and ${ROUNDS} broken ones, headless Chromium without a GPU`,
    ["", "median", "p95", "limit"],
    [
      ["from the save to the page", ...both(shown), ""],
      ["of that, cargo and the program", ...both(built), ""],
      [
        "from their end to the page",
        ...both(delivered),
        `a reload of the page and 40 ms: ${show(median(reloads) + 40)}`,
      ],
      ["from a broken save to what rustc says, over the page", ...both(failed), "300 ms"],
    ],
  );
}

/** A counter that says how it is called, and gives its count away. */
const counterCalled = (label) => `
let count: i32 = 0;
const given = new ArrayBuffer(4);
let taken = new ArrayBuffer(0);
export function inc(): void { count += 1; }
export function shown(): i32 { return count; }
export function label(): i32 { return ${label}; }
export function orbit_schema(): u32 { return 1; }
export function orbit_save(): u32 { store<i32>(changetype<usize>(given), count); return 4; }
export function orbit_ptr(): usize { return changetype<usize>(given); }
export function orbit_alloc(length: u32): usize { taken = new ArrayBuffer(length); return changetype<usize>(taken); }
export function orbit_restore(): u32 { count = load<i32>(changetype<usize>(taken)); return 1; }
`;

/** The compiler has done its work before: the build puts the file in its place. */
const COUNTER = {
  "package.json": "{}",
  "build.mjs": `import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
    mkdirSync("dist", { recursive: true });
    writeFileSync("dist/.app.wasm", Buffer.from(readFileSync("app.txt", "utf8"), "base64"));
    renameSync("dist/.app.wasm", "dist/app.wasm");
    copyFileSync("page.html", "dist/index.html");`,
  "page.html": `<!doctype html><html><head></head><body><h1></h1><script type="module">
    const imports = { env: { abort() {} } };
    let app = (await WebAssembly.instantiateStreaming(fetch("/app.wasm"), imports)).instance.exports;
    const paint = () => { document.querySelector("h1").textContent = app.label() + ": " + app.shown(); };
    window.orbit.swapWasm("/app.wasm", { current: () => app, imports, swap(next) { app = next; app.inc(); paint(); } });
    paint();
  </script></body></html>`,
};

/** WebAssembly that is swapped again and again: how soon it is seen, and what is left of it. */
async function benchSwaps() {
  const texts = [await compiledCounter(0), await compiledCounter(1)];
  const { project, program, url, events, close } = await start({ ...COUNTER, "app.txt": texts[0] }, [
    "--command",
    "node build.mjs",
  ]);
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage();
  await page.goto(url);
  const tools = await page.context().newCDPSession(page);
  const server = childOf(program.pid);
  const measure = async () => {
    await tools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await tools.send("Runtime.getHeapUsage");
    return { page: usedSize, server: residentOf(server), files: readdirSync(`/proc/${server}/fd`).length };
  };
  const delivered = [];
  let early;
  for (let swap = 1; swap <= SWAPS; swap++) {
    const before = events.length;
    project.write("app.txt", texts[swap % 2]);
    // The count says that no swap has lost it, and that the page was never loaded again.
    await page.waitForFunction(
      (text) => document.querySelector("h1")?.textContent === text,
      `${swap % 2}: ${swap}`,
      { polling: "raf" },
    );
    const at = performance.now();
    const ended = () => events.slice(before).find(({ status }) => status === "completed");
    while (ended() === undefined) await pause(1);
    if (swap > 20) delivered.push(at - ended().at);
    if (swap === 20) early = await measure();
  }
  const late = await measure();
  await browser.close();
  await close();
  table(
    `WebAssembly that is swapped ${SWAPS} times, and keeps its count`,
    ["", "median", "p95", "limit"],
    [["from the end of the build to the frame", ...both(delivered), "60 ms"]],
  );
  table(
    `What has grown between swap 20 and swap ${SWAPS}`,
    ["heap of the page", "memory of the server's process", "open files of it"],
    [
      [
        show((late.page - early.page) / 1e6, "MB"),
        show((late.server - early.server) / 1e6, "MB"),
        late.files - early.files,
      ],
    ],
  );
}

async function compiledCounter(label) {
  let binary;
  const { error } = await compile(["index.ts", "--outFile", "app.wasm", "--runtime", "stub"], {
    readFile: (name) => (name === "index.ts" ? counterCalled(label) : null),
    listFiles: () => [],
    writeFile: (_name, bytes) => (binary = bytes),
  });
  if (error) throw error;
  return Buffer.from(binary).toString("base64");
}

/** In bytes. */
function residentOf(pid) {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

const SCRIPT = {
  "package.json": "{}",
  "build.mjs": `import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
    const text = readFileSync("src/text.txt", "utf8");
    await new Promise((resolve) => setTimeout(resolve, 60));
    mkdirSync("dist", { recursive: true });
    writeFileSync("dist/index.html", text);`,
  "src/text.txt": "0",
};

/** Saves of one file with gaps of 0 to 150 ms: what was saved last is what is built. */
async function benchBursts() {
  const { project, events, close } = await start(SCRIPT, ["--command", "node build.mjs"]);
  let lost = 0;
  const builds = events.length;
  let saves = 0;
  for (let burst = 0; burst < BURSTS; burst++) {
    for (let count = 2 + Math.floor(Math.random() * 4); count > 0; count--) {
      project.write("src/text.txt", `${burst}-${count}`);
      saves++;
      await pause(Math.random() * 150);
    }
    const wanted = `${burst}-1`;
    const deadline = performance.now() + 5_000;
    const isBuilt = () => {
      const file = join(project.root, "dist/index.html");
      return existsSync(file) && readFileSync(file, "utf8") === wanted;
    };
    while (!isBuilt() && performance.now() < deadline) await pause(20);
    if (!isBuilt()) lost++;
  }
  await close();
  const ended = events
    .slice(builds)
    .filter(({ event, status }) => event === "build" && status !== "starting");
  table(
    `${BURSTS} bursts of saves, gaps of 0 to 150 ms`,
    ["saves", "builds", "bursts of which the last save was not built", "limit"],
    [[saves, ended.length, lost, 0]],
  );
}

const HANGING = {
  "package.json": "{}",
  "build.mjs": `import { spawn } from "node:child_process";
    import { appendFileSync } from "node:fs";
    const below = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "inherit" });
    process.on("SIGTERM", () => undefined);
    appendFileSync("pids.txt", process.pid + "\\n" + below.pid + "\\n");
    setInterval(() => undefined, 1000);`,
};

/** A build is under way when its server ends, in every way that there is. */
async function benchProcesses() {
  const rows = [];
  for (const [name, end] of [
    ["SIGINT", (pid) => process.kill(pid, "SIGINT")],
    ["SIGTERM", (pid) => process.kill(pid, "SIGTERM")],
    ["SIGKILL of the program", (pid) => process.kill(pid, "SIGKILL")],
    ["SIGKILL of the server's process", (pid) => process.kill(childOf(pid), "SIGKILL")],
  ]) {
    let left = 0;
    for (let round = 0; round < STARTS; round++) {
      const { project, program, ended } = await start(HANGING, ["--command", "node build.mjs"]);
      const file = join(project.root, "pids.txt");
      while (!existsSync(file) || readFileSync(file, "utf8").split("\n").length < 3) await pause(10);
      const pids = readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number);
      end(program.pid);
      await ended;
      const deadline = performance.now() + 5_000;
      while (pids.some(isAlive) && performance.now() < deadline) await pause(10);
      left += pids.filter(isAlive).length;
      rmSync(file);
    }
    rows.push([name, STARTS, left, 0]);
  }
  table("A server that ends in the middle of a build", ["by", "times", "processes left", "limit"], rows);
}

function childOf(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

function isAlive(pid) {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
