import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

const FS = `import fs from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
const at = (name: string) => fileURLToPath(new URL("../../" + name, import.meta.url));\n`;

/** A route that reads a file while it evaluates, writes it at each POST, and answers with how often it has evaluated. */
const database = (write: string, top = ""): string => `${FS}
const scope = globalThis as any;
scope.orbitLoads = (scope.orbitLoads ?? 0) + 1;
${top}
const rows = JSON.parse(fs.readFileSync(at("db/rows.json"), "utf8"));
export const GET = () => Response.json({ rows, loads: scope.orbitLoads });
export async function POST() {
  rows.push(rows.length + 1);
  const file = at("db/rows.json");
  const text = JSON.stringify(rows);
  ${write}
  return Response.json({ rows, loads: scope.orbitLoads });
}`;

async function countLoads(): Promise<void> {
  onTestFinished(() => void Reflect.deleteProperty(globalThis, "orbitLoads"));
}

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  const start = async (files: Readonly<Record<string, string>>): Promise<Served & { project: Project }> => {
    await countLoads();
    const project = createProject({ "db/rows.json": "[]", ...files });
    return { project, ...(await serve(project, { watch, plugin: { hmr: { debounceMs: 5 } } })) };
  };
  const post = { method: "POST" };

  test.for([
    ["writeFileSync", `fs.writeFileSync(file, text);`],
    ["writeFile of promises", `await fs.promises.writeFile(file, text);`],
    [
      "writeFile with a callback",
      `await new Promise((done, failed) => fs.writeFile(file, text, (error) => error ? failed(error) : done(undefined)));`,
    ],
    [
      "a file beside it that is renamed",
      `await fs.promises.writeFile(file + ".tmp", text); await fs.promises.rename(file + ".tmp", file);`,
    ],
    ["renameSync", `fs.writeFileSync(file + ".tmp", text); fs.renameSync(file + ".tmp", file);`],
    ["copyFileSync", `fs.writeFileSync(at("copy"), text); fs.copyFileSync(at("copy"), file);`],
    [
      "a stream",
      `const out = fs.createWriteStream(file); out.write(text.slice(0, 1)); await new Promise((next) => setTimeout(next, 20));
       await new Promise((done) => { out.once("close", done); out.end(text.slice(1)); });`,
    ],
    ["an open file", `const open = fs.openSync(file, "w"); fs.writeSync(open, text); fs.closeSync(open);`],
    [
      "a file handle",
      `const handle = await fs.promises.open(file, "w"); await handle.writeFile(text); await handle.close();`,
    ],
    ["truncateSync and appendFileSync", `fs.truncateSync(file, 0); fs.appendFileSync(file, text);`],
    ["unlinkSync and a new file", `fs.unlinkSync(file); fs.writeFileSync(file, text);`],
    [
      "a new folder",
      `fs.rmSync(dirname(file), { recursive: true }); fs.mkdirSync(dirname(file)); fs.writeFileSync(file, text);`,
    ],
    [
      "a timer",
      `await new Promise<void>((done) => setTimeout(() => { fs.writeFileSync(file, text); done(); }, 1));`,
    ],
  ])("a file that a route writes with %s does not reload it", async ([, write = ""]) => {
    const { project, fetch, reports } = await start({
      "pages/api/db.ts": database(write),
      "pages/api/list.ts": route(
        "names",
        `${FS} const names = fs.readdirSync(at("db")).join(); fs.statSync(at("db/rows.json")); fs.existsSync(at("db"));`,
      ),
    });
    expect((await fetch("/api/list")).text).toBe("rows.json");
    for (const rows of [[1], [1, 2], [1, 2, 3]]) {
      expect((await fetch("/api/db", post)).json()).toEqual({ rows, loads: 1 });
      expect((await fetch("/api/db")).json()).toEqual({ rows, loads: 1 });
    }
    expect(reports).toEqual([]);
    project.write("db/rows.json", "[7]");
    await fetch("/api/list");
    expect((await fetch("/api/db")).json()).toEqual({ rows: [7], loads: 2 });
    expect((await fetch("/api/db", post)).json()).toEqual({ rows: [7, 2], loads: 2 });
    expect((await fetch("/api/db")).json()).toEqual({ rows: [7, 2], loads: 2 });
    await vi.waitFor(() => expect(reports).not.toEqual([]));
  });

  test("a module that makes the file that it reads is not run again for it", async () => {
    const { fetch } = await start({
      "pages/api/db.ts": database(
        "",
        `fs.mkdirSync(at("new/er"), { recursive: true });
         if (!fs.existsSync(at("new/er/seed.json"))) fs.writeFileSync(at("new/er/seed.json"), "1");
         fs.readFileSync(at("new/er/seed.json"));
         fs.writeFileSync(at("db/rows.json"), JSON.stringify([scope.orbitLoads]));`,
      ),
    });
    expect((await fetch("/api/db")).json()).toEqual({ rows: [1], loads: 1 });
    expect((await fetch("/api/db")).json()).toEqual({ rows: [1], loads: 1 });
  });

  test("an edit from outside that was not seen yet is not hidden by a write of this process", async () => {
    const { project, fetch } = await start({
      "pages/api/write.ts": `${FS} export const GET = () => { fs.writeFileSync(at("db/b.json"), "1"); return new Response("written"); };`,
      "pages/api/list.ts": route("names", `${FS} const names = fs.readdirSync(at("db")).join();`),
    });
    expect((await fetch("/api/list")).text).toBe("rows.json");
    project.write("db/a.json", "1");
    expect((await fetch("/api/write")).text).toBe("written");
    expect((await fetch("/api/list")).text).toContain("a.json");
  });

  test("what a package writes for a route is the route's", async () => {
    const { project, fetch } = await start({
      "node_modules/tiny-db/package.json": `{ "name": "tiny-db", "main": "./index.cjs" }`,
      "node_modules/tiny-db/index.cjs": `const { readFileSync, promises: { writeFile, rename } } = require("fs");
        exports.open = (file) => ({ rows: JSON.parse(readFileSync(file)), async save() {
          await writeFile(file + ".tmp", JSON.stringify(this.rows)); await rename(file + ".tmp", file); } });`,
      "pages/api/db.ts": `import { open } from "tiny-db"; ${FS}
        const scope = globalThis as any;
        scope.orbitLoads = (scope.orbitLoads ?? 0) + 1;
        const db = open(at("db/rows.json"));
        export async function GET() { db.rows.push(1); await db.save(); return Response.json([scope.orbitLoads, db.rows.length]); }`,
    });
    expect((await fetch("/api/db")).json()).toEqual([1, 1]);
    expect((await fetch("/api/db")).json()).toEqual([1, 2]);
    project.write("db/rows.json", "[]");
    expect((await fetch("/api/db")).json()).toEqual([2, 1]);
  });

  test("requests that write at the same time as others ask reload nothing", async () => {
    const { fetch } = await start({
      "pages/api/db.ts": database(`await fs.promises.writeFile(file, text + " ".repeat(200_000));`),
    });
    await fetch("/api/db");
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => fetch("/api/db", index % 2 === 0 ? post : {})),
    );
    const { loads, rows } = (await fetch("/api/db")).json() as { loads: number; rows: number[] };
    expect([loads, rows.length]).toEqual([1, 30]);
  });
});

test("with nobody reading, a write is left alone", async () => {
  const project = createProject({
    "pages/api/a.ts": `${FS} export const GET = () => { fs.writeFileSync(at("log.txt"), "1"); return new Response(fs.readFileSync(at("log.txt"), "utf8")); };`,
  });
  const { get, reports } = await serve(project, { watch: false });
  expect(await get("/api/a")).toBe("1");
  expect(reports).toEqual([]);
});
