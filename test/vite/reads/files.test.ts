import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createGate } from "../support/gate.ts";
import { createProject, route } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

const FS = `import fs, { readFileSync, readdirSync, existsSync, statSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
const at = (name: string) => new URL("../../" + name, import.meta.url);\n`;

/** A route that answers with what it read while it evaluated, and with how often that was. */
const reader = (text: string): string =>
  route("`${text} ${((globalThis as any).orbitReads)}`", `${FS}(globalThis as any).orbitReads++; ${text}`);

interface Running extends Served {
  readonly project: Project;
}

/** How often readers have evaluated. */
function countReads(): () => number {
  const scope = globalThis as { orbitReads?: number };
  scope.orbitReads = 0;
  onTestFinished(() => void delete scope.orbitReads);
  return () => scope.orbitReads ?? 0;
}

describe.for([
  { watch: true, propagation: "live" },
  { watch: false, propagation: "live" },
  { watch: false, propagation: "importers" },
] as const)("with the watcher $watch and propagation $propagation", ({ watch, propagation }) => {
  const start = async (files: Readonly<Record<string, string>>): Promise<Running> => {
    const project = createProject(files);
    const options = { watch, plugin: { hmr: { propagation, debounceMs: 20 } } };
    return { project, ...(await serve(project, options)) };
  };

  test.for([
    ["readFileSync", `const text = readFileSync(at("mail.md"), "utf8");`],
    ["a relative path", `const text = readFileSync(path(at("mail.md")), "utf8");`],
    ["a path as bytes", `const text = readFileSync(Buffer.from(at("mail.md").pathname), "utf8");`],
    ["the default import", `const text = fs.readFileSync(at("mail.md"), "utf8");`],
    ["readFile of promises", `const text = await readFile(at("mail.md"), "utf8");`],
    [
      "readFile with a callback",
      `const text = await new Promise((done) => fs.readFile(at("mail.md"), (_, data) => done(String(data))));`,
    ],
    ["a stream", `let text = ""; for await (const part of fs.createReadStream(at("mail.md"))) text += part;`],
    [
      "an open file",
      `const file = fs.openSync(at("mail.md"), "r"); const text = readFileSync(file, "utf8"); fs.closeSync(file);`,
    ],
    [
      "a file handle",
      `const file = await fs.promises.open(at("mail.md")); const text = await file.readFile("utf8"); await file.close();`,
    ],
  ])("what a module read with %s is fresh", async ([, code = ""]) => {
    const reads = countReads();
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": reader(`import nodePath from "node:path";
        const path = (url: URL) => nodePath.relative(process.cwd(), url.pathname); ${code}`),
    });
    expect(await get("/api/a")).toBe("one 1");
    expect(await get("/api/a")).toBe("one 1");
    project.write("mail.md", "two");
    expect(await get("/api/a")).toBe("two 2");
    project.write("mail.md", "2 x");
    expect(await get("/api/a")).toBe("2 x 3");
    expect(reads()).toBe(3);
  });

  test("what a module required from fs is seen as well", async () => {
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": route("text", `import { text } from "../../lib/mail.cjs";`),
      "lib/mail.cjs": `const { readFileSync } = require("node:fs");
        exports.text = readFileSync(__dirname + "/../mail.md", "utf8");`,
    });
    expect(await get("/api/a")).toBe("one");
    project.write("mail.md", "two");
    expect(await get("/api/a")).toBe("two");
  });

  test("importers of a module that read a file see what it says now", async () => {
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/live.ts": route("text", `import { text } from "../../lib/mail.ts";`),
      "pages/api/copy.ts": route("copy", `import { text } from "../../lib/mail.ts"; const copy = text;`),
      "lib/mail.ts": `import { load } from "./load.ts"; export const text = load("../mail.md");`,
      "lib/load.ts": `${FS} export const load = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");`,
    });
    expect(await get("/api/live")).toBe("one");
    expect(await get("/api/copy")).toBe("one");
    project.write("mail.md", "two");
    expect(await get("/api/live")).toBe("two");
    expect(await get("/api/copy")).toBe("two");
  });

  test("what a helper remembers of a file is forgotten with it", async () => {
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": route(
        "text",
        `import { load } from "../../lib/load.ts"; const text = load("mail.md");`,
      ),
      "pages/api/b.ts": route(
        "text",
        `import { load } from "../../lib/load.ts"; const text = load("mail.md");`,
      ),
      "lib/load.ts": `${FS} const known = new Map<string, string>();
        export function load(name: string) {
          if (!known.has(name)) known.set(name, readFileSync(new URL("../" + name, import.meta.url), "utf8"));
          return known.get(name);
        }`,
    });
    expect(await get("/api/a")).toBe("one");
    expect(await get("/api/b")).toBe("one");
    project.write("mail.md", "two");
    expect(await get("/api/b")).toBe("two");
    expect(await get("/api/a")).toBe("two");
  });

  test("a new name in a folder that was listed runs the reader again", async () => {
    const { project, get } = await start({
      "posts/a.md": "a",
      "pages/api/a.ts": reader(`const text = readdirSync(at("posts")).join();`),
      "pages/api/deep.ts": route(
        "names.length",
        `${FS} const names = (await readdir(at("posts"), { recursive: true }));`,
      ),
    });
    countReads();
    expect(await get("/api/a")).toBe("a.md 1");
    expect(await get("/api/deep")).toBe("1");
    project.write("posts/b.md", "b");
    expect(await get("/api/a")).toBe("a.md,b.md 2");
    project.write("posts/b.md", "other text");
    expect(await get("/api/a")).toBe("a.md,b.md 2");
    project.remove("posts/a.md");
    expect(await get("/api/a")).toBe("b.md 3");
    project.write("posts/deep/er/c.md", "c");
    expect(await get("/api/deep")).toBe("4");
    project.write("posts/deep/er/d.md", "d");
    expect(await get("/api/deep")).toBe("5");
  });

  test("a file that was looked for and is there later runs the reader again", async () => {
    const { project, get } = await start({
      "pages/api/a.ts": reader(`const text = existsSync(at("conf/local.json"));`),
      "pages/api/b.ts": route(
        "text",
        `${FS} const text = statSync(at("size.txt"), { throwIfNoEntry: false })?.size;`,
      ),
    });
    countReads();
    expect(await get("/api/a")).toBe("false 1");
    expect(await get("/api/b")).toBe("undefined");
    project.write("conf/local.json", "{}");
    project.write("size.txt", "123");
    expect(await get("/api/a")).toBe("true 2");
    expect(await get("/api/b")).toBe("3");
    project.write("conf/local.json", "{ }");
    project.write("size.txt", "1234");
    expect(await get("/api/a")).toBe("true 2");
    expect(await get("/api/b")).toBe("4");
    project.remove("conf");
    expect(await get("/api/a")).toBe("false 3");
  });

  test("a file that says the same after a save runs nothing", async () => {
    const reads = countReads();
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": reader(`const text = readFileSync(at("mail.md"), "utf8");`),
    });
    expect(await get("/api/a")).toBe("one 1");
    project.write("mail.md", "one");
    utimesSync(project.path("mail.md"), 1, 1);
    expect(await get("/api/a")).toBe("one 1");
    project.write("other.md", "one");
    project.rename("other.md", "mail.md");
    expect(await get("/api/a")).toBe("one 1");
    expect(reads()).toBe(1);
  });

  test("what a request reads is read anew by the next one, and runs nothing again", async () => {
    const reads = countReads();
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": reader(`const text = { toString: () => readFileSync(at("mail.md"), "utf8") };`),
    });
    expect(await get("/api/a")).toBe("one 1");
    project.write("mail.md", "two");
    expect(await get("/api/a")).toBe("two 1");
    expect(reads()).toBe(1);
  });

  test("what a promise chain of the top level reads counts", async () => {
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": route(
        "await text",
        `${FS} const text = (async () => { await null; await readFile(at("package.json")).catch(() => {}); return readFile(at("mail.md"), "utf8"); })();`,
      ),
    });
    expect(await get("/api/a")).toBe("one");
    project.write("mail.md", "two");
    expect(await get("/api/a")).toBe("two");
  });

  test("a package that reads for a module reads as the module", async () => {
    const { project, get } = await start({
      "node_modules/matter/package.json": `{ "name": "matter", "type": "module", "exports": "./index.js" }`,
      "node_modules/matter/index.js": `import { readFile, stat } from "node:fs/promises";
        import { createRequire } from "node:module";
        import * as fs from "node:fs";
        const own = fs.readFileSync(new URL("./own.txt", import.meta.url), "utf8");
        export const read = (file) => fs.readFileSync(file, "utf8").trim() + own;
        export async function readLater(file) { await stat(file); await null; return (await readFile(file, "utf8")).trim() + own; }`,
      "node_modules/matter/own.txt": "!",
      "a.md": "a1",
      "b.md": "b1",
      "pages/api/a.ts": route(
        "[now, await later].join()",
        `${FS} import { read, readLater } from "matter"; const now = read(at("a.md")); const later = readLater(at("b.md"));`,
      ),
    });
    expect(await get("/api/a")).toBe("a1!,b1!");
    project.write("a.md", "a2");
    expect(await get("/api/a")).toBe("a2!,b1!");
    project.write("b.md", "b2");
    expect(await get("/api/a")).toBe("a2!,b2!");
  });

  test("a link counts, and so does what it leads to", async () => {
    const { project, get } = await start({
      "one/mail.md": "one",
      "two/mail.md": "two",
      "pages/api/a.ts": route("text", `${FS} const text = readFileSync(at("current/mail.md"), "utf8");`),
    });
    project.link("one", "current");
    expect(await get("/api/a")).toBe("one");
    project.write("one/mail.md", "one edited");
    expect(await get("/api/a")).toBe("one edited");
    project.link("two", "current");
    expect(await get("/api/a")).toBe("two");
  });

  test("a file outside of the root counts as well", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "orbit-outside-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, "mail.md");
    writeFileSync(file, "one");
    const { get } = await start({
      "pages/api/a.ts": route("text", `${FS} const text = readFileSync(${JSON.stringify(file)}, "utf8");`),
    });
    expect(await get("/api/a")).toBe("one");
    writeFileSync(file, "two");
    expect(await get("/api/a")).toBe("two");
  });

  test("a template that is missing breaks the route, and creating it heals", async () => {
    const { project, get, fetch } = await start({
      "pages/api/a.ts": route("text", `import { text } from "../../lib/mail.ts";`),
      "pages/api/b.ts": route("text", `import { text } from "../../lib/mail.ts";`),
      "lib/mail.ts": `${FS} export const text = readFileSync(new URL("../deep/mail.md", import.meta.url), "utf8");`,
    });
    expect((await fetch("/api/a")).status).toBe(500);
    expect((await fetch("/api/b")).status).toBe(500);
    project.write("deep/mail.md", "one");
    expect(await get("/api/a")).toBe("one");
    expect(await get("/api/b")).toBe("one");
    project.remove("deep");
    const { status, text } = await fetch("/api/a");
    expect([status, text.includes("ENOENT")]).toEqual([500, true]);
    project.write("deep/mail.md", "two");
    expect(await get("/api/a")).toBe("two");
    expect(await get("/api/b")).toBe("two");
  });

  test("what an evaluation before it read may be why a module fails", async () => {
    const { project, get, fetch } = await start({
      "conf.json": `{ "mode": "bad" }`,
      "pages/api/a.ts": route("ok", `import { ok } from "../../lib/use.ts";`),
      "lib/use.ts": `import { conf } from "./conf.ts"; if (conf.mode === "bad") throw new Error("bad mode"); export const ok = conf.mode;`,
      "lib/conf.ts": `${FS} export const conf = JSON.parse(readFileSync(new URL("../conf.json", import.meta.url), "utf8"));`,
    });
    expect((await fetch("/api/a")).text).toContain("bad mode");
    project.write("conf.json", `{ "mode": "good" }`);
    expect(await get("/api/a")).toBe("good");
    project.write("conf.json", `{ "mode": "bad" }`);
    expect((await fetch("/api/a")).text).toContain("bad mode");
    project.write("conf.json", `{ "mode": "better" }`);
    expect(await get("/api/a")).toBe("better");
  });

  test("modules in a cycle that read files are fresh", async () => {
    const { project, get } = await start({
      "a.md": "a1",
      "b.md": "b1",
      "pages/api/a.ts": route("both()", `import { both } from "../../lib/a.ts";`),
      "lib/a.ts": `${FS} import { b } from "./b.ts"; export const a = readFileSync(new URL("../a.md", import.meta.url), "utf8"); export const both = () => a + b();`,
      "lib/b.ts": `${FS} import { a } from "./a.ts"; const own = readFileSync(new URL("../b.md", import.meta.url), "utf8"); export const b = () => own + a;`,
    });
    expect(await get("/api/a")).toBe("a1b1a1");
    project.write("b.md", "b2");
    expect(await get("/api/a")).toBe("a1b2a1");
    project.write("a.md", "a2");
    expect(await get("/api/a")).toBe("a2b2a2");
  });

  test("a save during an evaluation that has read the file is not lost", async () => {
    const gate = createGate();
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": route(
        "text",
        `${FS} const text = readFileSync(at("mail.md"), "utf8"); await ${gate.wait};`,
      ),
    });
    const answer = get("/api/a");
    await gate.reached;
    project.write("mail.md", "two");
    gate.open();
    expect(await answer).toBe("two");
  });

  test("a file that two routes read is fresh for both, whichever is asked, and when", async () => {
    const { project, get } = await start({
      "mail.md": "one",
      "pages/api/a.ts": route("text", `${FS} const text = readFileSync(at("mail.md"), "utf8");`),
      "pages/api/b.ts": route("text", `${FS} const text = readFileSync(at("mail.md"), "utf8");`),
    });
    expect(await get("/api/a")).toBe("one");
    project.write("mail.md", "two");
    expect(await get("/api/b")).toBe("two");
    expect(await get("/api/a")).toBe("two");
    project.write("mail.md", "three");
    expect(await get("/api/a")).toBe("three");
    expect(await get("/api/b")).toBe("three");
  });

  test("a folder of the project called like a package's is read like any other", async () => {
    const { project, get } = await start({
      "pages/api/a.ts": route(
        "text",
        `${FS} const text = existsSync(at("lib/x")) && readdirSync(at("lib/x")).length;`,
      ),
    });
    expect(await get("/api/a")).toBe("false");
    mkdirSync(project.path("lib/x"), { recursive: true });
    expect(await get("/api/a")).toBe("0");
  });
});

