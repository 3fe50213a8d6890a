import { describe, expect, test, vi } from "vitest";
import type { Report } from "../../src/protocol/report.ts";
import { nextReload } from "./support/next-reload.ts";
import { createProject, route } from "./support/project.ts";
import { serve } from "./support/serve.ts";

const PLUGIN = { hmr: { debounceMs: 20 } };
const errorsIn = (reports: readonly Report[]): readonly string[] =>
  reports.flatMap((report) => (report.event === "error" ? [report.message] : []));
const reloadsIn = (reports: readonly Report[]): number =>
  reports.filter(({ event }) => event === "reload").length;

describe.each([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test("an error that still holds is not told again when something else is saved", async () => {
    const project = createProject({
      "pages/api/broken.ts": "export const GET = (;",
      "pages/api/fine.ts": route("1"),
    });
    const served = await serve(project, { watch, plugin: PLUGIN });
    expect((await served.fetch("/api/broken")).status).toBe(500);
    await served.get("/api/fine");
    for (const n of [2, 3]) {
      project.write("pages/api/fine.ts", route(String(n)));
      expect(await served.get("/api/fine")).toBe(String(n));
      expect((await served.fetch("/api/broken")).status).toBe(500);
      await vi.waitFor(() => expect(reloadsIn(served.reports)).toBe(n - 1));
    }
    expect(errorsIn(served.reports)).toEqual(["Unexpected token"]);
    project.write("pages/api/broken.ts", "export const GET = [;");
    expect((await served.fetch("/api/broken")).status).toBe(500);
    await vi.waitFor(() => expect(errorsIn(served.reports)).toHaveLength(2));
  });

  test("an error that comes back after it was mended is told again", async () => {
    const project = createProject({ "pages/api/a.ts": "export const GET = (;" });
    const served = await serve(project, { watch, plugin: PLUGIN });
    for (const text of [undefined, route("1"), "export const GET = (;"]) {
      if (text !== undefined) project.write("pages/api/a.ts", text);
      await served.fetch("/api/a");
    }
    await vi.waitFor(() =>
      expect(errorsIn(served.reports)).toEqual(["Unexpected token", "Unexpected token"]),
    );
  });

  test.each([
    ["a value", `export const GET = () => ({ a: 1 });`, /to return a Response such as/],
    ["nothing", `export const GET = () => {};`, /got undefined/],
    [
      "a used response",
      `const used = new Response("a"); await used.text(); export const GET = () => used;`,
      /pages\/api\/a\.ts/,
    ],
    ["no handler", `export const get = () => new Response();`, /to export a function named after a method/],
  ])("an answer that cannot be sent is told once, whatever it is: %s", async (_, text, words) => {
    const project = createProject({ "pages/api/a.ts": text });
    const served = await serve(project, { watch, plugin: PLUGIN });
    for (let request = 0; request < 3; request++) expect((await served.fetch("/api/a")).status).toBe(500);
    expect(errorsIn(served.reports)).toEqual([expect.stringMatching(words)]);
    expect(served.reports.at(-1)).toMatchObject({ file: "pages/api/a.ts", routes: ["/api/a"] });
  });

  test("what an edit of data resets is not told: it is what the file says", async () => {
    const project = createProject({
      "lib/prices.json": `{ "list": [1, 2], "map": { "a": 1 } }`,
      "pages/api/a.ts": route("prices.list.length", `import prices from "../../lib/prices.json";`),
    });
    const served = await serve(project, { watch, plugin: PLUGIN });
    expect(await served.get("/api/a")).toBe("2");
    project.write("lib/prices.json", `{ "list": [1, 2, 3], "map": { "a": 2 } }`);
    expect(await served.get("/api/a")).toBe("3");
    expect(await nextReload(served)).toMatchObject({ kept: [], reset: [] });
  });

  test("a file that appears is named, and not the folder that it appears in", async () => {
    const project = createProject({
      "lib/other.ts": "export const v = 0;",
      "pages/api/lazy.ts": `export const GET = async () => new Response(String((await import("../../lib/leaf.ts").catch(() => ({ v: "none" }))).v));`,
      "pages/api/glob.ts": route(
        "Object.keys(files).length",
        `const files = import.meta.glob("../../lib/*.ts");`,
      ),
    });
    const served = await serve(project, { watch, plugin: PLUGIN });
    expect([await served.get("/api/lazy"), await served.get("/api/glob")]).toEqual(["none", "1"]);
    project.write("lib/leaf.ts", "export const v = 1;");
    expect([await served.get("/api/lazy"), await served.get("/api/glob")]).toEqual(["1", "2"]);
    const { summary } = await nextReload(served);
    expect(summary).toMatch(/^(?:lib\/leaf\.ts is new|names came or went in lib) → /);
    expect(summary).not.toMatch(/lib, |pages\/api\/\w+\.ts changed/);
  });
});
