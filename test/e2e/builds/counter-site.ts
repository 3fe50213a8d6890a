import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { main } from "assemblyscript/asc";
import { packageRoot } from "../../cli/project.ts";
import type { Project } from "../../cli/project.ts";
import type { OverlayPage } from "../overlay/overlay-page.ts";
import { BuiltSite, says } from "./built-site.ts";

/** A counter, and how its state is given away and taken: AssemblyScript. */
export const COUNTER = `
let count: i32 = 0;
let given: ArrayBuffer = new ArrayBuffer(4);
let taken: ArrayBuffer = new ArrayBuffer(0);
export function inc(): void { count += 1; }
export function shown(): i32 { return count; }
export function label(): i32 { return 1; }
export function orbit_schema(): u32 { return 1; }
export function orbit_save(): u32 { store<i32>(changetype<usize>(given), count); return 4; }
export function orbit_ptr(): usize { return changetype<usize>(given); }
export function orbit_alloc(length: u32): usize { taken = new ArrayBuffer(length); return changetype<usize>(taken); }
export function orbit_restore(): u32 { count = load<i32>(changetype<usize>(taken)); return 1; }
`;

/** The compiler is run in the process of the build, which is several times faster than its command. */
const BUILD = `
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import asc from ${JSON.stringify(import.meta.resolve("assemblyscript/asc"))};
mkdirSync("dist", { recursive: true });
const { error, stderr } = await asc.main(["assembly/index.ts", "--outFile", "app.wasm", "--runtime", "stub"], {
  writeFile: (name, bytes) => {
    writeFileSync("dist/." + name, bytes);
    renameSync("dist/." + name, "dist/" + name);
  },
});
if (error) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
} else copyFileSync("page.html", "dist/index.html");
`;

/** The page counts in WebAssembly, and lets new one take its place. */
export const PAGE = `<!doctype html>
<html><head><title>Counter</title></head><body>
<h1></h1><button>+1</button><input id="name">
<script type="module">
  const imports = { env: { abort: () => { throw new Error("abort"); } } };
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/app.wasm"), imports);
  let app = instance.exports;
  const paint = () => { document.querySelector("h1").textContent = app.label() + ": " + app.shown(); };
  document.querySelector("button").onclick = () => { app.inc(); paint(); };
  window.orbit.swapWasm("/app.wasm", {
    current: () => app,
    imports,
    swap(next) { app = next; paint(); },
  });
  paint();
</script>
</body></html>`;

/** A page with a counter in WebAssembly, that is built from AssemblyScript. */
export async function startCounter(): Promise<BuiltSite> {
  return BuiltSite.start({ "build.js": BUILD, "page.html": PAGE, "assembly/index.ts": COUNTER });
}

const COPY = `
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
mkdirSync("dist", { recursive: true });
writeFileSync("dist/.app.wasm", Buffer.from(readFileSync("app.txt", "utf8"), "base64"));
renameSync("dist/.app.wasm", "dist/app.wasm");
copyFileSync("page.html", "dist/index.html");
`;

/** The same, where the compiler has done its work before: the source of what there is at first. */
export async function startCompiled(source: string = COUNTER): Promise<BuiltSite> {
  return BuiltSite.start({ "build.js": COPY, "page.html": PAGE, "app.txt": await compiled(source) });
}

/** What a source is compiled to, as text. */
export async function compiled(source: string): Promise<string> {
  let binary: Uint8Array | string = "";
  const { error } = await main(["index.ts", "--outFile", "app.wasm", "--runtime", "stub"], {
    readFile: (name) => (name === "index.ts" ? source : null),
    listFiles: () => [],
    writeFile: (_name, bytes) => {
      binary = bytes;
    },
  });
  if (error !== null) throw error;
  return Buffer.from(binary).toString("base64");
}

/** A page that has counted to three, and in which somebody has typed. */
export async function counted(site: BuiltSite): Promise<OverlayPage> {
  const tab = await site.open();
  await says(tab.page, "1: 0");
  for (let times = 0; times < 3; times++) await tab.page.click("button");
  await says(tab.page, "1: 3");
  await tab.page.fill("#name", "typed");
  await tab.mark();
  return tab;
}

/** As `npm install assemblyscript` does. */
export function installAsc(project: Project): void {
  mkdirSync(project.path("node_modules/.bin"));
  symlinkSync(join(packageRoot, "node_modules/.bin/asc"), project.path("node_modules/.bin/asc"));
}
