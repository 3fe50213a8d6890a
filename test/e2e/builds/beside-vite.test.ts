import { expect, test } from "vitest";
import { DevProgram, soon } from "../../cli/orbiton.ts";
import { createProject } from "../../cli/project.ts";
import { TerminalProgram, hasTerminal } from "../../cli/terminal-program.ts";
import { openPage } from "../browser.ts";
import { OverlayPage } from "../overlay/overlay-page.ts";
import { FILES, says } from "./built-site.ts";
import { COUNTER, compiled, PAGE } from "./counter-site.ts";

const GENERATOR = `
  import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
  mkdirSync("generated", { recursive: true });
  const words = readFileSync("words.txt", "utf8").trim();
  if (words.includes("broken")) { console.error("words.txt:1:1: error: no such words"); process.exit(1); }
  writeFileSync("generated/words.js", "export const words = " + JSON.stringify(words) + ";\\n");
`;

test("beside Vite, what a build makes is a module like any other, and updates in place", async () => {
  const build = { command: "node generate.mjs", watch: ["words.txt", "generate.mjs"], output: "generated" };
  const project = createProject({
    "vite.config.js": "export default {};",
    "orbiton.config.json": JSON.stringify({ build }),
    "generate.mjs": GENERATOR,
    "words.txt": "one",
    "index.html":
      '<!doctype html><html><body><h1></h1><script type="module" src="/main.js"></script></body></html>',
    "main.js": `import { words } from "./generated/words.js";
      document.querySelector("h1").textContent = words;
      import.meta.hot.accept("./generated/words.js", (next) => { document.querySelector("h1").textContent = next.words; });`,
  });
  const server = await DevProgram.start(project.root);
  const tab = new OverlayPage(await openPage(server.url));
  await says(tab.page, "one");
  await tab.mark();
  project.write("words.txt", "two");
  await says(tab.page, "two");
  project.write("words.txt", "broken");
  await tab.text("no such words");
  project.write("words.txt", "three");
  await says(tab.page, "three");
  await tab.isGone();
  expect(await tab.isStillMarked()).toBe(true);
});

test("beside Vite, a module that was missing when it was asked for is there as soon as it is built", async () => {
  const build = { command: "node generate.mjs", watch: ["words.txt"], output: "generated" };
  const project = createProject({
    "vite.config.js": "export default {};",
    "orbiton.config.json": JSON.stringify({ build }),
    "generate.mjs": GENERATOR,
    "words.txt": "broken",
    "index.html":
      '<!doctype html><html><body><h1></h1><script type="module" src="/main.js"></script></body></html>',
    "main.js": `import { words } from "./generated/words.js";
      document.querySelector("h1").textContent = words;`,
  });
  const server = await DevProgram.start(project.root);
  const tab = new OverlayPage(await openPage(server.url));
  expect(await tab.text("generated/words.js")).toContain("main.js");
  project.write("words.txt", "one");
  await says(tab.page, "one");
  await tab.isGone();
});

test("beside Vite, WebAssembly in the public folder goes on with its state", async () => {
  const build = { command: "node build.js", watch: ["app.txt"], output: "public" };
  const project = createProject({
    "vite.config.js": `export default { base: "/below/" };`,
    "orbiton.config.json": JSON.stringify({ build }),
    "build.js": `import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
      mkdirSync("public", { recursive: true });
      writeFileSync("public/app.wasm", Buffer.from(readFileSync("app.txt", "utf8"), "base64"));`,
    "app.txt": await compiled(COUNTER),
    "index.html": PAGE.replaceAll("/app.wasm", "/below/app.wasm"),
  });
  const server = await DevProgram.start(project.root);
  const tab = new OverlayPage(await openPage(server.url));
  await says(tab.page, "1: 0");
  await tab.page.click("button");
  await tab.mark();
  project.write("app.txt", await compiled(COUNTER.replace("return 1; }", "return 2; }")));
  await says(tab.page, "2: 1");
  expect(await tab.isStillMarked()).toBe(true);
});

test.skipIf(!hasTerminal)("a page goes on when the server of its build begins anew", async () => {
  const build = { command: "node build.js" };
  const project = createProject({ ...FILES, "orbiton.config.json": JSON.stringify({ build }) });
  const program = await TerminalProgram.startInTerminal(project);
  const tab = new OverlayPage(await openPage(program.url));
  await says(tab.page, "one");
  await tab.mark();
  program.press("R");
  await program.untilReady(2);
  await expect.poll(() => program.stdout.match(/^(?:built|skipped) /gm)?.length, soon).toBe(2);
  project.write("src/style.css", "h1 { color: rgb(5, 5, 5) }");
  await tab.page.waitForFunction(
    () => getComputedStyle(document.querySelector("h1") ?? document.body).color === "rgb(5, 5, 5)",
  );
  expect(await tab.isStillMarked()).toBe(true);
});