const openingAgent = (word: string): string => `import { Agent } from "node:http";
  import { readFileSync } from "node:fs";
  const agent = new Agent({
    name: readFileSync(new URL("../../secret.txt", import.meta.url), "utf8") + process.env.ORBIT_SUFFIX,
  });
  export const GET = () => new Response("${word} " + agent.options.name);`;

test("a client that stays open is opened anew when something changes that it was made from", async () => {
  const project = createProject({
    "secret.txt": "one",
    ".env": "ORBIT_SUFFIX=!",
    "pages/api/a.ts": openingAgent("first"),
  });
  const { get, session } = await serve(project, { watch: false });
  const kept: string[][] = [];
  vi.spyOn(session.log, "append").mockImplementation((event) => {
    if (event.type === "committed") kept.push([...event.commit.kept]);
  });
  expect(await get("/api/a")).toBe("first one!");
  for (const word of ["second", "third"]) {
    project.write("pages/api/a.ts", openingAgent(word));
    expect(await get("/api/a")).toBe(`${word} one!`);
  }
  project.write("secret.txt", "two");
  expect(await get("/api/a")).toBe("third two!");
  project.write("pages/api/a.ts", openingAgent("fourth"));
  expect(await get("/api/a")).toBe("fourth two!");
  project.write(".env", "ORBIT_SUFFIX=?");
  expect(await get("/api/a")).toBe("fourth two?");
  const stays = ["pages/api/a.ts:agent"];
  expect(kept).toEqual([[], stays, stays, [], stays, []]);
});
